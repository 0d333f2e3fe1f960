"""What every template needs to know."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 (Django's signature)
    return {"portal_demo": settings.PORTAL_DEMO}
