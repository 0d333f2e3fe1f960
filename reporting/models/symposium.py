"""The symposium on a cycle's results: agenda, attendance, problems found, conclusions and what follows from them."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.languages import localised
from districts.models import District
from reporting.enums.symposiums import (
    SYMPOSIUM_MOVES,
    AgendaKind,
    Attending,
    Decision,
    Priority,
    ProblemKind,
    SymposiumState,
)
from reporting.models.cycle import Cycle
from reporting.models.indicator import Indicator
from reporting.models.key_task import KeyTask


class Symposium(models.Model):
    """`seed` is what the speaking order was drawn with, so that the draw can be made again. `sequence` counts the invitations."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="symposiums", verbose_name=_("cycle"))
    title = models.CharField(pgettext_lazy("of a symposium", "title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place"), max_length=200)
    chair = models.CharField(_("chair"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=SymposiumState, default=SymposiumState.PLANNED)
    seed = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    shared_at = models.DateTimeField(_("pack shared"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    assessment = models.TextField(_("assessment"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("symposium")
        verbose_name_plural = _("symposiums")
        ordering = ["-starts_at", "-pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.FSM(
                name="symposium_moves", field="state", transitions=[(old.value, new.value) for old, new in SYMPOSIUM_MOVES]
            ),
            pgtrigger.ReadOnly(name="symposium_frozen", fields=["cycle", "created_by", "created_at"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return localised(self.title, self.title_zh)


class AgendaItem(models.Model):
    """`remarks` is what was said at it."""

    symposium = models.ForeignKey(Symposium, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("symposium"))
    position = models.PositiveIntegerField()
    kind = models.CharField(_("item"), max_length=10, choices=AgendaKind)
    speaker = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("district")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["symposium", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AgendaKind.SPEECH, speaker__isnull=False) | (~Q(kind=AgendaKind.SPEECH) & Q(speaker=None)),
                name="speech_has_speaker",
            )
        ]

    def __str__(self) -> str:
        return str(self.speaker or self.get_kind_display())


class Attendance(models.Model):
    """A district's answer to the invitation."""

    symposium = models.ForeignKey(Symposium, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("symposium"))
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    answer = models.CharField(_("answer"), max_length=10, choices=Attending)
    person = models.CharField(_("who comes"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["symposium", "district__code"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["symposium", "district"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_answer_display()}"


class Problem(models.Model):
    """Something that the data show. `numbers` are what it was found by, with their source; `text` is the bureau's own wording."""

    symposium = models.ForeignKey(Symposium, on_delete=models.CASCADE, related_name="problems", verbose_name=_("symposium"))
    kind = models.CharField(_("problem"), max_length=10, choices=ProblemKind)
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    districts = models.ManyToManyField(District, related_name="+", verbose_name=_("districts"))
    numbers = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    found_at = models.DateTimeField(_("found"))
    changed_at = models.DateTimeField(_("numbers changed"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN)
    text = models.TextField(_("wording"), blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["symposium", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["symposium", "kind", "indicator"], nulls_distinct=False, name="problem_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Conclusion(models.Model):
    symposium = models.ForeignKey(Symposium, on_delete=models.CASCADE, related_name="conclusions", verbose_name=_("symposium"))
    group = models.CharField(_("work priority"), max_length=15, choices=Priority)
    text = models.TextField(_("conclusion"))
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["symposium", "group", "position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:60]


class ActionItem(models.Model):
    """What a district does about a conclusion. `task` is the key task that it has become."""

    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="items", verbose_name=_("conclusion"))
    title = models.CharField(pgettext_lazy("of a task", "title"), max_length=200)
    lead = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("lead"))
    co_leads = models.ManyToManyField(District, blank=True, related_name="+", verbose_name=_("co-leads"))
    deliverable = models.CharField(_("deliverable"), max_length=300)
    deadline = models.DateField(_("deadline"))
    task = models.OneToOneField(
        KeyTask, null=True, blank=True, on_delete=models.PROTECT, related_name="action_item", verbose_name=_("key task")
    )

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["conclusion", "pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(
                name="action_assigned",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__task__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title
