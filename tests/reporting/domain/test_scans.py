"""The stamped scan of a signed report: who attaches it, when, and what is kept."""

import hashlib
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from districts.enums import DistrictRole
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.scans import MAX_SCANS, attach_scan
from reporting.models import Event, Revision, Scan, Submission
from reporting.queries.scans import scans_of
from tests.conftest import Cast
from tests.factories import NOW, make_acting
from tests.files import JPEG, PNG, pdf
from tests.reporting.domain.states import bring_to, do, reread, resubmit, send_back

UNSIGNED = ["not_started", "draft", "awaiting_signature", "returned"]


def latest(submission: Submission) -> Revision:
    revision = submission.revisions.order_by("-number").first()
    assert revision is not None
    return revision


def attach(submission: Submission, actor: User, name: str = "scan.pdf", content: bytes = pdf(), **more: Any) -> Scan:
    return attach_scan(revision=more.get("revision") or latest(submission), name=name, content=content, actor=actor, now=NOW)


def kept() -> list[tuple[str, str]]:
    return list(Scan.objects.order_by("pk").values_list("name", "kind"))


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_scan_is_kept_as_it_came_with_an_event_and_no_mail(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    mails = OutgoingMail.objects.count()
    attach(submission, cast.officer, "盖章报告.PDF", pdf("north"))
    scan = Scan.objects.get()
    assert (bytes(scan.content), scan.size, scan.sha256) == (
        pdf("north"), len(pdf("north")), hashlib.sha256(pdf("north")).hexdigest(),
    )  # fmt: skip
    assert (scan.revision, scan.district_id, scan.kind, scan.name) == (latest(submission), cast.north.pk, "pdf", "盖章报告.PDF")
    event = Event.objects.get(kind="scan")
    assert (event.actor, event.note, event.at, event.revision) == (cast.officer, "盖章报告.PDF", NOW, scan.revision)
    assert (event.from_state, event.to_state, event.data) == (state, state, {})
    assert (reread(submission).state, OutgoingMail.objects.count()) == (state, mails)


def test_later_scan_replaces_the_earlier_one_and_both_stay(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    first = attach(submission, cast.officer, "a.pdf")
    second = attach(submission, cast.head, "b.jpeg", JPEG)
    back = attach(submission, cast.officer, "c.pdf")
    assert scans_of(latest(submission)) == [back, second, first]
    assert kept() == [("a.pdf", "pdf"), ("b.jpeg", "jpeg"), ("c.pdf", "pdf")]


def test_same_file_again_is_the_scan_that_is_there(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    first = attach(submission, cast.officer)
    assert attach(submission, cast.head, "another name.pdf") == first
    assert (kept(), Event.objects.filter(kind="scan").count()) == ([("scan.pdf", "pdf")], 1)


def test_lists_of_scans_do_not_read_their_bytes(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    attach(submission, cast.officer)
    assert [scan.get_deferred_fields() for scan in (*scans_of(latest(submission)), Scan.objects.get())] == [{"content"}] * 2


@pytest.mark.parametrize("role", ["observer", "reviewer", "approver", "administrator", "south_head", "south_officer", "outsider"])
def test_others_than_officers_and_head_attach_nothing(cast: Cast, submission: Submission, role: str) -> None:
    bring_to("submitted", submission, cast)
    with pytest.raises(NotAllowed):
        attach(submission, getattr(cast, role))
    assert kept() == []


def test_acting_head_attaches_and_the_event_says_so(cast: Cast, submission: Submission) -> None:
    acting = make_acting("stand-in", cast.north, DistrictRole.OBSERVER)
    bring_to("submitted", submission, cast)
    attach(submission, acting)
    assert Event.objects.get(kind="scan").data == {"acting": True}


@pytest.mark.parametrize("state", UNSIGNED)
def test_report_that_is_not_signed_takes_no_scan(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    revision = submission.revisions.first() or Revision(submission=submission, number=1)
    with pytest.raises(Conflict, match="attached once it is signed"):
        attach(submission, cast.officer, revision=revision)
    assert kept() == []


def test_scan_of_an_earlier_revision_is_refused_and_its_own_stays(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    first, own = latest(submission), attach(submission, cast.officer)
    do(submission, "recall", cast.head)
    resubmit(reread(submission), cast)
    with pytest.raises(Conflict, match="A later revision was signed"):
        attach(submission, cast.officer, "b.png", PNG, revision=first)
    assert (scans_of(first), scans_of(latest(submission))) == ([own], [])


def test_returned_report_keeps_the_scan_of_what_was_signed(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    revision = submission.revisions.get(number=1)
    with pytest.raises(Conflict):
        attach(submission, cast.officer, revision=revision)
    resubmit(submission, cast)
    assert attach(submission, cast.officer).revision.number == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scan.pdf", b"", "The file is empty"),
        ("scan.png", b"<html><script>alert(1)</script></html>", "no PDF, JPEG or PNG"),
        ("scan.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PDF, JPEG or PNG"),
        ("scan.pdf", b"PK\x03\x04" + pdf(), "no PDF, JPEG or PNG"),
        ("scan.pdf.html", pdf(), "has to end in"),
        ("scan.png.exe", PNG, "has to end in"),
        ("scan.svg", PNG, "has to end in"),
        ("scan", PNG, "has to end in"),
        ("scan.pdf", pdf()[:-8], "its end is missing"),
        ("scan.png", PNG + b"<script>", "its end is missing"),
    ],
)
def test_file_that_cannot_be_a_scan_is_refused_and_the_one_before_stays(
    cast: Cast, submission: Submission, name: str, content: bytes, words: str
) -> None:
    bring_to("submitted", submission, cast)
    before = attach(submission, cast.officer)
    with pytest.raises(Refused, match=words):
        attach(submission, cast.officer, name, content)
    assert (scans_of(latest(submission)), Event.objects.filter(kind="scan").count()) == ([before], 1)


def test_size_at_the_limit_is_taken_and_one_byte_more_is_not(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    largest = pdf("x" * (settings.SCAN_MAX_BYTES - len(pdf(""))))
    assert attach(submission, cast.officer, content=largest).size == 10 * 1024 * 1024
    with pytest.raises(Refused, match="too large: 10 MB are possible"):
        attach(submission, cast.officer, content=largest + b"\n")


def test_so_many_scans_of_a_revision_and_no_more(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    for number in range(MAX_SCANS):
        attach(submission, cast.officer, content=pdf(str(number)))
    with pytest.raises(Refused, match="20 scans already"):
        attach(submission, cast.officer, content=pdf("one more"))
    assert len(kept()) == MAX_SCANS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\u202efdp.pdf", "abfdp.pdf"),
        (f"{'长' * 200}.pdf", f"{'长' * 146}.pdf"),
        ("<b>scan</b>.pdf", "b>.pdf"),
    ],
)
def test_name_is_a_text_to_tell_files_apart(cast: Cast, submission: Submission, name: str, shown: str) -> None:
    bring_to("submitted", submission, cast)
    assert attach(submission, cast.officer, name).name == shown


def test_database_keeps_scans_as_they_are(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    attach(submission, cast.officer)
    changes: list[Any] = [
        lambda: Scan.objects.update(name="x"),
        lambda: Scan.objects.update(content=b"x"),
        lambda: Scan.objects.all().delete(),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    assert kept() == [("scan.pdf", "pdf")]
