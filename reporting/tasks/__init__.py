"""Celery tasks: each takes ids and makes one domain call."""

from reporting.tasks import figures

__all__ = ["figures"]
