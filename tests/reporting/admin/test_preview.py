"""The preview is the report's own page, switched off: nothing is stored for it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from reporting.domain.questions import add_question
from reporting.models import Cycle, DefinitionVersion, Question, Revision, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import tree, url, words
from tests.reporting.admin.helpers import signed_in


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    version = factories.make_version(rules={"sizes": ("P1 <= GRP", ["P1"])})
    factories.make_version({}, published=False, slug="other")
    return version


def main_of(response: Any) -> Any:
    return html.fromstring(response.content.decode()).get_element_by_id("main")


def test_preview_shows_what_a_district_sees_when_it_begins(cast: Cast, version: DefinitionVersion) -> None:
    now = timezone.now()
    cycle = factories.make_cycle(version, "2026-S1", opened_by=cast.administrator, now=now)
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, {}, now)
    own = main_of(signed_in(cast.officer).get(reverse("report", args=[submission.pk])))
    shown = main_of(signed_in(cast.administrator).get(url(version, "preview")))
    for part in ("section-statistics", "section-narrative", "to-do", "rail-progress"):
        texts = [" ".join(page.get_element_by_id(part).text_content().split()) for page in (shown, own)]
        assert texts[0] == texts[1]
    fields = [[field.name for field in page.xpath("//form[@id='report-form']//*[@name]")] for page in (shown, own)]
    assert fields[0] == fields[1]
    assert "answer-P1" in fields[0]


def test_nothing_in_a_preview_can_be_sent(cast: Cast, version: DefinitionVersion) -> None:
    page = main_of(signed_in(cast.administrator).get(url(version, "preview")))
    (off,) = page.xpath(".//fieldset[@disabled]")
    for control in page.xpath(".//form"):
        assert off in control.iterancestors()
    assert page.xpath(".//script") == []
    links = set(page.xpath(".//fieldset[@disabled]//a[@href]/@href"))
    assert [link for link in links if link.startswith("/reports/")] == []
    assert {"#section-statistics", "#section-narrative"} <= links
    whole = signed_in(cast.administrator).get(url(version, "preview")).content.decode()
    assert "htmx" not in "".join(html.fromstring(whole).xpath("//script/@src"))


def test_preview_stores_nothing_and_asks_the_database_little(cast: Cast, version: DefinitionVersion) -> None:
    draft = factories.make_version({}, published=False, slug="third")
    client = signed_in(cast.administrator)
    with CaptureQueriesContext(connection) as few:
        assert client.get(url(draft, "preview")).status_code == 200
    section = draft.sections.get(key="narrative")
    for number in range(3):
        add_question(question=Question(section=section, kind="text", label=f"Word {number}"), actor=cast.administrator)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url(draft, "preview")).status_code == 200
    assert (len(few), len(many)) == (9, 9)
    assert not [query["sql"] for query in many if not query["sql"].startswith("SELECT")]
    assert [model.objects.count() for model in (Cycle, Submission, Revision)] == [0, 0, 0]


def test_preview_speaks_the_readers_language(cast: Cast, version: DefinitionVersion) -> None:
    cast.administrator.language = "zh-hans"
    cast.administrator.save()
    page = words(signed_in(cast.administrator).get(url(version, "preview")))
    for word in ("统计数据", "指标P1", "计划", "亿元", "选填"):
        assert word in page
    assert "Statistics" not in page


def test_draft_that_does_not_read_yet_is_previewed_all_the_same(cast: Cast, version: DefinitionVersion) -> None:
    broken = factories.make_indicator("BAD", formula="P1 +")
    draft = factories.make_version({"BAD": broken}, published=False, slug="third", rules={"odd": ("P9 >", ["P9"])})
    draft.checks.create(kind="ascending", codes=["P8", "P9"])
    section = draft.sections.get(key="narrative")
    for kind in ("yes_no", "date", "choice", "choices", "text", "file"):
        section.questions.create(key=kind, kind=kind, label=kind, choices=["A", "B"], position=5)
    response = signed_in(cast.administrator).get(url(draft, "preview"))
    assert response.status_code == 200
    assert "Indicator BAD" in words(response)


@pytest.mark.parametrize("frequency", ["quarterly", "half_yearly", "yearly"])
def test_empty_version_is_previewed(cast: Cast, version: DefinitionVersion, frequency: str) -> None:
    draft = factories.make_version({}, published=False, slug="third")
    draft.sections.all().delete()
    type(draft.definition).objects.filter(slug="third").update(frequency=frequency)
    response = signed_in(cast.administrator).get(url(draft, "preview"))
    assert response.status_code == 200
    assert tree(response).xpath("//h1/text()")[0].startswith("Report third, January–")


def test_preview_is_the_administrators(cast: Cast, version: DefinitionVersion) -> None:
    for person, status in ((cast.approver, 403), (cast.reviewer, 403), (cast.head, 302)):
        assert signed_in(person).get(url(version, "preview")).status_code == status
