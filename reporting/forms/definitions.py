"""The forms of a draft's parts. Each lists its fields in groups; a group is a box of the page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from reporting.enums import CHOICE_KINDS, NUMERIC_KINDS, BuiltIn, QuestionKind
from reporting.forms.tuning import Said, TuningField, offer
from reporting.models import Check, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.queries.outline import Outline
from reporting.rules import ExpressionError, parse_rule

Group = tuple[Any, Sequence[Sequence[str]]]
"""A heading, blank for none, and the names of the fields of each line."""


class LinesField(forms.CharField):
    """One of a list on each line; blank lines are left out."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != [line.strip() for line in str(data or "").splitlines() if line.strip()]


class IndicatorField(forms.CharField):
    """An indicator by its code or its name; the page offers all that there are."""

    default_error_messages = {"unknown": gettext_lazy("There is no indicator “%(text)s”: choose one from the list, or make it.")}

    def clean(self, value: Any) -> Indicator | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        for found in ({"code__iexact": text.split()[0]}, {"name__iexact": text}, {"name_zh": text}):
            if indicator := Indicator.objects.filter(**found).first():
                return indicator
        raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "").strip()


class PartForm(forms.ModelForm):
    """Of a part of a draft, which the outline shows."""

    groups: ClassVar[Sequence[Group]]
    kinds: ClassVar[Mapping[str, frozenset[QuestionKind]]] = {}
    """The kinds of question for which alone a field matters."""
    template = "admin/reporting/definitionversion/_fields.html"

    def __init__(self, *args: Any, outline: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outline = outline
        for field in self.fields.values():
            _dress(field)

    def boxes(self) -> Iterator[tuple[Any, list[list[tuple[forms.BoundField, str]]]]]:
        """Each group with its fields by line, and the kinds for which a field matters, blank for all."""
        for heading, lines in self.groups:
            yield heading, [[(self[name], " ".join(sorted(self.kinds.get(name, ())))) for name in names] for names in lines]


_CLASSES: dict[type[forms.Widget], Sequence[str]] = {
    forms.CheckboxInput: CHECKBOX_CLASSES,
    forms.Textarea: TEXTAREA_CLASSES,
    forms.Select: SELECT_CLASSES,
    forms.TextInput: INPUT_CLASSES,
    forms.NumberInput: INPUT_CLASSES,
}


def _dress(field: forms.Field) -> None:
    if classes := _CLASSES.get(type(field.widget)):
        field.widget.attrs["class"] = " ".join(classes)


class StatementForm(PartForm):
    groups = (("", (("statement", "statement_zh"), ("year_on_year_bound",))),)

    class Meta:
        model = DefinitionVersion
        fields = ("statement", "statement_zh", "year_on_year_bound")
        widgets = {"statement": forms.Textarea(attrs={"rows": 4}), "statement_zh": forms.Textarea(attrs={"rows": 4})}


class SectionForm(PartForm):
    groups = (("", (("title", "title_zh"), ("help_text", "help_text_zh"), ("key",))),)

    class Meta:
        model = Section
        fields = ("title", "title_zh", "key", "help_text", "help_text_zh")
        widgets = {"help_text": forms.Textarea(attrs={"rows": 3}), "help_text_zh": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"key": gettext_lazy("Names the section in links. Blank: made from the title.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        others = {section.key for section in self.outline.asked.sections if section.pk != self.instance.pk}
        if key in others:
            raise ValidationError(_("Another section has this key."))
        return key


class QuestionForm(PartForm):
    groups = (
        ("", (("kind", "section"), ("indicator",), ("choices", "choices_zh"))),
        (gettext_lazy("Wording"), (("label", "label_zh"), ("help_text", "help_text_zh"))),
        (gettext_lazy("Answer"), (("required",), ("key",))),
        (gettext_lazy("Checks"), (("tuning",),)),
    )
    kinds = {"indicator": NUMERIC_KINDS, "tuning": NUMERIC_KINDS, "choices": CHOICE_KINDS, "choices_zh": CHOICE_KINDS}

    indicator = IndicatorField(
        required=False,
        label=gettext_lazy("Indicator"),
        help_text=gettext_lazy("Type a code or a part of a name. Unit, bounds and comparisons follow from it."),
        widget=forms.TextInput(attrs={"list": "indicators", "autocomplete": "off"}),
    )
    tuning = TuningField(
        required=False,
        label=gettext_lazy("Checks against earlier periods and bounds"),
        help_text=gettext_lazy(
            "Blank: what is shown in grey. What there is follows from the indicator; what does not fit it is left out."
        ),
    )
    choices = LinesField(label=gettext_lazy("choices"), help_text=gettext_lazy("One on each line."))
    choices_zh = LinesField(
        label=gettext_lazy("choices in Chinese"),
        help_text=gettext_lazy("One on each line, in the same order. Blank: the choices as they are."),
    )

    class Meta:
        model = Question
        fields = (
            "section", "kind", "indicator", "choices", "choices_zh", "label", "label_zh", "help_text", "help_text_zh",
            "required", "key", "tuning",
        )  # fmt: skip
        widgets = {"help_text": forms.Textarea(attrs={"rows": 3}), "help_text_zh": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.indicator:
            self.initial["indicator"] = self.instance.indicator.code
        self._offer_checks()
        sections = forms.ModelChoiceField(
            Section.objects.filter(version=self.outline.version).order_by("position", "pk"),
            label=self.fields["section"].label,
            empty_label=None,
        )
        _dress(sections)
        self.fields["section"] = sections
        key = self.fields["key"]
        key.required, key.help_text = False, _("Answers are found by it. Blank: the indicator's code, or made from the question.")
        if self.instance.pk and self.initial["key"] in self.outline.frozen:
            key.disabled, key.help_text = (
                True,
                _("It stands in a published version and does not change: answers are found by it."),
            )

    def _offer_checks(self) -> None:
        """Of an indicator that is known, those that there are for it; else all."""
        asked, indicator = self.outline.asked, self.instance.indicator
        kinds = asked.checks_for(self.instance) if indicator else frozenset(BuiltIn)
        totals = [one.indicator for one in asked.questions if one.indicator and one.pk != self.instance.pk]
        offer(self.fields["tuning"].widget, kinds, self.outline.version, indicator, totals)
        self.initial["tuning"] = Said(self.instance.tuning)

    @property
    def indicators(self) -> list[Indicator]:
        """What the field of the indicator offers."""
        return list(Indicator.objects.order_by("code"))

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        for question in self.outline.asked.questions:
            if question.key == key and question.pk != self.instance.pk:
                raise ValidationError(_("The key %(key)s is that of “%(question)s”.") % {"key": key, "question": question})
        return key

    def clean(self) -> dict[str, Any]:
        """What does not belong to the kind is dropped; what belongs to it has to be there."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind not in NUMERIC_KINDS:
            cleaned["indicator"], cleaned["tuning"] = None, {}
            if not cleaned.get("label") and "label" not in self.errors:
                self.add_error("label", _("Write the question."))
        elif not cleaned.get("indicator") and "indicator" not in self.errors:
            self.add_error("indicator", _("A number belongs to an indicator: name one."))
        if indicator := cleaned.get("indicator"):
            possible = self.outline.asked.checks_for(Question(indicator=indicator))
            cleaned["tuning"] = {name: said for name, said in cleaned.get("tuning", {}).items() if BuiltIn(name) in possible}
        if kind not in CHOICE_KINDS:
            cleaned["choices"] = cleaned["choices_zh"] = []
        else:
            self._need_choices(cleaned)
        return cleaned

    def _need_choices(self, cleaned: dict[str, Any]) -> None:
        choices, in_chinese = cleaned.get("choices", []), cleaned.get("choices_zh", [])
        if not choices:
            self.add_error("choices", _("Write the choices, one on each line."))
        elif len(set(choices)) < len(choices):
            twice = next(choice for choice in choices if choices.count(choice) > 1)
            self.add_error("choices", _("“%(choice)s” stands twice.") % {"choice": twice})
        if in_chinese and len(in_chinese) != len(choices):
            self.add_error(
                "choices_zh",
                _("There are %(choices)d choices, and %(found)d of them in Chinese.")
                % {"choices": len(choices), "found": len(in_chinese)},
            )


class RuleForm(PartForm):
    groups = (
        ("", (("expression",), ("severity",))),
        (gettext_lazy("What the district reads"), (("message", "message_zh"), ("question_keys",), ("key",))),
    )
    question_keys = forms.MultipleChoiceField(
        label=gettext_lazy("Shown at"),
        help_text=gettext_lazy("An explanation at one of them is enough."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Rule
        fields = ("expression", "severity", "message", "message_zh", "question_keys", "key")
        widgets = {
            "expression": forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "data-expression": ""}),
            "message": forms.Textarea(attrs={"rows": 2}),
            "message_zh": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.outline.asked
        stray = [key for key in self.instance.question_keys or [] if key not in {one.key for one in asked.entered}]
        questions = [(one.key, f"{one.key} · {one.text}" if one.text != one.key else one.key) for one in asked.entered]
        self.fields["question_keys"].choices = [*questions, *((key, key) for key in stray)]  # type: ignore[attr-defined]
        self.fields["key"].required = False
        self.fields["key"].help_text = _("Names the rule in the bureau's pages. Blank: made from the message.")

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key in {rule.key for rule in self.outline.asked.rules if rule.pk != self.instance.pk}:
            raise ValidationError(_("Another rule has this key."))
        return key

    def clean_expression(self) -> str:
        return read_expression(str(self.cleaned_data["expression"]), self.outline)


def read_expression(typed: str, outline: Outline) -> str:
    """What reads, over indicators that this version asks for; ValidationError with the place of the mistake."""
    text = typed.replace("\r\n", " ").replace("\n", " ")  # a place stays the same place
    try:
        unknown = parse_rule(text).unknown(outline.asked.by_code.keys())
    except ExpressionError as error:
        raise ValidationError(str(error)) from error
    if unknown:
        raise ValidationError(unknown)
    return text


class TrialForm(forms.Form):
    """A rule that is tried and not stored."""

    expression = forms.CharField(
        label=capfirst(gettext_lazy("what has to hold")),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "data-expression": ""}),
    )

    def __init__(self, *args: Any, outline: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outline = outline
        _dress(self.fields["expression"])

    def clean_expression(self) -> str:
        return read_expression(str(self.cleaned_data["expression"]), self.outline)


_FEWEST = 2


class CheckForm(PartForm):
    groups = (("", (("kind",), ("codes",))),)
    codes = LinesField(
        label=gettext_lazy("indicator codes"),
        help_text=gettext_lazy(
            "One on each line. Ascending: from the smallest to the largest. Sum: the total first, then its components."
        ),
    )

    class Meta:
        model = Check
        fields = ("kind", "codes")

    def clean_codes(self) -> list[str]:
        codes: list[str] = [code for line in self.cleaned_data["codes"] for code in line.replace(",", " ").split()]
        unknown = [code for code in codes if code not in self.outline.asked.by_code]
        if unknown:
            raise ValidationError(_("This version does not ask for %(codes)s.") % {"codes": ", ".join(unknown)})
        if len(codes) < _FEWEST:
            raise ValidationError(_("Name two indicators or more."))
        if len(set(codes)) < len(codes):
            raise ValidationError(_("Name each indicator once."))
        return codes
