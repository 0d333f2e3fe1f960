"""A rule is tried on past reports before it is published, and nothing is written."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Succession
from reporting.domain.drafts import draft_from
from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.targets import TargetKind
from reporting.models import DefinitionVersion, Event, Indicator, Rule
from reporting.queries.definitions import questionnaire
from reporting.queries.trial import Trial, trial_of
from reporting.rules import parse_rule
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import tree, url, words
from tests.reporting.admin.helpers import signed_in

YEARS = ("2024-S1", "2025-S1", "2026-S1")


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    """P1 and P2 of the north in three years; the south files the last of them with other numbers."""
    version = factories.make_version()
    for number, period in enumerate(YEARS):
        cycle = factories.make_cycle(version, period, opened_by=cast.administrator)
        north = cycle.submissions.get(district=cast.north)
        answers = factories.ANSWERS | {"P1": str(60 + number), "P2": str(40 - number), "BASE": "100"}
        factories.approve(factories.submit(north, cast.head, answers), cast.approver)
    south = cycle.submissions.get(district=cast.south)
    factories.approve(factories.submit(south, cast.south_head, factories.ANSWERS | {"P1": "10", "P2": "70"}), cast.approver)
    return version


def tried(version: DefinitionVersion, text: str) -> Trial:
    return trial_of(questionnaire(version.pk), parse_rule(text))


def told(trial: Trial) -> list[tuple[str, str, str]]:
    return [(hit.submission.district.code, hit.submission.cycle.period, hit.text) for hit in trial.hits]


def test_rule_is_judged_on_every_approved_report(version: DefinitionVersion) -> None:
    trial = tried(version, "P1 >= 62")
    assert (trial.judged, trial.unknown) == (4, 0)
    assert told(trial) == [
        ("south", "2026-S1", "Expected at least 62.00 100m CNY; found 10.00."),
        ("north", "2025-S1", "Expected at least 62.00 100m CNY; found 61.00."),
        ("north", "2024-S1", "Expected at least 62.00 100m CNY; found 60.00."),
    ]


def test_other_periods_are_the_same_districts_and_unknown_where_there_is_none(version: DefinitionVersion) -> None:
    trial = tried(version, "P1 <= P1.last_year")
    assert (trial.judged, trial.unknown) == (2, 2)
    assert told(trial) == [
        ("north", "2026-S1", "Expected at most 61.00 100m CNY; found 62.00."),
        ("north", "2025-S1", "Expected at most 60.00 100m CNY; found 61.00."),
    ]
    assert tried(version, "P1 <= P1.target").unknown == 4
    assert [hit.text for hit in tried(version, "missing(P1)").hits] == ["", "", "", ""]


def test_computed_values_are_those_that_were_approved(version: DefinitionVersion) -> None:
    assert told(tried(version, "TOTAL = 100")) == [("south", "2026-S1", "Expected 100.00 100m CNY; found 80.00.")]


def test_what_was_before_a_merger_is_of_a_smaller_district(cast: Cast, version: DefinitionVersion) -> None:
    Succession.objects.create(predecessor=cast.south, successor=cast.north, begins_on="2026-01-01")
    trial = tried(version, "P1 <= P1.last_year")
    assert ((trial.judged, trial.unknown), told(trial)) == (
        (1, 3),
        [("north", "2025-S1", "Expected at most 60.00 100m CNY; found 61.00.")],
    )


def test_trial_takes_four_queries_however_many_reports_there_are(cast: Cast, version: DefinitionVersion) -> None:
    asked, rule = questionnaire(version.pk), parse_rule("P1 <= P1.last_year + P2 and STOCK > 0")
    with CaptureQueriesContext(connection) as captured:
        trial_of(asked, rule)
    assert len(captured) == 4


def test_target_is_the_districts_own_as_it_was_when_each_report_was_signed(cast: Cast, version: DefinitionVersion) -> None:
    p1 = Indicator.objects.get(code="P1")
    issued = ((cast.north, "61", -1), (cast.north, "90", 1), (cast.south, "10", -1))
    for district, value, hours in issued:
        aimed = NewTarget(district, p1, 2026, TargetKind.LEVEL, Decimal(value))
        at = factories.NOW + timedelta(hours=hours)
        issue_targets(targets=[aimed], note=f"{value} from {at}", actor=cast.administrator, now=at)
    trial = tried(version, "P1 > P1.target")
    assert (trial.judged, trial.unknown) == (2, 2)
    assert told(trial) == [("south", "2026-S1", "Expected more than 10.00 100m CNY; found 10.00.")]


def test_report_that_is_not_approved_is_not_judged(cast: Cast) -> None:
    version = factories.make_version()
    submission = factories.make_cycle(version, opened_by=cast.administrator).submissions.get(district=cast.north)
    factories.submit(submission, cast.head)
    assert tried(version, "P1 > 999") == Trial(0, 0, ())


def test_page_says_how_many_and_where_and_writes_nothing(cast: Cast, version: DefinitionVersion) -> None:
    draft = draft_from(version=version, actor=cast.administrator)
    rule = Rule.objects.create(version=draft, key="sizes", expression="P1 >= 62", message="Look.", question_keys=["P1"])
    client, events = signed_in(cast.administrator), Event.objects.count()
    page = client.get(f"{url(draft, 'try')}?rule={rule.pk}")
    assert page.status_code == 200
    assert "It would have found something in 3 of 4 reports. In 0 more" in words(page)
    links = tree(page).xpath("//li[@class='editor-question']//a/@href")
    south = version.definition.cycles.get(period="2026-S1").submissions.get(district=cast.south)
    assert (len(links), links[0]) == (3, reverse("admin:reporting_submission_change", args=[south.pk]))
    assert tree(page).xpath("//textarea[@name='expression']")[0].text.strip() == "P1 >= 62"
    typed = client.get(f"{url(draft, 'try')}?{urlencode({'rule': rule.pk, 'expression': 'P1 > P1.last_year'})}")
    assert "It would have found something in 0 of 2 reports. In 2 more" in words(typed)
    rule.refresh_from_db()
    assert (rule.expression, Event.objects.count()) == ("P1 >= 62", events)
    link = f"{url(draft, 'try')}?rule={rule.pk}"
    assert tree(client.get(url(draft, "part", "rule", rule.pk))).xpath(f"//a[@href='{link}']")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("P1 >", "At 5: it ends where a number, a code, a function or a bracket is expected."),
        ("P1 == P2", "Did you mean “=”?"),
        ("GRB > 1", "At 1: there is no indicator GRB here. Did you mean “GRP”?"),
        ("", "This field is required."),
        ("P1\x00 > 1", "Null characters are not allowed."),
        ("P1 > " + "1" * 500, "at most 500 characters"),
    ],
)
def test_mistake_is_said_at_the_field_with_its_place(typed: str, sentence: str, cast: Cast, version: DefinitionVersion) -> None:
    page = signed_in(cast.administrator).get(f"{url(version, 'try')}?{urlencode({'expression': typed})}")
    assert (page.status_code, sentence in words(page)) == (422, True)


def test_page_without_a_rule_asks_for_one_and_an_unknown_rule_is_none(cast: Cast, version: DefinitionVersion) -> None:

    client = signed_in(cast.administrator)
    for query in ("", "?rule=999999", "?rule=x"):
        page = client.get(url(version, "try") + query)
        assert (page.status_code, "On past reports" in words(page)) == (200, False)


@pytest.mark.parametrize("name", ["approver", "reviewer"])
def test_trying_is_the_administrators(name: str, cast: Cast, version: DefinitionVersion) -> None:
    assert signed_in(getattr(cast, name)).get(url(version, "try")).status_code == 403
