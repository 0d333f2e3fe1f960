"""Workbooks that came by mail: each for itself, all of it or nothing, of the portfolio alone, and never over the head."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from districts.errors import NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.answers import AnswerChange
from reporting.domain.entering import begin_for_district, enter_for_district
from reporting.domain.jobs import take_workbooks
from reporting.domain.submissions import apply_transition
from reporting.jobs.claiming import LEASE
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Answer, Cycle, Event, Job, JobItem, Submission
from reporting.workbooks.bundles import read_each
from tests import factories
from tests.conftest import Cast
from tests.factories import ANSWERS, NOW
from tests.reporting.admin.helpers import signed_in
from tests.reporting.jobs.helpers import TYPED, answers, download, filled, upload, zipped
from tests.reporting.jobs.works import Killed, after, killed
from tests.reporting.workbooks.every_kind import Edited

CANARY = "canarysouth"
UNKNOWN = "This workbook is of no report of your districts in Report half-year 2026-S1. Nothing was read."


@pytest.fixture
def blank(cast: Cast, cycle: Cycle) -> dict[str, bytes]:
    """Both districts' workbooks, before anybody began."""
    return download(cycle, cast.administrator)


def state(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).state


def events(submission: Submission) -> list[tuple[str, str]]:
    return list(submission.events.order_by("pk").values_list("kind", "actor__email"))


def mails(kind: str = "entered") -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


# What is saved.


