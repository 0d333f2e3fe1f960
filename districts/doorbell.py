"""Ring a task after the commit. A broker that is down costs nothing but time: a sweep finds the work in the database."""

import logging
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

SILENCE = 15.0
"""Seconds for which a process does not ring after it rang in vain: one request waits for a broker that hangs, no other does."""


class _Bell:
    silent_until = 0.0
    """By the monotonic clock."""


def ring(task_name: str, *args: int) -> None:
    """Start a task once the surrounding transaction has committed; never raises, never retries."""
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[int, ...]) -> None:
    if time.monotonic() < _Bell.silent_until:
        return
    try:
        current_app.send_task(task_name, args=args, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _Bell.silent_until = time.monotonic() + SILENCE
        logger.warning("Broker not reached, %s is left to its sweep: %s", task_name, error)
