"""Reading numbers as people type them."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from reporting.enums import QuestionKind

_WIDE = str.maketrans("０１２３４５６７８９．。，－−＋\u00a0\u2009\u202f\u3000", "0123456789..,--+    ")
_NUMBER = re.compile(
    r"(?P<sign>[+-]? ?)(?P<whole>[0-9]{1,18}|[0-9]{1,3}(?P<separator>[, '])[0-9]{3}(?:(?P=separator)[0-9]{3}){0,4})"
    r"(?P<fraction>\.[0-9]{1,6})?"
)
_CURRENCY = re.compile(r"(?P<sign>[+\-−－＋]?)\s*[¥￥]\s*(?P<rest>.*)", re.DOTALL)


def read_value(raw: str, kind: QuestionKind, units: Collection[str] = ()) -> Decimal | None:
    """What was meant by an answer of a numeric kind; None where it is not one. `units`: how the indicator's unit is written.

    The one reader of numbers that people give, wherever they give them. Nothing is converted: an amount in another unit than
    the indicator's is none.
    """
    return _READERS[kind](raw, units)


def read_number(raw: str) -> Decimal | None:
    """The number that was meant by `1,234.5`, `1 234.5`, full-width digits or a Chinese comma; None where it is not one.

    At most 18 digits before and 6 after the point. A comma, a space or an apostrophe groups thousands, the same one
    throughout, and is refused anywhere else: neither `1,5` nor `1 5` is read as 15.
    """
    match = _NUMBER.fullmatch(raw.strip().translate(_WIDE))
    if match is None:
        return None
    whole = match["whole"].replace(match["separator"] or ",", "")
    return Decimal(f"{match['sign'].strip()}{whole}{match['fraction'] or ''}")


def _read_whole(raw: str, _units: Collection[str]) -> Decimal | None:
    """A spreadsheet may write the decimals of a whole number; they are zeros then."""
    value = read_number(raw)
    return None if value is None or value != value.to_integral_value() else value


def _read_percentage(raw: str, _units: Collection[str]) -> Decimal | None:
    text = raw.strip()
    return read_number(text[:-1] if text.endswith(("%", "％")) else text)


def _read_amount(raw: str, units: Collection[str]) -> Decimal | None:
    """With a currency sign before it, and the unit behind it, or without."""
    text = raw.strip()
    unit = next((unit for unit in sorted(units, key=len, reverse=True) if _ends_with_unit(text, unit)), "")
    text = text[: len(text) - len(unit)].strip()
    signed = _CURRENCY.fullmatch(text)
    return read_number(signed["sign"] + signed["rest"] if signed else text)


def _ends_with_unit(text: str, unit: str) -> bool:
    """A unit that begins with a digit, such as `100m CNY`, stands apart from the number: else nobody knows where that ends."""
    number, end = text[: len(text) - len(unit)], text[len(text) - len(unit) :]
    return bool(number and unit) and end.casefold() == unit.casefold() and not (unit[0].isdigit() and not number[-1].isspace())


_READERS: Mapping[QuestionKind, Callable[[str, Collection[str]], Decimal | None]] = {
    QuestionKind.NUMBER: lambda raw, _units: read_number(raw),
    QuestionKind.PERCENT: _read_percentage,
    QuestionKind.MONEY: _read_amount,
    QuestionKind.WHOLE: _read_whole,
}


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """For display; what is stored keeps its full precision."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def decimals_of(value: Decimal) -> int:
    """How many decimals a value has, trailing zeros not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
