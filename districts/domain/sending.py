"""Sending what is due: claim, lease, send, mark. Safe to run twice, side by side, late, and to be killed anywhere.

A mail is sent twice only if the process is killed in the milliseconds between the server's acceptance and the next statement, and
then under the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.db import InterfaceError, OperationalError, connection, transaction

from districts.domain.letters import KINDS, Letter, Rendered, compose, render
from districts.enums import MailState
from districts.models import OutgoingMail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
BATCH = 50
RETRY_AFTER = [timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 120, 240)]
GIVE_UP_AFTER = timedelta(days=3)
_PERMANENT = 500
_OF_THE_RUN = (OperationalError, InterfaceError, SoftTimeLimitExceeded)
"""The database went away, or the task's time is up."""


class _ServerAwayError(Exception):
    """The mail server cannot be reached or broke off; nothing is wrong with the mail."""


def send_due_mail(*, now: datetime, seconds: float = 60) -> int:
    """Send what is due at `now`, for at most about so many seconds; gives how many mails were accepted by the server."""
    end, sent = time.monotonic() + seconds, 0
    server = get_connection()
    try:
        while time.monotonic() < end:
            batch = claim(now=now)
            if not batch:
                break
            sent += _send_batch(batch, server, now)
    except _ServerAwayError:
        logger.warning("The mail server is away; what is due is tried again later.")
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.close()
    return sent


def claim(*, now: datetime) -> list[OutgoingMail]:
    """Lease the mails that have waited longest; two senders never hold the same one."""
    lease = uuid4()
    with transaction.atomic():
        due = OutgoingMail.objects.due(now).order_by("next_try_at", "pk").select_for_update(skip_locked=True)[:BATCH]
        mails = list(due.select_related(None))
        bundled = [mail.recipient_id for mail in mails if KINDS[mail.kind].may_bundle]
        if bundled:
            kinds = [kind.name for kind in KINDS.values() if kind.may_bundle]
            rest = (
                OutgoingMail.objects.due(now).filter(recipient__in=bundled, kind__in=kinds).exclude(pk__in=[m.pk for m in mails])
            )
            mails += rest.order_by("next_try_at", "pk").select_for_update(skip_locked=True)
        ids = [mail.pk for mail in mails]
        OutgoingMail.objects.filter(pk__in=ids).update(state=MailState.SENDING, lease=lease, leased_until=now + LEASE)
    rows = OutgoingMail.objects.filter(pk__in=ids).select_related("recipient__bureau_role", "district")
    return list(rows.order_by("next_try_at", "pk"))


def _send_batch(batch: list[OutgoingMail], server: BaseEmailBackend, now: datetime) -> int:
    sent = 0
    waiting = _envelopes(batch)
    while waiting:
        envelope = waiting.pop(0)
        try:
            sent += _send_one(envelope, server, now)
        except _ServerAwayError:
            for left in waiting:
                _release(left, now)
            raise
    return sent


def _envelopes(batch: list[OutgoingMail]) -> list[list[OutgoingMail]]:
    """Single mails, and bundles of those that one person may get as one."""
    envelopes: list[list[OutgoingMail]] = []
    bundles: dict[int, list[OutgoingMail]] = {}
    for mail in batch:
        takes_bundles = mail.recipient.daily_digest or mail.recipient.is_staff
        if not (takes_bundles and KINDS[mail.kind].may_bundle):
            envelopes.append([mail])
        elif mail.recipient_id in bundles:
            bundles[mail.recipient_id].append(mail)
        else:
            bundles[mail.recipient_id] = [mail]
            envelopes.append(bundles[mail.recipient_id])
    return envelopes


