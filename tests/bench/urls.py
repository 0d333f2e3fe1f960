"""The portal's URLs and an empty page, which costs what the middleware costs."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("bench-empty/", empty), path("", include("portal.urls"))]
