"""The queue of long jobs: one works at a time, nothing is done twice, nothing is lost, and one item is no other's matter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone, translation

from districts.enums import BureauRoleName
from districts.errors import NotAllowed, Refused
from districts.models import District
from reporting.domain.jobs import KEPT_FOR, MAX_UNFINISHED, ask_for_workbooks, cancel_job, expire_jobs, take_workbooks
from reporting.jobs.claiming import LEASE, MAX_TRIES, Claims
from reporting.jobs.running import sweep_jobs
from reporting.models import Cycle, Job, JobItem, Submission
from tests.conftest import Cast
from tests.doorbell import ringing_at, tries
from tests.factories import NOW, make_bureau, make_cycle
from tests.reporting.jobs.works import Told, after, break_down, kill, killed, refuse

FILES = [("a.xlsx", b"A"), ("b.xlsx", b"B"), ("c.xlsx", b"C")]
LATER = after(NOW, seconds=LEASE.total_seconds() + 1)


@pytest.fixture
def job(cast: Cast, cycle: Cycle) -> Job:
    return take_workbooks(cycle=cycle, name="mail.zip", files=FILES, actor=cast.reviewer, now=NOW)


def states(job: Job) -> list[str]:
    return list(job.items.order_by("position").values_list("state", flat=True))


def reread(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


# Asking.


def test_download_has_an_item_for_each_report_of_the_portfolio(cast: Cast, cycle: Cycle) -> None:
    job = ask_for_workbooks(cycle=cycle, actor=cast.reviewer, now=NOW)
    items = job.items.values_list("district__code", "submission__district__code", "name")
    assert list(items) == [("north", "north", "2026-S1 north Northgate.xlsx")]
    assert (job.item_count, job.state, job.language) == (1, "waiting", "en")


def test_download_of_who_has_all_districts_leaves_the_released_out(
    cast: Cast, cycle: Cycle, south_submission: Submission
) -> None:
    Submission.objects.filter(pk=south_submission.pk).update(state="released")
    job = ask_for_workbooks(cycle=cycle, actor=cast.administrator, now=NOW)
    assert [item.district for item in job.items.select_related("district")] == [cast.north]


def test_download_in_chinese_names_the_files_so(cast: Cast, cycle: Cycle) -> None:
    with translation.override("zh-hans"):
        job = ask_for_workbooks(cycle=cycle, actor=cast.reviewer, now=NOW)
    assert job.language == "zh-hans"
    assert job.items.get().name == f"2026-S1 north {District.objects.get(code='north').name_zh}.xlsx"


def test_download_asked_twice_is_one_job(cast: Cast, cycle: Cycle) -> None:
    first, second = (ask_for_workbooks(cycle=cycle, actor=cast.reviewer, now=NOW) for _ in range(2))
    other = ask_for_workbooks(cycle=cycle, actor=cast.administrator, now=NOW)
    assert first == second
    assert other != first
    Told().run(first, NOW)
    assert ask_for_workbooks(cycle=cycle, actor=cast.reviewer, now=NOW) != first


def test_download_of_an_empty_portfolio_is_refused(cast: Cast, cycle: Cycle) -> None:
    nobody = make_bureau("nobody", BureauRoleName.REVIEWER, [])
    with pytest.raises(NotAllowed):
        ask_for_workbooks(cycle=cycle, actor=cast.head, now=NOW)
    with pytest.raises(Refused, match="No district of your portfolio reports in this cycle"):
        ask_for_workbooks(cycle=cycle, actor=nobody, now=NOW)
    with pytest.raises(Refused, match="not open yet"):
        ask_for_workbooks(cycle=make_cycle(cycle.definition_version, "2027-S1"), actor=cast.reviewer, now=NOW)
    with pytest.raises(Refused, match="no workbook in this archive"):
        take_workbooks(cycle=cycle, name="empty.zip", files=[], actor=cast.reviewer, now=NOW)
    assert not Job.objects.exists()


def test_jobs_of_one_person_are_bounded(cast: Cast, cycle: Cycle) -> None:
    for _ in range(MAX_UNFINISHED):
        take_workbooks(cycle=cycle, name="x.zip", files=FILES, actor=cast.reviewer, now=NOW)
    with pytest.raises(Refused, match="5 jobs that are not finished"):
        take_workbooks(cycle=cycle, name="x.zip", files=FILES, actor=cast.reviewer, now=NOW)
    take_workbooks(cycle=cycle, name="x.zip", files=FILES, actor=cast.administrator, now=NOW)


def test_names_of_files_are_shown_without_path_and_signs(cast: Cast, cycle: Cycle) -> None:
    name = "../../etc\\区\u202e\x00.xlsx"
    job = take_workbooks(cycle=cycle, name="C:\\mail\\July.zip", files=[(name, b"")], actor=cast.reviewer, now=NOW)
    assert (reread(job).name, job.items.get().name) == ("July.zip", "区.xlsx")


# Running.


def test_run_does_every_item_and_finishes(job: Job) -> None:
    told = Told()
    assert told.run(job, NOW)
    assert told.seen == ["a.xlsx", "b.xlsx", "c.xlsx"]
    job = reread(job)
    assert (job.state, job.done_count) == ("done", 3)
    assert set(job.items.values_list("lease", "leased_until", "tries")) == {(None, None, 1)}
    assert job.finished_at is not None
    assert job.expires_at == job.finished_at + KEPT_FOR
    assert bytes(job.items.get(name="b.xlsx").content or b"") == b"content of b.xlsx"


def test_run_again_does_nothing(job: Job) -> None:
    Told().run(job, NOW)
    before, told = reread(job).finished_at, Told()
    assert not told.run(job, LATER)
    assert (told.seen, reread(job).finished_at) == ([], before)


def test_one_bad_file_spoils_none_of_the_others(job: Job) -> None:
    Told(**{"a.xlsx": refuse, "b.xlsx": break_down}).run(job, NOW)
    assert states(job) == ["refused", "failed", "done"]
    messages = list(job.items.values_list("message", flat=True))
    assert messages[0] == "It is torn.\nAnd wet."
    assert messages[1] == "Something went wrong over this file; the portal's log says what. Nothing was saved."
    assert reread(job).state == "done"


def test_what_a_refused_item_wrote_is_undone(job: Job, cast: Cast) -> None:
    def rename_and_refuse(own: Job, item: JobItem) -> None:
        District.objects.filter(pk=cast.north.pk).update(specialty="Chips")
        refuse(own, item)

    Told(**{"b.xlsx": rename_and_refuse}).run(job, NOW)
    assert District.objects.get(pk=cast.north.pk).specialty == ""


def test_run_in_the_jobs_language(cast: Cast, cycle: Cycle) -> None:
    languages: list[str | None] = []
    with translation.override("zh-hans"):
        job = take_workbooks(cycle=cycle, name="x.zip", files=FILES, actor=cast.reviewer, now=NOW)
    Told(**{"b.xlsx": lambda *_: languages.append(translation.get_language())}).run(job, NOW)
    assert languages == ["zh-hans"]
    assert translation.get_language() == "en"


def test_task_whose_time_is_over_leaves_the_rest_to_the_next(job: Job) -> None:
    told = Told()
    for done in (1, 2, 3):
        told.run(job, NOW, seconds=0)
        assert states(job).count("done") == done
        assert not job.items.exclude(lease=None).exists()
    told.run(job, NOW, seconds=0)
    assert (told.seen, reread(job).state) == (["a.xlsx", "b.xlsx", "c.xlsx"], "done")


def test_item_of_a_killed_worker_is_taken_again_after_its_lease(job: Job) -> None:
    told = Told(**{"b.xlsx": kill})
    with killed():
        told.run(job, NOW)
    assert states(job) == ["done", "waiting", "waiting"]
    others = Told()
    others.run(job, after(NOW, seconds=30))
    assert others.seen == ["c.xlsx"]
    assert (states(job), reread(job).state) == (["done", "waiting", "done"], "running")
    assert not Told().run(job, NOW + LEASE)
    again = Told()
    assert again.run(job, LATER)
    assert again.seen == ["b.xlsx"]
    assert (states(job), reread(job).state) == (["done", "done", "done"], "done")


def test_item_that_was_tried_in_vain_comes_after_the_rest(job: Job) -> None:
    with killed():
        Told(**{"b.xlsx": kill}).run(job, NOW)
    again = Told()
    again.run(job, LATER)
    assert again.seen == ["c.xlsx", "b.xlsx"]


@pytest.mark.parametrize("kind", ["briefing", "minutes"])
def test_item_of_a_document_that_was_tried_in_vain_keeps_its_place(cast: Cast, cycle: Cycle, kind: str) -> None:
    job = Job.objects.create(kind=kind, cycle=cycle, actor=cast.administrator, language="en", item_count=3, created_at=NOW)
    for position, (name, content) in enumerate(FILES, start=1):
        JobItem.objects.create(job=job, position=position, name=name, content=content)
    with killed():
        Told(**{"b.xlsx": kill}).run(job, NOW)
    beside = Told()
    beside.run(job, after(NOW, seconds=30))
    assert beside.seen == []
    again = Told()
    again.run(job, LATER)
    assert again.seen == ["b.xlsx", "c.xlsx"]


def test_item_that_kills_every_worker_is_given_up(job: Job) -> None:
    told, now = Told(**{"b.xlsx": kill}), NOW
    for _ in range(MAX_TRIES):
        with killed():
            told.run(job, now)
        now = after(now, seconds=LEASE.total_seconds() + 1)
    told.run(job, now)
    assert states(job) == ["done", "failed", "done"]
    assert job.items.get(name="b.xlsx").message == "This file was given up after several tries. Nothing was saved."
    assert reread(job).state == "done"


def test_database_that_went_away_is_no_items_fault(job: Job) -> None:
    def away(_job: Job, _item: JobItem) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        Told(**{"b.xlsx": away}).run(job, NOW)
    assert states(job) == ["done", "waiting", "waiting"]


def test_worker_that_finds_its_item_done_meanwhile_leaves_it(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that slept beyond its lease would."""
    claimed = Claims.next_item

    def taken(claims: Claims) -> JobItem | None:
        item = claimed(claims)
        if item is not None and item.tries == 0:
            JobItem.objects.filter(pk=item.pk, position=1).update(lease=uuid4())
        return item

    monkeypatch.setattr(Claims, "next_item", taken)
    told = Told()
    told.run(job, NOW)
    assert told.seen == ["b.xlsx", "c.xlsx"]
    assert (states(job), reread(job).state) == (["waiting", "done", "done"], "running")


