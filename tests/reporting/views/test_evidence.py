"""Adding files at a question, getting them back and removing them, as a browser without scripts does, and with them."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from districts.models import User
from reporting.domain.evidence import add_file
from reporting.models import Cycle, EvidenceFile, Submission
from tests import factories
from tests.conftest import Cast
from tests.files import JPEG, PNG, Upload, office, pdf
from tests.reporting.views.browser import as_user, parse, select, step, text_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cycle(cast: Cast, now: datetime) -> Cycle:
    return factories.make_cycle(factories.make_version(files=True), opened_by=cast.administrator, now=now - timedelta(hours=1))


@pytest.fixture
def south_file(cast: Cast, south_submission: Submission, now: datetime) -> EvidenceFile:
    factories.fill(south_submission, cast.south_officer, now=now)
    assert send(cast.south_officer, south_submission, "south.pdf", pdf("south")).status_code == 302
    return EvidenceFile.objects.get(district=cast.south)


def page_of(submission: Submission) -> str:
    return f"/reports/{submission.pk}/"


def form_of(submission: Submission, key: str = "papers") -> str:
    return f"{page_of(submission)}evidence/{key}/"


def send(user: User, submission: Submission, name: str = "plan.pdf", content: bytes = pdf(), **more: Any) -> Any:
    return as_user(user).post(form_of(submission), {"file": Upload(name, content)}, **more)


def url_of(file: EvidenceFile) -> str:
    return f"{page_of(file.revision.submission)}files/{file.pk}/"


def only(submission: Submission) -> EvidenceFile:
    return EvidenceFile.objects.select_related("revision__submission").get(revision__submission=submission)


def test_file_is_added_at_its_question_and_stands_there(cast: Cast, draft: Submission, south_file: EvidenceFile) -> None:
    client = as_user(cast.officer)
    page = client.get(page_of(draft))
    assert "No file yet" in text_of(page, "#q-papers")
    (form,) = select(parse(page), "form#files-form-papers")
    (field,) = select(parse(page), "#file-papers")
    assert (form.get("action"), form.get("enctype")) == (form_of(draft), "multipart/form-data")
    assert (field.get("form"), field.get("name"), field.get("aria-invalid")) == ("files-form-papers", "file", None)
    assert select(parse(page), "form form") == []
    answer = send(cast.officer, draft, "计划.pdf")
    assert (answer.status_code, answer["Location"]) == (302, page_of(draft) + "#q-papers")
    send(cast.head, draft, "b.png", PNG)
    page = client.get(page_of(draft))
    lines = [" ".join(line.text_content().split()) for line in select(parse(page), "#files-papers li")]
    assert [line.split(" added by ")[0] for line in lines] == [
        f"计划.pdf PDF · {len(pdf())} bytes",
        f"b.png PNG · {len(PNG)} bytes",
    ]
    assert ["North Officer" in lines[0], "North Head" in lines[1], "south" in text_of(page)] == [True, True, False]


def test_with_scripts_the_answer_is_the_pieces_that_follow(cast: Cast, draft: Submission) -> None:
    answer = send(cast.officer, draft, headers=HTMX)
    pieces = {element.get("id") for element in select(parse(answer), "[hx-swap-oob]")}
    assert (answer.status_code, pieces) == (200, {"files-papers", "notes-papers", "flags-papers", "rail-progress", "to-do"})
    refused = send(cast.officer, draft, "b.pdf", b"<html>", headers=HTMX)
    assert (refused.status_code, "is no PDF, JPEG, PNG" in text_of(refused, "#files-papers p.error")) == (422, True)
    assert "plan.pdf" in text_of(refused, "#files-papers")


def test_question_of_files_is_not_saved_by_itself(cast: Cast, draft: Submission) -> None:
    page = parse(as_user(cast.officer).get(page_of(draft)))
    assert [select(page, f"#q-{key}")[0].get("hx-post") is not None for key in ("plans", "papers")] == [True, False]
    assert select(page, "#seen-papers, #answer-papers") == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose the file"),
        ({"file": "text in place of a file"}, "Choose the file"),
        ({"other": Upload("a.pdf", pdf())}, "Choose the file"),
        ({"file": Upload("a.pdf", b"")}, "The file is empty"),
        ({"file": Upload("a.pdf", b"<html><script>alert(1)</script>", "application/pdf")}, "is no PDF, JPEG, PNG"),
        ({"file": Upload("a.jpg", JPEG + office(), "image/jpeg")}, "is no PDF, JPEG, PNG"),
        ({"file": Upload("a.xlsx", office(more={"xl/vbaProject.bin": b"x"}))}, "macros or programs"),
        ({"file": Upload("a.pdf", pdf()[:-9])}, "its end is missing"),
    ],
)
def test_refused_file_is_said_at_its_question_and_changes_nothing(
    cast: Cast, draft: Submission, fields: dict[str, Any], words: str
) -> None:
    send(cast.officer, draft, "before.pdf")
    answer = as_user(cast.officer).post(form_of(draft), fields)
    assert (answer.status_code, words in text_of(answer, "#files-papers p.error")) == (422, True)
    (field,) = select(parse(answer), "#file-papers")
    described = (field.get("aria-describedby") or "").split()
    assert (field.get("aria-invalid"), "file-error-papers" in described) == ("true", True)
    assert [file.name for file in EvidenceFile.objects.all()] == ["before.pdf"]


def test_file_over_the_limit_is_refused_before_it_is_kept_anywhere(cast: Cast, draft: Submission, settings: Any) -> None:
    settings.FILE_MAX_BYTES = 1024 * 1024
    fits = pdf("x" * (1024 * 1024 - len(pdf(""))))
    assert send(cast.officer, draft, content=fits).status_code == 302
    for content in (fits + b"\n", fits * 3):
        answer = send(cast.officer, draft, content=content)
        assert (answer.status_code, "1 MB are possible" in text_of(answer, "#files-papers p.error")) == (422, True)
    assert EvidenceFile.objects.count() == 1


@pytest.mark.parametrize("role", ["observer", "officer", "head"])
def test_the_district_gets_the_file_to_save_and_nothing_of_it_runs(cast: Cast, draft: Submission, role: str) -> None:
    send(cast.officer, draft, "计划.pdf")
    answer: Any = as_user(getattr(cast, role)).get(url_of(only(draft)))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, pdf())
    names = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
    assert [answer[name] for name in names] == [
        "application/pdf",
        "default-src 'none'; sandbox",
        "nosniff",
        "private, no-store",
    ]
    assert (answer["Content-Length"], "X-Accel-Redirect" in answer) == (str(len(pdf())), False)
    kind, _mark, name = answer["Content-Disposition"].partition("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", "计划.pdf")


@pytest.mark.parametrize("role", ["south_head", "south_officer", "south_reviewer", "outsider"])
def test_others_are_told_that_nothing_is_there(cast: Cast, draft: Submission, south_file: EvidenceFile, role: str) -> None:
    send(cast.officer, draft, "canary.pdf")
    client, file = as_user(getattr(cast, role)), only(draft)
    for answer in (
        client.get(url_of(file)),
        client.get(url_of(file) + "remove/"),
        client.post(url_of(file) + "remove/"),
        client.post(form_of(draft), {"file": Upload("b.png", PNG)}),
        client.get(f"{page_of(south_file.revision.submission)}files/{file.pk}/"),
    ):
        assert (answer.status_code, b"canary" in answer.content) == (404, False)
    assert EvidenceFile.objects.count() == 2


def test_bureau_reads_the_files_once_they_are_signed(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft)
    people = [as_user(user) for user in (cast.reviewer, cast.approver, cast.administrator)]
    assert {client.get(url_of(only(draft))).status_code for client in people} == {404}
    step(draft, "hand_over", cast.officer, now)
    factories.sign(draft, cast.head, now)
    assert {client.get(url_of(only(draft))).status_code for client in people} == {200}
    page = as_user(cast.reviewer).get(f"/admin/reporting/submission/{draft.pk}/change/")
    (link,) = select(parse(page), "#question-papers a[href*=/files/]")
    assert (link.get("href"), link.text_content()) == (url_of(only(draft)), "plan.pdf")


def test_file_of_a_revision_that_is_being_corrected_is_not_the_bureaus_yet(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft, "first.pdf")
    step(draft, "hand_over", cast.officer, now)
    factories.sign(draft, cast.head, now)
    step(draft, "recall", cast.head, now)
    send(cast.officer, draft, "later.png", PNG)
    later = EvidenceFile.objects.select_related("revision__submission").get(name="later.png")
    assert [as_user(user).get(url_of(later)).status_code for user in (cast.officer, cast.reviewer)] == [200, 404]


def test_those_who_only_read_see_the_files_and_no_form(cast: Cast, draft: Submission) -> None:
    send(cast.officer, draft)
    page = as_user(cast.observer).get(page_of(draft))
    assert ("plan.pdf" in text_of(page, "#q-papers"), select(parse(page), "form#files-form-papers, #file-papers")) == (True, [])
    assert select(parse(page), "#q-papers a[href$=/remove/]") == []
    assert send(cast.observer, draft, "b.png", PNG).status_code == 403
    assert as_user(cast.observer).get(url_of(only(draft)) + "remove/").status_code == 403


def test_removing_asks_first(cast: Cast, draft: Submission) -> None:
    send(cast.officer, draft)
    client, file = as_user(cast.officer), only(draft)
    (link,) = select(parse(client.get(page_of(draft))), "#files-papers a[href$=/remove/]")
    page = client.get(link.get("href") or "")
    assert ("Remove this file?" in text_of(page), "plan.pdf" in text_of(page), EvidenceFile.objects.count()) == (True, True, 1)
    answer = client.post(link.get("href") or "")
    assert (answer.status_code, answer["Location"]) == (302, page_of(draft) + "#q-papers")
    assert not EvidenceFile.objects.exists()
    assert "“plan.pdf” is removed." in text_of(client.get(page_of(draft)), "body")
    assert [client.get(url_of(file)).status_code, client.post(link.get("href") or "").status_code] == [404, 404]


def test_report_that_was_handed_over_meanwhile_keeps_its_files(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft)
    step(draft, "hand_over", cast.officer, now)
    client, url = as_user(cast.officer), url_of(only(draft)) + "remove/"
    assert (client.get(url).status_code, client.post(url).status_code) == (302, 422)
    answer = send(cast.officer, draft, "b.png", PNG)
    assert (answer.status_code, "cannot be changed now" in text_of(answer)) == (422, True)
    assert [file.name for file in EvidenceFile.objects.all()] == ["plan.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "saved"),
    [
        ("letter.exe", office("docx"), "letter.exe.docx"),
        ("photo.JPEG", JPEG, "photo.JPEG"),
        ("photo.png", JPEG, "photo.png.jpg"),
        ("a\r\nSet-Cookie: x=y.pdf", pdf(), "aSet-Cookie: x=y.pdf"),
        ('"; filename=evil.html', pdf(), '"; filename=evil.html.pdf'),
        ("<script>alert(1)<.pdf", pdf(), "<script>alert(1)<.pdf"),
    ],
)
def test_hostile_name_is_a_text_and_the_saved_one_ends_as_what_it_is(
    cast: Cast, draft: Submission, now: datetime, name: str, content: bytes, saved: str
) -> None:
    add_file(submission=draft, question_key="papers", name=name, content=content, actor=cast.officer, now=now)
    given = as_user(cast.officer).get(url_of(only(draft)))["Content-Disposition"]
    assert given.isascii()
    assert "\n" not in given
    assert saved in {unquote(given.partition("utf-8''")[2]), given.partition('filename="')[2].rstrip('"').replace('\\"', '"')}
    page = as_user(cast.officer).get(page_of(draft)).content.decode()
    assert "<script>alert(1)" not in page


def test_proxy_is_told_where_the_file_is(cast: Cast, draft: Submission, settings: Any) -> None:
    settings.FILES_ACCEL_PREFIX = "/files-of-reports/"
    send(cast.officer, draft, "计划.pdf")
    file = only(draft)
    answer = as_user(cast.observer).get(url_of(file))
    assert (answer.status_code, answer.content, answer["X-Accel-Redirect"]) == (200, b"", f"/files-of-reports/{file.stored_as}")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=utf-8''计划.pdf"
    assert as_user(cast.south_officer).get(url_of(file)).headers.get("X-Accel-Redirect") is None


@pytest.mark.parametrize("prefix", ["", "/files-of-reports/"])
def test_file_that_is_lost_is_said_and_logged(
    cast: Cast, draft: Submission, settings: Any, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FILES_ACCEL_PREFIX = prefix
    send(cast.officer, draft)
    file = only(draft)
    default_storage.delete(file.stored_as)
    with caplog.at_level(logging.ERROR, "reporting.views.stored"):
        answer = as_user(cast.officer).get(url_of(file))
    assert (answer.status_code, "“plan.pdf” is not in the file store any more" in text_of(answer)) == (410, True)
    assert [record.getMessage() for record in caplog.records if record.name == "reporting.views.stored"] == [
        f"EvidenceFile {file.pk} is not in the store: {file.stored_as}"
    ]


def test_signed_out_visitor_is_sent_to_sign_in(cast: Cast, draft: Submission) -> None:
    send(cast.officer, draft)
    for answer in (Client().get(url_of(only(draft))), Client().post(form_of(draft), {"file": Upload("b.png", PNG)})):
        assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)
    assert Client().post(form_of(draft), {"file": Upload("b.png", PNG)}, headers=HTMX).status_code == 401


def test_receipt_names_the_files_that_were_signed(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft)
    step(draft, "hand_over", cast.officer, now)
    factories.sign(draft, cast.head, now)
    page = parse(as_user(cast.officer).get(page_of(draft) + "receipt/1/"))
    (line,) = select(page, ".signed-files li")
    assert line.text_content().split() == ["plan.pdf", only(draft).sha256]


def test_signer_and_printed_report_show_the_files(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft)
    step(draft, "hand_over", cast.officer, now)
    for path in ("sign/", "print/"):
        page = as_user(cast.head).get(page_of(draft) + path)
        assert ("plan.pdf" in text_of(page, "#q-papers"), select(parse(page), "#file-papers")) == (True, [])


def test_comparison_says_which_files_came_and_went(cast: Cast, draft: Submission, now: datetime) -> None:
    send(cast.officer, draft, "kept.pdf")
    send(cast.officer, draft, "dropped.png", PNG)
    for name, content in (("new.jpg", JPEG), ("newer.xlsx", office())):
        step(draft, "hand_over", cast.officer, now)
        factories.sign(draft, cast.head, now)
        step(draft, "recall", cast.head, now)
        found = EvidenceFile.objects.select_related("revision__submission").filter(name="dropped.png").latest("pk")
        if found.revision == Submission.objects.get(pk=draft.pk).working_revision:
            as_user(cast.officer).post(url_of(found) + "remove/")
        send(cast.officer, draft, name, content)
    for user, path in (
        (cast.officer, f"{page_of(draft)}compare/?before=1&after=2"),
        (cast.reviewer, f"/admin/reporting/submission/{draft.pk}/revisions/1/2/"),
    ):
        page = parse(as_user(user).get(path))
        sides = [
            [[part.text_content() for part in select(cell, tag)] for tag in ("li", "del", "ins")]
            for cell in select(page, ".diff-files")
        ]
        assert sides == [[["kept.pdf", "dropped.png"], ["dropped.png"], []], [["kept.pdf", "new.jpg"], [], ["new.jpg"]]]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_with_files_query_count(
    cast: Cast, draft: Submission, south_file: EvidenceFile, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        send(cast.officer, draft, content=pdf(str(number)))
    client = as_user(cast.officer)
    with django_assert_num_queries(21):
        page = client.get(page_of(draft))
    assert len(select(parse(page), "#files-papers li")) == rows


def test_page_in_chinese(cast: Cast, draft: Submission) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="zh-hans")
    send(cast.officer, draft, "计划.pdf")
    page = as_user(cast.officer).get(page_of(draft))
    assert "材料" in text_of(page, "#q-papers")
    assert "上传文件" in text_of(page, "#q-papers")
    refused = send(cast.officer, draft, "a.pdf", b"<html>")
    assert "不是 PDF、JPEG、PNG" in text_of(refused, "#files-papers p.error")
