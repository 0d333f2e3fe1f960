"""Reading numbers as people type them."""

import re
from decimal import ROUND_HALF_UP, Decimal

_WIDE = str.maketrans("０１２３４５６７８９．。，－−＋\u00a0\u2009\u202f\u3000", "0123456789..,--+    ")
_NUMBER = re.compile(
    r"(?P<sign>[+-]? ?)(?P<whole>[0-9]{1,18}|[0-9]{1,3}(?P<separator>[, '])[0-9]{3}(?:(?P=separator)[0-9]{3}){0,4})"
    r"(?P<fraction>\.[0-9]{1,6})?"
)


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


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """For display; what is stored keeps its full precision."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def decimals_of(value: Decimal) -> int:
    """How many decimals a value has, trailing zeros not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