def test_second_worker_beside_the_first_does_other_items(job: Job) -> None:
    second = Told()

    def run_second(own: Job, _item: JobItem) -> None:
        assert second.run(own, after(NOW, seconds=5))
        assert reread(job).state == "running"

    first = Told(**{"a.xlsx": run_second})
    first.run(job, NOW)
    assert (first.seen, second.seen) == (["a.xlsx"], ["b.xlsx", "c.xlsx"])
    assert (states(job), reread(job).state, reread(job).done_count) == (["done", "done", "done"], "done", 3)


def test_third_worker_beside_two_does_nothing(job: Job) -> None:
    second, third = Told(), Told()

    def run_third(own: Job, _item: JobItem) -> None:
        third.run(own, after(NOW, seconds=10))

    def run_second(own: Job, _item: JobItem) -> None:
        second.effects["b.xlsx"] = run_third
        second.run(own, after(NOW, seconds=5))

    Told(**{"a.xlsx": run_second}).run(job, NOW)
    assert (second.seen, third.seen) == (["b.xlsx", "c.xlsx"], [])
    assert job.places == 2


@pytest.mark.django_db(transaction=True)
def test_items_claimed_by_many_at_the_same_moment_are_each_claimed_once(cast: Cast, cycle: Cycle) -> None:
    files = [(f"{number:02}.xlsx", b"A") for number in range(30)]
    job = take_workbooks(cycle=cycle, name="mail.zip", files=files, actor=cast.reviewer, now=NOW)
    told = [Told() for _worker in range(6)]

    def run(one: Told) -> None:
        try:
            one.run(job, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(told)) as workers:
        list(workers.map(run, told))
    assert sorted(name for one in told for name in one.seen) == [name for name, _content in files]
    assert (reread(job).state, reread(job).done_count) == ("done", 30)


