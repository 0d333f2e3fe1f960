"""Reading a table of targets that somebody pasted or sent: districts down, indicators across."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from districts.models import District
from reporting.domain.targets.issuing import NewTarget
from reporting.enums.targets import KINDS_OF, TargetKind
from reporting.models import Indicator, Target
from reporting.queries.targets.in_force import targets_by_key
from reporting.validators.numbers import read_number

MAX_ROWS, MAX_COLUMNS = 3100, 200
_CITY = frozenset({"city", "the city", "全市", "市"})
_WITHDRAWN = frozenset({"-", "–", "—", "withdraw", "撤销"})
_KINDS = {kind.value: kind for kind in TargetKind} | {
    "总量": TargetKind.LEVEL,
    "增速": TargetKind.GROWTH,
    "占比": TargetKind.SHARE,
    "存量": TargetKind.STOCK,
}
_PERCENT = ("%", "％")
_HEADING = re.compile(r"(?P<code>[A-Z][A-Z0-9_]*)(?:\s+(?P<year>[0-9]{4}))?(?:\s+(?P<kind>\S+))?")
Rows = Sequence[Sequence[str]]


@dataclass
class ReadTable:
    """What a table says, and what in it could not be read, each with its place."""

    targets: list[NewTarget] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Column:
    indicator: Indicator
    year: int
    kind: TargetKind | None


def rows_of(text: str) -> list[list[str]]:
    """Of text copied from a spreadsheet (tabs) or from a CSV file (commas or semicolons)."""
    first = text.lstrip("\ufeff\n\r").partition("\n")[0]
    separator = next((sign for sign in "\t;," if sign in first), "\t")
    try:
        found = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator))
    except csv.Error:
        found = [line.split(separator) for line in text.splitlines()]
    return [[cell.strip() for cell in row] for row in found]


def read_table(rows: Rows, year: int) -> ReadTable:
    """The first row: a heading, then `A01`, `A01 2025` or `A01 2025 growth`. Without a year it is the one given; without a kind
    that of the target in force, else the indicator's usual one; a percentage of an amount is growth.

    Blank cells change nothing; a dash withdraws. Three queries."""
    read = ReadTable()
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        read.problems.append(_("The table is empty."))
        return read
    if len(filled) > MAX_ROWS or max(len(row) for _number, row in filled) > MAX_COLUMNS:
        read.problems.append(_("The table is too large: %(rows)d rows and %(columns)d columns are possible.") % _limits())
        return read
    columns = _columns(filled[0][1], year, read)
    districts = _districts()
    current = targets_by_key({column.year for column in columns.values()})
    for number, row in filled[1:]:
        name = row[0].strip() if row else ""
        if name.lower() not in _CITY and name.lower() not in districts:
            read.problems.append(_("Row %(row)d: there is no district “%(name)s”.") % {"row": number, "name": name[:60]})
            continue
        district = None if name.lower() in _CITY else districts[name.lower()]
        for place, column in columns.items():
            text = row[place].strip() if place < len(row) else ""
            if text:
                _read_cell(read, text, number, column, district, current)
    return read


def _limits() -> dict[str, int]:
    return {"rows": MAX_ROWS, "columns": MAX_COLUMNS}


def _districts() -> dict[str, District]:
    """By code and by name in either language."""
    found: dict[str, District] = {}
    for district in District.objects.order_by("-code"):
        for name in (district.name, district.name_zh, district.code):
            found[name.lower()] = district
    return found


def _columns(heading: Sequence[str], year: int, read: ReadTable) -> dict[int, _Column]:
    known = Indicator.objects.in_bulk([match["code"] for match in _matches(heading) if match], field_name="code")
    found: dict[int, _Column] = {}
    for place, (text, match) in enumerate(zip(heading[1:], _matches(heading), strict=True), start=1):
        if not text.strip():
            continue
        words: dict[str, object] = {"column": place + 1, "text": text[:60], "kinds": ", ".join(TargetKind.values)}
        indicator = known.get(match["code"]) if match else None
        if match is None or indicator is None:
            read.problems.append(_("Column %(column)d: “%(text)s” is no indicator's code.") % words)
        elif match["kind"] and match["kind"] not in _KINDS:
            words["text"] = match["kind"]
            read.problems.append(_("Column %(column)d: “%(text)s” is no kind of target; possible: %(kinds)s.") % words)
        else:
            kind = _KINDS[match["kind"]] if match["kind"] else None
            found[place] = _Column(indicator, int(match["year"] or year), kind)
    if not found and not read.problems:
        read.problems.append(_("The first row names no indicator."))
    return found


def _matches(heading: Sequence[str]) -> Iterator[re.Match[str] | None]:
    return (_HEADING.fullmatch(text.strip()) for text in heading[1:])


def _read_cell(
    read: ReadTable,
    text: str,
    number: int,
    column: _Column,
    district: District | None,
    current: dict[tuple[int | None, int, int], Target],
) -> None:
    before = current.get((district.pk if district else None, column.indicator.pk, column.year))
    value = _value(text)
    kind = _kind(column, before, is_percentage=text.endswith(_PERCENT))
    words = {"row": number, "code": column.indicator.code, "text": text[:60], "kind": kind.label}
    if value is None and text.lower() not in _WITHDRAWN:
        read.problems.append(_("Row %(row)d, %(code)s: “%(text)s” is not a number.") % words)
    elif text.endswith(_PERCENT) and kind in {TargetKind.LEVEL, TargetKind.STOCK}:
        read.problems.append(_("Row %(row)d, %(code)s: “%(text)s” is a percentage and no “%(kind)s”.") % words)
    else:
        kind = TargetKind(before.kind) if value is None and before else kind
        read.targets.append(NewTarget(district, column.indicator, column.year, kind, value))


def _kind(column: _Column, before: Target | None, *, is_percentage: bool) -> TargetKind:
    """As the heading says. A percentage of an amount is growth; else it is that of the target in force, or the usual one."""
    usual = KINDS_OF[column.indicator.measure]
    if column.kind is not None:
        return column.kind
    if is_percentage and TargetKind.GROWTH in usual:
        return TargetKind.GROWTH
    return TargetKind(before.kind) if before else usual[0]


def _value(text: str) -> Decimal | None:
    return None if text in _WITHDRAWN else read_number(text.removesuffix("%").removesuffix("％"))
