"""Disclosure control: nothing that is hidden follows from what is published."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums.publication import ConfStatus
from reporting.validators.disclosure import CITY, Cell, Relation, hidden_cells, solvable

W, S = ConfStatus.WITHHELD, ConfStatus.SECONDARY
MARGIN = Decimal(10)


def column(**values: int) -> tuple[dict[Cell, Decimal], list[Relation]]:
    """One indicator of districts with their total."""
    cells = {(unit, "X"): Decimal(value) for unit, value in values.items()}
    total = (CITY, "X")
    return cells | {total: sum(cells.values(), Decimal(0))}, [Relation.of_total(total, list(cells))]


def hide(cells: dict[Cell, Decimal], relations: list[Relation], *primary: str) -> dict[Cell, ConfStatus]:
    marked = {(unit, "X"): W for unit in primary}
    return hidden_cells(values=cells, primary=marked, relations=relations, margin=MARGIN)


def test_nothing_to_protect_hides_nothing() -> None:
    assert hide(*column(a=5, b=7, c=9)) == {}


def test_one_hidden_part_takes_the_smallest_other_with_it() -> None:
    assert hide(*column(a=5, b=7, c=9), "a") == {("a", "X"): W, ("b", "X"): S}


def test_two_hidden_parts_protect_each_other() -> None:
    assert hide(*column(a=5, b=7, c=9), "a", "b") == {("a", "X"): W, ("b", "X"): W}


def test_part_too_small_to_cover_another_takes_a_third_with_it() -> None:
    """50 between 4 and the rest would be known to 8 %."""
    assert hide(*column(a=50, b=4, c=900), "a") == {("a", "X"): W, ("b", "X"): S, ("c", "X"): S}


@pytest.mark.parametrize(("cover", "hidden"), [(5, {"a", "b"}), (4, {"a", "b", "c"})])
def test_margin_is_kept_exactly(cover: int, hidden: set[str]) -> None:
    assert {unit for unit, _code in hide(*column(a=50, b=cover, c=900), "a")} == hidden


def test_zero_covers_nothing_and_is_hidden_last() -> None:
    assert hide(*column(a=5, b=0, c=9), "a") == {("a", "X"): W, ("c", "X"): S}


def test_alone_in_its_total_the_total_goes_too() -> None:
    assert hide(*column(a=5), "a") == {("a", "X"): W, (CITY, "X"): S}


def test_cell_that_is_not_there_needs_no_protection() -> None:
    assert hide(*column(a=5, b=7), "gone") == {}


def test_what_was_hidden_beside_another_stays_hidden_though_another_is_cheaper_now() -> None:
    """With c hidden before and b now, T - b of then and T - c of now would both be told."""
    cells, relations = column(a=5, b=7, c=9)
    given = {"values": cells, "primary": {("a", "X"): W}, "relations": relations, "margin": MARGIN}
    assert hidden_cells(**given, kept=[("c", "X")]) == {("a", "X"): W, ("c", "X"): S}  # type: ignore[arg-type]
    assert hidden_cells(**given, kept=[("a", "X"), ("gone", "X")]) == {("a", "X"): W, ("b", "X"): S}  # type: ignore[arg-type]


def test_nothing_stays_hidden_where_there_is_nothing_to_protect_any_more() -> None:
    cells, relations = column(a=5, b=7, c=9)
    assert hidden_cells(values=cells, primary={}, relations=relations, margin=MARGIN, kept=[("c", "X")]) == {}


def test_formula_that_ties_indicators_is_seen_through() -> None:
    """T = X + Y in each district and the city; hiding X of one alone would leave T - Y."""
    values = {("a", "X"): 5, ("a", "Y"): 3, ("b", "X"): 7, ("b", "Y"): 4, ("c", "X"): 9, ("c", "Y"): 6}
    cells = {cell: Decimal(value) for cell, value in values.items()}
    for code in ("X", "Y"):
        cells[CITY, code] = sum((value for (_unit, one), value in list(cells.items()) if one == code), Decimal(0))
    for unit in ("a", "b", "c", CITY):
        cells[unit, "T"] = cells[unit, "X"] + cells[unit, "Y"]
    relations = [Relation.of_total((CITY, code), [(unit, code) for unit in "abc"]) for code in "XYT"]
    relations += [Relation.of_formula((unit, "T"), [(unit, "X"), (unit, "Y")], [1, 1]) for unit in ("a", "b", "c", CITY)]
    hidden = hidden_cells(values=cells, primary={("a", "X"): W}, relations=relations, margin=MARGIN)
    assert hidden[("a", "X")] == W
    assert solvable([relation.terms for relation in relations], hidden) == set()
    assert len(hidden) >= 4


def test_ratio_gives_its_hidden_numerator_away() -> None:
    cells = {("a", "X"): Decimal(5), ("a", "G"): Decimal(50), ("a", "R"): Decimal(10)}
    relations = [Relation.of_formula(("a", "R"), [("a", "X"), ("a", "G")])]
    hidden = hidden_cells(values=cells, primary={("a", "X"): W}, relations=relations, margin=Decimal(0))
    assert hidden == {("a", "X"): W, ("a", "R"): S}


def rank(rows: list[list[Fraction]]) -> int:
    """By elimination on copies: another way than the one that is tested."""
    left, found = [list(row) for row in rows], 0
    for number in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[number]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        left = [[x - row[number] / pivot[number] * y for x, y in zip(row, pivot, strict=True)] for row in left]
    return found


@given(st.data())
def test_no_hidden_cell_can_be_computed_back(data: st.DataObject) -> None:
    """Districts by indicators with totals, and one indicator the sum of the others: nothing published gives a hidden cell."""
    units = [f"d{number}" for number in range(data.draw(st.integers(1, 5)))]
    codes = [f"X{number}" for number in range(data.draw(st.integers(1, 3)))]
    cells: dict[Cell, Decimal] = {}
    for unit in units:
        for code in codes:
            cells[unit, code] = Decimal(data.draw(st.integers(0, 1000)))
        cells[unit, "T"] = sum((cells[unit, code] for code in codes), Decimal(0))
    for code in (*codes, "T"):
        cells[CITY, code] = sum((cells[unit, code] for unit in units), Decimal(0))
    relations = [Relation.of_total((CITY, code), [(unit, code) for unit in units]) for code in (*codes, "T")]
    relations += [Relation.of_formula((unit, "T"), [(unit, code) for code in codes], [1] * len(codes)) for unit in (*units, CITY)]
    primary = dict.fromkeys(data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=3, unique=True)), W)
    hidden = hidden_cells(values=cells, primary=primary, relations=relations, margin=MARGIN)
    assert primary.items() <= hidden.items()
    order = sorted(hidden)
    rows = [[Fraction(relation.terms.get(cell, 0)) for cell in order] for relation in relations]
    whole = rank(rows)
    for number, cell in enumerate(order):
        alone = [Fraction(int(place == number)) for place in range(len(order))]
        tied = any(cell in relation.terms and set(relation.terms) - set(hidden) for relation in relations)
        assert rank([*rows, alone]) > whole or not tied, cell
