"""Issuing targets in the bureau's pages, up to where the district's head acknowledges and the report shows them."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from reporting.domain.targets.tables import read_table, rows_of
from reporting.models import Indicator, Submission, Target, TargetIssue
from tests.conftest import Cast
from tests.factories import make_cycle, make_indicators, make_version
from tests.reporting.views.browser import as_user, text_of

TABLE = "/admin/reporting/target/table/"
PASTED = "District\tTOTAL\tSTOCK 2026 存量\nnorth\t9%\t120\nDistrict south\t8.5%\t\n全市\t9％\t1,000"


@pytest.fixture
def asked(cast: Cast) -> Submission:
    cycle = make_cycle(make_version(make_indicators()), opened_by=cast.administrator, now=timezone.now())
    return cycle.submissions.get(district=cast.north)


def held() -> set[tuple[str, str, str, Decimal | None]]:
    rows = Target.objects.in_force().select_related("district", "indicator")
    return {(row.district.code if row.district else "city", row.indicator.code, row.kind, row.value) for row in rows}


def given(**more: object) -> dict[str, object]:
    return {"year": 2026, "note": "Plan of the year", "table": PASTED.replace("District south", "Southgate")} | more


def test_table_is_previewed_issued_acknowledged_and_shown_in_the_report(cast: Cast, asked: Submission) -> None:
    bureau, head = as_user(cast.administrator), as_user(cast.head)
    preview = bureau.post(TABLE, given())
    assert preview.status_code == 200
    assert "Northgate · TOTAL Indicator TOTAL · 2026–9.0 % (Growth (%))" in text_of(preview, "table")
    assert Target.objects.count() == 0
    assert bureau.post(TABLE, given(seen="0", confirm="1")).status_code == 302
    assert held() == {
        ("north", "TOTAL", "growth", Decimal(9)),
        ("north", "STOCK", "stock", Decimal(120)),
        ("south", "TOTAL", "growth", Decimal("8.5")),
        ("city", "TOTAL", "growth", Decimal(9)),
        ("city", "STOCK", "stock", Decimal(1000)),
    }
    year = bureau.get("/admin/reporting/target/year/2026/")
    assert "−880 firms" in text_of(year, "table")
    assert "not yet" in text_of(year, "table")
    issue = TargetIssue.objects.get()
    assert head.post(f"/targets/{cast.north.pk}/acknowledge/", {"seen": issue.pk}).status_code == 302
    assert "North Head" in text_of(bureau.get("/admin/reporting/target/year/2026/"), "table")
    head.post(f"/reports/{asked.pk}/start/")
    assert "Target 9.0 %" in text_of(head.get(f"/reports/{asked.pk}/"), "#change-TOTAL")
    assert "Target" not in text_of(as_user(cast.south_head).get(f"/reports/{asked.pk}/"), "#change-TOTAL")


def test_every_problem_of_a_table_is_told_at_once_and_nothing_is_issued(cast: Cast, asked: Submission) -> None:
    wrong = "District\tTOTAL\tNOPE\tGRP 2026 speed\tSHARE\nnorth\tmany\t1\t1\t900\nnowhere\t1\t1\t1\t1"
    refused = as_user(cast.administrator).post(TABLE, given(table=wrong, confirm="1", seen="0"))
    assert refused.status_code == 422
    words = text_of(refused, ".bureau-refusal")
    for problem in (
        "Column 3: “NOPE” is no indicator's code.",
        "Column 4: “speed” is no kind of target; possible: level, growth, share, stock.",
        "Row 2, TOTAL: “many” is not a number.",
        "Row 3: there is no district “nowhere”.",
    ):
        assert problem in words
    assert Target.objects.count() == 0


def test_preview_tells_what_the_domain_would_refuse(cast: Cast, asked: Submission) -> None:
    refused = as_user(cast.administrator).post(TABLE, given(table="District\tSHARE\nnorth\t900"))
    assert refused.status_code == 422
    assert "above 100" in text_of(refused, ".bureau-refusal")


def test_confirming_an_older_preview_is_a_conflict(cast: Cast, asked: Submission) -> None:
    client = as_user(cast.administrator)
    assert client.post(TABLE, given(seen="0", confirm="1")).status_code == 302
    late = client.post(TABLE, given(table="District\tTOTAL\nnorth\t5", seen="0", confirm="1"))
    assert late.status_code == 409
    assert ("north", "TOTAL", "growth", Decimal(9)) in held()


def test_workbook_is_read_as_a_table_is(cast: Cast, asked: Submission) -> None:
    buffer, book = BytesIO(), Workbook()
    sheet = book.worksheets[0]
    sheet.append(["District", "TOTAL", "STOCK"])
    sheet.append(["north", 0.09, 120])
    sheet["B2"].number_format = "0.0%"
    book.save(buffer)
    file = SimpleUploadedFile("targets.xlsx", buffer.getvalue())
    preview = as_user(cast.administrator).post(TABLE, given(table="", file=file))
    assert preview.status_code == 200
    assert "9.0 % (Growth (%))" in text_of(preview, "table")
    assert "120 firms" in text_of(preview, "table")


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xff\xfe\xff\xff\xff", b""])
def test_broken_file_is_refused_in_words(cast: Cast, asked: Submission, content: bytes) -> None:
    file = SimpleUploadedFile("targets.xlsx", content or b"\n")
    assert as_user(cast.administrator).post(TABLE, given(table="", file=file)).status_code == 422


def test_one_target_is_issued_and_withdrawn_with_a_form(cast: Cast, asked: Submission) -> None:
    client, stock = as_user(cast.administrator), Indicator.objects.get(code="STOCK")
    typed = {"district": cast.north.pk, "indicator": stock.pk, "year": 2026, "kind": "stock", "note": "More"}
    assert client.post("/admin/reporting/target/add/", typed | {"value": "120"}).status_code == 302
    assert held() == {("north", "STOCK", "stock", Decimal(120))}
    assert client.post("/admin/reporting/target/add/", typed | {"value": ""}).status_code == 302
    assert held() == set()
    assert client.post("/admin/reporting/target/add/", typed | {"value": ""}).status_code == 422
    history = text_of(client.get("/admin/reporting/target/"), "#result_list")
    assert "withdrawn" in history
    assert "120 firms" in history


def test_reviewer_sees_only_the_own_districts_targets(cast: Cast, asked: Submission) -> None:
    as_user(cast.administrator).post(TABLE, given(table="District\tSTOCK\nnorth\t12\nsouth\t31415", seen="0", confirm="1"))
    page = as_user(cast.reviewer).get("/admin/reporting/target/year/2026/")
    assert "12 firms" in text_of(page, "table")
    assert "31,415" not in page.content.decode()
    assert as_user(cast.reviewer).get("/admin/reporting/target/").status_code == 403


@pytest.mark.parametrize("text", ["a\tb\nc\td", "a,b\nc,d", "a;b\nc;d", "\ufeffa\tb\r\nc\td\r\n"])
def test_table_is_read_with_any_of_the_usual_separators(text: str) -> None:
    assert rows_of(text) == [["a", "b"], ["c", "d"]]


def test_blank_changes_nothing_and_a_dash_withdraws(cast: Cast, asked: Submission) -> None:
    read = read_table(rows_of("District\tSTOCK\tTOTAL\nnorth\t–\t"), 2026)
    assert [(one.district, one.indicator.code, one.value) for one in read.targets] == [(cast.north, "STOCK", None)]
    assert read.problems == []


def test_percentage_is_no_level(cast: Cast, asked: Submission) -> None:
    read = read_table(rows_of("District\tTOTAL 2026 level\tSHARE\nnorth\t9%\t20%"), 2026)
    assert read.problems == ["Row 2, TOTAL: “9%” is a percentage and no “Level of the year”."]
    assert [(one.indicator.code, one.kind, one.value) for one in read.targets] == [("SHARE", "share", Decimal(20))]


def test_empty_table_says_so(db: None) -> None:
    assert read_table(rows_of(" \n\t"), 2026).problems == ["The table is empty."]
