"""Key tasks over HTTP: from the bureau's assignment to the report in which the district tells of it, and to its closing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from districts.models import District, User
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.models import KeyTask, Submission
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db
DEADLINE = timezone.localdate() + timedelta(days=60)


def make(lead: District, actor: User, title: str = "Data exchange") -> KeyTask:
    given = Assignment(title, lead, "A working exchange", DEADLINE)
    return assign_key_task(assignment=given, actor=actor, now=timezone.now())


def steps_of(report: Submission) -> dict[str, str]:
    names = ("report", "report_hand_over", "report_sign")
    return {name: reverse(name, args=[report.pk]) for name in names}


def test_whole_way_from_assignment_through_the_report_to_closing(cast: Cast, draft: Submission) -> None:
    approver, officer, head = as_user(cast.approver), as_user(cast.officer), as_user(cast.head)
    typed: dict[str, Any] = {"title": "Data exchange", "deliverable": "A working exchange", "deadline": str(DEADLINE)}
    typed |= {"source": "symposium", "reference": "Symposium 2024", "leads": [cast.north.pk], "co_leads": [cast.south.pk]}
    assert approver.post(reverse("admin:reporting_keytask_add"), typed).status_code == 302
    task = KeyTask.objects.get()
    assert "Data exchange" in text_of(officer.get(reverse("key_tasks")))
    urls = steps_of(draft)
    page = officer.get(urls["report"])
    party = task.parties.get(district=cast.north)
    (section,) = select(parse(page), f"#task-{party.pk}")
    assert "Data exchange" in section.text_content()
    saved = officer.post(
        reverse("report_task", args=[draft.pk, party.pk]), {"seen": "0", "progress": "40", "text": "The first ten."}
    )
    assert saved["Location"] == f"{urls['report']}#task-{party.pk}"
    assert officer.post(urls["report_hand_over"]).status_code == 302
    signing = head.get(urls["report_sign"])
    assert "The first ten." in text_of(signing)
    (digest,) = select(parse(signing), 'input[name="digest"]')
    assert head.post(urls["report_sign"], {"digest": digest.get("value"), "statement": "yes"}).status_code == 302
    assert "40 %" in text_of(officer.get(reverse("key_task", args=[task.pk])))
    review = as_user(cast.reviewer).get(reverse("admin:reporting_submission_change", args=[draft.pk]))
    assert "The first ten." in text_of(review, "body")
    assert head.post(reverse("key_task_done", args=[task.pk]), {"note": "It runs."}).status_code == 302
    close = reverse("admin:reporting_keytask_step", args=[task.pk, "close"])
    assert approver.post(close, {"note": ""}).status_code == 422
    assert approver.post(close, {"note": "Seen on site."}).status_code == 302
    told = text_of(as_user(cast.south_observer).get(reverse("key_task", args=[task.pk])))
    assert "Seen on site." in told


def test_clash_in_the_report_shows_what_stands_and_keeps_what_was_typed(cast: Cast, draft: Submission) -> None:
    party = make(cast.north, cast.approver).parties.get()
    url = reverse("report_task", args=[draft.pk, party.pk])
    assert as_user(cast.head).post(url, {"seen": "0", "progress": "40", "text": "The head's."}).status_code == 302
    clash = as_user(cast.officer).post(url, {"seen": "0", "progress": "60", "text": "The officer's."})
    assert clash.status_code == 409
    assert "North Head saved: 40 %, “The head's.”" in text_of(clash)
    (box,) = select(parse(clash), f"#text-{party.pk}")
    assert box.text_content() == "The officer's."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "from 0 to 100"),
        ({"progress": "x"}, "Enter a whole number."),
        ({"progress": "1.5"}, "Enter a whole number."),
        ({"progress": "101", "text": "x"}, "from 0 to 100"),
        ({"progress": "9" * 30, "text": "x"}, "from 0 to 100"),
        ({"progress": "5", "text": "x" * 5001}, "5000"),
    ],
)
def test_bad_progress_is_said_at_the_page(cast: Cast, draft: Submission, body: dict[str, str], said: str) -> None:
    task = make(cast.north, cast.approver)
    party = task.parties.get()
    inside = as_user(cast.officer).post(reverse("report_task", args=[draft.pk, party.pk]), body)
    between = as_user(cast.officer).post(reverse("key_task", args=[task.pk]), body)
    assert (inside.status_code, said in text_of(inside)) == (422, True)
    assert (between.status_code, said in text_of(between)) == (422, True)
    assert party.updates.count() == 0


def test_foreign_task_in_the_own_report_is_missing(cast: Cast, draft: Submission) -> None:
    theirs = make(cast.south, cast.approver, "Theirs")
    for url in (
        reverse("report_task", args=[draft.pk, theirs.parties.get().pk]),
        reverse("key_task_done", args=[theirs.pk]),
        reverse("key_task_extension", args=[theirs.pk]),
    ):
        assert as_user(cast.officer).post(url, {"progress": "5", "text": "x", "note": "x"}).status_code == 404
    assert "Theirs" not in text_of(as_user(cast.officer).get(reverse("report", args=[draft.pk])))


def test_more_time_is_asked_for_and_given_in_the_pages(cast: Cast) -> None:
    task = make(cast.north, cast.approver)
    ask = reverse("key_task_extension", args=[task.pk])
    wanted = DEADLINE + timedelta(days=30)
    assert as_user(cast.officer).get(ask).status_code == 200
    assert as_user(cast.officer).post(ask, {"wanted": "soon", "why": "x"}).status_code == 422
    assert as_user(cast.officer).post(ask, {"wanted": str(DEADLINE), "why": "x"}).status_code == 422
    assert as_user(cast.officer).post(ask, {"wanted": str(wanted), "why": "Parts are late."}).status_code == 302
    page = as_user(cast.approver).get(reverse("admin:reporting_keytask_change", args=[task.pk]))
    assert "Parts are late." in text_of(page, "body")
    grant = reverse("admin:reporting_keytask_extension", args=[task.pk, "grant"])
    assert as_user(cast.approver).post(grant, {"until": str(wanted), "answer": ""}).status_code == 302
    task.refresh_from_db()
    assert task.deadline == wanted
    assert as_user(cast.approver).post(grant, {"until": str(wanted + timedelta(days=1)), "answer": ""}).status_code == 409


def test_one_form_makes_a_task_for_each_lead_or_none(cast: Cast) -> None:
    url = reverse("admin:reporting_keytask_add")
    typed = {"title": "Both", "deliverable": "A plan", "deadline": str(DEADLINE), "source": "plan"}
    none = as_user(cast.approver).post(url, typed | {"leads": []})
    assert (none.status_code, KeyTask.objects.count()) == (422, 0)
    past = as_user(cast.approver).post(url, typed | {"leads": [cast.north.pk, cast.south.pk], "deadline": "2020-01-01"})
    assert (past.status_code, KeyTask.objects.count()) == (422, 0)
    assert as_user(cast.approver).post(url, typed | {"leads": [cast.north.pk, cast.south.pk]}).status_code == 302
    assert {party.district for task in KeyTask.objects.all() for party in task.parties.all()} == {cast.north, cast.south}


def test_stale_change_at_the_bureau_is_a_conflict(cast: Cast) -> None:
    task = make(cast.north, cast.approver)
    url = reverse("admin:reporting_keytask_edit", args=[task.pk])
    typed = {"title": "First", "deliverable": "A plan", "deadline": str(DEADLINE), "version": 1}
    assert as_user(cast.approver).post(url, typed).status_code == 302
    clash = as_user(cast.administrator).post(url, typed | {"title": "Second"})
    assert (clash.status_code, "changed this task meanwhile" in text_of(clash, "body")) == (409, True)
    task.refresh_from_db()
    assert task.title == "First"


def test_list_asks_the_same_number_of_questions_for_one_task_as_for_three(cast: Cast) -> None:
    client, counts = as_user(cast.officer), []
    for title in ("One", "Two", "Three"):
        make(cast.north, cast.approver, title)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("key_tasks"))
        counts.append(len(captured))
    assert counts == [9, 9, 9]
