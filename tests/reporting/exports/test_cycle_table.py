"""A cycle as a flat table: whose rows, which words, exact numbers, and one snapshot that ends when the reader goes away."""

import csv
import gzip
import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import InternalError, connection, connections
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.live_server_helper import LiveServer

from districts.enums import BureauRoleName
from districts.models import District, User
from reporting.enums import AnswerStatus
from reporting.exports.cycle_table import cycle_csv
from reporting.models import Cycle, Submission
from reporting.queries.cycle_table import cycle_table, snapshot
from tests.factories import make_bureau, make_indicator
from tests.reporting.admin.helpers import signed_in
from tests.reporting.figures.build import World, make_world
from tests.running import until

CANARY = "7654.32"
HEADINGS = ["District code", "District", "Indicator code", "Indicator", "Period", "Value", "Unit", "Status", "Explanation"]


class Office:
    """Four districts: one approved, one with the canary, one nil, one whose report is not approved."""

    def __init__(self) -> None:
        self.world = make_world(make_indicator("A"), make_indicator("B", unit_zh="家"), districts=("mid", "nil", "none", "south"))
        self.cycle = self.world.cycle()
        self.world.report(self.cycle, "mid", {"A": "12.500000", "B": AnswerStatus.SUPPRESSED}, why='=1+1, "so"')
        self.world.report(self.cycle, "south", {"A": CANARY, "B": "-3"}, why="canary words")
        self.world.report(self.cycle, "nil", {"A": "5"}, nil="Nothing.")
        listed = [self.world.districts[code] for code in ("mid", "nil", "none")]
        self.reviewer = make_bureau("reviewer", BureauRoleName.REVIEWER, listed)
        self.approver = make_bureau("approver", BureauRoleName.APPROVER)


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def url(cycle: Cycle, extension: str = "csv") -> str:
    return reverse("admin:reporting_cycle_table", args=[cycle.pk, extension])


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def get(user: User, cycle: Cycle) -> list[list[str]]:
    return table(body(signed_in(user).get(url(cycle))))


def test_csv_holds_a_row_a_report_and_indicator(office: Office) -> None:
    response = signed_in(office.approver).get(url(office.cycle))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="cycle-2026-S1.csv"'
    content = body(response)
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = table(content)
    assert header[:-1] == HEADINGS
    assert header[-1].startswith("Approved reports only, as of 20")
    assert header[-1].endswith("+08:00")
    a, b = ["Indicator A", "2026-S1"], ["Indicator B", "2026-S1"]
    assert rows == [
        ["mid", "District mid", "A", *a, "12.5", "100m CNY", "reported", '\'=1+1, "so"'],
        ["mid", "District mid", "B", *b, "", "100m CNY", "suppressed", '\'=1+1, "so"'],
        ["nil", "District nil", "A", *a, "", "100m CNY", "nothing to report", ""],
        ["nil", "District nil", "B", *b, "", "100m CNY", "nothing to report", ""],
        ["none", "District none", "A", *a, "", "100m CNY", "not approved yet", ""],
        ["none", "District none", "B", *b, "", "100m CNY", "not approved yet", ""],
        ["south", "District south", "A", *a, CANARY, "100m CNY", "reported", "canary words"],
        ["south", "District south", "B", *b, "-3", "100m CNY", "reported", "canary words"],
    ]


def test_csv_of_a_reviewer_holds_the_portfolio_alone(office: Office) -> None:
    content = body(signed_in(office.reviewer).get(url(office.cycle))).decode()
    assert {row[0] for row in table(content.encode())[1:]} == {"mid", "nil", "none"}
    assert not [word for word in (CANARY, "canary", "South") if word in content]


def test_csv_of_an_empty_portfolio_is_its_header(office: Office) -> None:
    nobody = make_bureau("nobody", BureauRoleName.REVIEWER, [])
    assert [row[:-1] for row in get(nobody, office.cycle)] == [HEADINGS]


def test_csv_after_a_district_left_the_portfolio_is_without_it(office: Office) -> None:
    office.reviewer.districtusergrant_set.filter(content_object=office.world.districts["mid"]).delete()
    assert {row[0] for row in get(office.reviewer, office.cycle)[1:]} == {"nil", "none"}


def test_csv_in_chinese_has_chinese_words(office: Office) -> None:
    User.objects.filter(pk=office.approver.pk).update(language="zh-hans")
    header, *rows = get(User.objects.get(pk=office.approver.pk), office.cycle)
    assert header[:4] == ["区代码", "区", "指标代码", "指标"]
    mid = District.objects.get(code="mid")
    assert rows[1] == ["mid", mid.name_zh, "B", "指标B", "2026-S1", "", "家", rows[1][7], '\'=1+1, "so"']
    assert "suppressed" not in rows[1][7]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_text_is_never_a_formula(office: Office, start: str) -> None:
    office.world.report(office.cycle, "none", {"A": "1", "B": "2"}, why=f"{start}cmd")
    Submission.objects.filter(district__code="none").update(district_name=f"{start}name")
    row = get(office.approver, office.cycle)[5]
    assert (row[1], row[8]) == (f"'{start}name", f"'{start}cmd")


