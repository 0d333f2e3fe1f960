"""Numbers of a workbook, and the days that some of them are."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST = 400
_LARGEST = 308
"""Of an exponent: no spreadsheet has a number beyond."""
_DIGITS = (16, 17)
"""That programs write of a binary number (openpyxl, Excel), which a person typed with fewer."""
_UNSAID = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]\[]*\]|AM/PM|A/P|上午/下午|General|E[+-]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_NO_DAY = 3_000_000
"""Beyond the year 9999 from either beginning."""
_MILLISECONDS = 24 * 60 * 60 * 1000
_LEAP = 60
"""29 February 1900, which Excel has and the calendar has not: days before it are counted from another one."""


def number_of(text: str) -> Decimal | None:
    """The number that is written, or None for what is none (NaN, 1_000, 1e999)."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if number and abs(number.adjusted()) > _LARGEST:
        return None
    if len(text) > _DIGITS[0] and len(number.as_tuple().digits) >= _DIGITS[0]:
        return _as_typed(number)
    return number


def _as_typed(number: Decimal) -> Decimal:
    """The shortest number of the same binary value, if the digits are those of a binary value."""
    binary = float(number)
    written = any(Decimal(f"{binary:.{digits}g}") == number for digits in _DIGITS)
    return Decimal(repr(binary)) if written else number


@lru_cache(maxsize=1024)
def kind_of(number_format: str) -> type[date] | None:
    """`date` or `datetime` if the format shows a day; None if it shows a number, or a time without its day.

    "e" is the year of an era, "a" the day of the week, in Chinese and Japanese formats; "m" is a minute beside hours or seconds.
    """
    first = number_format.split(";")[0]
    signs = set(_UNSAID.sub("", first).lower())
    if _ELAPSED.search(first):
        return None
    timed = bool(signs & {"h", "s"})
    if not (signs & {"y", "d", "e", "a"} or ("m" in signs and not timed)):
        return None
    return datetime if timed else date


def day_of(number: Decimal, kind: type[date], *, since_1904: bool) -> date | datetime | None:
    """The day, with its time to the millisecond if the kind has one; None where the number is no day."""
    if not 0 <= number < _NO_DAY:
        return None
    days = int(number)
    if not since_1904 and days in (0, _LEAP):
        return None
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < _LEAP else 30)
    try:
        if kind is date:
            return start + timedelta(days=days)
        time = timedelta(milliseconds=round((number - days) * _MILLISECONDS))
        return datetime.combine(start, datetime.min.time()) + timedelta(days=days) + time
    except OverflowError:
        return None
