"""The built-in checks of one question as a field: a row a check, switched and with what can be set of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, SELECT_CLASSES

from reporting.enums import BuiltIn
from reporting.formats import checks_in_words
from reporting.models import DefinitionVersion, Indicator
from reporting.validators.tuning import DEFAULTS, FIELDS, as_said, read_tuning, refused_of

_B = BuiltIn
_HELP: Mapping[BuiltIn, Promise] = {
    _B.BOUNDS: gettext_lazy("A value outside must be corrected."),
    _B.UNIT_SLIP: gettext_lazy(
        "About 10, 100, 1,000 or 10,000 times the last value, or that part of it. The bound is the tolerance."
    ),
    _B.BASE_DIFFERS: gettext_lazy("Against what was approved last year of the indicator whose base this is."),
    _B.FALLING_FLOW: gettext_lazy("Within a calendar year. The bound is how far it may fall."),
    _B.FALLING_STOCK: gettext_lazy("Against the period before. The bound is how far it may fall."),
    _B.YEAR_ON_YEAR: gettext_lazy("Up or down."),
    _B.SHARE_SHIFT: gettext_lazy("The share of a total of the same report. Only where a total is named."),
    _B.OUTLIER: gettext_lazy("Against five or more comparable periods of the district. The bound is a modified z-score."),
}
_LABELS: Mapping[str, Promise] = {
    "bound": gettext_lazy("Bound"),
    "minimum": gettext_lazy("Smallest value"),
    "maximum": gettext_lazy("Largest value"),
    "total": gettext_lazy("Total"),
}
_SHOWN = "shown"


class Said(dict[str, Any]):
    """What is stored, which says itself in words where a page reports a conflict."""

    def __str__(self) -> str:
        return checks_in_words(self) or _("as by default")


@dataclass(frozen=True)
class Setting:
    name: str
    label: Promise
    value: str
    default: str
    unit: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CheckRow:
    kind: BuiltIn
    is_on: bool
    help_text: Promise
    settings: tuple[Setting, ...]


class TuningWidget(forms.Widget):
    """Takes `NAME-shown`, and for each check shown `NAME-CHECK-on` and so on: what is not shown is not asked."""

    template_name = "admin/reporting/definitionversion/_checks.html"

    def __init__(self) -> None:
        super().__init__(
            {"checkbox": " ".join(CHECKBOX_CLASSES), "input": " ".join(INPUT_CLASSES), "select": " ".join(SELECT_CLASSES)}
        )
        self.kinds: tuple[BuiltIn, ...] = tuple(BuiltIn)
        self.defaults: dict[tuple[BuiltIn, str], str] = {}
        self.totals: tuple[tuple[str, str], ...] = ()

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> Any:
        shown = data.getlist(f"{name}-{_SHOWN}") if hasattr(data, "getlist") else []
        return {
            kind.value: {"on": f"{name}-{kind}-on" in data}
            | {field: str(data.get(f"{name}-{kind}-{field}", "")).strip() for field in FIELDS[kind]}
            for kind in BuiltIn
            if kind.value in shown
        }

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return f"{name}-{_SHOWN}" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002 (Django's names)
        """With the site's templates: a form's own renderer does not look there."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs) | {"rows": list(self._rows(value if isinstance(value, Mapping) else {}))}

    def _rows(self, said: Mapping[str, Any]) -> Iterator[CheckRow]:
        for kind in self.kinds:
            fields = said.get(kind.value, {})
            settings = tuple(self._setting(kind, name, str(fields.get(name, ""))) for name in FIELDS[kind])
            yield CheckRow(kind, bool(fields.get("on", True)), _HELP[kind], settings)

    def _setting(self, kind: BuiltIn, name: str, value: str) -> Setting:
        unit = "%" if name == "bound" and kind not in {_B.SHARE_SHIFT, _B.OUTLIER} else ""
        unit = _("points") if kind == _B.SHARE_SHIFT and name == "bound" else unit
        stray = ((value, value),) if name == "total" and value and value not in dict(self.totals) else ()
        choices = (("", "–"), *self.totals, *stray) if name == "total" else ()
        return Setting(name, _LABELS[name], value, self.defaults.get((kind, name), ""), unit, choices)


class TuningField(forms.Field):
    widget = TuningWidget

    def clean(self, value: Any) -> dict[str, Any]:
        """Without what is left blank; in the one form in which it is stored."""
        said = {name: {field: given for field, given in fields.items() if given != ""} for name, fields in (value or {}).items()}
        sentences = list(refused_of(said))
        if sentences:
            raise ValidationError(sentences)
        return as_said(read_tuning(said))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != dict(initial or {})
        except ValidationError:
            return True


def offer(
    widget: TuningWidget,
    kinds: Iterable[BuiltIn],
    version: DefinitionVersion,
    indicator: Indicator | None,
    totals: Iterable[Indicator],
) -> None:
    """What the field shows: the checks, their defaults, and the totals that can be named."""
    widget.kinds = tuple(kind for kind in BuiltIn if kind in set(kinds))
    widget.totals = tuple((one.code, f"{one.code} · {one.label}") for one in totals)
    numbers = {(kind, "bound"): bound for kind, bound in DEFAULTS.items()}
    numbers[_B.YEAR_ON_YEAR, "bound"] = version.year_on_year_bound
    bounds = {"minimum": indicator.minimum, "maximum": indicator.maximum} if indicator else {}
    known = numbers | {(_B.BOUNDS, name): bound for name, bound in bounds.items() if bound is not None}
    widget.defaults = {place: f"{bound.normalize():f}" for place, bound in known.items()}
