"""Ring a task after the commit. A broker that is down costs nothing but time: a sweep finds the work in the database."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task_name: str, *args: int) -> None:
    """Start a task once the surrounding transaction has committed; never raises, never retries."""
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[int, ...]) -> None:
    try:
        current_app.send_task(task_name, args=args, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("Broker not reached, %s is left to its sweep: %s", task_name, error)
