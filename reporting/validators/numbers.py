"""Reading numbers as people type them."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f_']")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_PLAIN = re.compile(r"[+-]?\d{1,18}(\.\d{1,6})?")


def read_number(raw: str) -> Decimal | None:
    """The number that was meant by `1,234.5`, `1 234.5`, full-width digits or a Chinese comma; None where it is not one.

    At most 18 digits before and 6 after the point. A comma groups thousands, and is refused anywhere else: `1,5` is not read
    as 15.
    """
    text = unicodedata.normalize("NFKC", raw).strip().replace("−", "-").replace("，", ",").replace("。", ".")
    text = _SPACES.sub("", text)
    sign, digits = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
    whole, point, fraction = digits.partition(".")
    if "," in whole:
        if not _GROUPED.fullmatch(whole):
            return None
        whole = whole.replace(",", "")
    plain = f"{sign}{whole}{point}{fraction}"
    return Decimal(plain) if plain.isascii() and _PLAIN.fullmatch(plain) else None


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """For display; what is stored keeps its full precision."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def decimals_of(value: Decimal) -> int:
    """How many decimals a value has, trailing zeros not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