def test_job_whose_worker_died_before_it_said_that_all_is_done_is_finished_by_the_sweep(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state="running")
    job.items.update(state="done")
    told = Told()
    sweep_jobs(works=told.works, now=NOW)
    assert (told.seen, reread(job).state, reread(job).done_count) == ([], "done", 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("files", "rings"), [(FILES, 2), (FILES[:2], 2), (FILES[:1], 1)])
def test_job_rings_for_as_many_workers_as_it_has_places(
    cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch, files: list[tuple[str, bytes]], rings: int
) -> None:
    rung: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr("districts.doorbell._send", lambda name, args: rung.append((name, args)))
    job = take_workbooks(cycle=cycle, name="mail.zip", files=files, actor=cast.reviewer, now=NOW)
    assert rung == [("reporting.run_job", (job.pk,))] * rings


# Cancelling.


def test_cancel_ends_before_the_next_item(job: Job, cast: Cast) -> None:
    def cancel(own: Job, _item: JobItem) -> None:
        assert cancel_job(job=own, actor=cast.reviewer, now=NOW)

    told = Told(**{"b.xlsx": cancel})
    told.run(job, NOW)
    assert told.seen == ["a.xlsx", "b.xlsx"]
    job = reread(job)
    assert (job.state, job.done_count, job.expires_at) == ("cancelled", 1, NOW + KEPT_FOR)
    assert not Told().run(job, LATER)


