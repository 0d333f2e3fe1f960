"""Working on the bureau's long jobs."""

from celery import shared_task
from django.utils import timezone

from reporting.jobs import running
from reporting.jobs.works import WORKS


@shared_task(name="reporting.run_job")
def run_job(job_id: int) -> None:
    running.run_job(job_id=job_id, works=WORKS, now=timezone.now())


@shared_task(name="reporting.sweep_jobs")
def sweep_jobs() -> None:
    running.sweep_jobs(works=WORKS, now=timezone.now())
