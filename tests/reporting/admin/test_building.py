"""From nothing to a cycle in the browser, with forms alone."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.models import Cycle, Definition, DefinitionVersion, Indicator, Question
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import form_of, outline, post_form, tree, url, words
from tests.reporting.admin.helpers import signed_in

_INDICATOR = {
    "code": "Q01", "name": "Firms", "name_zh": "企业数", "unit": "firms", "unit_zh": "家", "decimals": "0", "measure": "stock",
    "direction": "up", "city_aggregation": "sum",
}  # fmt: skip


def add(client: Client, version: DefinitionVersion, part: str, query: str = "", **typed: Any) -> Any:
    response = post_form(client, url(version, "part_add", part) + query, typed)
    assert response.status_code == 302, words(response)
    return response


def test_quarterly_report_is_built_from_nothing_published_and_asked_for(cast: Cast) -> None:
    factories.make_version(slug="other")
    client = signed_in(cast.administrator)
    page = reverse("admin:reporting_definition_add")
    body = {"slug": "quarter", "name": "Quarterly report", "name_zh": "季度报告", "frequency": "quarterly"}
    made = client.post(page, body)
    version = DefinitionVersion.objects.get(definition__slug="quarter")
    assert (made.status_code, made.headers["Location"]) == (302, url(version))
    assert "No section yet" in words(client.get(url(version)))

    add(client, version, "section", title="Statistics", title_zh="统计")
    section = version.sections.get()
    where = f"?section={section.pk}"
    add(client, version, "question", where, kind="number", indicator="GRP")
    add(client, version, "question", where, kind="number", indicator="indicator p1")
    add(
        client,
        version,
        "question",
        where,
        kind="choice",
        label="How sure?",
        choices="Sure\nNot sure\n",
        choices_zh="确定\n不确定",
    )
    add(client, version, "question", where, kind="long_text", label="Plans", label_zh="计划", required="")
    add(client, version, "rule", expression="P1 <= GRP", severity="hard", message="Too large.", question_keys=["P1"])
    add(client, version, "check", kind="ascending", codes="P1\nGRP")
    assert outline(version) == [("statistics", ["GRP", "P1", "how_sure", "plans"])]

    assert "The head confirms nothing" in words(client.get(url(version)))
    assert "The head confirms nothing" in words(client.get(url(version, "publish")))
    assert client.post(url(version, "publish")).status_code == 422
    assert post_form(client, url(version, "statement"), {"statement": "I confirm this."}).status_code == 302
    assert "Nothing stands in the way of publishing." in words(client.get(url(version)))
    assert client.post(url(version, "publish")).status_code == 302

    due = timezone.now() + timedelta(days=20)
    cycle = Cycle(
        definition=version.definition, definition_version=version, period="2026-Q1", due_at=due, locks_at=due,
        reminder_policy=factories.make_policy(),
    )  # fmt: skip
    cycle.save()
    step = reverse("admin:reporting_cycle_step", args=[cycle.pk, "open"])
    assert client.post(step, {"confirm": "yes"}).status_code == 302
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, {"GRP": "5", "P1": "7", "how_sure": "Sure"}, timezone.now())
    report = words(signed_in(cast.officer).get(reverse("report", args=[submission.pk])))
    assert "Too large. Expected at most 5.00 100m CNY; found 7.00." in report


def test_stored_parts_are_those_that_were_typed(cast: Cast) -> None:
    version, client = factories.make_version(published=False), signed_in(cast.administrator)
    section = version.sections.get(key="narrative")
    typed = {
        "kind": "choices", "label": "Which?", "label_zh": "哪些？", "help_text": "Tick.", "help_text_zh": "请勾选。",
        "choices": " One \n\nTwo", "choices_zh": "一\n二", "indicator": "P1",
    }  # fmt: skip
    add(client, version, "question", f"?section={section.pk}", **typed)
    question = Question.objects.get(section=section, key="which")
    assert {name: getattr(question, name) for name in (*typed, "required", "position")} == typed | {
        "choices": ["One", "Two"], "choices_zh": ["一", "二"], "indicator": None, "required": True, "position": 3,
    }  # fmt: skip
    address = url(version, "part", "question", question.pk)
    assert form_of(client, address)["choices"] == "One\nTwo"
    assert post_form(client, address, {"choices": "Two\nOne", "choices_zh": ""}).status_code == 302
    question.refresh_from_db()
    assert (question.choices, question.choices_zh, question.position) == (["Two", "One"], [], 3)


def test_indicator_that_is_missing_is_made_on_the_way_and_nothing_typed_is_lost(cast: Cast) -> None:
    version, client = factories.make_version(published=False), signed_in(cast.administrator)
    address = url(version, "part_add", "question")
    section = version.sections.get(key="narrative")
    typed = {"section": section.pk, "kind": "number", "help_text": "At the end.", "_indicator": "new", "required": ""}
    away = post_form(client, address, typed)
    assert away.status_code == 302
    assert away.headers["Location"].startswith(reverse("admin:reporting_indicator_add"))
    assert "Back to the question" in words(client.get(away.headers["Location"]))
    form = {"inclusions-TOTAL_FORMS": "0", "inclusions-INITIAL_FORMS": "0"}
    back = client.post(away.headers["Location"], _INDICATOR | form)
    assert Indicator.objects.filter(code="Q01").exists()
    assert back.status_code == 302
    assert back.headers["Location"].startswith(f"{address}?")
    shown = form_of(client, back.headers["Location"])
    expected = {"section": str(section.pk), "kind": "number", "indicator": "Q01", "help_text": "At the end."}
    assert {name: shown[name] for name in expected} == expected
    assert "required" not in shown
    assert client.post(back.headers["Location"], shown).status_code == 302
    assert outline(version)[1] == ("narrative", ["plans", "practice", "Q01"])


def test_definition_has_one_draft_and_its_page_leads_there(cast: Cast) -> None:
    published, client = factories.make_version(), signed_in(cast.administrator)
    page = reverse("admin:reporting_definition_change", args=[published.definition_id])
    draft_url = reverse("admin:reporting_definition_draft", args=[published.definition_id])
    assert draft_url in client.get(page).content.decode()
    first, second = (client.post(draft_url) for _again in range(2))
    draft = published.definition.versions.get(state="draft")
    assert (first.headers["Location"], second.headers["Location"]) == (url(draft), url(draft))
    assert outline(draft) == outline(published)
    assert Definition.objects.count() == 1
    links = tree(client.get(page)).xpath("//a/@href")
    assert {url(draft), url(published)} <= set(links)
