"""Planning publicity: who may, what is refused, what is told to whom, and what comes out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.domain.letters import compose
from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.publicity import (
    Plan,
    approve_publicity,
    change_publicity,
    decline_publicity,
    note_placement,
    propose_publicity,
    withdraw_publicity,
)
from reporting.enums.publicity import OutletKind, PublicityKind, PublicityState
from reporting.models import Outlet, PublicityItem
from reporting.queries.publicity import (
    bureau_publicity,
    outlet_counts,
    publicity_for,
    waiting_publicity,
)
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LINK = "https://example.org/story"
LATER = NOW + timedelta(hours=1)
TODAY = timezone.localdate(NOW)


@pytest.fixture
def agency() -> Outlet:
    return Outlet.objects.create(name="Agency", name_zh="通讯社", kind=OutletKind.NEWS_AGENCY)


@pytest.fixture
def channel() -> Outlet:
    return Outlet.objects.create(name="Channel", name_zh="电视台", kind=OutletKind.TELEVISION)


@pytest.fixture
def plan(agency: Outlet) -> Plan:
    return Plan(PublicityKind.STORY, "Computing hub", "How the hub was built.", date(2026, 8, 3), outlets=[agency])


def proposed(cast: Cast, plan: Plan) -> PublicityItem:
    return propose_publicity(district=cast.north, plan=plan, actor=cast.officer, now=NOW)


def approved(cast: Cast, plan: Plan) -> PublicityItem:
    return approve_publicity(item=proposed(cast, plan), actor=cast.approver, now=NOW)


def mails(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_proposal_waits_with_its_outlets_and_the_approvers_get_one_mail_each(cast: Cast, plan: Plan) -> None:
    item = proposed(cast, plan)
    assert (item.state, item.district, item.first_day, item.last_day) == ("proposed", cast.north, plan.first_day, plan.first_day)
    assert [(place.outlet.name, place.district, place.out_on) for place in item.placements.all()] == [
        ("Agency", cast.north, None)
    ]
    assert mails("publicity_proposed") == {cast.approver.email}


def test_the_same_proposal_again_is_one_plan_and_no_second_mail(cast: Cast, plan: Plan) -> None:
    first, second = proposed(cast, plan), propose_publicity(district=cast.north, plan=plan, actor=cast.officer, now=LATER)
    assert (first, PublicityItem.objects.count(), OutgoingMail.objects.count()) == (second, 1, 1)
    propose_publicity(district=cast.north, plan=replace(plan, title="Another"), actor=cast.officer, now=LATER)
    assert PublicityItem.objects.count() == 2


@pytest.mark.parametrize("who", ["observer", "south_head", "outsider", "reviewer", "administrator"])
def test_nobody_but_the_districts_officers_and_head_proposes_for_it(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(NotAllowed):
        propose_publicity(district=cast.north, plan=plan, actor=getattr(cast, who), now=NOW)
    assert not PublicityItem.objects.exists()


def test_bureaus_own_plan_is_approved_at_once_and_tells_nobody(cast: Cast, plan: Plan) -> None:
    item = propose_publicity(district=None, plan=plan, actor=cast.administrator, now=NOW)
    assert (item.state, item.decided_by, OutgoingMail.objects.count()) == ("approved", cast.administrator, 0)
    again = propose_publicity(district=None, plan=plan, actor=cast.administrator, now=LATER)
    assert again == item
    for who in (cast.approver, cast.officer):
        with pytest.raises(NotAllowed):
            propose_publicity(district=None, plan=plan, actor=who, now=NOW)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": " \x00 "}, "Give a title."),
        ({"title": "x" * 201}, "A title and a place have 200 characters at most."),
        ({"place": "x" * 201}, "A title and a place have 200 characters at most."),
        ({"summary": ""}, "Say what is told."),
        ({"summary": "x" * 5001}, "The text has 5001 characters; 5000 are possible. Nothing was saved."),
        ({"outlets": []}, "Choose at least one outlet."),
        ({"last_day": date(2026, 8, 2)}, "The last day is before the first."),
        ({"last_day": date(2027, 8, 5)}, "A plan takes a year at most."),
    ],
)
def test_plan_that_says_too_little_or_too_much_is_refused_in_words(
    cast: Cast, plan: Plan, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused) as caught:
        proposed(cast, replace(plan, **given))
    assert [str(message) for message in caught.value.messages] == [said]
    assert not PublicityItem.objects.exists()


def test_plan_of_exactly_a_year_and_title_of_exactly_200_signs_are_taken(cast: Cast, plan: Plan) -> None:
    item = proposed(cast, replace(plan, title="x" * 200, last_day=date(2027, 8, 4)))
    assert (len(item.title), (item.last_day - item.first_day).days) == (200, 366)


def test_change_counts_the_version_and_a_stale_one_is_a_conflict(cast: Cast, plan: Plan, channel: Outlet) -> None:
    item = proposed(cast, plan)
    changed = change_publicity(item=item, version=1, plan=replace(plan, title="New", outlets=[channel]), actor=cast.head)
    assert (changed.title, changed.version, [place.outlet for place in changed.placements.all()]) == ("New", 2, [channel])
    with pytest.raises(Conflict):
        change_publicity(item=item, version=1, plan=plan, actor=cast.officer)
    item.refresh_from_db()
    assert item.title == "New"


@pytest.mark.parametrize("who", ["observer", "south_officer", "reviewer", "outsider"])
def test_change_by_who_does_not_plan_or_decide_is_refused(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_publicity(item=proposed(cast, plan), version=1, plan=plan, actor=getattr(cast, who))


def test_what_is_approved_is_changed_by_the_bureau_alone(cast: Cast, plan: Plan) -> None:
    item = approved(cast, plan)
    with pytest.raises(Conflict):
        change_publicity(item=item, version=item.version, plan=replace(plan, title="Mine"), actor=cast.officer)
    changed = change_publicity(item=item, version=item.version, plan=replace(plan, title="Ours"), actor=cast.approver)
    assert (changed.title, changed.state) == ("Ours", "approved")


def test_outlet_that_has_told_it_stays_whatever_is_planned_now(cast: Cast, plan: Plan, agency: Outlet, channel: Outlet) -> None:
    item = approved(cast, plan)
    note_placement(item=item, outlet_id=agency.pk, link=LINK, out_on=TODAY, actor=cast.officer, now=NOW)
    changed = change_publicity(item=item, version=item.version, plan=replace(plan, outlets=[channel]), actor=cast.approver)
    assert {(place.outlet.name, place.link) for place in changed.placements.all()} == {("Agency", LINK), ("Channel", "")}


def test_decision_is_told_to_who_proposed_and_to_the_head(cast: Cast, plan: Plan) -> None:
    item = approved(cast, plan)
    assert (item.state, item.decided_by, item.decided_at) == ("approved", cast.approver, NOW)
    assert mails("publicity_decided") == {cast.officer.email, cast.head.email}
    approve_publicity(item=item, actor=cast.approver, now=LATER)
    assert OutgoingMail.objects.filter(kind="publicity_decided").count() == 2


def test_declined_says_why_and_ends_it(cast: Cast, plan: Plan) -> None:
    item = proposed(cast, plan)
    with pytest.raises(Refused, match="Say why it is declined"):
        decline_publicity(item=item, reason=" ", actor=cast.approver, now=NOW)
    declined = decline_publicity(item=item, reason="Too early.", actor=cast.approver, now=NOW)
    assert (declined.state, declined.reason) == ("declined", "Too early.")
    for step in (
        lambda: approve_publicity(item=item, actor=cast.approver, now=LATER),
        lambda: withdraw_publicity(item=item, reason="Mine.", actor=cast.officer, now=LATER),
        lambda: change_publicity(item=item, version=2, plan=plan, actor=cast.approver),
        lambda: note_placement(item=item, outlet_id=0, link=LINK, out_on=TODAY, actor=cast.officer, now=NOW),
    ):
        with pytest.raises(Conflict):
            step()
    assert decline_publicity(item=item, reason="Too early.", actor=cast.approver, now=LATER).decided_at == NOW


@pytest.mark.parametrize("who", ["reviewer", "officer", "head", "south_reviewer", "outsider"])
def test_only_an_approver_decides(cast: Cast, plan: Plan, who: str) -> None:
    item = proposed(cast, plan)
    steps: list[Callable[[User], Any]] = [
        lambda actor: approve_publicity(item=item, actor=actor, now=NOW),
        lambda actor: decline_publicity(item=item, reason="No.", actor=actor, now=NOW),
    ]
    for step in steps:
        with pytest.raises(NotAllowed):
            step(getattr(cast, who))
    item.refresh_from_db()
    assert item.state == "proposed"


def test_withdrawn_by_the_district_even_once_approved(cast: Cast, plan: Plan) -> None:
    item = approved(cast, plan)
    with pytest.raises(NotAllowed):
        withdraw_publicity(item=item, reason="Not theirs.", actor=cast.approver, now=NOW)
    with pytest.raises(Refused, match="Say why it does not take place"):
        withdraw_publicity(item=item, reason="", actor=cast.head, now=NOW)
    gone = withdraw_publicity(item=item, reason="Moved to next year.", actor=cast.head, now=NOW)
    assert (gone.state, gone.reason, gone.decided_by) == ("withdrawn", "Moved to next year.", cast.head)
    assert withdraw_publicity(item=item, reason="Moved to next year.", actor=cast.head, now=LATER).decided_at == NOW


@pytest.mark.parametrize(
    ("link", "days", "said"),
    [
        ("", 0, "Give the whole address"),
        ("example.org", 0, "Give the whole address"),
        ("javascript:alert(1)", 0, "Give the whole address"),
        ("ftp://example.org/x", 0, "Give the whole address"),
        ("data:text/html,x", 0, "Give the whole address"),
        (f"https://example.org/{'x' * 490}", 0, "500 characters at most"),
        (LINK, 1, "on a day to come"),
        (LINK, None, "on which day it came out"),
    ],
)
def test_link_that_leads_nowhere_or_day_to_come_is_refused(
    cast: Cast, plan: Plan, agency: Outlet, link: str, days: int | None, said: str
) -> None:
    item = approved(cast, plan)
    out_on = None if days is None else TODAY + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        note_placement(item=item, outlet_id=agency.pk, link=link, out_on=out_on, actor=cast.officer, now=NOW)
    assert item.placements.get().out_on is None


def test_link_is_noted_corrected_and_kept_with_who_said_so(cast: Cast, plan: Plan, agency: Outlet) -> None:
    item = approved(cast, plan)
    note_placement(item=item, outlet_id=agency.pk, link=f" {LINK} ", out_on=TODAY, actor=cast.officer, now=NOW)
    note_placement(item=item, outlet_id=agency.pk, link=LINK, out_on=TODAY, actor=cast.head, now=LATER)
    place = item.placements.get()
    assert (place.link, place.out_on, place.noted_by, place.noted_at) == (LINK, TODAY, cast.officer, NOW)
    note_placement(item=item, outlet_id=agency.pk, link=f"{LINK}/2", out_on=TODAY, actor=cast.approver, now=LATER)
    place.refresh_from_db()
    assert (place.link, place.noted_by) == (f"{LINK}/2", cast.approver)


def test_link_for_an_outlet_of_another_plan_is_refused(cast: Cast, plan: Plan, channel: Outlet) -> None:
    with pytest.raises(Refused, match="not one of the plan's"):
        note_placement(item=approved(cast, plan), outlet_id=channel.pk, link=LINK, out_on=TODAY, actor=cast.officer, now=NOW)


def test_only_what_is_approved_comes_out(cast: Cast, plan: Plan, agency: Outlet) -> None:
    with pytest.raises(Conflict, match="Only what is approved"):
        note_placement(item=proposed(cast, plan), outlet_id=agency.pk, link=LINK, out_on=TODAY, actor=cast.officer, now=NOW)


def test_each_person_sees_the_own_districts_plans_and_what_the_bureau_plans(cast: Cast, plan: Plan) -> None:
    own = proposed(cast, plan)
    theirs = propose_publicity(district=cast.south, plan=plan, actor=cast.south_officer, now=NOW)
    shared = propose_publicity(district=None, plan=plan, actor=cast.administrator, now=NOW)
    dropped = propose_publicity(district=None, plan=replace(plan, title="Dropped"), actor=cast.administrator, now=NOW)
    withdraw_publicity(item=dropped, reason="No room.", actor=cast.administrator, now=NOW)
    seen = {who: set(publicity_for(getattr(cast, who))) for who in ("observer", "south_head", "outsider", "reviewer", "approver")}
    assert seen == {
        "observer": {own, shared},
        "south_head": {theirs, shared},
        "outsider": set(),
        "reviewer": {own, shared, dropped},
        "approver": {own, theirs, shared, dropped},
    }
    assert set(bureau_publicity(cast.officer)) == set()
    assert {who: set(waiting_publicity(getattr(cast, who))) for who in ("reviewer", "approver", "officer")} == {
        "reviewer": set(),
        "approver": {own, theirs},
        "officer": set(),
    }


def test_counts_by_outlet_are_of_the_years_approved_plans_in_the_portfolio(
    cast: Cast, plan: Plan, agency: Outlet, channel: Outlet
) -> None:
    both = replace(plan, title="Both", outlets=[agency, channel], first_day=date(2026, 12, 31))
    item = approved(cast, both)
    note_placement(item=item, outlet_id=channel.pk, link=LINK, out_on=TODAY, actor=cast.officer, now=NOW)
    approved(cast, replace(plan, title="Next year", first_day=date(2027, 1, 1)))
    proposed(cast, replace(plan, title="Not decided"))
    south = propose_publicity(district=cast.south, plan=plan, actor=cast.south_officer, now=NOW)
    approve_publicity(item=south, actor=cast.approver, now=NOW)
    Outlet.objects.create(name="Retired", name_zh="旧", kind=OutletKind.OTHER, is_active=False)

    def counted(user: User, year: int) -> list[tuple[str, int, int]]:
        return [(row.outlet.name, row.planned, row.out) for row in outlet_counts(user, year)]

    assert counted(cast.approver, 2026) == [("Agency", 2, 0), ("Channel", 1, 1)]
    assert counted(cast.reviewer, 2026) == [("Channel", 1, 1), ("Agency", 1, 0)]
    assert counted(cast.approver, 2027) == [("Agency", 1, 0), ("Channel", 0, 0)]
    assert counted(cast.officer, 2026) == [("Agency", 0, 0), ("Channel", 0, 0)]


@pytest.mark.parametrize(
    "change",
    [{"state": "declined"}, {"district": None}, {"state": "proposed"}, {"first_day": date(2027, 1, 1)}],
    ids=["declined without a reason", "owner", "proposed again", "ends before it begins"],
)
def test_database_refuses_what_the_domain_does_not_do(cast: Cast, plan: Plan, change: dict[str, Any]) -> None:
    item = approved(cast, plan)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublicityItem.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublicityItem.objects.filter(pk=item.pk).delete()


def test_letters_say_what_when_and_why_and_stop_when_nobody_needs_them(cast: Cast, plan: Plan) -> None:
    item = proposed(cast, plan)
    asked = OutgoingMail.objects.get(recipient=cast.approver)
    letter = compose(asked, NOW)
    assert letter is not None
    assert str(letter.subject) == "Publicity proposed: Northgate, Computing hub"
    assert letter.facts == [("Day", "3 August 2026"), ("Outlets", "Agency")]
    decline_publicity(item=item, reason="Too early.", actor=cast.approver, now=NOW)
    assert compose(asked, NOW) is None
    told = OutgoingMail.objects.get(kind="publicity_decided", recipient=cast.head)
    answer = compose(told, NOW)
    assert answer is not None
    assert (str(answer.subject), answer.quotes) == ("Publicity: Computing hub – Declined", [("Reason", "Too early.")])


def test_every_refusal_is_one_for_people() -> None:
    assert all(issubclass(kind, DomainError) for kind in (Conflict, NotAllowed, Refused))
    assert {state.value for state in PublicityState} == {"proposed", "approved", "declined", "withdrawn"}
