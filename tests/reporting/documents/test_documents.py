"""A symposium's documents over HTTP: built by the job, opened again, their numbers the figures', marked when these move."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from districts.errors import NotAllowed
from reporting.domain.documents import ask_for_document, replace_template
from reporting.domain.figures import refresh_figures
from reporting.domain.symposiums.planning import Meeting, answer_invitation, invite_districts, plan_symposium
from reporting.domain.symposiums.results import (
    Item,
    add_action_item,
    add_conclusion,
    assess,
    decide_problem,
    find_problems,
    note_remarks,
)
from reporting.enums.symposiums import AgendaKind, Decision, DocumentKind, Priority
from reporting.enums.targets import TargetKind
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import CycleFigure, DocumentTemplate, Job, Symposium, SymposiumDocument, Target, TargetIssue
from reporting.queries.symposiums.numbers import moved_since, numbers_of
from tests.conftest import Cast
from tests.factories import NOW, make_indicator, make_version
from tests.files import Upload
from tests.reporting.documents.test_templates import template, words_in
from tests.reporting.figures.build import World
from tests.reporting.views.browser import as_user, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast) -> World:
    flow = make_indicator("FLOW")
    world = World(make_version({"FLOW": flow}, slug="told"), {"FLOW": flow}, {"north": cast.north, "south": cast.south})
    last, now = world.cycle("2025-S1"), world.cycle()
    for district, before, value in (("north", "100", "110"), ("south", "300", "321.2")):
        world.report(last, district, {"FLOW": before})
        world.report(now, district, {"FLOW": value})
    issue = TargetIssue.objects.create(note="Plan", issued_by=cast.administrator, issued_at=NOW)
    for whose in (None, cast.north):
        Target.objects.create(issue=issue, district=whose, indicator=flow, year=2026, kind=TargetKind.GROWTH, value=Decimal(9))
    refresh_figures(cycle_id=last.pk, now=NOW)
    refresh_figures(cycle_id=now.pk, now=NOW)
    return world


@pytest.fixture
def symposium(world: World, cast: Cast) -> Symposium:
    cycle = world.version.definition.cycles.get(period="2026-S1")
    given: dict[str, Any] = {"actor": cast.administrator, "now": timezone.now()}
    meeting = Meeting("Symposium", timezone.now() + timedelta(days=30), "Hall", "The director")
    symposium = invite_districts(symposium=plan_symposium(cycle=cycle, meeting=meeting, seed=7, **given), **given)
    answer_invitation(
        symposium=symposium, district=cast.north, actor=cast.head, now=given["now"], answer="yes", person="", note=""
    )
    find_problems(symposium=symposium, **given)
    for problem in symposium.problems.all():
        decide_problem(problem=problem, decision=Decision.ACCEPTED, text="Growth has to rise.", actor=cast.administrator)
    speech = symposium.agenda.filter(kind=AgendaKind.SPEECH, speaker=cast.north).get()
    note_remarks(item=speech, remarks="Models first.\n\nThen data.", actor=cast.administrator)
    assess(symposium=symposium, text="A good half-year.", actor=cast.administrator)
    conclusion = add_conclusion(symposium=symposium, group=Priority.STRATEGY, text="Share data.", actor=cast.administrator)
    item = Item("Plan for models", cast.north, "A plan", timezone.localdate() + timedelta(days=60), [cast.south])
    add_action_item(conclusion=conclusion, item=item, actor=cast.administrator)
    return symposium


def built(symposium: Symposium, cast: Cast, kind: str = "briefing") -> SymposiumDocument:
    """By the page's button and the worker's job."""
    client = as_user(cast.administrator)
    response = client.post(reverse("admin:reporting_symposium_document_build", args=[symposium.pk, kind]))
    job = Job.objects.latest("pk")
    assert response["Location"] == reverse("admin:reporting_job_change", args=[job.pk])
    run_job(job_id=job.pk, works=WORKS, now=timezone.now())
    assert [(item.state, item.content) for item in job.items.all()] == [("done", None)] * job.item_count
    page = reverse("admin:reporting_symposium_change", args=[symposium.pk])
    assert f'href="{page}#documents"' in client.get(response["Location"]).content.decode()
    return SymposiumDocument.objects.latest("pk")


def tables(content: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(BytesIO(content)).tables]


def test_briefing_opened_again_has_the_figures_numbers(symposium: Symposium, cast: Cast) -> None:
    document = built(symposium, cast)
    page = reverse("admin:reporting_symposium_document", args=[symposium.pk, document.pk])
    response = as_user(cast.administrator).get(page)
    assert response["Content-Disposition"].startswith('attachment; filename="briefing.docx"')
    city, north_targets, *_rest, sources = tables(response.content)
    figure = CycleFigure.objects.get(cycle=symposium.cycle)
    assert (figure.value, figure.growth) == (Decimal("431.2"), Decimal("7.8"))
    assert city[1] == ["FLOW Indicator FLOW (100m CNY)".partition(" ")[2], "431.20", "+7.8 %", "2/2"]
    assert north_targets[1] == ["Indicator FLOW: 9.0 %", "10.0 %", "+1.0 percentage points", "On target"]
    assert [row for row in sources if row[0] == "The city"] == [
        ["The city", "Indicator FLOW", "431.20 100m CNY"],
        ["The city", "Indicator FLOW, growth", "+7.8 %"],
        ["The city", "Indicator FLOW, target", "9.0 %"],
        ["The city", "Indicator FLOW, result", "7.8 %"],
    ]
    words = words_in(response.content)
    assert {"Symposium", "Northgate", "Southgate", "Growth has to rise."} <= set(words)
    assert sum("as of" in word for word in words) >= 5
    shapes = Document(BytesIO(response.content)).element.body.xpath("//wp:docPr/@descr")
    assert len(shapes) == len(set(shapes)) >= 3


def test_minutes_have_attendees_reports_conclusions_and_items(symposium: Symposium, cast: Cast) -> None:
    document = built(symposium, cast, "minutes")
    attendees, items, _sources = tables(bytes(document.content))
    assert attendees[1:] == [["Northgate", "", "Attends"]]
    assert items[1][:4] == ["Plan for models", "Northgate", "Southgate", "A plan"]
    words = words_in(bytes(document.content))
    assert words.index("Northgate") < words.index("Models first.") < words.index("Then data.") < words.index("A good half-year.")
    assert "Share data." in words


def test_document_says_which_of_its_numbers_have_changed_since(symposium: Symposium, cast: Cast, world: World) -> None:
    document = built(symposium, cast)
    assert moved_since(document, numbers_of(symposium.cycle)) == []
    page = reverse("admin:reporting_symposium_change", args=[symposium.pk])
    assert "Its numbers are those of now." in text_of(as_user(cast.administrator).get(page), "body")
    world.report(symposium.cycle, "north", {"FLOW": "120"}, at=NOW + timedelta(hours=1))
    refresh_figures(cycle_id=symposium.cycle_id, now=NOW + timedelta(hours=1))
    moved = {(one.place, one.name): (one.then, one.now) for one in moved_since(document, numbers_of(symposium.cycle))}
    assert moved == {
        ("The city", "Indicator FLOW"): ("431.20 100m CNY", "441.20 100m CNY"),
        ("The city", "Indicator FLOW, growth"): ("+7.8 %", "+10.3 %"),
        ("Northgate", "Indicator FLOW"): ("110.00 100m CNY", "120.00 100m CNY"),
        ("Northgate", "Indicator FLOW, growth"): ("+10.0 %", "+20.0 %"),
        ("The city", "Indicator FLOW, result"): ("7.8 %", "10.3 %"),
        ("Northgate", "Indicator FLOW, result"): ("10.0 %", "20.0 %"),
    }
    assert "6 numbers have changed since" in text_of(as_user(cast.administrator).get(page), "body")
    assert bytes(document.content) == bytes(SymposiumDocument.objects.get().content)


def test_asking_twice_is_one_job_and_others_may_not(symposium: Symposium, cast: Cast) -> None:
    given: dict[str, Any] = {"symposium": symposium, "kind": DocumentKind.BRIEFING, "now": NOW}
    job = ask_for_document(actor=cast.administrator, **given)
    assert ask_for_document(actor=cast.administrator, **given) == job
    assert [item.district for item in job.items.all()] == [cast.north, cast.south, None]
    for actor in (cast.approver, cast.reviewer, cast.head):
        with pytest.raises(NotAllowed):
            ask_for_document(actor=actor, **given)
        with pytest.raises(NotAllowed):
            replace_template(kind=DocumentKind.BRIEFING, name="a", content=b"", actor=actor, now=NOW)


def test_replaced_template_is_used_and_the_own_one_again(symposium: Symposium, cast: Cast) -> None:
    client, page = as_user(cast.administrator), reverse("admin:reporting_symposium_templates")
    upload = reverse("admin:reporting_symposium_template", args=["briefing"])
    wrong = client.post(upload, {"file": Upload("a.docx", template("{{ nothing }}"))})
    assert (wrong.status_code, "There is no such name: nothing." in text_of(wrong, "body")) == (422, True)
    assert client.post(upload, {}).status_code == 422
    assert not DocumentTemplate.objects.exists()
    own = template("Ours: {{ title }}, {{ figures[0].growth }}")
    assert client.post(upload, {"file": Upload("ours.docx", own)})["Location"] == page
    assert "In force: ours.docx" in text_of(client.get(page), "body")
    file = reverse("admin:reporting_symposium_template_file", args=["briefing"])
    assert (client.get(file).content, words_in(client.get(f"{file}?own").content)[0]) == (own, "{{ title }}")
    assert words_in(bytes(built(symposium, cast).content)) == ["Ours: Symposium, +7.8 %"]
    assert "Agreed items" in words_in(bytes(built(symposium, cast, "minutes").content))
    client.post(upload, {"own": "1"})
    assert words_in(bytes(built(symposium, cast).content))[0] == "Symposium"
    assert DocumentTemplate.objects.count() == 2
    assert client.get(reverse("admin:reporting_symposium_template_file", args=["poem"])).status_code == 404


def test_what_was_built_and_uploaded_stays(symposium: Symposium, cast: Cast) -> None:
    document = built(symposium, cast)
    row = replace_template(kind=DocumentKind.BRIEFING, name="a", content=b"", actor=cast.administrator, now=NOW)
    for change in (
        lambda: SymposiumDocument.objects.filter(pk=document.pk).update(name="other"),
        lambda: DocumentTemplate.objects.filter(pk=row.pk).update(name="other"),
        document.delete,
        row.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_document_is_in_the_language_in_which_it_was_asked_for(symposium: Symposium, cast: Cast) -> None:
    cast.administrator.language = "zh-hans"
    cast.administrator.save()
    document = built(symposium, cast, "minutes")
    assert "议定事项" in words_in(bytes(document.content))
