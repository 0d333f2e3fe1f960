"""Celery tasks: each takes ids and makes one domain call."""

from reporting.tasks import figures, jobs, reminders

__all__ = ["figures", "jobs", "reminders"]
