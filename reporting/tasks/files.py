"""Deleting the files of evidence that no report needs."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import file_store


@shared_task(name="reporting.sweep_files")
def sweep_files() -> None:
    file_store.sweep_files()


@shared_task(name="reporting.sweep_files_of")
def sweep_files_of(district_id: int) -> None:
    file_store.drop_unused_files_of(district_id=district_id, now=timezone.now())
