"""A district's questions to the bureau about its report, each a thread of messages."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.models import District
from reporting.enums import EnquiryState
from reporting.models.definition import Question
from reporting.models.review import as_deputy
from reporting.models.submission import Submission, TenantQuerySet


class Enquiry(models.Model):
    """Asked at a question of the report, or about the whole of it where there is none; one open thread at each."""

    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="enquiries",
        verbose_name=_("submission"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("question")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    latest_at = models.DateTimeField(_("latest message"))
    state = models.CharField(_("state"), max_length=10, choices=EnquiryState, default=EnquiryState.WAITING)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("question from a district")
        verbose_name_plural = _("questions from districts")
        ordering = ["asked_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "latest_at"], name="enquiry_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["id", "district"], name="enquiry_tenant"),
            models.UniqueConstraint(
                fields=["submission", "question"],
                condition=~Q(state=EnquiryState.CLOSED),
                nulls_distinct=False,
                name="enquiry_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnquiryState.ANSWERED) | Q(answered_at__isnull=False), name="enquiry_answered_has_time"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="enquiry_frozen", fields=["submission", "district", "question", "asked_by", "asked_at"]),
            pgtrigger.Protect(name="enquiry_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="enquiry_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=EnquiryState.CLOSED.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} · {self.about}"

    @property
    def about(self) -> str:
        """The wording of the question, in the reader's language."""
        return self.question.text if self.question else gettext("The whole report")

    @property
    def is_open(self) -> bool:
        return self.state != EnquiryState.CLOSED


class EnquiryMessage(models.Model):
    """What one side wrote. Never changed, never deleted."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, db_constraint=False, related_name="messages")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    by_bureau = models.BooleanField(default=False)
    deputy_of = models.CharField(_("written as deputy of"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("when"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def capacity(self) -> str:
        return as_deputy(self.deputy_of)
