"""What the bureau publishes: releases of figures, a vintage each, and bulletins. Public from an instant on."""

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.languages import localised
from districts.models import District
from reporting.enums.publication import STAGE_MOVES, ConfStatus, Detail, ObsStatus, Stage
from reporting.models.cycle import Cycle
from reporting.models.indicator import Indicator

_PUBLIC = pgtrigger.Trigger(
    name="public_kept",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
    IF OLD.stage = 'scheduled' AND OLD.released_at <= now() THEN
        RAISE EXCEPTION 'what is public does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
)
_MOVES = pgtrigger.FSM(name="stage_moves", field="stage", transitions=[(old.value, new.value) for old, new in STAGE_MOVES])


class StagedQuerySet(models.QuerySet):
    def public(self, at: datetime) -> Self:
        """What everybody may read at the instant; at the embargo's instant itself it is public."""
        return self.filter(stage=Stage.SCHEDULED, released_at__lte=at)


class Staged(models.Model):
    """`released_at` is set with the stage that has it. `version` counts changes, for conflicts."""

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"))

    objects = StagedQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_public(self, at: datetime) -> bool:
        return self.stage == Stage.SCHEDULED and self.released_at is not None and self.released_at <= at


class Release(Staged):
    """The figures of a cycle as they stood at `as_of`. A correction is the next vintage; earlier ones stay readable."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="releases", verbose_name=_("cycle"))
    vintage = models.PositiveSmallIntegerField(_("vintage"))
    detail = models.CharField(_("detail"), max_length=10, choices=Detail, default=Detail.DISTRICTS)
    title = models.CharField(pgettext_lazy("of a release", "title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    reason = models.TextField(_("what was corrected"), blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="+", verbose_name=_("indicators"))
    as_of = models.DateTimeField(_("figures as of"), null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-cycle__period", "-vintage", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["stage", "released_at"], name="release_public")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "vintage"], name="release_vintage"),
            models.CheckConstraint(
                condition=Q(stage=Stage.SCHEDULED, released_at__isnull=False, as_of__isnull=False)
                | (~Q(stage=Stage.SCHEDULED) & Q(released_at=None)),
                name="release_scheduled_has_instant",
            ),
        ]
        triggers = [_MOVES, _PUBLIC, pgtrigger.ReadOnly(name="release_frozen", fields=["cycle", "vintage"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return localised(self.title, self.title_zh)

    @property
    def summary_label(self) -> str:
        return localised(self.summary, self.summary_zh)


class ReleasedFigure(models.Model):
    """One cell of a release, frozen once its release is no draft any more. Without a district it is the city's.

    `value`, `base` and `growth` are what was computed, hidden ones too: `conf_status` says whether they may be shown.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="figures", verbose_name=_("release"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator"))
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    district_name = models.CharField(max_length=100, blank=True)
    district_name_zh = models.CharField(max_length=100, blank=True)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True)
    base = models.DecimalField(_("base"), max_digits=24, decimal_places=6, null=True)
    growth = models.DecimalField(_("growth (%)"), max_digits=24, decimal_places=6, null=True)
    reported = models.PositiveIntegerField(_("units that reported"), default=1)
    expected = models.PositiveIntegerField(_("units expected"), default=1)
    obs_status = models.CharField(_("status"), max_length=1, choices=ObsStatus)
    conf_status = models.CharField(_("confidentiality"), max_length=1, choices=ConfStatus, default=ConfStatus.FREE)

    class Meta:
        verbose_name = _("released figure")
        verbose_name_plural = _("released figures")
        ordering = ["release", "indicator__code", "district__code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["release", "indicator", "district"], nulls_distinct=False, name="released_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="released_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
    IF EXISTS (
        SELECT 1 FROM reporting_release r WHERE r.stage <> 'draft'
        AND r.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.release_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.release_id END)
    ) THEN
        RAISE EXCEPTION 'the figures of a release change while it is a draft alone' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.indicator.code}"

    @property
    def is_hidden(self) -> bool:
        return self.conf_status != ConfStatus.FREE

    @property
    def district_label(self) -> str:
        return localised(self.district_name, self.district_name_zh)


class Bulletin(Staged):
    """Text for everybody. `recipients` says to whom it is addressed."""

    number = models.CharField(_("issue"), max_length=40, unique=True)
    issuer = models.CharField(_("issuing unit"), max_length=200)
    day = models.DateField(_("date"))
    headline = models.CharField(_("headline"), max_length=200)
    headline_zh = models.CharField(_("headline in Chinese"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    body_zh = models.TextField(_("text in Chinese"), blank=True)
    recipients = models.CharField(_("recipients"), max_length=300, blank=True)
    release = models.ForeignKey(
        Release, null=True, blank=True, on_delete=models.PROTECT, related_name="bulletins", verbose_name=_("release")
    )

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-day", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["stage", "released_at"], name="bulletin_public")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.SCHEDULED, released_at__isnull=False) | (~Q(stage=Stage.SCHEDULED) & Q(released_at=None)),
                name="bulletin_scheduled_has_instant",
            )
        ]
        triggers = [_MOVES, _PUBLIC]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The headline in the reader's language."""
        return localised(self.headline, self.headline_zh)

    @property
    def body_label(self) -> str:
        return localised(self.body, self.body_zh)
