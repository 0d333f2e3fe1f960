"""Pages of the bureau ask the database the same number of times for one row as for three."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.domain.profiles import ProfileText, send_profile, write_profile
from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, Industry, OutgoingMail, WorkdayOverride
from reporting.domain.adjustments import add_adjustment
from reporting.domain.enquiries import ask_bureau
from reporting.domain.jobs import ask_for_workbooks
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.petitions import ask_extension
from reporting.domain.practices import Shared, propose_practice
from reporting.domain.publicity import Plan, propose_publicity
from reporting.domain.releases import BulletinText, ReleaseText, prepare_release, write_bulletin
from reporting.domain.symposiums.planning import Meeting, plan_symposium
from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.practices import PracticeTopic
from reporting.enums.publication import Detail
from reporting.enums.publicity import OutletKind, PublicityKind
from reporting.enums.targets import TargetKind
from reporting.models import Cycle, CycleFigure, DefinitionVersion, Indicator, Outlet, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import in_review, page_of, signed_in

COUNTS = {
    "districts_actinghead": 5,
    "districts_bureaurole": 5,
    "districts_deputy": 5,
    "districts_district": 5,
    "districts_industry": 5,
    "districts_membership": 5,
    "districts_outgoingmail": 5,
    "districts_profile": 5,
    "districts_user": 7,
    "districts_workdayoverride": 7,
    "reporting_adjustment": 5,
    "reporting_bulletin": 5,
    "reporting_cycle": 8,
    "reporting_definition": 5,
    "reporting_definitionversion": 5,
    "reporting_enquiry": 7,
    "reporting_event": 6,
    "reporting_indicator": 5,
    "reporting_job": 5,
    "reporting_keytask": 11,
    "reporting_outlet": 5,
    "reporting_petition": 7,
    "reporting_practice": 6,
    "reporting_publicityitem": 9,
    "reporting_release": 5,
    "reporting_reminderpolicy": 5,
    "reporting_submission": 9,
    "reporting_symposium": 5,
    "reporting_target": 7,
}
DASHBOARD = 25
REVIEW = 26


def queries_of(cast: Cast, url: str) -> int:
    client = signed_in(cast.administrator)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len(captured)


def add_rows(cast: Cast, number: int) -> None:
    """Rows on every list, with all that they point to."""
    district = factories.make_district(f"d{number}")
    factories.make_member(f"head-{number}", district, DistrictRole.HEAD)
    factories.make_acting(f"acting-{number}", district)
    reviewer = factories.make_bureau(f"reviewer-{number}", BureauRoleName.REVIEWER, [district])
    factories.depute(reviewer, cast.administrator)
    indicators = {indicator.code: indicator for indicator in Indicator.objects.exclude(code__startswith="X")}
    version = factories.make_version(indicators or None, slug=f"kind-{number}")
    indicator = factories.make_indicator(f"X{number}")
    cycle = factories.make_cycle(version, opened_by=cast.administrator)
    submission = cycle.submissions.get(district=cast.north)
    ask_bureau(submission=submission, question_key="", text="Why?", actor=cast.officer, now=factories.NOW)
    wanted = factories.NOW + timedelta(days=14)
    ask_extension(submission=submission, due_at=wanted, why="Late.", actor=cast.officer, now=factories.NOW)
    petitioned = cycle.submissions.get(district=cast.south)
    ask_extension(submission=petitioned, due_at=wanted, why="Late.", actor=cast.south_officer, now=factories.NOW)
    ask_for_workbooks(cycle=cycle, actor=cast.administrator, now=factories.NOW)
    assignment = Assignment(f"Task {number}", cast.north, "A plan", factories.NOW.date(), co_leads=[cast.south])
    assign_key_task(assignment=assignment, actor=cast.administrator, now=factories.NOW)
    in_review(submission, cast)
    add_adjustment(
        cycle=cycle,
        indicator=indicator,
        value=Decimal(1),
        base=Decimal(1),
        reason="Unallocated",
        actor=cast.administrator,
        now=factories.NOW,
    )
    CycleFigure.objects.create(
        cycle=cycle,
        indicator=indicator,
        value_reported=0,
        base_reported=0,
        expected=1,
        computed_at=factories.NOW,
        fingerprint="x",
    )
    outlet = Outlet.objects.create(name=f"Outlet {number}", name_zh="媒体", kind=OutletKind.TELEVISION)
    plan = Plan(PublicityKind.STORY, f"Story {number}", "Told.", factories.NOW.date(), outlets=[outlet])
    propose_publicity(district=cast.north, plan=plan, actor=cast.officer, now=factories.NOW)
    shared = Shared(PracticeTopic.DATA, f"Practice {number}", "Done.", "Office")
    propose_practice(district=cast.north, shared=shared, actor=cast.officer, now=factories.NOW)
    aimed = NewTarget(cast.north, indicator, 2026, TargetKind.LEVEL, Decimal(number + 1))
    issue_targets(targets=[aimed], note="Plan", actor=cast.administrator, now=factories.NOW)
    release = prepare_release(
        cycle=cycle,
        text=ReleaseText(f"Release {number}"),
        indicators=[indicator],
        detail=Detail.CITY,
        actor=cast.administrator,
        now=factories.NOW,
    )
    text = BulletinText(str(number), "Bureau", factories.NOW.date(), "Headline", "Text.")
    write_bulletin(text=text, release=release, actor=cast.administrator, now=factories.NOW)
    meeting = Meeting(f"Symposium {number}", factories.NOW, "Hall", "Chair")
    plan_symposium(cycle=cycle, meeting=meeting, seed=number, actor=cast.administrator, now=factories.NOW)
    Industry.objects.create(name=f"Industry {number}", name_zh="产业")
    head = factories.make_member(f"writer-{number}", district, DistrictRole.HEAD)
    given = {"district": district, "actor": head, "now": factories.NOW}
    profile = write_profile(version=0, text=ProfileText("City of data"), **given)  # type: ignore[arg-type]
    send_profile(profile=profile, actor=head, now=factories.NOW)
    WorkdayOverride.objects.create(date=factories.NOW.date() + timedelta(days=number), is_workday=True)
    OutgoingMail.objects.create(
        kind="returned",
        dedupe_key=f"mail-{number}",
        recipient=cast.head,
        district=district,
        state="failed",
        due_at=factories.NOW,
        next_try_at=factories.NOW,
        created_at=factories.NOW,
    )


@pytest.fixture
def rows(cast: Cast) -> None:
    add_rows(cast, 1)


@pytest.mark.parametrize("page", sorted(COUNTS))
def test_changelist_query_count(cast: Cast, rows: None, page: str) -> None:
    url = reverse(f"admin:{page}_changelist")
    one = queries_of(cast, url)
    add_rows(cast, 2)
    add_rows(cast, 3)
    assert (one, queries_of(cast, url)) == (COUNTS[page], COUNTS[page])


def test_every_list_of_the_admin_has_a_query_count() -> None:
    assert {f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry} == COUNTS.keys()


def test_dashboard_query_count(cast: Cast, rows: None) -> None:
    one = queries_of(cast, reverse("admin:index"))
    add_rows(cast, 2)
    add_rows(cast, 3)
    assert (one, queries_of(cast, reverse("admin:index"))) == (DASHBOARD, DASHBOARD)


def test_review_page_query_count_does_not_follow_its_questions(cast: Cast, rows: None) -> None:
    small = Submission.objects.get(district=cast.north)
    one = queries_of(cast, page_of(small))
    for number in range(4, 24):
        factories.make_indicator(f"N{number}")
    indicators = Indicator.objects.in_bulk(field_name="code")
    cycle: Cycle = factories.make_cycle(factories.make_version(indicators, slug="large"), opened_by=cast.administrator)
    large = cycle.submissions.get(district=cast.north)
    answers = factories.ANSWERS | {code: "5" for code in indicators if code[0] in "NX"}
    factories.submit(large, cast.head, answers)
    assert District.objects.count() > 2
    assert (one, queries_of(cast, page_of(large))) == (REVIEW, REVIEW)


EDITOR = {
    "change": 9,
    "preview": 9,
    "publish": 11,
    "statement": 10,
    "part_add section": 9,
    "part section": 10,
    "part_add question": 12,
    "part question": 13,
    "part_add rule": 9,
    "part rule": 10,
    "part_add check": 9,
    "part check": 10,
}


def test_editors_query_count_does_not_follow_what_it_shows(cast: Cast) -> None:
    for count in (1, 3):
        draft = draft_with(count)
        first = draft.sections.get(key="statistics")
        parts: dict[str, Any] = {
            "section": first,
            "question": first.questions.first(),
            "rule": draft.rules.first(),
            "check": draft.checks.first(),
        }
        found = {}
        for page in EDITOR:
            name, _space, kind = page.partition(" ")
            rest = [kind, *([parts[kind].pk] if name == "part" else [])] if kind else []
            found[page] = queries_of(cast, reverse(f"admin:reporting_definitionversion_{name}", args=[draft.pk, *rest]))
        assert found == EDITOR


def draft_with(count: int) -> DefinitionVersion:
    """A draft with so many of each part."""
    codes = [f"E{count}{number}" for number in range(count)]
    rules = {f"rule-{code}": (f"{code} > 1", [code]) for code in codes}
    made = {code: factories.make_indicator(code) for code in codes}
    draft = factories.make_version(made, published=False, slug=f"draft-{count}", rules=rules)
    for number, code in enumerate(codes):
        draft.sections.create(key=f"more-{number}", title="More", position=3 + number)
        draft.checks.create(kind="ascending", codes=[code, code], position=number)
    return draft
