"""The Celery application. The beat schedule holds intervals only; whatever has a date lives in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep-mail": {"task": "districts.sweep_mail", "schedule": 30.0},
    "sweep-reminders": {"task": "reporting.sweep_reminders", "schedule": 60.0},
    "sweep-digests": {"task": "reporting.sweep_digests", "schedule": 60.0},
    "sweep-jobs": {"task": "reporting.sweep_jobs", "schedule": 30.0},
    "sweep-figures": {"task": "reporting.sweep_figures", "schedule": 60.0},
    "sweep-files": {"task": "reporting.sweep_files", "schedule": 6 * 3600.0},
}
