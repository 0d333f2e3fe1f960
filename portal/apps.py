"""Makes the Celery application the current one in every Django process, so that `ring` reaches the portal's own broker."""

from django.apps import AppConfig

from portal.celery import app


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        app.set_default()
