"""A cycle as the bureau plans it, and the times that it moves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.domain.due_times import distance_problems
from reporting.forms.review import InstantField
from reporting.models import Cycle, DefinitionVersion
from reporting.periods import parse_period, parts_of


class CycleForm(forms.ModelForm):
    """`definition` follows from the version; what the model cannot judge alone is judged here."""

    class Meta:
        model = Cycle
        fields = ("definition_version", "period", "due_at", "locks_at", "reminder_policy")

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"].strip().upper()
        try:
            parse_period(text)
        except ValueError as error:
            raise ValidationError(_("Give a year and Q1, S1, Q3 or A1, such as 2024-S1.")) from error
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        version, period = cleaned.get("definition_version"), cleaned.get("period")
        for name in ("due_at", "locks_at"):
            if cleaned.get(name) and (problems := distance_problems(cleaned[name], timezone.now())):
                self.add_error(name, problems)
        if version and period:
            self._check_period(version, period)
        return cleaned

    def _check_period(self, version: DefinitionVersion, period: str) -> None:
        definition = version.definition
        possible = parts_of(definition.frequency)
        if parse_period(period).part not in possible:
            message = _("“%(definition)s” is asked for %(frequency)s: the period ends in %(parts)s.")
            values = {
                "definition": definition,
                "frequency": definition.get_frequency_display(),
                "parts": ", ".join(possible),
            }
            self.add_error("period", message % values)
        elif definition.cycles.filter(period=period).exclude(pk=self.instance.pk).exists():
            self.add_error("period", _("There is a cycle of this definition for this period already."))
        self.instance.definition = definition


class ConfirmForm(forms.Form):
    """Nothing to type: the page itself is the question."""


class ExtendCycleForm(forms.Form):
    due_at = InstantField(label=gettext_lazy("New due time"), help_text=gettext_lazy("In the portal's time."))
    locks_at = InstantField(label=gettext_lazy("New lock"), help_text=gettext_lazy("No earlier than the due time."))
