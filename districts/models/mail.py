"""Outgoing mail: the outbox and the ledger in one table."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.enums import MailState
from districts.models.district import District


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> "OutgoingMailQuerySet":
        """What may be claimed: due, or claimed by a worker whose lease has run out."""
        return self.filter(Q(state=MailState.DUE, next_try_at__lte=now) | Q(state=MailState.SENDING, leased_until__lt=now))


class OutgoingMail(models.Model):
    """One mail to one recipient. `dedupe_key` (kind, subject of the mail, recipient, due instant) makes a second one harmless.

    `context` holds identifiers and plain values only, never a secret: links that let somebody in are made at sending, and the
    bodies of such mails are not kept.
    """

    kind = models.CharField(_("kind"), max_length=40)
    dedupe_key = models.CharField(max_length=200, unique=True)
    message_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails", verbose_name=_("recipient")
    )
    district = models.ForeignKey(
        District,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mails",
        verbose_name=_("district"),
    )
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.DUE)
    due_at = models.DateTimeField(_("due"))
    next_try_at = models.DateTimeField(_("next try"))
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    address = models.EmailField(_("sent to"), blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text_body = models.TextField(_("text"), blank=True)
    html_body = models.TextField(_("HTML"), blank=True)
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[MailState.DUE, MailState.SENDING]),
                name="mail_waiting",
            ),
            models.Index(fields=["district", "-created_at"], name="mail_by_district"),
            models.Index(fields=["state", "-created_at"], name="mail_by_state"),
        ]

    def __str__(self) -> str:
        return gettext("Mail to %(recipient)s") % {"recipient": self.address or self.recipient}
