"""Writing mail: a row in the transaction of the change that causes it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.enums import MailState
from districts.errors import NotAllowed, Refused
from districts.models import District, OutgoingMail, User
from districts.queries.access import is_bureau_administrator

_DUE_WHILE = frozenset({MailState.DUE, MailState.SENDING})


@dataclass(frozen=True)
class NewMail:
    """`about` names what the mail is about ("submission:12"). `instant` is what makes it due; with kind, `about` and recipient it
    is the mail's identity, so writing it again changes nothing. `send_at` is later where quiet hours ask for it."""

    kind: str
    recipient: User
    about: str
    instant: datetime
    send_at: datetime | None = None
    district: District | None = None
    context: dict[str, Any] = field(default_factory=dict)
    is_superseded: bool = False

    @property
    def dedupe_key(self) -> str:
        return f"{self.kind}|{self.about}|{self.recipient.pk}|{self.instant.isoformat()}"


def queue_mails(mails: Iterable[NewMail], *, now: datetime) -> int:
    """Write the mails that are not there yet and ring the sender after the commit; gives how many were asked for."""
    rows = [_row(mail, now) for mail in mails]
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if any(row.state == MailState.DUE and row.next_try_at <= now for row in rows):
        ring("districts.sweep_mail")
    return len(rows)


def queue_mail(
    *,
    kind: str,
    recipients: Iterable[User],
    about: str,
    instant: datetime,
    now: datetime,
    district: District | None = None,
    context: dict[str, Any] | None = None,
) -> None:
    """Write one mail that is due now, to each of the people."""
    mails = (NewMail(kind, person, about, instant, district=district, context=context or {}) for person in recipients)
    queue_mails(mails, now=now)


def _row(mail: NewMail, now: datetime) -> OutgoingMail:
    due_at = max(mail.send_at or now, now)
    return OutgoingMail(
        kind=mail.kind,
        dedupe_key=mail.dedupe_key,
        recipient=mail.recipient,
        district=mail.district,
        context=mail.context,
        state=MailState.SUPERSEDED if mail.is_superseded else MailState.DUE,
        due_at=due_at,
        next_try_at=due_at,
        created_at=now,
    )


def resend_mail(*, mail: OutgoingMail, actor: User, now: datetime) -> OutgoingMail:
    """Send a mail again, as a new row beside the old one. Refused while the old one is on its way.

    What it says is composed anew; a link that lets somebody in is made anew.
    """
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator sends a mail again."))
    with transaction.atomic():
        locked = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        if locked.state in _DUE_WHILE:
            raise Refused(_("This mail is still on its way; it is not sent twice."))
        root = locked.dedupe_key.partition("|again|")[0]
        number = OutgoingMail.objects.filter(dedupe_key__startswith=f"{root}|again|").count() + 1
        again = OutgoingMail.objects.create(
            kind=locked.kind,
            dedupe_key=f"{root}|again|{number}",
            recipient=locked.recipient,
            district=locked.district,
            context=locked.context | {"sent_again_by": actor.pk},
            due_at=now,
            next_try_at=now,
            created_at=now,
        )
        ring("districts.sweep_mail")
        return again
