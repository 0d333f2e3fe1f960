"""Files that answer a question: who adds and removes them, when, and what is kept of them."""

import hashlib
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import User
from reporting.domain.evidence import MAX_FILES, add_file, remove_file
from reporting.domain.receipts import canonical_content
from reporting.domain.submissions import Terms, current_digest
from reporting.domain.verification import Verification
from reporting.models import EvidenceFile, Question, Revision, Submission
from reporting.queries.content import Finding
from reporting.queries.progress import progress_of
from reporting.queries.reports import blocking_findings, report_page
from reporting.queries.revisions import revision_diff
from tests.conftest import Cast
from tests.factories import NOW, make_cycle, make_version
from tests.files import JPEG, PNG, office, pdf
from tests.reporting.domain.states import bring_to, do, hand_over, reread, send_back
from tests.reporting.models.test_submission_triggers import run_sql

LOCKED = NOW + timedelta(days=30)


@pytest.fixture
def submission(cast: Cast) -> Submission:
    """Another district has the same file at the same question."""
    cycle = make_cycle(make_version(files=True), opened_by=cast.administrator)
    theirs = do(cycle.submissions.get(district=cast.south), "start", cast.south_officer)
    add(theirs, cast.south_officer, "south.pdf")
    return cycle.submissions.get(district=cast.north)


def add(submission: Submission, actor: User, name: str = "plan.pdf", content: bytes = pdf(), **more: Any) -> EvidenceFile:
    terms: dict[str, Any] = {"question_key": "papers", "now": NOW} | more
    return add_file(submission=reread(submission), name=name, content=content, actor=actor, **terms)


def working(submission: Submission) -> Revision:
    revision = reread(submission).working_revision
    assert revision is not None
    return revision


def names(submission: Submission) -> list[str]:
    return [file.name for file in EvidenceFile.objects.filter(revision__submission=submission).order_by("pk")]


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_file_is_kept_as_it_came(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    add(submission, cast.officer, "C:\\资料\\计划.PDF", pdf("north"))
    file = EvidenceFile.objects.get(district=cast.north)
    digest = hashlib.sha256(pdf("north")).hexdigest()
    assert (file.name, file.kind, file.size, file.sha256) == ("计划.PDF", "pdf", len(pdf("north")), digest)
    assert (file.revision, file.question_key, file.added_by, file.added_at) == (working(submission), "papers", cast.officer, NOW)
    assert file.stored_as == f"evidence/{cast.north.pk}/{digest[:2]}/{digest}"
    with default_storage.open(file.stored_as) as stored:
        assert stored.read() == pdf("north")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", pdf("a"), "pdf"),
        ("photo.png", JPEG, "jpeg"),
        ("scan", PNG, "png"),
        ("table.xls", office("xlsx"), "xlsx"),
        ("letter.exe", office("docx"), "docx"),
    ],
)
def test_kind_is_that_of_the_content(cast: Cast, submission: Submission, name: str, content: bytes, kind: str) -> None:
    bring_to("draft", submission, cast)
    assert add(submission, cast.officer, name, content).kind == kind


def test_several_files_and_the_same_again_is_the_one_that_is_there(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    first = add(submission, cast.officer, "a.pdf")
    add(submission, cast.head, "b.png", PNG)
    assert add(submission, cast.head, "another name.pdf") == first
    assert names(submission) == ["a.pdf", "b.png"]


def test_districts_do_not_share_what_is_stored(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    mine, theirs = add(submission, cast.officer), EvidenceFile.objects.get(district=cast.south)
    assert mine.sha256 == theirs.sha256
    assert mine.stored_as != theirs.stored_as


@pytest.mark.parametrize("role", ["observer", "reviewer", "approver", "administrator", "south_head", "south_officer", "outsider"])
def test_others_than_officers_and_head_add_and_remove_nothing(cast: Cast, submission: Submission, role: str) -> None:
    bring_to("draft", submission, cast)
    file = add(submission, cast.officer)
    with pytest.raises(NotAllowed):
        add(submission, getattr(cast, role), "b.png", PNG)
    with pytest.raises(NotAllowed):
        remove_file(file=file, actor=getattr(cast, role), now=NOW)
    assert names(submission) == ["plan.pdf"]


@pytest.mark.parametrize("state", ["not_started", "awaiting_signature", "submitted", "in_review", "approved", "released"])
def test_report_that_is_not_edited_takes_no_file(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    with pytest.raises(Refused, match="cannot be changed now"):
        add(submission, cast.officer)
    assert names(submission) == []


def test_locked_report_takes_and_loses_no_file(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    file = add(submission, cast.officer)
    with pytest.raises(Refused, match="locked since its closing time"):
        add(submission, cast.officer, "b.png", PNG, now=LOCKED)
    with pytest.raises(Refused, match="locked since its closing time"):
        remove_file(file=file, actor=cast.officer, now=LOCKED)
    assert names(submission) == ["plan.pdf"]


@pytest.mark.parametrize("key", ["plans", "P1", "nothing", "", "papers'"])
def test_only_a_question_of_files_takes_one(cast: Cast, submission: Submission, key: str) -> None:
    bring_to("draft", submission, cast)
    with pytest.raises(DomainError, match="no such question"):
        add(submission, cast.officer, question_key=key)
    assert names(submission) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "The file is empty"),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "is no PDF, JPEG, PNG"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 40, "is no PDF, JPEG, PNG"),
        ("a.jpg", JPEG + office("xlsx"), "is no PDF, JPEG, PNG"),
        ("a.xlsx", office("xlsx", more={"xl/vbaProject.bin": b"x"}), "macros or programs"),
        ("a.pdf", pdf()[:-8], "its end is missing"),
    ],
)
def test_file_that_cannot_be_evidence_is_refused_and_not_stored(
    cast: Cast, submission: Submission, name: str, content: bytes, words: str
) -> None:
    bring_to("draft", submission, cast)
    with pytest.raises(Refused, match=words):
        add(submission, cast.officer, name, content)
    digest = hashlib.sha256(content).hexdigest()
    assert names(submission) == []
    assert not default_storage.exists(f"evidence/{cast.north.pk}/{digest[:2]}/{digest}")


