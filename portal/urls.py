"""All URLs of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("districts.urls")),
    path("", include("reporting.urls")),
]
