"""All URLs of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal.health import healthz

handler400 = "portal.errors.bad_request"

urlpatterns = [
    path("accounts/", include("portal.accounts")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("", include("districts.urls")),
    path("", include("reporting.urls")),
]
