"""Celery tasks: each takes ids and makes one domain call."""

from reporting.tasks import figures, files, jobs, reminders

__all__ = ["figures", "files", "jobs", "reminders"]
