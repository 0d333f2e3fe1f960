"""The symposium over HTTP: from the plan in the bureau's pages to the task that a district finds in its report."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from districts.models import OutgoingMail
from reporting.domain.symposiums.planning import Meeting, invite_districts, plan_symposium
from reporting.domain.symposiums.results import hold_symposium
from reporting.models import ActionItem, Conclusion, Cycle, KeyTask, Submission, Symposium
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db


def step(client: Client, symposium: Symposium, name: str, status: int = 302) -> Any:
    url = reverse("admin:reporting_symposium_step", args=[symposium.pk, name])
    assert client.get(url).status_code == 200
    response = client.post(url)
    assert response.status_code == status, name
    return response


def planned(cycle: Cycle, cast: Cast) -> Symposium:
    meeting = Meeting("Symposium", timezone.now() + timedelta(days=30), "Hall", "The director")
    return plan_symposium(cycle=cycle, meeting=meeting, seed=7, actor=cast.administrator, now=timezone.now())


@pytest.fixture
def invited(cycle: Cycle, cast: Cast) -> Symposium:
    return invite_districts(symposium=planned(cycle, cast), actor=cast.administrator, now=timezone.now())


def test_whole_way_from_the_plan_to_a_task_in_the_next_report(cast: Cast, draft: Submission) -> None:
    administrator, officer = as_user(cast.administrator), as_user(cast.officer)
    soon = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    typed = {"cycle": draft.cycle_id, "title": "Symposium", "starts_at": soon, "place": "Hall", "chair": "The director"}
    made = administrator.post(reverse("admin:reporting_symposium_add"), typed)
    symposium = Symposium.objects.get()
    assert made["Location"] == reverse("admin:reporting_symposium_change", args=[symposium.pk])
    page = reverse("symposium", args=[symposium.pk])
    assert officer.get(page).status_code == 404
    step(administrator, symposium, "invite")
    assert "Northgate" in text_of(officer.get(page))
    assert officer.post(page, {"answer": "deputy", "person": "", "note": ""}).status_code == 422
    assert officer.post(page, {"answer": "deputy", "person": "Deputy Wang", "note": ""}).status_code == 302
    assert "Deputy Wang" in text_of(administrator.get(made["Location"]), "body")
    asked = administrator.get(reverse("admin:reporting_symposium_step", args=[symposium.pk, "remind"]))
    facts = [fact.text_content() for fact in select(parse(asked), ".bureau-facts li")]
    assert facts == ["Officers and heads of these districts get a mail, once a day at most:", "Southgate"]
    step(administrator, symposium, "remind")
    assert "1 district is reminded." in text_of(administrator.get(made["Location"]), "body")
    step(administrator, symposium, "remind", 422)
    reminded = OutgoingMail.objects.filter(kind="symposium_reminded").values_list("recipient", flat=True)
    assert set(reminded) == {cast.south_officer.pk, cast.south_head.pk}
    step(administrator, symposium, "find")
    (problem,) = symposium.problems.all()
    decide = reverse("admin:reporting_symposium_problem", args=[symposium.pk, problem.pk])
    assert administrator.post(decide, {"decision": "accepted", "text": "Two are missing."}).status_code == 302
    add = reverse("admin:reporting_symposium_conclusion", args=[symposium.pk])
    assert administrator.post(add, {"group": "collaboration", "text": ""}).status_code == 422
    assert administrator.post(add, {"group": "collaboration", "text": "Share data."}).status_code == 302
    conclusion = Conclusion.objects.get()
    item = {"title": "Data exchange", "lead": cast.north.pk, "deliverable": "A plan"}
    item |= {"deadline": str(timezone.localdate() + timedelta(days=90))}
    items = reverse("admin:reporting_symposium_item", args=[symposium.pk, conclusion.pk])
    assert administrator.post(items, item | {"deadline": "soon"}).status_code == 422
    assert administrator.post(items, item).status_code == 302
    assert step(administrator, symposium, "hold", 422)
    Symposium.objects.filter(pk=symposium.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    step(administrator, symposium, "hold")
    step(administrator, symposium, "conclude", 422)
    step(administrator, symposium, "assign")
    step(administrator, symposium, "conclude")
    task = KeyTask.objects.get()
    assert ActionItem.objects.get().task == task
    assert "Data exchange" in text_of(officer.get(reverse("report", args=[draft.pk])))
    assert "Share data." in text_of(officer.get(page))
    assert "Share data." in text_of(as_user(cast.south_observer).get(page))


def test_pack_is_there_once_it_is_shared(cast: Cast, invited: Symposium) -> None:
    administrator, pack = as_user(cast.administrator), reverse("symposium_pack", args=[invited.pk])
    assert as_user(cast.head).get(pack).status_code == 404
    assert "Open them first" in text_of(step(administrator, invited, "share", 422), "body")
    Cycle.objects.filter(pk=invited.cycle_id).update(figures_opened_at=timezone.now())
    step(administrator, invited, "share")
    assert as_user(cast.head).get(pack).status_code == 200
    assert as_user(cast.outsider).get(pack).status_code == 404


def test_entry_for_the_calendar_is_downloaded_by_who_may_see_it(cast: Cast, invited: Symposium) -> None:
    url = reverse("symposium_entry", args=[invited.pk])
    response = as_user(cast.observer).get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"SUMMARY:Symposium" in response.content
    assert as_user(cast.outsider).get(url).status_code == 404


def test_agenda_is_moved_by_buttons(cast: Cast, cycle: Cycle) -> None:
    symposium = planned(cycle, cast)
    administrator, page = as_user(cast.administrator), reverse("admin:reporting_symposium_change", args=[symposium.pk])
    first, second = list(symposium.agenda.all())[:2]
    url = reverse("admin:reporting_symposium_agenda", args=[symposium.pk, second.pk])
    assert administrator.post(url, {"move": "up"})["Location"] == f"{page}#item-{second.pk}"
    assert [item.pk for item in symposium.agenda.all()][:2] == [second.pk, first.pk]
    administrator.post(url, {"minutes": "25"})
    second.refresh_from_db()
    assert second.minutes == 25
    assert "Give the minutes" in text_of(administrator.post(url, {"minutes": "x"}, follow=True), "body")
    foreign = reverse("admin:reporting_symposium_agenda", args=[symposium.pk, 987654])
    assert administrator.post(foreign, {"move": "up"}).status_code == 404


def test_step_out_of_turn_is_refused_in_words(cast: Cast, invited: Symposium) -> None:
    hold_symposium(symposium=invited, actor=cast.administrator, now=timezone.now() + timedelta(days=31))
    response = step(as_user(cast.administrator), invited, "invite", 409)
    assert "The symposium is “Held” now" in text_of(response, "body")


def test_list_asks_the_same_number_of_questions_for_one_as_for_three(cast: Cast, cycle: Cycle) -> None:
    counts, client = [], as_user(cast.officer)
    for number in range(3):
        meeting = Meeting(f"Symposium {number}", timezone.now() + timedelta(days=30), "Hall", "Chair")
        made = plan_symposium(cycle=cycle, meeting=meeting, seed=7, actor=cast.administrator, now=timezone.now())
        invite_districts(symposium=made, actor=cast.administrator, now=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("symposiums"))
        counts.append(len(captured))
    assert len(select(parse(page), "main tbody tr")) == 3
    assert counts == [6, 6, 6]
