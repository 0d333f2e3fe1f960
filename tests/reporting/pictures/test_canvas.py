"""The shapes, and the scale."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reporting.pictures.canvas import Canvas, Scale, brief, clear_of, decimals_of_ticks, shortened, width_of, wrapped

D = Decimal
_numbers = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4)


def parsed(drawn: str) -> etree._Element:
    return etree.fromstring(drawn.encode())


def test_canvas_with_every_shape_is_well_formed_and_named() -> None:
    canvas = Canvas(100, 50)
    canvas.rectangle("a", 1, 2, D("3.26"), 4, radius=2)
    canvas.line("b", 0, 0, 10, D("5.04"))
    canvas.path("c", [(0, 0), (1, 1), (2, 0)], is_closed=True)
    canvas.circle("d", 5, 5, 3)
    canvas.text("told", 1, 9, anchor="end")
    assert canvas.drawn("A picture") == (
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawn" role="img" aria-label="A picture" viewBox="0 0 100 50">'
        '<rect class="a" x="1" y="2" width="3.3" height="4" rx="2"/>'
        '<path class="b" d="M0 0L10 5"/><path class="c" d="M0 0L1 1L2 0Z"/><circle class="d" cx="5" cy="5" r="3"/>'
        '<text class="p-text" x="1" y="9" text-anchor="end">told</text></svg>'
    )


def test_canvas_with_markup_in_words_draws_it_as_text() -> None:
    canvas = Canvas(10, 10)
    hostile = '</text><script>alert("1")</script>&'
    canvas.text(hostile, 0, 0)
    root = parsed(canvas.drawn(f'{hostile}" onload="x'))
    assert [element.tag.rpartition("}")[2] for element in root.iter()] == ["svg", "text"]
    assert root.get("aria-label") == f'{hostile}" onload="x'
    assert root[0].text == hostile
    assert root.get("onload") is None


@given(st.text(max_size=40))
def test_canvas_with_any_words_stays_well_formed(said: str) -> None:
    canvas = Canvas(10, 10)
    canvas.text(said, 0, 0)
    assert len(parsed(canvas.drawn(said))) == 1


@pytest.mark.parametrize(
    ("said", "width"), [("", 0), ("abc", 22), ("海淀区", 39), ("GDP 增速", 26 + 30)]
)  # 0.56 and 1 of 13, rounded up
def test_width_of_letters_and_characters_adds_up(said: str, width: int) -> None:
    assert width_of(said) == width


def test_shortened_with_room_is_as_it_was_else_ends_in_an_ellipsis() -> None:
    assert shortened("Haidian", 100) == "Haidian"
    assert shortened("Mentougou", 40) == "Ment…"
    assert shortened("海淀区政府", 39) == "海淀…"


def test_wrapped_breaks_at_spaces_and_shortens_the_last_line() -> None:
    assert wrapped("Haidian", 100) == ["Haidian"]
    assert wrapped("Plain and new towns", 80) == ["Plain and", "new towns"]
    assert wrapped("北京经济技术开发区", 60) == ["北京经济", "技术开发…"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Beijing Economic-Technological Development Area (E-Town)", "E-Town"),
        ("Haidian (north)", "Haidian (north)"),
        ("Haidian", "Haidian"),
        ("北京经济技术开发区（亦庄新城及其周边地区）", "亦庄新城及其周边地区"),
    ],
)
def test_brief_is_what_stands_in_brackets_of_a_long_name(name: str, said: str) -> None:
    assert brief(name) == said


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([D(0), D(9)], [0, 5, 10]),
        ([D("7.8"), D("9.0")], [0, 5, 10]),
        ([D(-3), D(7)], [-5, 0, 5, 10]),
        ([D(18766)], [0, 5000, 10000, 15000, 20000]),
        ([D("0.03")], [0, D("0.01"), D("0.02"), D("0.03")]),
        ([D(0)], [0, D("0.5"), 1]),
        ([], [0, D("0.5"), 1]),
    ],
)
def test_scale_of_values_has_round_ticks_and_nought(values: list[Decimal], ticks: list[Decimal]) -> None:
    assert Scale(values, 0, 100).ticks == ticks


def test_scale_without_nought_starts_near_the_values() -> None:
    assert Scale([D(960), D(1010)], 0, 100, from_zero=False).ticks == [960, 980, 1000, 1020]


@given(st.lists(_numbers, min_size=1, max_size=20), st.booleans())
def test_scale_of_any_values_keeps_each_within_its_ends_and_in_order(values: list[Decimal], from_zero: bool) -> None:
    scale = Scale(values, 10, 200, from_zero=from_zero)
    places = [scale(value) for value in sorted(values)]
    slack = D("1e-9")
    assert places == sorted(places)
    assert all(10 - slack <= place <= 200 + slack for place in places)
    assert 10 - slack <= scale.zero <= 200 + slack
    assert 2 <= len(scale.ticks) <= 8


@pytest.mark.parametrize(("values", "decimals"), [([D(9)], 0), ([D("0.9")], 1), ([D("0.03")], 2), ([D(90000)], 0)])
def test_decimals_of_ticks_are_those_they_need(values: list[Decimal], decimals: int) -> None:
    assert decimals_of_ticks(Scale(values, 0, 1)) == decimals


def test_clear_of_places_too_near_is_false() -> None:
    assert clear_of([0, 10, 20], 10)
    assert not clear_of([0, 9, 20], 10)
