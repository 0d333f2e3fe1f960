"""Attaching the stamped scan on the receipt, and getting it back, as a browser without scripts does."""

from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from districts.models import User
from reporting.models import Scan, Submission
from tests import factories
from tests.conftest import Cast
from tests.files import JPEG, PNG, Upload, pdf
from tests.reporting.views.browser import as_user, parse, select, step, text_of

WORDS = "is no PDF, JPEG or PNG"


@pytest.fixture
def signed(cast: Cast, submission: Submission, now: datetime) -> Submission:
    return factories.submit(submission, cast.head, now=now)


def receipt(submission: Submission, number: int = 1) -> str:
    return f"/reports/{submission.pk}/receipt/{number}/"


def send(user: User, submission: Submission, name: str = "scan.pdf", content: bytes = pdf(), number: int = 1) -> Any:
    return as_user(user).post(receipt(submission, number), {"scan": Upload(name, content)})


def file_of(user: User, submission: Submission) -> Any:
    return as_user(user).get(f"/reports/{submission.pk}/scans/{Scan.objects.latest('pk').pk}/")


def test_scan_is_attached_on_the_receipt_and_stands_there(cast: Cast, signed: Submission) -> None:
    client = as_user(cast.officer)
    page = client.get(receipt(signed))
    assert "No stamped scan is attached" in text_of(page, "#scan")
    (form,) = select(parse(page), "#scan form")
    (field,) = select(form, "input[type=file]")
    assert (form.get("action"), form.get("enctype"), field.get("name")) == (receipt(signed), "multipart/form-data", "scan")
    answer = send(cast.officer, signed, "盖章.pdf")
    assert (answer.status_code, answer["Location"]) == (302, receipt(signed) + "#scan")
    shown = text_of(client.get(receipt(signed)), "#scan")
    assert ("盖章.pdf" in shown, "attached by North Officer" in shown, "Replace the scan" in shown) == (True, True, True)
    send(cast.head, signed, "b.png", PNG)
    lines = [" ".join(line.text_content().split()) for line in select(parse(client.get(receipt(signed))), "ul.scans li")]
    assert [(line.split()[0], "replaced" in line) for line in lines] == [("b.png", False), ("盖章.pdf", True)]


def test_history_tells_of_the_scan_and_leads_to_it(cast: Cast, signed: Submission) -> None:
    history = f"/reports/{signed.pk}/history/"
    assert not select(parse(as_user(cast.officer).get(history)), "a[href$=#scan]")
    send(cast.officer, signed)
    page = parse(as_user(cast.observer).get(history))
    assert [link.get("href") for link in select(page, "a[href$=#scan]")] == [receipt(signed) + "#scan"]
    assert "Stamped scan attached" in " ".join(select(page, "ol.events li")[0].text_content().split())


@pytest.mark.parametrize("role", ["observer", "officer", "head", "reviewer", "approver", "administrator"])
def test_who_may_see_the_district_gets_the_file_to_save_and_nothing_of_it_runs(cast: Cast, signed: Submission, role: str) -> None:
    send(cast.officer, signed)
    answer: HttpResponse = file_of(getattr(cast, role), signed)
    assert (answer.status_code, answer.content) == (200, pdf())
    headers = {
        name: answer[name] for name in ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control")
    }
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert answer["Content-Disposition"].startswith('attachment; filename="2026-S1-north-half-year-1.pdf"; filename*=UTF-8')


@pytest.mark.parametrize("role", ["south_head", "south_officer", "south_reviewer", "outsider"])
def test_others_are_told_that_nothing_is_there(cast: Cast, signed: Submission, role: str) -> None:
    send(cast.officer, signed)
    for answer in (file_of(getattr(cast, role), signed), send(getattr(cast, role), signed, "b.png", PNG)):
        assert (answer.status_code, b"scan.pdf" in answer.content, b"%PDF" in answer.content) == (404, False, False)
    assert Scan.objects.count() == 1


def test_scan_under_another_report_of_the_own_district_is_not_there(cast: Cast, signed: Submission, now: datetime) -> None:
    send(cast.officer, signed)
    version = signed.cycle.definition_version
    other = factories.make_cycle(version, "2025-S1", opened_by=cast.administrator, now=now).submissions.get(district=cast.north)
    assert file_of(cast.officer, other).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kind", "ending"),
    [("a.JPEG", JPEG, "image/jpeg", ".jpg"), ("named.jpg", PNG, "image/png", ".png")],
)
def test_kind_is_that_of_the_content(cast: Cast, signed: Submission, name: str, content: bytes, kind: str, ending: str) -> None:
    send(cast.officer, signed, name, content)
    answer = file_of(cast.reviewer, signed)
    assert (answer["Content-Type"], answer.content) == (kind, content)
    assert answer["Content-Disposition"].endswith(ending)