def test_cancel_of_a_finished_job_changes_nothing(job: Job, cast: Cast) -> None:
    Told().run(job, NOW)
    assert not cancel_job(job=job, actor=cast.reviewer, now=NOW)
    assert reread(job).state == "done"


def test_cancel_of_a_colleagues_job_is_refused(job: Job, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        cancel_job(job=job, actor=cast.administrator, now=NOW)
    assert reread(job).state == "waiting"


# Expiring.


def test_expired_job_keeps_its_counts_and_no_file(job: Job, cast: Cast, cycle: Cycle) -> None:
    Told().run(job, NOW)
    running = take_workbooks(cycle=cycle, name="x.zip", files=FILES, actor=cast.reviewer, now=NOW)
    end: datetime | None = reread(job).expires_at
    assert end is not None
    assert expire_jobs(now=after(end, seconds=-1)) == 0
    assert job.items.count() == 3
    assert expire_jobs(now=end) == 1
    assert expire_jobs(now=end) == 0
    job = reread(job)
    assert (job.state, job.item_count, job.done_count, job.items.count()) == ("expired", 3, 3, 0)
    assert running.items.count() == 3


def test_sweep_runs_what_waits_and_deletes_what_expired(job: Job) -> None:
    told = Told()
    sweep_jobs(works=told.works, now=NOW)
    assert (told.seen, reread(job).state) == (["a.xlsx", "b.xlsx", "c.xlsx"], "done")
    sweep_jobs(works=told.works, now=after(NOW, days=8))
    assert (len(told.seen), reread(job).state) == (3, "expired")


def test_command_is_the_sweep(job: Job, cast: Cast) -> None:
    cancel_job(job=job, actor=cast.reviewer, now=NOW)
    Job.objects.update(expires_at=timezone.now())
    call_command("sweep_jobs")
    assert reread(job).state == "expired"


# What the database keeps.


@pytest.mark.parametrize(
    "change",
    [{"state": "waiting"}, {"state": "running"}, {"kind": "download"}, {"language": "zh-hans"}, {"finished_at": None}],
)
def test_finished_job_is_neither_begun_again_nor_changed(job: Job, change: dict[str, object]) -> None:
    Told().run(job, NOW)
    with pytest.raises(Exception, match=r"pgtrigger|violates check"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)


def test_item_of_another_districts_report_is_refused(job: Job, cast: Cast, south_submission: Submission) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        job.items.filter(name="a.xlsx").update(submission=south_submission)
    JobItem.objects.filter(job=job, name="a.xlsx").update(submission=south_submission, district=cast.south)


@pytest.mark.django_db(transaction=True)
def test_job_without_redis_waits_for_the_sweep(cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    with ringing_at(tmp_path) as redis:
        redis.stop()
        with tries() as connections:
            job = take_workbooks(cycle=cycle, name="mail.zip", files=FILES, actor=cast.reviewer, now=NOW)
    assert len(connections) <= 1
    told = Told()
    sweep_jobs(works=told.works, now=NOW)
    assert reread(job).state == "done"
