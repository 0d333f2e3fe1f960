"""Puts the bureau's own site in the place of Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class BureauAdminConfig(AdminConfig):
    default_site = "portal.admin_site.BureauAdminSite"
