"""Which formats show a day, and what comes back of whatever a program may write."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.worksheet import Worksheet

from reporting.workbooks.cells import Value
from reporting.workbooks.numbers import day_of, kind_of, number_of
from reporting.workbooks.reading import read_book

DAYS = (
    *(
        "yyyy-mm-dd",
        "yyyy/m/d",
        "d-mmm-yy",
        "mmm-yy",
        "m/d",
        "mm",
        "d",
        "dddd",
        "aaaa",
        "[$-804]aaaa",
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    ),
    *(
        'yyyy"年"m"月"d"日"',
        "yyyy年m月d日",
        "[$-804]e年m月",
        'm"月"d"日"',
        "yyyy-mm-dd;@",
        "[Red]yyyy-mm-dd",
        "[DBNum1]yyyy年m月",
        "YYYY-MM-DD",
    ),
)
TIMES = ("yyyy-mm-dd hh:mm", "yyyy/m/d h:mm:ss AM/PM", 'yyyy"年"m"月"d"日" h"时"mm"分"', "m/d/yy h:mm", "yyyy-mm-ddThh:mm:ss.000")
NEITHER = (
    *(
        "General",
        "0",
        "0.00",
        "#,##0.00",
        "0.00%",
        "@",
        "# ?/?",
        "0.00E+00",
        "##0.0E+0",
        "h:mm",
        "h:mm:ss AM/PM",
        "mm:ss.0",
        "[h]:mm:ss",
        "[mm]",
    ),
    *(
        '0.0 "days"',
        '#,##0 "yuan"',
        "[$¥-804]#,##0.00",
        "[$USD] #,##0.00",
        "_-* #,##0.00_-",
        "[Red]-0.00",
        "0.0\\d",
        '"y"0',
        "[>=100]0;[Red]0",
        "",
    ),
    *("0;yyyy-mm-dd", "G/通用格式", "上午/下午h:mm", '[Magenta]0"m"', "_d0", "*d0"),
)


@pytest.mark.parametrize("number_format", DAYS)
def test_format_of_a_day_makes_a_date(number_format: str) -> None:
    assert kind_of(number_format) is date


@pytest.mark.parametrize("number_format", TIMES)
def test_format_of_a_day_and_a_time_makes_a_datetime(number_format: str) -> None:
    assert kind_of(number_format) is datetime


@pytest.mark.parametrize("number_format", NEITHER)
def test_format_of_a_number_or_of_a_time_alone_makes_neither(number_format: str) -> None:
    assert kind_of(number_format) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_number_of_few_digits_is_itself(number: Decimal) -> None:
    read = number_of(str(number))
    assert read is not None
    assert read == number or float(read) == float(number)
    if len(number.as_tuple().digits) <= 15:
        assert read == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_as_excel_writes_it_is_the_shortest_of_its_binary_value(number: float) -> None:
    read = number_of(f"{number:.17g}")
    assert read is None or read == Decimal(repr(number)) or float(read) == number
    assert (read is None) == (number != 0 and abs(Decimal(repr(number)).adjusted()) > 308)


@given(st.text(max_size=40))
def test_number_is_never_made_of_other_signs(text: str) -> None:
    read = number_of(text)
    assert read is None or (read.is_finite() and set(text) <= set("0123456789.eE+-"))


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=60)
MOMENTS = st.datetimes(min_value=datetime(1904, 1, 2), max_value=datetime(9999, 12, 30)).map(
    lambda moment: moment.replace(microsecond=0)
)
PLACES = st.tuples(st.integers(1, 300), st.integers(1, 60))
VALUES = st.one_of(
    TEXTS.filter(lambda text: not text.startswith(("=", "#")) and "_x" not in text),  # which openpyxl takes for something else
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10),
    st.dates(min_value=date(1904, 1, 2), max_value=date(9999, 12, 30)),
    MOMENTS,
)


@example(cells={(1, 1): Decimal("9999999999.9892")}, since_1904=False)
@settings(max_examples=30)
@given(cells=st.dictionaries(PLACES, VALUES, min_size=1, max_size=40), since_1904=st.booleans())
def test_what_openpyxl_writes_is_read(cells: dict[tuple[int, int], Value], since_1904: bool) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for (row, column), value in cells.items():
        sheet.cell(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    (read,) = read_book(buffer.getvalue()).sheets
    assert {place: cell.value for place, cell in read.cells.items()} == cells


@given(st.integers(0, 60_000), st.integers(0, 86_399))
def test_day_and_second_survive_the_fraction_of_a_day(days: int, seconds: int) -> None:
    moment = datetime(1900, 3, 1) + timedelta(days=days, seconds=seconds)
    serial = repr(days + 61 + seconds / 86_400)
    number = number_of(serial)
    assert number is not None
    assert day_of(number, datetime, since_1904=False) == moment
