"""What each picture draws, and its twin as a table."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reporting.pictures import (
    Bullet,
    MapTile,
    Part,
    Picture,
    Point,
    Span,
    Words,
    bullet_bars,
    tile_map,
    timeline,
    trend,
    waterfall,
)
from reporting.pictures.canvas import width_of
from reporting.pictures.picture import NARROW, WIDE

D = Decimal
WORDS = Words("Results", "%", "approved reports, January–June 2024")
_SVG = "{http://www.w3.org/2000/svg}"


def shapes(drawn: str, kind: str) -> list[etree._Element]:
    root = etree.fromstring(drawn.encode())
    return [one for one in root.iter() if kind in (one.get("class") or "").split()]


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in etree.fromstring(drawn.encode()).iter(f"{_SVG}text")]


def number(shape: etree._Element, name: str) -> Decimal:
    return Decimal(shape.get(name) or "")


def table(picture: Picture) -> list[tuple[str, ...]]:
    return [tuple(column.header for column in picture.columns), *(tuple(row) for row in picture.rows)]


def bullet(label: str, result: str | None, target: str, light: str) -> Bullet:
    told = None if result is None else D(result)
    return Bullet(label, told, D(target), f"{result} %", f"{target} %", light, light.title())


BULLETS = [bullet("Haidian", "7.8", "9.0", "red"), bullet("Xicheng", "9.2", "9.0", "green"), bullet("Miyun", "-1.0", "5", "red")]


def test_bullets_have_a_bar_a_stroke_and_a_mark_each() -> None:
    picture = bullet_bars(WORDS, BULLETS)
    assert table(picture) == [
        ("", "Result", "Target", "Standing"),
        ("Haidian", "7.8 %", "9.0 %", "Red"),
        ("Xicheng", "9.2 %", "9.0 %", "Green"),
        ("Miyun", "-1.0 %", "5 %", "Red"),
    ]
    for drawn in (picture.wide, picture.narrow):
        assert len(shapes(drawn, "p-bar")) == 2
        assert len(shapes(drawn, "p-less")) == 1
        assert len(shapes(drawn, "p-target")) == 3
        assert [shape.tag for shape in shapes(drawn, "p-bad")] == [f"{_SVG}rect", f"{_SVG}rect"]
        assert [shape.tag for shape in shapes(drawn, "p-good")] == [f"{_SVG}circle"]
        assert {"Haidian", "7.8 % / 9.0 %", "Xicheng", "Miyun"} <= set(texts(drawn))


def test_bullets_on_one_scale_are_as_long_as_their_results() -> None:
    first, second = shapes(bullet_bars(WORDS, BULLETS[:2]).wide, "p-bar")
    assert number(first, "x") == number(second, "x")
    assert abs(number(first, "width") / number(second, "width") - D("7.8") / D("9.2")) < D("0.001")


def test_bullets_each_on_its_own_scale_are_not_compared() -> None:
    rows = [bullet("Value", "500", "1000", "yellow"), bullet("Share", "5", "10", "yellow")]
    first, second = shapes(bullet_bars(WORDS, rows, is_shared=False).wide, "p-bar")
    assert number(first, "width") == number(second, "width")


def test_bullet_of_a_cumulative_figure_shows_what_is_expected_by_now() -> None:
    row = Bullet("Value", D(45), D(100), "45", "100", "yellow", "Slightly behind", expected=D(50))
    (expected,) = shapes(bullet_bars(WORDS, [row]).wide, "p-expected")
    (target,) = shapes(bullet_bars(WORDS, [row]).wide, "p-target")
    assert float((expected.get("d") or "M0 ")[1:].split()[0]) < float((target.get("d") or "M0 ")[1:].split()[0])


def test_bullet_without_a_result_has_a_target_and_no_bar() -> None:
    drawn = bullet_bars(WORDS, [bullet("Haidian", None, "9", "none")]).wide
    assert not shapes(drawn, "p-bar")
    assert len(shapes(drawn, "p-target")) == len(shapes(drawn, "p-none")) == 1


TILES = [
    MapTile(2, 1, "Haidian", "8.8", "yellow", "Slightly behind"),
    MapTile(3, 1, "Xicheng", "6.5", "red", "Behind"),
    MapTile(3, 3, "Beijing Economic-Technological Development Area (E-Town)", "n/a", "none", "n/a"),
]


def test_tile_map_puts_each_district_where_it_lies() -> None:
    picture = tile_map(WORDS, TILES, "Result")
    assert picture
    assert table(picture)[0] == ("District", "Result", "Standing")
    assert table(picture)[2] == ("Xicheng", "6.5", "Behind")
    places = {(number(one, "x"), number(one, "y")) for one in shapes(picture.wide, "p-tile")}
    assert places == {(D(0), D(0)), (D(0), D(64)), (D(256), D(64))}
    assert "E-Town" in texts(picture.wide)


def test_tile_map_tells_lights_by_shape() -> None:
    picture = tile_map(WORDS, TILES, "Result")
    assert picture
    assert [one.tag for one in shapes(picture.narrow, "p-warn")] == [f"{_SVG}path"]
    assert [one.tag for one in shapes(picture.narrow, "p-bad")] == [f"{_SVG}rect"]
    assert [one.tag for one in shapes(picture.narrow, "p-none")] == [f"{_SVG}circle"]


def test_tile_map_of_numbers_is_shaded_and_says_what_is_not_shown() -> None:
    rows = [MapTile(0, 0, "A", "1", shade=0), MapTile(0, 1, "B", "9", shade=4), MapTile(1, 0, "C", "…")]
    picture = tile_map(WORDS, rows, "Value")
    assert picture
    assert table(picture) == [("District", "Value"), ("A", "1"), ("B", "9"), ("C", "…")]
    assert [len(shapes(picture.wide, f"p-shade-{shade}")) for shade in ("0", "4", "none")] == [1, 1, 1]


@pytest.mark.parametrize(("number", "is_drawn"), [(0, False), (1, True), (200, True), (201, False)])
def test_tile_map_of_too_many_districts_is_none(number: int, is_drawn: bool) -> None:
    rows = [MapTile(one // 20, one % 20, str(one), "1", shade=0) for one in range(number)]
    assert (tile_map(WORDS, rows, "Value") is not None) == is_drawn


def point(short: str, value: str | None, before: str | None = None) -> Point:
    told, earlier = (None if text is None else D(text) for text in (value, before))
    return Point(short, short, told, earlier, value or "n/a", before or "n/a", "+1.0 %")


def test_trend_draws_both_lines_and_names_the_periods() -> None:
    picture = trend(WORDS, [point("2023-S1", "9180.5", "8500"), point("2024-S1", "9896.6", "9180.5")])
    assert picture
    assert table(picture) == [
        ("Period", "Value", "Same period last year", "Change"),
        ("2023-S1", "9180.5", "8500", "+1.0 %"),
        ("2024-S1", "9896.6", "9180.5", "+1.0 %"),
    ]
    assert len(shapes(picture.wide, "p-line-now")) == len(shapes(picture.wide, "p-line-before")) == 2  # with the legend's
    assert len(shapes(picture.wide, "p-dot-now")) == 3
    assert {"2023-S1", "2024-S1", "Value", "Same period last year"} <= set(texts(picture.wide))


def test_trend_is_broken_where_a_period_has_no_value() -> None:
    rows = [point("2021", "1"), point("2022", "2"), point("2023", None), point("2024", "3"), point("2025", "4")]
    picture = trend(WORDS, rows)
    assert picture
    lines = [one.get("d") or "" for one in shapes(picture.wide, "p-line-now")]
    assert [line.count("L") for line in lines] == [1, 1, 1]  # two parts and the legend's


@pytest.mark.parametrize("rows", [[], [point("2024", "1")], [point("2023", None), point("2024", "1")]])
def test_trend_of_fewer_than_two_values_is_none(rows: list[Point]) -> None:
    assert trend(WORDS, rows) is None


def test_trend_of_many_periods_leaves_names_out_and_keeps_the_last() -> None:
    rows = [point(f"{year}-S1", str(year)) for year in range(2000, 2026)]
    picture = trend(WORDS, rows)
    assert picture
    named = [text for text in texts(picture.narrow) if re.fullmatch(r"\d{4}-S1", text)]
    assert named[-1] == "2025-S1"
    assert len(named) <= 6


PARTS = [Part("Haidian", D("4.5")), Part("Xicheng", D("-0.7")), Part("Not allocated", D("4.0"))]


def test_waterfall_goes_from_the_largest_to_the_sum() -> None:
    picture = waterfall(WORDS, PARTS, Part("The city", D("7.8")), "Contribution")
    assert picture
    assert table(picture) == [
        ("District", "Contribution"),
        ("Haidian", "+4.50"),
        ("Not allocated", "+4.00"),
        ("Xicheng", "−0.70"),
        ("The city", "+7.80"),
    ]
    for drawn in (picture.wide, picture.narrow):
        added, (taken,), (total,) = shapes(drawn, "p-bar"), shapes(drawn, "p-less"), shapes(drawn, "p-total")
        ends = [number(one, "x") + number(one, "width") for one in (*added, taken, total)]
        assert abs(number(added[1], "x") - ends[0]) <= D("0.1")  # each starts where the one before ends
        assert abs(ends[2] - ends[1]) <= D("0.1")  # what takes away ends where it starts
        assert abs(number(taken, "x") - ends[3]) <= D("0.1")  # and the sum where the last has come to
        assert number(total, "x") == number(added[0], "x")


def test_waterfall_whose_parts_do_not_sum_to_the_total_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the parts sum to 7\.8, not 7\.9"):
        waterfall(WORDS, PARTS, Part("The city", D("7.9")), "Contribution")


def test_waterfall_without_parts_is_none() -> None:
    assert waterfall(WORDS, [], Part("The city", D(0)), "Contribution") is None


@given(st.lists(st.decimals(min_value=-50, max_value=50, places=6), min_size=1, max_size=60))
def test_waterfall_of_any_contributions_shows_rows_that_sum_to_the_growth(amounts: list[Decimal]) -> None:
    total = sum(amounts, D(0))
    rows = [Part(str(place), amount) for place, amount in enumerate(amounts)]
    picture = waterfall(WORDS, rows, Part("The city", total), "Contribution", decimals=6)
    assert picture
    told = [D(row[1].replace("−", "-").replace("±", "").replace("+", "").replace(",", "")) for row in picture.rows]
    assert sum(told[:-1], D(0)) == told[-1]
    assert len(told) == min(len(amounts), 20) + 1


def test_waterfall_of_many_draws_the_smallest_as_one() -> None:
    rows = [Part(str(place), D(place)) for place in range(1, 26)]
    picture = waterfall(WORDS, rows, Part("The city", D(325)), "Contribution")
    assert picture
    assert [row[0] for row in picture.rows][:2] == ["25", "24"]
    assert list(picture.rows[-2]) == ["6 others", "+21.00"]


SPANS = [
    Span("Plan for large models", "Haidian", date(2024, 9, 2), date(2025, 1, 31), 50, "yellow", "Behind"),
    Span("Open data", "Xicheng", date(2024, 10, 1), date(2024, 12, 1), 0, "red", "Overdue"),
]


def test_timeline_draws_each_task_from_assignment_to_deadline() -> None:
    picture = timeline(WORDS, SPANS, date(2024, 12, 15))
    assert picture
    assert table(picture) == [
        ("Key task", "Lead", "Deadline", "Progress", "Standing"),
        ("Plan for large models", "Haidian", "31 January 2025", "50 %", "Behind"),
        ("Open data", "Xicheng", "1 December 2024", "0 %", "Overdue"),
    ]
    for drawn in (picture.wide, picture.narrow):
        first, second = shapes(drawn, "p-track")
        assert number(first, "x") < number(second, "x")
        (done,) = shapes(drawn, "p-bar")
        assert abs(number(done, "width") * 2 - number(first, "width")) <= D("0.2")
        assert len(shapes(drawn, "p-today")) == 1


def test_timeline_tells_each_signal_by_a_shape_of_its_own_and_colours_the_bar() -> None:
    kinds = {"red": "p-bad", "yellow": "p-warn", "blue": "p-soon", "green": "p-good", "waiting": "p-total", "closed": "p-total"}
    marks = set()
    for signal, kind in kinds.items():
        picture = timeline(WORDS, [Span("A", "Haidian", date(2024, 9, 2), date(2025, 1, 31), 50, signal, "")], date(2024, 12, 15))
        assert picture
        (done,) = shapes(picture.wide, "p-bar")
        assert done.get("class") == f"p-bar {kind}"
        (track,) = shapes(picture.wide, "p-track")
        mark = track.getprevious()
        assert mark is not None
        d = mark.get("d") or ""
        marks.add((mark.tag, d.count("L")))
    assert len(marks) == len(kinds) - 1  # disc and ring are both circles; one of them is full
    ring, disc = (
        shapes(drawn.wide, kind)
        for drawn, kind in (
            (timeline(WORDS, [Span("A", "B", date(2024, 9, 2), date(2025, 1, 31), 0, name, "")], date(2024, 12, 15)), kind)
            for name, kind in (("waiting", "p-none"), ("green", "p-good"))
        )
        if drawn
    )
    assert (len(ring), len(disc)) == (1, 1)


def test_timeline_by_lead_names_each_lead_once_above_its_tasks() -> None:
    first, second = SPANS
    picture = timeline(WORDS, [first, first, second], date(2024, 12, 15), is_grouped=True)
    plain = timeline(WORDS, [first, first, second], date(2024, 12, 15))
    assert picture
    assert plain
    for drawn, bare in ((picture.wide, plain.wide), (picture.narrow, plain.narrow)):
        heads = shapes(drawn, "p-strong")
        assert [one.text for one in heads] == ["Haidian", "Xicheng"]
        assert shapes(bare, "p-strong") == []
        bars = [number(one, "y") for one in shapes(drawn, "p-track")]
        places = [number(one, "y") for one in heads]
        assert places[0] < bars[0] < bars[1] < places[1] < bars[2]
        assert bars[2] < Decimal((etree.fromstring(drawn.encode()).get("viewBox") or "").split()[3])


def test_timeline_writes_its_words_over_the_line_of_today() -> None:
    picture = timeline(WORDS, SPANS, date(2024, 12, 15))
    assert picture
    kinds = [one.get("class") for one in etree.fromstring(picture.narrow.encode())]
    assert kinds.index("p-today") < kinds.index("p-text p-over")
    assert kinds.index("p-today") > max(place for place, kind in enumerate(kinds) if kind == "p-track p-outline")


def test_timeline_of_many_years_draws_no_line_a_month() -> None:
    span = Span("Plan", "Haidian", date(2015, 1, 1), date(2030, 1, 1), 0, "none", "On course")
    picture = timeline(WORDS, [span], date(2024, 1, 1))
    assert picture
    assert len(shapes(picture.narrow, "p-grid")) <= 16


@pytest.mark.parametrize("last", [date(2024, 12, 1), date(2025, 6, 1), date(2026, 9, 1), date(2027, 7, 1), date(2036, 1, 1)])
def test_months_on_a_timeline_never_stand_on_one_another(last: date) -> None:
    span = Span("Plan", "Haidian", date(2024, 9, 2), last, 0, "none", "On course")
    picture = timeline(WORDS, [span], date(2024, 12, 15))
    assert picture
    for drawn in (picture.wide, picture.narrow):
        said = shapes(drawn, "p-small")
        assert said
        for one, later in pairwise(said):
            assert number(later, "x") - number(one, "x") >= width_of(str(one.text), 11)


def test_timeline_of_nothing_is_none_and_of_much_shows_the_first() -> None:
    assert timeline(WORDS, [], date(2024, 1, 1)) is None
    many = timeline(WORDS, SPANS * 30, date(2024, 12, 15))
    assert many
    assert len(many.rows) == len(shapes(many.wide, "p-outline")) == 40


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_picture_stays_within_its_width_in_both_languages(language: str) -> None:
    with override(language):
        drawn = [
            bullet_bars(WORDS, BULLETS),
            tile_map(WORDS, TILES, "Result"),
            trend(WORDS, [point("2023-S1", "9180.5"), point("2024-S1", "9896.6")]),
            waterfall(WORDS, PARTS, Part("The city", D("7.8")), "Contribution"),
            timeline(WORDS, SPANS, date(2024, 12, 15)),
            timeline(WORDS, SPANS, date(2024, 12, 15), is_grouped=True),
        ]
        for picture in drawn:
            assert picture
            for width in (WIDE, NARROW):
                canvas = picture.draw(width)
                assert canvas.width <= width
                root = etree.fromstring(canvas.drawn("x").encode())
                for shape in root.iter(f"{_SVG}rect"):
                    assert number(shape, "x") >= 0
                    assert number(shape, "x") + number(shape, "width") <= width + 1
