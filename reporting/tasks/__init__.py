"""Celery tasks: each takes ids and makes one domain call."""

from reporting.tasks import figures, reminders

__all__ = ["figures", "reminders"]
