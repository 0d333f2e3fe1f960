"""What differs between two versions: added, removed, moved, changed, field by field."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from reporting.domain.drafts import draft_from
from reporting.models import Check, DefinitionVersion, Question, Section
from reporting.queries.differences import differences, moved
from tests.conftest import Cast
from tests.factories import add_rule, make_indicators, make_version
from tests.reporting.admin.helpers import signed_in

pytestmark = pytest.mark.django_db


def url_of(version: DefinitionVersion) -> str:
    return reverse("admin:reporting_definitionversion_differences", args=[version.pk])


def pair(cast: Cast) -> tuple[DefinitionVersion, DefinitionVersion]:
    before = make_version(make_indicators(), rules={"sizes": ("P1 <= GRP", ["P1"]), "gone": ("P2 > 1", ["P2"])})
    return before, draft_from(version=before, actor=cast.administrator)


def said(parts: Any) -> list[tuple[str, tuple[str, ...], list[tuple[str, str, str]]]]:
    return [(part.key, part.marks, [(one.name, one.before, one.after) for one in part.changes]) for part in parts]


def change_everything(draft: DefinitionVersion) -> None:
    draft.statement, draft.year_on_year_bound = "All of it.", Decimal("12.5")
    draft.save()
    statistics, narrative = draft.sections.order_by("position")
    statistics.title = "Figures"
    statistics.save()
    added = Section.objects.create(version=draft, key="more", title="More", position=0)
    Question.objects.filter(section=narrative, key="practice").update(section=added, required=True)
    Question.objects.filter(section=statistics, key="STOCK").update(position=0, help_text="Firms")
    Question.objects.filter(section=narrative, key="plans").delete()
    Question.objects.create(section=narrative, key="when", kind="date", label="When?", position=1)
    Check.objects.filter(version=draft).update(codes=["P1", "GRP"])
    Check.objects.create(version=draft, kind="sum", codes=["TOTAL", "P1", "P2"], position=5)
    draft.rules.filter(key="sizes").update(expression="P1 < GRP", severity="hard")
    draft.rules.filter(key="gone").delete()
    add_rule(draft, "new", "P2 > 0", ["P2"])


def test_every_difference_is_said_field_by_field(cast: Cast) -> None:
    before, after = pair(cast)
    change_everything(after)
    found = differences(before.pk, after.pk)
    assert [(one.name, one.before, one.after) for one in found.version] == [
        ("statement", "I confirm this.", "All of it."),
        ("year-on-year bound (%)", "30", "12.5"),
    ]
    assert said(found.sections) == [
        ("more", ("added",), [("key", "", "more"), ("title", "", "More")]),
        ("statistics", ("changed",), [("title", "Statistics", "Figures")]),
    ]
    assert said(found.questions) == [
        ("practice", ("moved", "changed"), [("section", "Narrative", "More"), ("required", "No", "Yes")]),
        ("STOCK", ("moved", "changed"), [("place in its section", "7", "1"), ("help", "", "Firms")]),
        (
            "when",
            ("added",),
            [("key", "", "when"), ("kind", "", "date"), ("question", "", "When?"), ("required", "", "Yes")],
        ),
        (
            "plans",
            ("removed",),
            [
                ("key", "plans", ""),
                ("kind", "text", ""),
                ("question", "Plans", ""),
                ("question in Chinese", "计划", ""),
                ("required", "Yes", ""),
            ],
        ),
    ]
    assert said(found.checks) == [
        ("", ("changed",), [("indicator codes", "TOTAL, GRP", "P1, GRP")]),
        (
            "",
            ("added",),
            [("kind", "", "the first is the sum of the others"), ("indicator codes", "", "TOTAL, P1, P2")],
        ),
    ]
    marks = {key: marks for key, marks, _changes in said(found.rules)}
    assert marks == {"sizes": ("changed",), "new": ("added",), "gone": ("removed",)}
    sizes = next(changes for key, _marks, changes in said(found.rules) if key == "sizes")
    assert sizes == [
        ("what has to hold", "P1 <= GRP", "P1 < GRP"),
        ("severity", "needs an explanation", "must be corrected"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [("abcd", "abcd", ""), ("abcd", "dabc", "d"), ("abcd", "axbyd", ""), ("ab", "ba", "a"), ("", "ab", "")],
)
def test_as_few_as_explain_the_order_have_moved(before: str, after: str, gone: str) -> None:
    found = moved(list(before), list(after))
    assert (len(found), found <= set(before)) == (len(gone), True)


def test_copy_has_no_difference_and_the_page_says_so(cast: Cast) -> None:
    before, after = pair(cast)
    assert not differences(before.pk, after.pk)
    page = signed_in(cast.administrator).get(url_of(after))
    assert "there is no difference" in page.content.decode()


def test_page_compares_with_the_published_version_or_with_a_chosen_one(cast: Cast) -> None:
    before, after = pair(cast)
    change_everything(after)
    Question.objects.filter(section__version=after, key="when").update(label="<b>When</b>?")
    client = signed_in(cast.administrator)
    page = html.fromstring(client.get(url_of(after)).content.decode())
    heading = " ".join(page.xpath("//h2[@class='bureau-name']")[0].text_content().split())
    assert heading == "Report half-year: from version 1 to version 2"
    titles = [" ".join(one.text_content().split()) for one in page.xpath("//article/h4")]
    assert "<b>When</b>? when added" in titles
    back = client.get(url_of(before), {"before": "2", "after": "1"}).content.decode()
    assert "from version 2 to version 1" in back
    for wrong in ({"before": "9"}, {"after": "x"}, {"before": "\x00"}):
        assert client.get(url_of(after), wrong).status_code == 404
    other = make_version({}, slug="other", published=False)
    assert client.get(url_of(other)).status_code == 200


def test_publish_page_and_the_versions_page_lead_there(cast: Cast) -> None:
    _before, after = pair(cast)
    client = signed_in(cast.administrator)
    for name in ("publish", "change"):
        assert url_of(after) in client.get(reverse(f"admin:reporting_definitionversion_{name}", args=[after.pk])).content.decode()
