"""One answer of a revision."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import District
from reporting.enums import AnswerStatus
from reporting.models.indicator import Indicator
from reporting.models.submission import Revision, TenantQuerySet
from reporting.models.triggers import frozen_with_revision


class AnswerQuerySet(TenantQuerySet["Answer"]):
    def copy_in(self, answers: Iterable["Answer"]) -> None:
        """Insert new answers, however many, by one COPY: to write down an INSERT of thousands of values takes several times as
        long as to carry it out. Their keys are not read back."""
        fields = [field for field in Answer._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 (Django's name)
        quoted = connections[self.db].ops.quote_name
        columns = ", ".join(quoted(str(field.column)) for field in fields)
        statement = f"COPY {quoted(Answer._meta.db_table)} ({columns}) FROM STDIN"  # noqa: SLF001
        with connections[self.db].cursor() as cursor, cursor.copy(statement) as rows:
            for answer in answers:
                rows.write_row([getattr(answer, field.attname) for field in fields])


class Answer(models.Model):
    """`raw` is what was typed and is never replaced; the typed columns hold its reading, empty where it cannot be read."""

    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,  # `answer_unique` begins with it
        related_name="answers",
        verbose_name=_("revision"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    question_key = models.CharField(_("question"), max_length=40)
    row_key = models.CharField(max_length=40, blank=True, help_text="The row, in lists of tasks or practices.")
    indicator = models.ForeignKey(
        Indicator,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,  # `answer_of_indicator` begins with it
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1)
    editor = models.CharField(
        max_length=32, blank=True, help_text="The open page that wrote it last: a page's own saves never clash with each other."
    )
    raw = models.TextField(_("as typed"), blank=True)
    number = models.DecimalField(_("number"), max_digits=24, decimal_places=6, null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    boolean = models.BooleanField(_("yes or no"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=15, choices=AnswerStatus, default=AnswerStatus.MISSING)
    explanation = models.TextField(_("explanation"), blank=True)
    updated_at = models.DateTimeField(_("saved"))
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["revision", "question_key", "row_key"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["indicator", "revision"],
                include=["number", "status"],
                condition=Q(indicator__isnull=False, row_key=""),
                name="answer_of_indicator",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["revision", "question_key", "row_key"], name="answer_unique"),
            models.CheckConstraint(
                condition=~Q(status=AnswerStatus.REPORTED, indicator__isnull=False) | Q(number__isnull=False),
                name="reported_number_is_read",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(status=AnswerStatus.REPORTED), name="only_reported_has_number"
            ),
        ]
        triggers = [frozen_with_revision()]

    def __str__(self) -> str:
        return f"{self.question_key}: {self.raw[:40]}"
