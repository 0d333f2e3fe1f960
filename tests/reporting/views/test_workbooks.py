"""The workbook over HTTP: download, upload, preview, confirmation, as a browser without scripts does it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName, Scope
from districts.models import BureauRole, User
from reporting.domain.moves import move_cycle
from reporting.models import Answer, Indicator, Submission, WorkbookUpload
from reporting.workbooks.writing import CONTENT_TYPE
from tests import factories
from tests.conftest import Cast
from tests.files import Upload
from tests.reporting.views.browser import answer, as_user, parse, select, step, text_of
from tests.reporting.workbooks.every_kind import Edited, edited


def page_of(submission: Submission, preview: int | None = None) -> str:
    return f"/reports/{submission.pk}/workbook/" + (f"{preview}/" if preview else "")


def download(user: User, submission: Submission) -> Any:
    return as_user(user).get(f"/reports/{submission.pk}/workbook.xlsx")


def upload(user: User, submission: Submission, content: bytes, name: str = "报表.xlsx") -> Any:
    return as_user(user).post(page_of(submission), {"workbook": Upload(name, content)})


def changed(user: User, submission: Submission, **values: Any) -> bytes:
    return edited(download(user, submission).content, values)


def previewed(user: User, submission: Submission, **values: Any) -> str:
    """The address of the preview of a workbook with these values."""
    response = upload(user, submission, changed(user, submission, **values))
    assert response.status_code == 302, text_of(response)
    return str(response["Location"])


def confirm(user: User, address: str, *keys: str, **more: Any) -> Any:
    return as_user(user).post(address, {"change": keys, **more})


def test_download_is_a_workbook_with_a_name_in_the_readers_language(cast: Cast, draft: Submission) -> None:
    User.objects.filter(pk=cast.head.pk).update(language="zh-hans")
    english, chinese = download(cast.officer, draft), download(cast.head, draft)
    assert (english.status_code, english["Content-Type"], english["Cache-Control"]) == (200, CONTENT_TYPE, "private, no-store")
    assert english["Content-Disposition"].startswith('attachment; filename="2026-S1.xlsx"; filename*=UTF-8')
    names = [unquote(one["Content-Disposition"].partition("UTF-8''")[2]) for one in (english, chinese)]
    assert names[0] == "Northgate 2026-S1, workbook.xlsx"
    assert Edited(english.content).book.sheetnames == ["Instructions", "Report", "portal"]
    assert Edited(chinese.content).book.sheetnames == ["填写说明", "填报表", "portal"]


def test_upload_leads_to_a_preview_that_saves_nothing_and_the_confirmation_saves(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61, plans="Build even more.")
    page = as_user(cast.officer).get(address)
    rows = {row.get("id"): " ".join(row.text_content().split()) for row in select(parse(page), "table.workbook-changes tbody tr")}
    assert list(rows) == ["q-P1", "q-plans"]
    assert ("60" in rows["q-P1"], "61" in rows["q-P1"], "Report!F5" in rows["q-P1"]) == (True, True, True)
    assert (answer(draft, "P1").raw, answer(draft, "plans").raw) == ("60", "Build more.")
    response = confirm(cast.officer, address, "P1", "plans")
    assert (response.status_code, response["Location"]) == (302, f"/reports/{draft.pk}/")
    assert (answer(draft, "P1").raw, answer(draft, "plans").raw) == ("61", "Build even more.")
    assert (answer(draft, "P1").version, answer(draft, "P1").updated_by, answer(draft, "P2").version) == (2, cast.officer, 1)


def test_only_what_is_ticked_is_saved(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61, P2=41)
    confirm(cast.officer, address, "P2")
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("60", "41")


def test_confirmation_twice_saves_once(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61)
    assert [confirm(cast.officer, address, "P1").status_code for _time in range(2)] == [302, 302]
    factories.fill(draft, cast.head, {"P1": "62"})
    assert confirm(cast.officer, address, "P1").status_code == 302
    assert (answer(draft, "P1").raw, answer(draft, "P1").version) == ("62", 3)


def test_nothing_ticked_is_refused_on_the_preview(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61)
    response = confirm(cast.officer, address)
    assert (response.status_code, "Tick at least one change" in text_of(response)) == (422, True)
    assert confirm(cast.officer, address, "P2").status_code == 400
    assert answer(draft, "P1").raw == "60"


def test_workbook_without_changes_says_so(cast: Cast, draft: Submission) -> None:
    page = as_user(cast.officer).get(previewed(cast.officer, draft))
    assert ("Nothing differs" in text_of(page), select(parse(page), "#workbook-form")) == (True, [])


def test_others_newer_answer_is_a_conflict_with_both_values_until_one_is_chosen(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61, P2=41)
    factories.fill(draft, cast.head, {"P1": "70"})
    response = confirm(cast.officer, address, "P1", "P2")
    words = text_of(response, "#q-P1")
    assert (response.status_code, "North Head changed this answer" in words, "70" in words, "61" in words) == (
        409,
        True,
        True,
        True,
    )
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("70", "40")
    (version,) = [field.get("value") for field in select(parse(response), "input[name=theirs-P1]")]
    assert confirm(cast.officer, address, "P1", "P2", **{"choice-P1": "mine", "theirs-P1": version}).status_code == 302
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("61", "41")


def test_theirs_stays_where_it_is_chosen(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61, P2=41)
    factories.fill(draft, cast.head, {"P1": "70"})
    confirm(cast.officer, address, "P1", "P2", **{"choice-P1": "theirs", "theirs-P1": "2"})
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("70", "41")


def test_answers_that_the_workbook_did_not_change_are_left_to_others(cast: Cast, draft: Submission) -> None:
    content = changed(cast.officer, draft, P2=41)
    factories.fill(draft, cast.head, {"P1": "70"})
    confirm(cast.officer, upload(cast.officer, draft, content)["Location"], "P2")
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("70", "41")


@pytest.mark.parametrize("role", ["observer", "officer", "head", "reviewer", "approver", "administrator"])
def test_who_may_read_a_signed_report_downloads_it_locked(cast: Cast, submission: Submission, now: datetime, role: str) -> None:
    factories.submit(submission, cast.head, now=now)
    user = getattr(cast, role)
    response = download(user, submission)
    book = Edited(response.content)
    assert (response.status_code, book.cell("P1").value, book.cell("P1").protection.locked) == (200, 60, True)
    refused = upload(user, submission, response.content)
    assert refused.status_code == (422 if role in {"officer", "head"} else 403)
    assert WorkbookUpload.objects.count() == 0


def test_observer_downloads_and_does_not_upload(cast: Cast, draft: Submission) -> None:
    content = changed(cast.officer, draft, P1=61)
    assert download(cast.observer, draft).status_code == 200
    assert upload(cast.observer, draft, content).status_code == 403
    assert select(parse(as_user(cast.observer).get(page_of(draft))), "input[type=file]") == []


@pytest.mark.parametrize("role", ["reviewer", "approver", "administrator"])
def test_bureau_gets_nothing_of_a_draft(cast: Cast, draft: Submission, role: str) -> None:
    response = download(getattr(cast, role), draft)
    assert (response.status_code, b"PK" in response.content[:4], "once the head has signed" in text_of(response)) == (
        409,
        False,
        True,
    )


@pytest.mark.parametrize("role", ["south_head", "south_officer", "south_reviewer", "outsider", "head", "observer", "reviewer"])
def test_preview_is_there_for_nobody_else(cast: Cast, draft: Submission, role: str) -> None:
    address = previewed(cast.officer, draft, P1=61)
    user = getattr(cast, role)
    answers = [as_user(user).get(address), as_user(user).get(address + "marked.xlsx"), confirm(user, address, "P1")]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert answer(draft, "P1").raw == "60"


def test_preview_at_another_report_of_the_same_person_is_not_there(cast: Cast, draft: Submission, now: datetime) -> None:
    address = previewed(cast.officer, draft, P1=61)
    version = draft.cycle.definition_version
    other = factories.make_cycle(version, "2025-S1", opened_by=cast.administrator, now=now).submissions.get(district=cast.north)
    assert as_user(cast.officer).get(address.replace(f"/{draft.pk}/", f"/{other.pk}/", 1)).status_code == 404


def test_preview_expires(cast: Cast, draft: Submission, now: datetime) -> None:
    address = previewed(cast.officer, draft, P1=61)
    WorkbookUpload.objects.update(expires_at=now - timedelta(seconds=1))
    assert [as_user(cast.officer).get(address).status_code, confirm(cast.officer, address, "P1").status_code] == [404, 404]
    kept = previewed(cast.officer, draft, P1=62)
    call_command("sweep_jobs")
    assert [page_of(draft, upload.pk) for upload in WorkbookUpload.objects.all()] == [kept]


def test_confirmation_after_the_hand_over_is_refused(cast: Cast, draft: Submission, now: datetime) -> None:
    address = previewed(cast.officer, draft, P1=61)
    step(draft, "hand_over", cast.officer, now)
    response = confirm(cast.officer, address, "P1")
    assert (response.status_code, "cannot be changed now" in text_of(response)) == (422, True)
    assert answer(draft, "P1").raw == "60"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose the workbook"),
        ({"workbook": "text in place of a file"}, "Choose the workbook"),
        ({"workbook": Upload("a.xlsx", b"x" * 3_000_000)}, "1 MB are possible"),
    ],
)
@override_settings(WORKBOOK_MAX_BYTES=1024 * 1024)
def test_what_is_no_workbook_is_refused_on_the_page(cast: Cast, draft: Submission, fields: dict[str, Any], words: str) -> None:
    response = as_user(cast.officer).post(page_of(draft), fields)
    assert (response.status_code, words in text_of(response, ".callout-bad")) == (422, True)
    assert (WorkbookUpload.objects.count(), Answer.objects.filter(version__gt=1).count()) == (0, 0)


def test_marked_copy_has_every_problem_and_finding_at_its_cell_and_can_be_corrected(cast: Cast, draft: Submission) -> None:
    """GRP below the total; nothing of an own sheet is lost."""
    book = Edited(changed(cast.officer, draft, P1="many", GRP=50))
    own = book.book.create_sheet("Own sums")
    own["B3"], own["B4"] = "=not a formula", 3
    own["B3"].data_type = "s"
    address = upload(cast.officer, draft, book.saved())["Location"]
    response = as_user(cast.officer).get(address + "marked.xlsx")
    marked = Edited(response.content)
    assert (response.status_code, marked.book.sheetnames) == (200, ["To correct", "Instructions", "Report", "portal", "Own sums"])
    notes = {key: cell.comment.text for key in ("P1", "P2", "GRP") if (cell := marked.cell(key)).comment}
    assert list(notes) == ["P1", "GRP"]
    assert ("found “many”" in notes["P1"], "cannot be larger than" in notes["GRP"]) == (True, True)
    listed = [row[0].value for row in marked.book["To correct"].iter_rows(min_row=2)]
    assert listed == [f"Report!{marked.cell(key).coordinate}" for key in ("P1", "GRP")]
    cells = marked.book["Own sums"]
    assert (cells["B3"].value, cells["B3"].data_type, cells["B4"].value) == ("=not a formula", "s", 3)
    again = upload(cast.officer, draft, marked.put({"P1": 61, "GRP": 251}).saved())["Location"]
    confirm(cast.officer, again, "P1", "GRP")
    assert (answer(draft, "P1").raw, answer(draft, "GRP").raw) == ("61", "251")


def test_every_problem_is_shown_with_its_cell_and_its_question(cast: Cast, draft: Submission) -> None:
    page = parse(as_user(cast.officer).get(previewed(cast.officer, draft, P1="many", STOCK="12.5 firms")))
    rows = [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in select(page, ".workbook-problems tbody tr")]
    assert [[address.startswith("Report!"), words.partition(" Expected")[0]] for address, words in rows] == [
        [True, "Indicator P1"],
        [True, "Indicator STOCK"],
    ]
    assert ["“many”" in rows[0][1], "“12.5 firms”" in rows[1][1]] == [True, True]


def test_workbook_with_problems_alone_does_not_say_that_nothing_differs(cast: Cast, draft: Submission) -> None:
    text = text_of(as_user(cast.officer).get(previewed(cast.officer, draft, P1="many")))
    assert ("Nothing can be saved yet" in text, "Nothing differs" in text) == (True, False)


def test_findings_of_the_new_values_are_shown_before_anything_is_saved(cast: Cast, draft: Submission) -> None:
    page = as_user(cast.officer).get(previewed(cast.officer, draft, P1=90, GRP=50))
    words = text_of(page, "#workbook-form")
    assert ("and cannot be larger than" in words, "+44.4 %" in words, answer(draft, "GRP").raw) == (True, True, "250")


def test_report_is_filed_by_workbook_alone(cast: Cast, submission: Submission, now: datetime) -> None:
    """From the start to the hand-over; the page is opened for its buttons alone."""
    client = as_user(cast.officer)
    client.post(f"/reports/{submission.pk}/start/")
    page = client.get(f"/reports/{submission.pk}/")
    (link,) = select(parse(page), "details.rail-workbook a")
    book = Edited(client.get(link.get("href")).content)
    book.put({"P1": 60, "P2": "４０", "GRP": "2,500", "BASE": 50, "STOCK": 12.0, "plans": "Build more."})
    book.put({"BASE": "Two firms moved here."}, "explanation")
    (form,) = select(parse(page), "details.rail-workbook form")
    response = client.post(form.get("action"), {"workbook": Upload("x.xlsx", book.saved())})
    fields = select(parse(client.get(response["Location"])), "#workbook-form input[name=change]")
    keys = [field.get("value") for field in fields if field.get("checked") is not None]
    assert keys == ["P1", "P2", "GRP", "BASE", "STOCK", "plans"]
    client.post(response["Location"], {"change": keys})
    assert client.post(f"/reports/{submission.pk}/hand-over/").status_code == 302
    submission.refresh_from_db()
    numbers = [answer(submission, key).number for key in ("P2", "GRP")]
    assert (submission.state, numbers) == ("awaiting_signature", [Decimal(40), Decimal(2500)])


def test_only_the_last_three_uploads_of_a_person_are_kept(cast: Cast, draft: Submission) -> None:
    addresses = [previewed(cast.officer, draft, P1=value) for value in (61, 62, 63, 64)]
    assert [as_user(cast.officer).get(address).status_code for address in addresses] == [404, 200, 200, 200]
    assert WorkbookUpload.objects.count() == 3


def test_marked_page_and_preview_take_no_other_methods(cast: Cast, draft: Submission) -> None:
    address = previewed(cast.officer, draft, P1=61)
    assert as_user(cast.officer).post(address + "marked.xlsx", {"change": "P1"}).status_code == 405
    assert answer(draft, "P1").raw == "60"


@pytest.mark.parametrize("version", ["", "x", "-1", "９", "1" * 20])
def test_damaged_choice_is_refused(cast: Cast, draft: Submission, version: str) -> None:
    address = previewed(cast.officer, draft, P1=61)
    response = confirm(cast.officer, address, "P1", **{"choice-P1": "mine", "theirs-P1": version})
    assert (response.status_code, answer(draft, "P1").raw) == (400, "60")


def test_preview_from_before_a_move_to_another_version_says_so(cast: Cast, draft: Submission, now: datetime) -> None:
    """The question of the change is asked no more."""
    address = previewed(cast.officer, draft, P1=61, P2=41)
    kept = {code: Indicator.objects.get(code=code) for code in ("P2", "GRP")}
    move_cycle(cycle=draft.cycle, target=factories.make_version(kept), actor=cast.administrator, now=now)
    page = as_user(cast.officer).get(address)
    shown = [row.get("id") for row in select(parse(page), "table.workbook-changes tbody tr")]
    assert (page.status_code, "has a newer revision" in text_of(page), shown) == (200, True, ["q-P2"])
    assert (confirm(cast.officer, address, "P2").status_code, answer(draft, "P2").raw) == (409, "40")
    assert as_user(cast.officer).get(address + "marked.xlsx").status_code == 200


def test_preview_is_gone_for_who_may_not_fill_the_report_in_any_more(cast: Cast, draft: Submission) -> None:
    """Whoever went over to the bureau would read there what nobody has signed."""
    address = previewed(cast.officer, draft, P1=61)
    cast.officer.memberships.all().delete()
    BureauRole.objects.create(user=cast.officer, role=BureauRoleName.ADMINISTRATOR, scope=Scope.ALL)
    refresh_grants(user_id=cast.officer.pk)
    assert [as_user(cast.officer).get(address).status_code, confirm(cast.officer, address, "P1").status_code] == [404, 404]
    assert answer(draft, "P1").raw == "60"


@pytest.mark.parametrize("values", [{"P1": 61}, {"P1": 61, "P2": 41, "GRP": 251}])
def test_pages_of_the_workbook_take_the_same_few_queries(cast: Cast, draft: Submission, values: dict[str, int]) -> None:
    address = previewed(cast.officer, draft, **values)
    client = as_user(cast.officer)
    counts = []
    for path in (address, page_of(draft), f"/reports/{draft.pk}/workbook.xlsx"):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts == [16, 11, 14]
