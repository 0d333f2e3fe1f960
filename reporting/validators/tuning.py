"""The built-in checks of one question: which there are for it, whether they are on, and what they allow.

What a question says of them is a mapping as it stands in a definition's file, and stored the same way:
`{"year_on_year": {"bound": "50"}, "unit_slip": {"on": false}, "share_shift": {"total": "A01"}}`.
What it leaves out is as it is by default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reporting.enums import BuiltIn, Measure

_B = BuiltIn
_ALWAYS = frozenset({_B.BOUNDS, _B.UNIT_SLIP, _B.OUTLIER})
_LEVEL = _ALWAYS | {_B.YEAR_ON_YEAR, _B.SHARE_SHIFT}
BY_MEASURE: Mapping[Measure, frozenset[BuiltIn]] = {
    Measure.FLOW_YTD: _LEVEL | {_B.FALLING_FLOW},
    Measure.FLOW: _LEVEL,
    Measure.STOCK: _LEVEL | {_B.FALLING_STOCK},
    Measure.RATE: _ALWAYS,
}
DEFAULTS: Mapping[BuiltIn, Decimal] = {
    _B.SHARE_SHIFT: Decimal(3),
    _B.FALLING_FLOW: Decimal(0),
    _B.FALLING_STOCK: Decimal(0),
    _B.BASE_DIFFERS: Decimal(0),
    _B.UNIT_SLIP: Decimal(15),
    _B.OUTLIER: Decimal("3.5"),
}
"""What a check allows where the question does not say: in per cent, of a share in percentage points, of an outlier a modified
z-score. The year-on-year bound is the version's; the bounds are the indicator's."""
FIELDS: Mapping[BuiltIn, tuple[str, ...]] = {
    _B.BOUNDS: ("minimum", "maximum"),
    _B.SHARE_SHIFT: ("total", "bound"),
    **{kind: ("bound",) for kind in BuiltIn if kind not in {_B.BOUNDS, _B.SHARE_SHIFT}},
}
"""What can be set of a check beside whether it is on."""
LARGEST_SLIP_TOLERANCE = 50
"""In per cent: with more, a value could be ten times and a hundred times the last one at once."""
_LONGEST_CODE = 20
_WHOLE, _DECIMALS = 18, 6


@dataclass(frozen=True)
class Tuning:
    is_on: bool = True
    bound: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    total: str = ""


def applicable(measure: str, *, is_computed: bool = False, holds_base: bool = False) -> frozenset[BuiltIn]:
    """The checks that there are for a question of such an indicator.

    A computed value takes no explanation: looked at are its growth, which is explained at its base, and its share of a total,
    which is explained where something that it is computed from is filled in. A base is not compared with the year before, but
    with what was approved of the indicator whose base it is.
    """
    if is_computed:
        return frozenset({_B.YEAR_ON_YEAR, _B.SHARE_SHIFT}) if measure != Measure.RATE else frozenset()
    found = BY_MEASURE[Measure(measure)]
    return (found | {_B.BASE_DIFFERS}) - {_B.YEAR_ON_YEAR} if holds_base else found


def read_tuning(said: Mapping[str, Any]) -> dict[BuiltIn, Tuning]:
    """Of what `refused_of` has nothing against."""
    return {BuiltIn(name): _one(fields) for name, fields in said.items()}


def _one(fields: Mapping[str, Any]) -> Tuning:
    numbers = {name: Decimal(str(fields[name])) for name in ("bound", "minimum", "maximum") if name in fields}
    return Tuning(is_on=fields.get("on", True), total=fields.get("total", ""), **numbers)


def as_said(tuned: Mapping[BuiltIn, Tuning]) -> dict[str, dict[str, Any]]:
    """The one way of writing it: in the order of the checks, without what is as it is by default."""
    written = {kind.value: _written(tuned[kind]) for kind in BuiltIn if kind in tuned}
    return {name: fields for name, fields in written.items() if fields}


def _written(tuning: Tuning) -> dict[str, Any]:
    fields: dict[str, Any] = {} if tuning.is_on else {"on": False}
    for name in ("bound", "minimum", "maximum"):
        number = getattr(tuning, name)
        if number is not None:
            fields[name] = f"{number.normalize():f}"
    return fields | ({"total": tuning.total} if tuning.total else {})


def reads_as_tuning(said: Any) -> None:
    """Raises ValidationError with everything that is wrong."""
    sentences = list(refused_of(said))
    if sentences:
        raise ValidationError(sentences)


def refused_of(said: Any) -> Iterator[str]:
    """What a question may not say of its checks."""
    if not isinstance(said, Mapping):
        yield _("The checks are named one by one.")
        return
    for name, fields in said.items():
        if name not in BuiltIn.values:
            yield _("There is no check “%(name)s”.") % {"name": str(name)[:40]}
        elif not isinstance(fields, Mapping) or fields.keys() - {"on", *FIELDS[BuiltIn(name)]}:
            possible = ", ".join(("on", *FIELDS[BuiltIn(name)]))
            yield _("%(check)s: only %(names)s can be set.") % {"check": BuiltIn(name).label, "names": possible}
        else:
            yield from (f"{BuiltIn(name).label}: {sentence}" for sentence in _refused_fields(BuiltIn(name), fields))


def _refused_fields(kind: BuiltIn, fields: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(fields.get("on", True), bool):
        yield _("It is either on or off.")
    total = fields.get("total", "")
    if not isinstance(total, str) or len(total) > _LONGEST_CODE:
        yield _("The total is named by the code of its indicator.")
    numbers = {name: _number(fields[name]) for name in ("bound", "minimum", "maximum") if name in fields}
    if None in numbers.values():
        yield _("A bound is a number with at most 18 digits before the point and 6 behind it.")
        return
    yield from _refused_numbers(kind, {name: number for name, number in numbers.items() if number is not None})


def _refused_numbers(kind: BuiltIn, numbers: Mapping[str, Decimal]) -> Iterator[str]:
    bound = numbers.get("bound", Decimal(0))
    if bound < 0:
        yield _("A bound is not negative.")
    if kind == BuiltIn.UNIT_SLIP and bound > LARGEST_SLIP_TOLERANCE:
        yield _("The tolerance is at most %(limit)d %%.") % {"limit": LARGEST_SLIP_TOLERANCE}
    if "minimum" in numbers and "maximum" in numbers and numbers["minimum"] > numbers["maximum"]:
        yield _("The smallest value is above the largest.")


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= 10**_WHOLE or number != round(number, _DECIMALS):
        return None
    return number