def _send_one(envelope: list[OutgoingMail], server: BaseEmailBackend, now: datetime) -> int:
    """One message of one mail or of a bundle; gives 1 where the server accepted it."""
    letters: list[tuple[OutgoingMail, Letter]] = []
    for mail in envelope:
        letter = _composed(mail, now)
        if letter is not None:
            letters.append((mail, letter))
    if not letters:
        return 0
    mails = [mail for mail, _letter in letters]
    rendered = render([letter for _mail, letter in letters], mails[0])
    try:
        _open(server)
        server.send_messages([_message(mails[0], rendered, server)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _refused(mails, error, now)
        return 0
    except (smtplib.SMTPException, OSError) as error:
        for mail in mails:
            _retry(mail, str(error) or type(error).__name__, now)
        raise _ServerAwayError from error
    _mark_sent(mails, rendered, now)
    return 1


def _open(server: BaseEmailBackend) -> None:
    """Keep one connection to the server for the whole run. What goes wrong here is the server's matter and no mail's."""
    if isinstance(server, SMTPBackend) and server.connection is None:
        try:
            server.open()
        except smtplib.SMTPException as error:
            raise OSError(f"The mail server refused the connection: {error}") from error


def _composed(mail: OutgoingMail, now: datetime) -> Letter | None:
    """The letter; None, and the row settled, where it is not wanted any more or cannot be composed.

    What ends the whole run is no mail's fault: the mail keeps its lease, and is sent when that has run out.
    """
    try:
        letter = compose(mail, now)
    except _OF_THE_RUN:
        raise
    except (
        Exception
    ):  # whatever is wrong with one mail must not hold up the others: it is logged, and shown to the bureau as failed
        logger.exception("Mail %s cannot be composed.", mail.pk)
        _settle(mail, state=MailState.FAILED, last_error="The mail could not be composed; see the log.")
        return None
    if letter is None:
        _settle(mail, state=MailState.SUPERSEDED)
    return letter


def _message(mail: OutgoingMail, rendered: Rendered, server: BaseEmailBackend) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[mail.recipient.email],
        connection=server,
        headers={"Message-ID": f"<{mail.message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(rendered.html, "text/html")
    for file in rendered.files:
        message.attach(*file)
    return message


_MARK_SENT = """
    UPDATE districts_outgoingmail
    SET state = %(state)s, sent_at = %(now)s, tries = tries + 1, address = %(address)s, subject = %(subject)s,
        text_body = %(text)s, html_body = %(html)s, last_error = '', lease = NULL, leased_until = NULL
    WHERE id = ANY(%(ids)s) AND lease = %(lease)s
"""
"""By hand, since building it anew for every mail takes longer than running it."""


def _mark_sent(mails: list[OutgoingMail], rendered: Rendered, now: datetime) -> None:
    secret = any(KINDS[mail.kind].is_secret for mail in mails)
    values: dict[str, Any] = {
        "state": MailState.SENT.value,
        "now": now,
        "address": mails[0].recipient.email,
        "subject": rendered.subject,
        "text": "" if secret else rendered.text,
        "html": "" if secret else rendered.html,
        "ids": [mail.pk for mail in mails],
        "lease": mails[0].lease,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SENT, values)


def _refused(mails: list[OutgoingMail], error: smtplib.SMTPException, now: datetime) -> None:
    """The server answered: 5xx is final, 4xx is tried again."""
    code, text = _answer(error)
    for mail in mails:
        if code >= _PERMANENT:
            _settle(mail, state=MailState.FAILED, last_error=text, tries=mail.tries + 1)
        else:
            _retry(mail, text, now)


def _answer(error: smtplib.SMTPException) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    else:
        code, text = error.smtp_code, error.smtp_error  # type: ignore[attr-defined]
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return int(code), f"{code} {words}"[:1000]


def _retry(mail: OutgoingMail, error: str, now: datetime) -> None:
    tries = mail.tries + 1
    if now - mail.due_at > GIVE_UP_AFTER:
        _settle(mail, state=MailState.FAILED, last_error=error[:1000], tries=tries)
        return
    wait = RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]
    _settle(mail, state=MailState.DUE, last_error=error[:1000], tries=tries, next_try_at=now + wait)


def _release(mails: Iterable[OutgoingMail], now: datetime) -> None:
    """Give back what was not tried."""
    for mail in mails:
        _settle(mail, state=MailState.DUE, next_try_at=now + RETRY_AFTER[0])


def _settle(mail: OutgoingMail, **fields: object) -> None:
    _update([mail], **fields, lease=None, leased_until=None)


def _update(mails: list[OutgoingMail], **fields: object) -> None:
    """Write to the mails that are still ours: a lease that ran out and was taken by another sender is left to it."""
    lease: UUID | None = mails[0].lease
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails], lease=lease).update(**fields)