def test_size_at_the_limit_is_taken_and_one_byte_more_is_not(cast: Cast, submission: Submission, settings: Any) -> None:
    settings.FILE_MAX_BYTES = 1024 * 1024
    bring_to("draft", submission, cast)
    largest = pdf("x" * (1024 * 1024 - len(pdf(""))))
    assert add(submission, cast.officer, content=largest).size == 1024 * 1024
    with pytest.raises(Refused, match="too large: 1 MB are possible"):
        add(submission, cast.officer, content=largest + b"\n")


def test_so_many_files_at_a_question_and_no_more(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    files = [add(submission, cast.officer, content=pdf(str(number))) for number in range(MAX_FILES)]
    with pytest.raises(Refused, match="10 files at this question"):
        add(submission, cast.officer, content=pdf("one more"))
    remove_file(file=files[3], actor=cast.officer, now=NOW)
    add(submission, cast.officer, content=pdf("one more"))
    assert len(names(submission)) == MAX_FILES


def test_files_of_a_report_are_bounded_together(cast: Cast, submission: Submission, settings: Any) -> None:
    settings.REPORT_FILES_MAX_BYTES = 2 * 1024 * 1024
    bring_to("draft", submission, cast)
    half = pdf("x" * 1024 * 1024)
    add(submission, cast.officer, content=half)
    with pytest.raises(Refused, match="may have 2 MB together"):
        add(submission, cast.officer, content=half + b"\n")
    assert len(names(submission)) == 1


def test_removed_file_is_gone_from_the_report_and_may_come_again(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    file = add(submission, cast.officer)
    remove_file(file=file, actor=cast.head, now=NOW)
    assert names(submission) == []
    assert EvidenceFile.objects.filter(district=cast.south).count() == 1
    assert add(submission, cast.officer).pk != file.pk


def test_next_revision_has_the_files_and_the_signed_one_keeps_its_own(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    kept, dropped = add(submission, cast.officer, "kept.pdf"), add(submission, cast.officer, "dropped.png", PNG)
    send_back(submission, cast)
    first, second = submission.revisions.order_by("number")
    copies = list(second.files.all())
    assert [(file.name, file.sha256, file.added_by) for file in copies] == [
        (file.name, file.sha256, cast.officer) for file in (kept, dropped)
    ]
    with pytest.raises(Conflict, match="earlier revision"):
        remove_file(file=kept, actor=cast.officer, now=NOW)
    remove_file(file=copies[1], actor=cast.officer, now=NOW)
    add(submission, cast.officer, "new.jpg", JPEG)
    assert [[file.name for file in one.files.all()] for one in (first, second)] == [
        ["kept.pdf", "dropped.png"],
        ["kept.pdf", "new.jpg"],
    ]
    (item,) = revision_diff(first, second).differences
    shown = [[file.name for file in files] for files in (item.kept, item.removed, item.added)]
    assert (item.question.key, item.value_changed, shown) == ("papers", True, [["kept.pdf"], ["dropped.png"], ["new.jpg"]])


def test_same_files_are_no_difference(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    add(submission, cast.officer)
    send_back(submission, cast)
    assert revision_diff(*submission.revisions.order_by("number")).is_empty


def test_database_keeps_files_of_a_signed_revision_and_changes_none(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    file = add(submission, cast.officer)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(name="x")
    bring_to("submitted", submission, cast)
    fields = {
        name: getattr(file, name) for name in ("revision_id", "district_id", "kind", "name", "size", "added_by_id", "added_at")
    }
    changes: list[Any] = [
        lambda: EvidenceFile.objects.filter(pk=file.pk).delete(),
        lambda: EvidenceFile.objects.filter(pk=file.pk).update(sha256="1" * 64),
        lambda: EvidenceFile.objects.create(question_key="papers", sha256="0" * 64, **fields),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match=r"a signed revision does not change|Cannot update rows"), transaction.atomic():
            change()
    assert names(submission) == ["plan.pdf"]


def test_digest_is_of_this_form_or_no_row(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    fields = {"revision": working(submission), "district": cast.north, "kind": "pdf", "name": "x", "size": 1}
    for digest in ("", "../../x", "A" * 64, "0" * 63):
        with pytest.raises(DatabaseError, match="evidence_digest"), transaction.atomic():
            EvidenceFile.objects.create(question_key="papers", sha256=digest, added_by=cast.officer, added_at=NOW, **fields)


@pytest.fixture
def asking(cast: Cast) -> Submission:
    """Of a version that requires the files."""
    version = make_version(files=True, published=False, slug="strict")
    Question.objects.filter(section__version=version, key="papers").update(required=True)
    type(version).objects.filter(pk=version.pk).update(state="published")
    cycle = make_cycle(version, opened_by=cast.administrator)
    bring_to("draft", cycle.submissions.get(district=cast.north), cast)
    return cycle.submissions.get(district=cast.north)


def blocking(submission: Submission) -> list[Finding]:
    return blocking_findings(reread(submission), working(submission))


def test_required_files_are_missing_until_there_is_one(cast: Cast, asking: Submission) -> None:
    assert [(finding.question.key, finding.message) for finding in blocking(asking)] == [
        ("papers", "At least one file is required.")
    ]
    with pytest.raises(Refused, match="Papers: At least one file is required"):
        do(asking, "hand_over", cast.officer)
    page, progress = report_page(reread(asking)), progress_of([reread(asking)])[asking.pk]
    assert ((page.answered, page.required), (progress.answered, progress.required)) == ((6, 7), (6, 7))
    file = add(asking, cast.officer)
    assert blocking(asking) == []
    page, progress = report_page(reread(asking)), progress_of([reread(asking)])[asking.pk]
    assert ((page.answered, page.required), (progress.answered, progress.required)) == ((7, 7), (7, 7))
    remove_file(file=file, actor=cast.officer, now=NOW)
    assert len(blocking(asking)) == 1


def test_report_with_its_files_is_handed_over(cast: Cast, asking: Submission) -> None:
    add(asking, cast.officer)
    hand_over(asking, cast)
    assert reread(asking).state == "awaiting_signature"


def content_of(submission: Submission) -> dict[str, Any]:
    revision = working(submission)
    return canonical_content(submission, revision, revision.answers.all(), revision.files.all())


def test_files_are_part_of_what_is_signed(cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    without = content_of(submission)
    assert (without["format"], "files" in without) == (1, False)
    later, first = add(submission, cast.officer, "b.png", PNG), add(submission, cast.officer, "a.pdf")
    given = [["papers", file.sha256, file.size, file.kind, file.name] for file in (first, later)]
    assert content_of(submission) == without | {"format": 3, "files": sorted(given)}
    remove_file(file=later, actor=cast.officer, now=NOW)
    remove_file(file=first, actor=cast.officer, now=NOW)
    assert content_of(submission) == without


def test_report_whose_files_changed_since_it_was_read_is_not_signed(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    seen = current_digest(reread(submission))
    do(submission, "take_back", cast.officer)
    add(submission, cast.officer)
    do(submission, "hand_over", cast.officer)
    terms = Terms(seen_digest=seen, statement_accepted=True)
    with pytest.raises(Conflict, match="has changed since you opened"):
        do(submission, "sign", cast.head, terms=terms)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reporting_evidencefile SET sha256 = repeat('0', 64) WHERE id = %s",
        "UPDATE reporting_evidencefile SET name = 'other.pdf' WHERE id = %s",
        "UPDATE reporting_evidencefile SET question_key = 'plans' WHERE id = %s",
        "DELETE FROM reporting_evidencefile WHERE id = %s",
    ],
)
def test_receipt_shows_a_file_that_was_exchanged_behind_the_triggers(cast: Cast, submission: Submission, change: str) -> None:
    bring_to("draft", submission, cast)
    file = add(submission, cast.officer)
    bring_to("submitted", submission, cast)
    verification = Verification()
    assert (list(verification.mismatches()), verification.checked) == ([], 1)
    with pgtrigger.ignore("reporting.EvidenceFile:signed_frozen", "reporting.EvidenceFile:file_unchanged"):
        assert run_sql(change, file.pk) == 1
    assert [found.problem for found in Verification().mismatches()] == ["the digest is not that of what is stored"]
