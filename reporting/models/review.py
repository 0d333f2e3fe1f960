"""What is said and done about a submission: comments and the append-only events."""

from dataclasses import dataclass
from datetime import date

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from districts.languages import localised
from districts.models import District
from reporting.enums import AnswerStatus, CommentState, EventKind, SubmissionState
from reporting.models.submission import Revision, Submission, TenantQuerySet


def as_deputy(absent: str) -> str:
    """The capacity of whoever stood in for this person at the bureau; blank for who did not."""
    return gettext("deputy of %(person)s") % {"person": absent} if absent else ""


@dataclass(frozen=True)
class KeptAnswer:
    label: str
    raw: str
    explanation: str


def _in_words(kept: dict[str, str]) -> str:
    """What was typed, or why nothing was."""
    return kept["raw"] or (str(AnswerStatus(kept["status"]).label) if kept["status"] != AnswerStatus.MISSING else "–")


class Comment(models.Model):
    """The reviewer's remark on a question, or on the whole report where `question_key` is blank; a draft until returned."""

    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="comments",
        verbose_name=_("submission"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
        verbose_name=_("made on revision"),
    )
    question_key = models.CharField(_("question"), max_length=40, blank=True)
    text = models.TextField(_("comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    deputy_of = models.CharField(_("written as deputy of"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"))
    state = models.CharField(_("state"), max_length=10, choices=CommentState, default=CommentState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    reply = models.TextField(_("the district's answer"), blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["submission", "state"], name="comment_by_state")]
        constraints = [
            models.CheckConstraint(condition=~Q(state=CommentState.ADDRESSED) | ~Q(reply=""), name="addressed_has_reply")
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def capacity(self) -> str:
        return as_deputy(self.deputy_of)


class Event(models.Model):
    """One step in a submission's life. Never changed, never deleted."""

    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="events",
        verbose_name=_("submission"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    kind = models.CharField(_("what"), max_length=20, choices=EventKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    from_state = models.CharField(_("from"), max_length=20, choices=SubmissionState)
    to_state = models.CharField(_("to"), max_length=20, choices=SubmissionState)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("when"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["submission", "-at"], name="event_by_submission"),
            models.Index(fields=["-at", "-id"], name="event_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "actor"], condition=Q(kind=EventKind.CHECK), name="revision_checked_once_by_each"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def capacity(self) -> str:
        """As what the actor stood in for somebody; blank for who took the step in the own right."""
        if self.data.get("acting"):
            return gettext("acting head")
        for_district = gettext("for the district") if self.workbook else ""
        return ", ".join(filter(None, (as_deputy(self.data.get("deputy_of", "")), for_district)))

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def workbook(self) -> str:
        """The name of the file from which the bureau filled in the report, or began it."""
        return str(self.data.get("workbook", ""))

    @property
    def answers_request(self) -> bool:
        """Whether the step is what the district had asked for."""
        return "petition" in self.data and self.kind in {EventKind.EXTEND, EventKind.REOPEN}

    @property
    def dropped(self) -> "list[KeptAnswer]":
        """Of a report that went over to a newer version, the answers that are not asked for any more."""
        return [KeptAnswer(localised(*one["label"]), _in_words(one), one["explanation"]) for one in self.data.get("dropped", ())]

    @property
    def added(self) -> list[str]:
        """The questions that have to be answered since, in the reader's language."""
        return [localised(*one["label"]) for one in self.data.get("added", ())]

    @property
    def reason(self) -> str:
        """The note; for a report that was let go with its district, the closing or merger in the reader's language; for one that
        the bureau filled in, from what."""
        if self.kind == EventKind.ENTER:
            count = self.data["answers"]
            sentence = ngettext("%(count)d answer from “%(file)s”", "%(count)d answers from “%(file)s”", count)
            return sentence % {"count": count, "file": self.workbook}
        kept = self.data.get("closing")
        if kept is None:
            return self.note
        words = {
            "district": localised(*kept["district"]),
            "day": date_format(date.fromisoformat(kept["day"]), gettext("l j F Y")),
        }
        if "successor" not in kept:
            return gettext("%(district)s is closed from %(day)s.") % words
        words["successor"] = localised(*kept["successor"])
        return gettext("%(district)s is merged into %(successor)s from %(day)s.") % words

    @property
    def note_for_district(self) -> str:
        """What the district reads of the reason: that of a check is the bureau's own."""
        return "" if self.kind == EventKind.CHECK else self.reason
