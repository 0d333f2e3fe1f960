"""Reads of the outbox."""

from datetime import datetime

from django.db.models import Min

from districts.models import OutgoingMail


def oldest_due_at(now: datetime) -> datetime | None:
    """Since when the mail that has waited longest has been due; None where none waits. A mail that is tried again counts from its
    first due time."""
    return OutgoingMail.objects.filter(state__in=["due", "sending"], due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