def test_workbook_fills_in_the_districts_draft(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    item = upload(cycle, cast.reviewer, {"north.xlsx": filled(blank["north"])})["north.xlsx"]
    assert (item.state, item.message, item.content) == ("done", "6 answers were saved.", None)
    assert (item.submission, item.district) == (submission, cast.north)
    assert answers(submission) == ANSWERS
    assert state(submission) == "draft"
    assert set(Answer.objects.values_list("updated_by", "status")) == {(cast.reviewer.pk, "reported")}


def test_history_and_mail_say_who_filled_it_in(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    upload(cycle, cast.reviewer, {"July 区.xlsx": filled(blank["north"])})
    assert events(submission) == [("start", cast.reviewer.email), ("enter", cast.reviewer.email)]
    start, enter = submission.events.order_by("pk")
    assert [one.capacity for one in (start, enter)] == ["for the district"] * 2
    assert enter.reason == "6 answers from “July 区.xlsx”"
    assert (enter.from_state, enter.to_state) == ("draft", "draft")
    assert mails() == sorted([cast.head.email, cast.officer.email])


def test_head_still_hands_over_and_signs(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"])})
    for name in ("hand_over", "sign", "take_back", "recall"):
        with pytest.raises(NotAllowed):
            apply_transition(submission=submission, name=name, actor=cast.reviewer, now=NOW)
    apply_transition(submission=submission, name="hand_over", actor=cast.officer, now=NOW)
    assert factories.sign(submission, cast.head).state == "submitted"


def test_same_file_again_changes_nothing(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    file = {"n.xlsx": filled(blank["north"])}
    upload(cycle, cast.reviewer, file)
    before = list(Answer.objects.order_by("pk").values_list("version", "updated_at"))
    item = upload(cycle, cast.reviewer, file, now=after(NOW, hours=1))["n.xlsx"]
    assert (item.state, item.message) == ("done", "Nothing in this workbook differs from the report.")
    assert list(Answer.objects.order_by("pk").values_list("version", "updated_at")) == before
    assert (len(events(submission)), len(mails())) == (2, 2)


def test_same_file_twice_in_one_archive_is_saved_once(cast: Cast, cycle: Cycle, blank: dict[str, bytes]) -> None:
    file = filled(blank["north"])
    items = upload(cycle, cast.reviewer, {"a.xlsx": file, "b.xlsx": file})
    assert [items[name].message for name in ("a.xlsx", "b.xlsx")] == [
        "6 answers were saved.",
        "Nothing in this workbook differs from the report.",
    ]
    assert len(mails()) == 2


def test_workbook_in_the_other_language_is_read(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    User.objects.filter(pk=cast.reviewer.pk).update(language="zh-hans")
    client = signed_in(User.objects.get(pk=cast.reviewer.pk))
    client.post(reverse("admin:reporting_job_exchange"), {"cycle": cycle.pk, "what": "download"})
    job = Job.objects.get()
    run_job(job_id=job.pk, works=WORKS, now=NOW)
    content = bytes(job.items.get().content or b"")
    item = upload(cycle, cast.reviewer, {"北门.xlsx": filled(content)})["北门.xlsx"]
    assert (item.state, answers(submission)) == ("done", ANSWERS)


def test_checks_are_told_and_do_not_keep_it_from_being_saved(cast: Cast, cycle: Cycle, blank: dict[str, bytes]) -> None:
    item = upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"], TYPED | {"GRP": 50, "STOCK": -1})})["n.xlsx"]
    assert (item.state, item.message) == ("done", "6 answers were saved.")
    cells = {problem["cell"]: problem["text"] for problem in item.problems}
    book = Edited(blank["north"])
    assert "Indicator STOCK" in cells[book.cell("STOCK").coordinate]
    assert "Indicator GRP" in " ".join(cells.values())
    assert item.marked is not None


# What is refused.


def test_unreadable_cell_saves_nothing_of_its_file_and_all_of_the_others(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission, south_submission: Submission
) -> None:
    bad = filled(blank["north"], TYPED | {"P1": "about sixty", "GRP": "x"})
    items = upload(cycle, cast.administrator, {"bad.xlsx": bad, "good.xlsx": filled(blank["south"])})
    assert (items["bad.xlsx"].state, items["good.xlsx"].state) == ("refused", "done")
    assert items["bad.xlsx"].message == "Nothing was saved: correct the cells and send the workbook again."
    book = Edited(blank["north"])
    cells = [(problem["sheet"], problem["cell"]) for problem in items["bad.xlsx"].problems]
    assert cells == [(book.sheet.title, book.cell(key).coordinate) for key in ("P1", "GRP")]
    assert "about sixty" in items["bad.xlsx"].problems[0]["text"]
    assert (state(submission), answers(submission)) == ("not_started", {})
    assert answers(south_submission) == ANSWERS
    marked = load_workbook(io.BytesIO(bytes(items["bad.xlsx"].marked or b"")))
    assert marked[book.sheet.title][cells[0][1]].comment is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"%PDF-1.4 a scan", "xlsx"), (b"PK\x03\x04 torn", "incomplete")],
)
def test_file_that_is_no_workbook_is_refused_alone(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission, content: bytes, said: str
) -> None:
    items = upload(cycle, cast.reviewer, {"a.xlsx": content, "n.xlsx": filled(blank["north"])})
    assert (items["a.xlsx"].state, items["n.xlsx"].state) == ("refused", "done")
    assert said in items["a.xlsx"].message
    assert answers(submission) == ANSWERS


def test_answer_that_the_district_changed_meanwhile_stays_and_is_not_told(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission
) -> None:
    factories.fill(submission, cast.officer, {"P1": "61803.39", "plans": "Secret"})
    item = upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"])})["n.xlsx"]
    assert (item.state, item.message) == ("refused", "Nothing was saved: the district has gone on with its report.")
    book = Edited(blank["north"])
    assert [problem["cell"] for problem in item.problems] == [book.cell(key).coordinate for key in ("P1", "plans")]
    told = str(item.problems) + item.message
    assert "61803" not in told
    assert "Secret" not in told
    assert answers(submission) == {"P1": "61803.39", "plans": "Secret"}
    assert (events(submission), mails()) == ([("start", cast.officer.email)], [])


def test_checks_do_not_tell_what_the_draft_holds_beside_the_workbook(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission
) -> None:
    factories.fill(submission, cast.officer, {"GRP": "1"})
    item = upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"], {"P1": 60, "P2": 40})})["n.xlsx"]
    assert (item.state, item.message, item.problems) == ("done", "2 answers were saved.", [])
    assert answers(submission) == {"GRP": "1", "P1": "60", "P2": "40"}


def test_workbook_of_another_portfolio_answers_like_none(cast: Cast, cycle: Cycle, blank: dict[str, bytes]) -> None:
    south = filled(blank["south"], TYPED | {"plans": CANARY})
    gone = upload(cycle, cast.reviewer, {"s.xlsx": south})["s.xlsx"]
    assert (gone.state, gone.message, gone.submission, gone.district) == ("refused", UNKNOWN, None, None)
    Submission.objects.filter(district=cast.south).update(state="released")
    assert not Answer.objects.exists()
    assert CANARY not in gone.message


def test_workbook_of_another_cycle_answers_like_none(cast: Cast, cycle: Cycle, blank: dict[str, bytes]) -> None:
    other = factories.make_cycle(cycle.definition_version, "2027-S1", opened_by=cast.administrator)
    item = upload(other, cast.reviewer, {"n.xlsx": filled(blank["north"])})["n.xlsx"]
    assert (item.state, "is of no report of your districts in Report half-year 2027-S1" in item.message) == ("refused", True)


def test_blank_workbook_begins_nothing(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    item = upload(cycle, cast.reviewer, {"n.xlsx": blank["north"]})["n.xlsx"]
    assert (item.state, item.message) == ("refused", "Nothing is filled in in this workbook.")
    assert (state(submission), events(submission)) == ("not_started", [])


@pytest.mark.parametrize("step", ["hand_over", "sign"])
def test_report_that_cannot_be_edited_is_left_alone(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission, step: str
) -> None:
    factories.fill(submission, cast.officer)
    apply_transition(submission=submission, name="hand_over", actor=cast.officer, now=NOW)
    if step == "sign":
        factories.sign(submission, cast.head)
    item = upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"], TYPED | {"practice": "One more"})})["n.xlsx"]
    assert item.state == "refused"
    assert "cannot be changed now; nothing was saved" in item.message
    assert answers(submission).get("practice") is None


def test_locked_report_is_left_alone(cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission) -> None:
    late = after(cycle.locks_at, minutes=1)
    item = upload(cycle, cast.reviewer, {"n.xlsx": filled(blank["north"])}, now=late)["n.xlsx"]
    assert (item.state, state(submission)) == ("refused", "not_started")
    assert "locked" in item.message


def test_reviewer_who_lost_the_district_meanwhile_is_refused(cast: Cast, cycle: Cycle, blank: dict[str, bytes]) -> None:
    file = filled(blank["north"])
    job = take_workbooks(cycle=cycle, name="x.zip", files=[("n.xlsx", file)], actor=cast.reviewer, now=NOW)
    cast.reviewer.bureau_role.delete()
    User.objects.filter(pk=cast.reviewer.pk).update(is_active=False)
    run_job(job_id=job.pk, works=WORKS, now=NOW)
    assert (job.items.get().state, job.items.get().message) == ("refused", UNKNOWN)


# Who else could.


@pytest.mark.parametrize("role", ["officer", "head", "south_reviewer", "outsider"])
def test_nobody_else_enters_for_a_district(cast: Cast, submission: Submission, role: str) -> None:
    given: dict[str, Any] = {"submission": submission, "workbook": "x.xlsx", "actor": getattr(cast, role), "now": NOW}
    with pytest.raises(NotAllowed):
        begin_for_district(**given)
    with pytest.raises(NotAllowed):
        enter_for_district(changes=[AnswerChange("P1", 0, raw="1")], **given)
    assert not Event.objects.exists()


def test_reviewer_starts_no_report_without_a_workbook(cast: Cast, submission: Submission) -> None:
    with pytest.raises(NotAllowed):
        apply_transition(submission=submission, name="start", actor=cast.reviewer, now=NOW)


# The job.


def test_worker_killed_over_a_file_saves_it_once(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission
) -> None:
    def die_after_saving(job: Job, item: JobItem, now: Any) -> Any:
        WORKS["upload"](job, item, now)
        raise Killed

    job = take_workbooks(cycle=cycle, name="x.zip", files=[("n.xlsx", filled(blank["north"]))], actor=cast.reviewer, now=NOW)
    with killed():
        run_job(job_id=job.pk, works={"upload": die_after_saving}, now=NOW)
    assert (state(submission), mails()) == ("not_started", [])
    run_job(job_id=job.pk, works=WORKS, now=after(NOW, seconds=LEASE.total_seconds() + 1))
    assert (job.items.get().state, answers(submission)) == ("done", ANSWERS)
    assert (len(events(submission)), len(mails())) == (2, 2)


# The page.


def post(client: Client, cycle: Cycle, content: bytes | None) -> Any:
    archive = {"archive": SimpleUploadedFile("mail.zip", content)} if content is not None else {}
    body = {"cycle": cycle.pk, "what": "upload", **archive}
    return client.post(reverse("admin:reporting_job_exchange"), body)


def test_page_takes_an_archive_and_shows_the_job(
    cast: Cast, cycle: Cycle, blank: dict[str, bytes], submission: Submission
) -> None:
    client = signed_in(cast.reviewer)
    files = {"本区/n.xlsx": filled(blank["north"]), "letter.zip": b"PK", "__MACOSX/x": b"", "scan.pdf": b"%PDF"}
    response = post(client, cycle, zipped(files))
    job = Job.objects.get(kind="upload")
    assert response["Location"] == reverse("admin:reporting_job_change", args=[job.pk])
    assert (job.name, job.item_count) == ("mail.zip", 3)
    run_job(job_id=job.pk, works=WORKS, now=NOW)
    shown = client.get(response["Location"]).content.decode()
    assert "6 answers were saved." in shown
    assert "holds another archive, “letter.zip”" in shown
    assert {item.name: item.state for item in job.items.all()} == {
        "n.xlsx": "done",
        "letter.zip": "refused",
        "scan.pdf": "refused",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Choose the ZIP file with the workbooks."),
        (b"", "The file is empty."),
        (b"none", "no ZIP file"),
        (zipped({}), "holds no files"),
        (zipped({"n.xlsx": b"PK"})[:40], "incomplete"),
    ],
    ids=["none", "empty", "other", "no files", "incomplete"],  # an archive holds the time at which it was made
)
def test_page_refuses_what_is_no_archive_in_words(cast: Cast, cycle: Cycle, content: bytes | None, said: str) -> None:
    response = post(signed_in(cast.reviewer), cycle, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Job.objects.exists()


def test_page_refuses_an_archive_that_is_too_large(cast: Cast, cycle: Cycle, settings: Any) -> None:
    settings.ARCHIVE_MAX_BYTES = 100
    response = post(signed_in(cast.reviewer), cycle, zipped({"n.xlsx": b"x" * 200}))
    assert response.status_code == 422
    assert "The ZIP file is too large: 0 MB are possible." in response.content.decode()
    assert not Job.objects.exists()


def test_page_without_a_cycle_says_so(cast: Cast) -> None:
    shown = signed_in(cast.reviewer).get(reverse("admin:reporting_job_exchange")).content.decode()
    assert "No cycle has been opened yet" in shown


@pytest.mark.parametrize("given", ["0", "x", "9" * 40, ""])
def test_page_of_a_cycle_that_is_none_is_not_there(cast: Cast, cycle: Cycle, given: str) -> None:
    client, address = signed_in(cast.reviewer), reverse("admin:reporting_job_exchange")
    assert client.get(f"{address}?cycle={given}").status_code == 404
    assert client.post(address, {"cycle": given, "what": "download"}).status_code == 404


def test_archive_with_one_bad_file_gives_the_others() -> None:
    damaged = bytearray(zipped({"a.xlsx": b"AAAA", "b.xlsx": b"BBBB", "c.rar": b"C"}))
    damaged[damaged.index(b"AAAA")] = 0
    found = dict(read_each(bytes(damaged)))
    assert found["b.xlsx"] == b"BBBB"
    assert [str(found[name]) for name in ("a.xlsx", "c.rar")] == [
        "The file “a.xlsx” in the ZIP file is damaged. Make the ZIP file again.",
        "The ZIP file holds another archive, “c.rar”. Unpack that one first, and send its files.",
    ]
    assert isinstance(found["a.xlsx"], Refused)


def test_archive_that_is_too_much_altogether_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.workbooks.limits.ARCHIVE_EXPANDED_BYTES", 6)
    with pytest.raises(Refused, match="too large once it is unpacked"):
        dict(read_each(zipped({"a.xlsx": b"AAAA", "b.xlsx": b"BBBB"})))