def test_csv_keeps_every_digit(office: Office) -> None:
    office.world.report(office.cycle, "none", {"A": "123456789012345678.123456", "B": "0.000000"})
    assert [row[5] for row in get(office.approver, office.cycle)[5:7]] == ["123456789012345678.123456", "0"]


def test_csv_of_a_released_report_is_without_it(office: Office) -> None:
    Submission.objects.filter(district__code="none").update(state="released")
    assert "none" not in {row[0] for row in get(office.approver, office.cycle)}


def test_csv_goes_through_gzip(office: Office) -> None:
    response = signed_in(office.approver).get(url(office.cycle), headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(table(gzip.decompress(body(response)))) == 9


def test_xlsx_has_numbers_as_numbers_and_text_as_text(office: Office) -> None:
    office.world.report(office.cycle, "none", {"A": "0.000001", "B": "2"}, why="=1\x0b<&>")
    response = signed_in(office.reviewer).get(url(office.cycle, "xlsx"))
    content = body(response)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.title == "2026-S1"
    header, *rows = list(sheet.iter_rows())
    assert [cell.value for cell in header[:-1]] == HEADINGS
    assert [row[0].value for row in rows] == ["mid", "mid", "nil", "nil", "none", "none"]
    assert (rows[0][5].value, rows[0][5].data_type) == (12.5, "n")
    assert Decimal(str(rows[4][5].value)) == Decimal("0.000001")
    assert {cell.data_type for row in rows for cell in row} <= {"n", "s", "inlineStr"}
    assert rows[4][8].value == "=1\ufffd<&>"
    assert rows[0][8].value == '=1+1, "so"'


def test_xlsx_of_more_rows_than_a_sheet_holds_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says so itself, and offers the file that holds them; of a portfolio that fits, the sheet is given."""
    monkeypatch.setattr("reporting.exports.cycle_table.MAX_ROWS", 8)
    client = signed_in(office.approver)
    response = client.get(url(office.cycle, "xlsx"))
    assert (response.status_code, response["Content-Type"]) == (422, "text/html; charset=utf-8")
    assert not response.has_header("Content-Disposition")
    page = response.content.decode()
    assert "A sheet holds 8 rows and this table has more. Take the CSV file." in page
    assert f'href="{url(office.cycle)}"' in page
    assert f'href="/admin/?cycle={office.cycle.pk}"' in page
    assert CANARY not in page
    assert [str(message) for message in client.get("/admin/").context["messages"]] == []
    assert client.head(url(office.cycle, "xlsx")).status_code == 422
    assert body(signed_in(office.reviewer).get(url(office.cycle, "xlsx")))[:2] == b"PK"


def test_head_streams_nothing(office: Office) -> None:
    assert signed_in(office.approver).head(url(office.cycle)).status_code == 200


def test_snapshot_refuses_to_write(office: Office) -> None:
    with pytest.raises(InternalError, match="read-only"), snapshot():
        Submission.objects.update(district_name="Other")


@pytest.fixture
def wide() -> Office:
    """So much text that the table does not fit into the buffers on its way."""
    office = Office.__new__(Office)
    codes = tuple(f"d{number:02}" for number in range(60))
    office.world = make_world(*(make_indicator(code) for code in "ABCDEF"), districts=codes)
    office.cycle = office.world.cycle()
    for code in codes[:-1]:
        office.world.report(office.cycle, code, dict.fromkeys("ABCDEF", "1"), why="x" * 20_000)
    office.approver = make_bureau("approver", BureauRoleName.APPROVER)
    return office


def elsewhere(world: World, cycle: Cycle, code: str) -> None:
    """Approve a report on a connection of its own."""

    def approve() -> None:
        try:
            world.report(cycle, code, {"A": "99"}, why="late")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(approve).result()


def running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY (%%' AND state <> 'idle'")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_report_approved_while_the_table_goes_out_is_not_in_it(wide: Office) -> None:
    chunks = cycle_csv(cycle_table(wide.approver, wide.cycle))
    first = [next(chunks), next(chunks)]
    elsewhere(wide.world, wide.cycle, "d59")
    rows = table(b"".join([*first, *chunks]))
    assert (len(rows), rows[-6][0], rows[-6][7]) == (361, "d59", "not approved yet")
    assert get(wide.approver, wide.cycle)[-6][5:9] == ["99", "100m CNY", "reported", "late"]


@pytest.mark.django_db(transaction=True)
def test_reader_that_stops_ends_the_statement(wide: Office) -> None:
    chunks: Iterator[bytes] = cycle_csv(cycle_table(wide.approver, wide.cycle))
    next(chunks), next(chunks)
    connection.ensure_connection()
    chunks.close()  # type: ignore[attr-defined]
    assert running() == 0
    assert not connection.in_atomic_block
    assert Cycle.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_client_that_goes_away_ends_the_statement(wide: Office, live_server: LiveServer) -> None:
    client: Client = signed_in(wide.approver)
    address = urlsplit(live_server.url)
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect((address.hostname, address.port))
        head = (
            f"GET {url(wide.cycle)} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: sessionid={client.cookies['sessionid'].value}"
        )
        wire.sendall(f"{head}\r\n\r\n".encode())
        assert wire.recv(15) == b"HTTP/1.1 200 OK"
        until(lambda: running() == 1, what="the statement")
    until(lambda: running() == 0, what="the end of the statement")
