"""The figures page and its downloads: who sees what, in which order, and nothing beside."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, Membership, User
from reporting.domain.figures import refresh_figures
from reporting.models import Cycle, Submission
from tests.factories import make_bureau, make_district, make_indicator, make_member, make_user
from tests.reporting.figures.build import make_world

pytestmark = pytest.mark.django_db
CANARY = "7654.32"
_SHOWN_CANARY = "7,654.32"


class Office:
    """Three districts with figures of two years; `south` holds the canary. Figures are closed until `open` is called."""

    def __init__(self) -> None:
        self.world = make_world(make_indicator("A01"), make_indicator("Z"), districts=("mid", "north", "south"))
        District.objects.filter(code="south").update(peer_group="core")
        now = timezone.now()
        times = {"due_at": now + timedelta(days=5), "locks_at": now + timedelta(days=9)}
        self.last = self.world.cycle("2025-S1", due_at=now - timedelta(days=400), locks_at=now - timedelta(days=390))
        self.cycle = self.world.cycle("2026-S1", **times)
        Submission.objects.filter(district__code="south").update(district_name="=SUM(A1)")
        before, this = {"mid": "100", "north": "100", "south": "8000"}, {"mid": "300", "north": "110", "south": CANARY}
        for district in before:
            self.world.report(self.last, district, {"A01": before[district], "Z": "1"})
            self.world.report(self.cycle, district, {"A01": this[district], "Z": "2"})
        for cycle in (self.last, self.cycle):
            refresh_figures(cycle_id=cycle.pk, now=now)
        self.north = make_member("officer", self.world.districts["north"], DistrictRole.OFFICER)
        self.approver = make_bureau("approver", BureauRoleName.APPROVER)
        self.reviewer = make_bureau("reviewer", BureauRoleName.REVIEWER, [self.world.districts["north"]])

    def open(self) -> None:
        Cycle.objects.filter(pk=self.cycle.pk).update(figures_opened_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def office() -> Office:
    return Office()


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def page(office: Office, user: User, query: str = "") -> Any:
    return get(user, f"/figures/{office.cycle.pk}/?indicator=A01&{query}")


def names(response: Any) -> list[str]:
    return [row.record.code for row in response.context["table"].paginated_rows]


def download(office: Office, user: User, kind: str, query: str = "") -> list[list[Any]]:
    response = get(user, f"/figures/{office.cycle.pk}/figures.{kind}?indicator=A01&{query}")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    rows = load_workbook(io.BytesIO(content)).active
    assert rows is not None
    return [list(row) for row in rows.iter_rows(values_only=True)]


def test_bureau_sees_all_rows_and_the_city(office: Office) -> None:
    response = page(office, office.approver)
    assert names(response) == ["mid", "north", "south"]
    figure = response.context["sheet"].figure
    assert (figure.value, figure.base, figure.growth) == (Decimal("8064.32"), Decimal(8200), Decimal("-1.654634"))
    body = response.content.decode()
    assert "3 of 3 districts" in body
    assert _SHOWN_CANARY in body
    assert "bar-down" in body


def test_district_sees_its_own_row_alone_until_figures_open(office: Office) -> None:
    response = page(office, office.north)
    assert names(response) == ["north"]
    assert [column.name for column in response.context["table"].columns] == ["name", "value", "base", "growth"]
    body = response.content.decode()
    for secret in (_SHOWN_CANARY, "8,064.32", "8,200.00", "SUM(A1)", "District mid", "of 3 districts", 'class="bar"'):
        assert secret not in body
    assert "110.00" in body
    assert "+10.0 %" in body
    assert "own figures only" in body
    office.open()
    response = page(office, office.north)
    assert names(response) == ["mid", "north", "south"]
    assert _SHOWN_CANARY in response.content.decode()


def test_district_sees_another_years_locked_cycle_whole(office: Office) -> None:
    assert names(get(office.north, f"/figures/{office.last.pk}/")) == ["mid", "north", "south"]


def test_reviewer_sees_the_portfolios_rows_with_the_citys_total_and_ranks(office: Office) -> None:
    response = page(office, office.reviewer)
    assert names(response) == ["north"]
    row = response.context["table"].paginated_rows[0].record
    assert (row.value_rank, row.growth_rank) == (3, 2)
    body = response.content.decode()
    assert "8,064.32" in body
    assert _SHOWN_CANARY not in body


@pytest.mark.parametrize("sort", ["-share", "contribution", "value_rank", "-growth_rank", "peer_group", "district_id", "x'"])
def test_order_by_what_is_not_shown_changes_nothing(office: Office, sort: str) -> None:
    second = make_member("both", office.world.districts["north"], DistrictRole.OFFICER)
    Membership.objects.create(user=second, district=office.world.districts["mid"], role=DistrictRole.OBSERVER)
    refresh_grants(user_id=second.pk)
    assert names(page(office, second, f"sort={sort}")) == names(page(office, second)) == ["mid", "north"]
    assert download(office, second, "csv", f"sort={sort}") == download(office, second, "csv")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=-value", ["south", "mid", "north"]),
        ("sort=value", ["north", "mid", "south"]),
        ("sort=-growth", ["mid", "north", "south"]),
        ("sort=contribution", ["south", "north", "mid"]),
        ("sort=growth_rank", ["mid", "north", "south"]),
        ("name=north", ["north"]),
        ("name=NORTH&sort=-value", ["north"]),
        ("peer_group=core", ["south"]),
        ("name=nobody", []),
    ],
)
def test_order_and_filters_are_the_same_on_page_and_in_downloads(office: Office, query: str, expected: list[str]) -> None:
    assert names(page(office, office.approver, query)) == expected
    for kind in ("csv", "xlsx"):
        codes = [row[0] for row in download(office, office.approver, kind, query)[1:]]
        assert [code for code in codes if code] == expected


def test_filter_that_is_none_is_refused(office: Office) -> None:
    assert page(office, office.approver, "peer_group=core'--").status_code == 400
    assert page(office, office.approver, f"name={'x' * 101}").status_code == 400


def test_page_size_is_fixed_and_a_page_too_far_shows_the_first(office: Office) -> None:
    for number in range(25):
        district = make_district(f"extra-{number:02}")
        office.world.districts[district.code] = district
        office.cycle.submissions.create(district=district)
    assert len(names(page(office, office.approver, "per_page=1000"))) == 20
    assert len(names(page(office, office.approver, "page=2"))) == 8
    assert len(names(page(office, office.approver, "page=99"))) == 20
    assert page(office, office.approver, "page=x").status_code == 200


def test_missing_foreign_and_closed_things_answer_alike(office: Office) -> None:
    stranger = make_user("stranger")
    planned = Cycle.objects.create(
        definition=office.cycle.definition,
        definition_version=office.cycle.definition_version,
        period="2030-S1",
        due_at=timezone.now(),
        locks_at=timezone.now(),
        reminder_policy=office.cycle.reminder_policy,
    )
    paths = [
        (office.approver, f"/figures/{planned.pk}/"),
        (office.approver, "/figures/999999/"),
        (office.approver, f"/figures/{office.cycle.pk}/?indicator=NONE"),
        (office.approver, f"/figures/{office.cycle.pk}/figures.pdf"),
        (office.approver, "/figures/999999/figures.csv"),
        (stranger, f"/figures/{office.cycle.pk}/"),
        (stranger, f"/figures/{office.last.pk}/figures.csv"),
    ]
    assert {get(user, path).status_code for user, path in paths} == {404}
    assert get(stranger, "/figures/").status_code == 200
    assert Client().get("/figures/").status_code == 302


def test_district_without_a_report_in_a_closed_cycle_does_not_know_of_it(office: Office) -> None:
    new = make_member("new", make_district("newcomer"), DistrictRole.OFFICER)
    assert get(new, f"/figures/{office.cycle.pk}/").status_code == 404
    assert get(new, f"/figures/{office.last.pk}/").status_code == 200
    assert get(new, "/figures/").context["sheet"].cycle == office.last


def test_choice_of_report_leads_to_its_own_page(office: Office) -> None:
    response = get(office.approver, f"/figures/?cycle={office.last.pk}&indicator=Z")
    assert (response.status_code, response["Location"]) == (302, f"/figures/{office.last.pk}/?indicator=Z")


def test_gap_in_the_total_is_said(office: Office) -> None:
    district = make_district("late")
    office.cycle.submissions.create(district=district)
    refresh_figures(cycle_id=office.cycle.pk, now=timezone.now())
    body = page(office, office.approver).content.decode()
    assert "1 of 4 districts is not in it" in body
    assert "3 of 4 districts" in body
    assert "not approved yet" in body


def test_unallocated_row_is_shown_to_those_who_see_the_city(office: Office) -> None:
    office.world.adjust(office.cycle, "A01", "35.68", "0", timezone.now())
    refresh_figures(cycle_id=office.cycle.pk, now=timezone.now())
    assert "Not allocated to a district" in page(office, office.approver).content.decode()
    assert "Not allocated" not in page(office, office.north).content.decode()
    rows = download(office, office.approver, "csv")
    assert rows[-2][1:5] == ["Not allocated to a district", "", "", "35.68"]
    assert rows[-1][1] == "The city"


def test_csv_has_typed_numbers_and_text_that_stays_text(office: Office) -> None:
    header, *rows = download(office, office.approver, "csv")
    assert header == [
        *(
            "Code",
            "District",
            "Peer group",
            "Status",
            "Value (100m CNY)",
            "Same period last year (100m CNY)",
            "Base",
            "Growth (%)",
        ),
        *("Share of the city (%)", "Contribution (percentage points)", "Rank by value", "Rank by growth"),
    ]
    base = "as approved last year"
    assert rows == [
        ["mid", "District mid", "Urban", "reported", "300", "100", base, "200", "3.72009", "2.439024", "2", "1"],
        ["north", "District north", "Urban", "reported", "110", "100", base, "10", "1.364033", "0.121951", "3", "2"],
        ["south", "'=SUM(A1)", "Capital core", "reported", "7654.32", "8000", base, "-4.321", "94.915876", "-4.21561", "1", "3"],
        ["", "The city", "", "", "8064.32", "8200", "", "-1.654634", "100", "-1.654634", "", ""],
    ]


def test_xlsx_has_numbers_as_numbers_and_no_formula(office: Office) -> None:
    response = get(office.approver, f"/figures/{office.cycle.pk}/figures.xlsx?indicator=A01")
    content = b"".join(response.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row}
    assert (cells["B4"].value, cells["B4"].data_type) == ("=SUM(A1)", "s")
    assert (cells["H4"].value, cells["H4"].data_type) == (-4.321, "n")
    with ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert "figures-2026-S1-A01.xlsx" in response["Content-Disposition"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_downloads_hold_what_the_page_holds(office: Office, kind: str) -> None:
    closed = download(office, office.north, kind)
    assert [row[0] for row in closed] == ["Code", "north"]
    assert len(closed[0]) == 7
    portfolio = download(office, office.reviewer, kind)
    assert [row[1] for row in portfolio] == ["District", "District north", "The city"]
    for rows in (closed, portfolio):
        assert CANARY not in str(rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_district_names_are_text_in_downloads(office: Office, text: str) -> None:
    Submission.objects.filter(district__code="mid").update(district_name=text)
    assert download(office, office.approver, "csv")[1][1] == f"'{text}"
    assert str(download(office, office.approver, "xlsx")[1][1]).strip() == text.strip()


def _queries(office: Office, user: User, path: str) -> Iterator[int]:
    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        if response.streaming:
            list(response)
    yield len(captured)


def test_page_and_download_take_the_same_queries_for_one_row_and_for_three(office: Office) -> None:
    path = f"/figures/{office.cycle.pk}/?indicator=A01"
    counts = {query: next(_queries(office, office.approver, path + query)) for query in ("", "&name=north")}
    assert counts == {"": 22, "&name=north": 22}
    path = f"/figures/{office.cycle.pk}/figures.csv?indicator=A01"
    counts = {query: next(_queries(office, office.approver, path + query)) for query in ("", "&name=north")}
    assert counts == {"": 13, "&name=north": 13}