def test_saved_name_says_district_and_period_in_the_readers_language(cast: Cast, signed: Submission) -> None:
    Submission.objects.filter(pk=signed.pk).update(district_name_zh='北"区/一\r\nX: y')
    User.objects.filter(pk=cast.head.pk).update(language="zh-hans")
    send(cast.officer, signed)
    english, chinese = (file_of(user, signed)["Content-Disposition"] for user in (cast.officer, cast.head))
    assert unquote(english.partition("UTF-8''")[2]) == "Northgate 2026-S1, stamped report, revision 1.pdf"
    plain, _mark, full = chinese.partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="2026-S1-north-half-year-1.pdf"'
    assert (full.isascii(), set(full) & set('"/\\;\r\n ')) == (True, set())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose the file"),
        ({"scan": "text in place of a file"}, "Choose the file"),
        ({"other": Upload("scan.pdf", pdf())}, "Choose the file"),
        ({"scan": Upload("scan.pdf", b"")}, "The file is empty"),
        ({"scan": Upload("scan.png", b"<html><script>alert(1)</script>", "image/png")}, WORDS),
        ({"scan": Upload("scan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")}, "has to end in"),
        ({"scan": Upload("scan.pdf.html", pdf(), "application/pdf")}, "has to end in"),
        ({"scan": Upload("scan.pdf", pdf()[:-9])}, "its end is missing"),
    ],
)
def test_refused_file_is_said_beside_the_field_and_changes_nothing(
    cast: Cast, signed: Submission, fields: dict[str, Any], words: str
) -> None:
    send(cast.officer, signed, "before.pdf")
    answer = as_user(cast.officer).post(receipt(signed), fields)
    assert (answer.status_code, words in text_of(answer, "#scan p.error")) == (422, True)
    (field,) = select(parse(answer), "#scan input[type=file]")
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "scan-help scan-error-1")
    assert [scan.name for scan in Scan.objects.all()] == ["before.pdf"]


@override_settings(SCAN_MAX_BYTES=1024 * 1024)
def test_file_over_the_limit_is_refused_before_it_is_kept_anywhere(cast: Cast, signed: Submission) -> None:
    """Several files of one request count together."""
    fits, half = pdf("x" * (1024 * 1024 - len(pdf("")))), pdf("x" * 700_000)
    assert send(cast.officer, signed, content=fits).status_code == 302
    for files in ([Upload("a.pdf", fits + b"\n")], [Upload("a.pdf", fits * 30)], [Upload("a.pdf", half), Upload("b.pdf", half)]):
        answer = as_user(cast.officer).post(receipt(signed), {"scan": files})
        assert (answer.status_code, "1 MB are possible" in text_of(answer, "#scan p.error")) == (422, True)
    assert Scan.objects.count() == 1


def test_no_page_keeps_a_large_file(cast: Cast, signed: Submission) -> None:
    """Also where nobody asked for one, and of who is not signed in."""
    large = Upload("a.pdf", b"x" * (settings.SCAN_MAX_BYTES + 1))
    for client, path in ((Client(), receipt(signed)), (Client(), "/accounts/login/"), (as_user(cast.officer), "/preferences/")):
        request: Any = client.post(path, {"scan": large}).wsgi_request
        assert (dict(request.FILES), request.upload_was_too_large) == ({}, True)


def test_report_that_came_back_meanwhile_says_so(cast: Cast, signed: Submission, now: datetime) -> None:
    step(signed, "recall", cast.head, now)
    answer = send(cast.officer, signed)
    assert (answer.status_code, "attached once it is signed" in text_of(answer)) == (409, True)
    assert select(parse(answer), "#scan form") == []
    assert send(cast.officer, signed, number=2).status_code == 404


def test_those_who_only_read_see_no_form(cast: Cast, signed: Submission) -> None:
    send(cast.officer, signed)
    for user in (cast.observer, cast.reviewer, cast.administrator):
        page = as_user(user).get(receipt(signed))
        assert ("scan.pdf" in text_of(page, "#scan"), select(parse(page), "#scan form")) == (True, [])
        assert send(user, signed, "b.png", PNG).status_code == 403
