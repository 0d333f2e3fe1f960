"""What is measured: the catalogue of indicators."""

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.languages import localised
from districts.models import District
from reporting.enums import CityAggregation, Direction, Measure, PriceBasis

_FROZEN = (
    "code", "unit", "decimals", "minimum", "maximum", "measure", "direction", "price_basis", "base_indicator_id", "formula",
    "city_aggregation", "weight_indicator_id",
)  # fmt: skip
_CHANGED = " OR ".join(f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in _FROZEN)


@pghistory.track()
class Indicator(models.Model):
    """A statistic with its unit and rules. Once a published definition asks for it, all but its wording is frozen."""

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$", _("Capital letters, digits and underscores, such as A01."))],
    )
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2, validators=[MaxValueValidator(6)])
    minimum = models.DecimalField(_("smallest value"), max_digits=24, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(_("largest value"), max_digits=24, decimal_places=6, null=True, blank=True)
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction, default=Direction.UP)
    price_basis = models.CharField(_("price basis"), max_length=10, choices=PriceBasis, blank=True)
    base_indicator = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="base_of",
        verbose_name=_("base indicator"),
        help_text=_("The indicator in which districts report the revised figure of the same period last year."),
    )
    formula = models.CharField(
        _("formula"),
        max_length=400,
        blank=True,
        help_text=_("Over indicator codes: <code>A02 + A07</code>, or <code>if(A08 &gt; 0, A01 / A08 * 100, 0)</code>."),
    )
    city_aggregation = models.CharField(_("city figure"), max_length=15, choices=CityAggregation, default=CityAggregation.SUM)
    weight_indicator = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="weight_of",
        verbose_name=_("weighted by"),
    )
    units_indicator = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="counts_units_of",
        verbose_name=_("units counted by"),
        help_text=_("How many units stand behind a district's value: with fewer than three it is not published."),
    )
    definition = models.TextField(pgettext_lazy("of an indicator", "definition"), blank=True)
    definition_zh = models.TextField(_("definition in Chinese"), blank=True)
    scope = models.TextField(
        pgettext_lazy("of an indicator", "scope"), blank=True, help_text=_("Which units and activities it counts, and which not.")
    )
    scope_zh = models.TextField(_("scope in Chinese"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    source_zh = models.CharField(_("source in Chinese"), max_length=200, blank=True)
    comparability = models.TextField(
        _("comparability"), blank=True, help_text=_("What to mind when it is compared with other periods, districts or figures.")
    )
    comparability_zh = models.TextField(_("comparability in Chinese"), blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        triggers = [
            pgtrigger.Trigger(
                name="indicator_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                IF ({_CHANGED}) AND EXISTS (
                    SELECT 1 FROM reporting_question q
                    JOIN reporting_section s ON s.id = q.section_id
                    JOIN reporting_definitionversion v ON v.id = s.version_id
                    WHERE q.indicator_id = OLD.id AND v.state <> 'draft'
                ) THEN
                    RAISE EXCEPTION 'indicator % is used by a published definition', OLD.code
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,  # noqa: S608 (column names from the tuple above)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name, self.name_zh)

    @property
    def unit_label(self) -> str:
        """The unit in the reader's language."""
        return localised(self.unit, self.unit_zh)

    @property
    def notes(self) -> list[tuple[Promise, str]]:
        """(heading, text) of what the catalogue says in words, in the reader's language; what is blank is left out."""
        written = [
            (pgettext_lazy("of an indicator", "Definition"), localised(self.definition, self.definition_zh)),
            (_("Scope"), localised(self.scope, self.scope_zh)),
            (_("Source"), localised(self.source, self.source_zh)),
            (_("Comparability"), localised(self.comparability, self.comparability_zh)),
        ]
        return [(heading, text) for heading, text in written if text]

    @property
    def units(self) -> tuple[str, ...]:
        """The unit as it is written in each language."""
        return tuple(unit for unit in dict.fromkeys((self.unit, self.unit_zh)) if unit)


@pghistory.track()
class Inclusion(models.Model):
    """One unit's figure contains another's: the city counts the contained unit once, inside its containers."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="inclusions", verbose_name=_("indicator"))
    contained = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that is contained"))
    containers = models.ManyToManyField(District, related_name="+", verbose_name=_("units that contain it"))

    class Meta:
        verbose_name = _("inclusion")
        verbose_name_plural = _("inclusions")
        constraints = [models.UniqueConstraint(fields=["indicator", "contained"], name="inclusion_unique")]

    def __str__(self) -> str:
        return f"{self.indicator.code}: {self.contained}"
