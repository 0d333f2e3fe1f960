"""What a report asks for: definitions, their versions, sections, questions and checks."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.languages import localised
from reporting.enums import NUMERIC_KINDS, CheckKind, Frequency, QuestionKind, Severity, VersionState
from reporting.models.indicator import Indicator
from reporting.models.triggers import changed
from reporting.rules import ExpressionError, parse_rule
from reporting.validators.tuning import reads_as_tuning

_NUMERIC = sorted(kind.value for kind in NUMERIC_KINDS)


def _frozen_with_version(version_of_row: str) -> pgtrigger.Trigger:
    """A trigger that refuses to write a part of a version that is no longer a draft."""
    refuse = """IF EXISTS (SELECT 1 FROM reporting_definitionversion v WHERE v.state <> 'draft' AND v.id = {version}) THEN
            RAISE EXCEPTION 'a published definition version does not change' USING ERRCODE = 'check_violation';
        END IF;"""
    old, new = (refuse.format(version=version_of_row.format(row=row)) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="published_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
        IF TG_OP <> 'INSERT' THEN {old} END IF;
        IF TG_OP <> 'DELETE' THEN {new} RETURN NEW; END IF;
        RETURN OLD;
        """,
    )


@pghistory.track()
class Definition(models.Model):
    """A kind of report, such as the half-yearly digital economy report."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    frequency = models.CharField(_("frequency"), max_length=12, choices=Frequency, default=Frequency.HALF_YEARLY)
    needs_two_people = models.BooleanField(
        _("two pairs of eyes"),
        default=False,
        help_text=_(
            "A report is approved only once somebody else than the approver has marked it as checked. "
            "This holds from the moment it is set, for reports that are in review too."
        ),
    )

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name, self.name_zh)


@pghistory.track()
class DefinitionVersion(models.Model):
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="versions", verbose_name=_("definition"))
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    statement = models.TextField(_("statement"), help_text=_("What the head confirms when signing."))
    statement_zh = models.TextField(_("statement in Chinese"), blank=True)
    year_on_year_bound = models.DecimalField(
        _("year-on-year bound (%)"),
        max_digits=7,
        decimal_places=2,
        default=30,
        help_text=_("A larger change than this, up or down, needs an explanation."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("definition version")
        verbose_name_plural = _("definition versions")
        ordering = ["definition__name", "-number"]
        constraints = [models.UniqueConstraint(fields=["definition", "number"], name="version_unique")]
        triggers = [
            pgtrigger.FSM(
                name="version_moves",
                field="state",
                transitions=[
                    (VersionState.DRAFT, VersionState.PUBLISHED),
                    (VersionState.PUBLISHED, VersionState.RETIRED),
                ],
            ),
            pgtrigger.Protect(
                name="published_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "retired"])
                & changed("definition", "number", "statement", "statement_zh", "year_on_year_bound", "published_at"),
            ),
            pgtrigger.Protect(
                name="published_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["published", "retired"]),
            ),
        ]

    def __str__(self) -> str:
        return _("%(definition)s, version %(number)d") % {
            "definition": self.definition,
            "number": self.number,
        }

    @property
    def statement_text(self) -> str:
        return localised(self.statement, self.statement_zh)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Section(models.Model):
    version = models.ForeignKey(DefinitionVersion, on_delete=models.CASCADE, related_name="sections", verbose_name=_("version"))
    key = models.SlugField(_("key"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    help_text = models.TextField(_("help"), blank=True)
    help_text_zh = models.TextField(_("help in Chinese"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["version", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="section_key_unique")]
        triggers = [_frozen_with_version("{row}.version_id")]

    def __str__(self) -> str:
        return localised(self.title, self.title_zh)

    @property
    def help(self) -> str:
        return localised(self.help_text, self.help_text_zh)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Question(models.Model):
    """`key` is frozen: an answer finds its question by it, in this version and in later ones."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions", verbose_name=_("section"))
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[A-Za-z][A-Za-z0-9_]*$", _("Letters, digits and underscores."))],
    )
    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind)
    indicator = models.ForeignKey(
        Indicator,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="questions",
        verbose_name=_("indicator"),
    )
    label = models.CharField(_("question"), max_length=300, blank=True, help_text=_("Blank: the indicator's name."))
    label_zh = models.CharField(_("question in Chinese"), max_length=300, blank=True)
    help_text = models.TextField(_("help"), blank=True)
    help_text_zh = models.TextField(_("help in Chinese"), blank=True)
    choices = ArrayField(models.CharField(max_length=100), verbose_name=_("choices"), default=list, blank=True)
    choices_zh = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("choices in Chinese"),
        default=list,
        blank=True,
        help_text=_("In the same order. Blank: the choices as they are."),
    )
    required = models.BooleanField(_("required"), default=True)
    tuning = models.JSONField(_("checks"), default=dict, blank=True, validators=[reads_as_tuning])
    """What the question says of the built-in checks otherwise than their defaults: see `reporting/validators/tuning.py`."""
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["section__version", "section__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="question_key_unique"),
            models.CheckConstraint(
                condition=(models.Q(kind__in=_NUMERIC) & models.Q(indicator__isnull=False))
                | (~models.Q(kind__in=_NUMERIC) & models.Q(indicator__isnull=True)),
                name="number_has_indicator",
                violation_error_message=_("A number belongs to an indicator, and only a number does."),
            ),
        ]
        triggers = [
            _frozen_with_version("(SELECT s.version_id FROM reporting_section s WHERE s.id = {row}.section_id)"),
            pgtrigger.Trigger(
                name="key_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("key"),
                condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
                func="""
                IF EXISTS (
                    SELECT 1 FROM reporting_section home
                    JOIN reporting_definitionversion mine ON mine.id = home.version_id AND mine.state = 'draft'
                    JOIN reporting_definitionversion v ON v.definition_id = mine.definition_id AND v.state <> 'draft'
                    JOIN reporting_section s ON s.version_id = v.id
                    JOIN reporting_question q ON q.section_id = s.id AND q.key = OLD.key
                    WHERE home.id = OLD.section_id
                ) THEN
                    RAISE EXCEPTION 'the key % stands in a published definition version', OLD.key
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question as it is asked, in the reader's language."""
        own = localised(self.label, self.label_zh)
        return own or (self.indicator.label if self.indicator else self.key)

    @property
    def help(self) -> str:
        return localised(self.help_text, self.help_text_zh)

    @property
    def choice_labels(self) -> dict[str, str]:
        """What is stored for each choice, and what the reader sees of it."""
        in_chinese = dict(zip(self.choices, self.choices_zh, strict=False))
        return {choice: localised(choice, in_chinese.get(choice, "")) for choice in self.choices}

    @property
    def is_computed(self) -> bool:
        return self.indicator is not None and bool(self.indicator.formula)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Check(models.Model):
    """A relation between a report's own values that must hold before it is handed over."""

    version = models.ForeignKey(DefinitionVersion, on_delete=models.CASCADE, related_name="checks", verbose_name=_("version"))
    kind = models.CharField(_("kind"), max_length=12, choices=CheckKind)
    codes = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("indicator codes"),
        help_text=_("Ascending: from the smallest to the largest. Sum: the total first, then its components."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["version", "position", "pk"]
        triggers = [_frozen_with_version("{row}.version_id")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {', '.join(self.codes)}"


def reads_as_rule(text: str) -> None:
    """Raises ValidationError with what is wrong and where."""
    try:
        parse_rule(text)
    except ExpressionError as error:
        raise ValidationError(str(error)) from error


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Rule(models.Model):
    """What has to hold between values, in the language of docs/rules.md. Where it does not, its questions show it."""

    version = models.ForeignKey(DefinitionVersion, on_delete=models.CASCADE, related_name="rules", verbose_name=_("version"))
    key = models.SlugField(_("key"), max_length=40)
    expression = models.CharField(
        _("what has to hold"),
        max_length=500,
        validators=[reads_as_rule],
        help_text=_(
            "Over indicator codes: <code>A02 &lt;= A01</code>, or <code>abs(A13 - A13.last_year) &lt;= 3</code>. "
            "There are <code>+ - * / &lt; &lt;= &gt; &gt;= = != and or not sum min max abs round if missing</code>, and "
            "<code>.last_period</code> and <code>.last_year</code> behind a code for what was approved then. "
            "Where something in it is n/a, nothing is found."
        ),
    )
    severity = models.CharField(_("severity"), max_length=4, choices=Severity, default=Severity.SOFT)
    message = models.CharField(
        _("message"), max_length=300, help_text=_("What is wrong and what to do. The two values that were compared follow it.")
    )
    message_zh = models.CharField(_("message in Chinese"), max_length=300, blank=True)
    question_keys = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("questions"),
        help_text=_("The keys of the questions where it is shown, separated by commas. An explanation at one of them is enough."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["version", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="rule_key_unique")]
        triggers = [_frozen_with_version("{row}.version_id")]

    def __str__(self) -> str:
        return f"{self.key}: {self.expression}"

    @property
    def text(self) -> str:
        """The message in the reader's language."""
        return localised(self.message, self.message_zh)
