"""Disclosure control of a table of figures: which cells are hidden, so that those that must be cannot be computed back.

A cell is a unit (a district's code, or `CITY`) and an indicator's code. Relations tie cells together: a total is the sum of its
parts; a formula ties an indicator to those it is made of. Nobody may solve for a hidden cell from these and the published ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.enums.publication import ConfStatus

CITY = ""
Cell = tuple[str, str]
_GENERIC = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)
"""Coefficients that stand for an unknown formula: no two sums of them cancel by chance."""


@dataclass(frozen=True)
class Relation:
    """`terms` times their cells give a known constant. Where the formula is not linear the coefficients are generic: with one
    unknown it can be solved, with more it ties them together."""

    terms: Mapping[Cell, int]

    @staticmethod
    def of_total(total: Cell, parts: Iterable[Cell]) -> "Relation":
        return Relation({total: -1, **dict.fromkeys(parts, 1)})

    @staticmethod
    def of_formula(result: Cell, operands: Sequence[Cell], signs: Sequence[int] | None = None) -> "Relation":
        """Linear with `signs`; without them any formula."""
        coefficients = signs or [_GENERIC[number % len(_GENERIC)] for number in range(1, len(operands) + 1)]
        return Relation({result: -1, **dict(zip(operands, coefficients, strict=True))})


def hidden_cells(
    *,
    values: Mapping[Cell, Decimal],
    primary: Mapping[Cell, ConfStatus],
    relations: Sequence[Relation],
    margin: Decimal,
    kept: Iterable[Cell] = (),
) -> dict[Cell, ConfStatus]:
    """The primary cells and those that have to be hidden beside them, each with the reason.

    `values` are all cells that would be published. No hidden cell can be solved for from the published ones; and of a primary
    cell nobody learns more than within `margin` per cent: what is hidden beside it in a total is at least so much of it. The
    cheapest cell is hidden first, a part before a total. `kept` are cells that an earlier publication hid beside others: they
    stay hidden while there is anything to protect, or the two together would tell what neither does.
    """
    ties = [tie for relation in relations if len(tie := _present(relation, values)) > 1]
    hidden = {cell: reason for cell, reason in primary.items() if cell in values}
    if hidden:
        hidden = dict.fromkeys((cell for cell in kept if cell in values), ConfStatus.SECONDARY) | hidden
    while (exposed := next(_exposed(ties, hidden, values, margin), None)) is not None:
        more = _cheapest(exposed, ties, hidden, values)
        if more is None:
            break  # every cell that is tied to it is hidden already
        hidden[more] = ConfStatus.SECONDARY
    return hidden


def solvable(ties: Iterable[Mapping[Cell, int]], hidden: Iterable[Cell]) -> set[Cell]:
    """The hidden cells that follow from the published ones: those that stand alone in a row of the reduced system."""
    order = sorted(hidden)
    rows = [[Fraction(tie.get(cell, 0)) for cell in order] for tie in ties]
    found = set()
    for row in _reduced([row for row in rows if any(row)]):
        filled = [number for number, value in enumerate(row) if value]
        if len(filled) == 1:
            found.add(order[filled[0]])
    return found


def _present(relation: Relation, values: Mapping[Cell, Decimal]) -> dict[Cell, int]:
    """Without the parts that there are no values of; nothing where the result itself has none."""
    result = next(iter(relation.terms))
    if result not in values:
        return {}
    return {cell: factor for cell, factor in relation.terms.items() if cell in values}


def _exposed(
    ties: Sequence[Mapping[Cell, int]], hidden: Mapping[Cell, ConfStatus], values: Mapping[Cell, Decimal], margin: Decimal
) -> Iterator[Cell]:
    yield from sorted(cell for cell in solvable(ties, hidden) if _can_be_covered(cell, ties, hidden))
    for cell in sorted(cell for cell, reason in hidden.items() if reason != ConfStatus.SECONDARY):
        for tie in ties:
            beside = [other for other in tie if other in hidden and other != cell]
            cover = sum((abs(values[other]) for other in beside), Decimal(0))
            free = any(other not in hidden for other in tie)
            if cell in tie and free and cover * 100 < abs(values[cell]) * margin:
                yield cell


def _can_be_covered(cell: Cell, ties: Sequence[Mapping[Cell, int]], hidden: Mapping[Cell, ConfStatus]) -> bool:
    return any(other not in hidden for tie in _component(cell, ties, hidden) for other in tie)


def _component(cell: Cell, ties: Sequence[Mapping[Cell, int]], hidden: Mapping[Cell, ConfStatus]) -> list[Mapping[Cell, int]]:
    """The relations that the hidden cell stands in, or is tied to through other hidden ones; its own first."""
    reached, found = {cell}, [tie for tie in ties if cell in tie]
    for tie in found:
        reached |= {other for other in tie if other in hidden}
    grown = True
    while grown:
        more = [tie for tie in ties if tie not in found and reached & tie.keys()]
        grown = bool(more)
        found += more
        reached |= {other for tie in more for other in tie if other in hidden}
    return found


def _cheapest(
    cell: Cell, ties: Sequence[Mapping[Cell, int]], hidden: Mapping[Cell, ConfStatus], values: Mapping[Cell, Decimal]
) -> Cell | None:
    """The next one to be hidden, of the cell's own relations or of those it is tied to. A zero hides nothing: it comes last."""
    for tie in _component(cell, ties, hidden):
        free = [other for other in tie if other not in hidden]
        if free:
            return min(free, key=lambda other: (not values[other], other[0] == CITY, abs(values[other]), other))
    return None


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form."""
    done: list[list[Fraction]] = []
    width = len(rows[0]) if rows else 0
    for column in range(width):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        lead = [value / pivot[column] for value in pivot]
        rows = [_without(row, lead, column) for row in rows]
        done = [_without(row, lead, column) for row in done]
        done.append(lead)
    return done


def _without(row: list[Fraction], lead: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, lead, strict=True)] if factor else row
