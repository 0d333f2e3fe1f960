"""The table of portfolios: a look at what changes, one transaction, nothing written over what somebody else did, kept history."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from districts.domain.grants import grant_disagreements
from districts.domain.people import set_bureau_role
from districts.domain.portfolios import PortfoliosMoved, reassign_districts
from districts.enums import BureauRoleName, DistrictPermission, Scope
from districts.errors import NotAllowed, Refused
from districts.models import BureauRole, District, User
from districts.queries.access import districts_for, permissions_on
from districts.queries.portfolios import Change, Wish, plan_of
from reporting.models import Submission
from reporting.queries.review import queue
from tests.conftest import Cast
from tests.factories import NOW, depute, make_bureau, make_district
from tests.reporting.admin.helpers import in_review, signed_in
from tests.reporting.domain.test_concurrency import at_once
from tests.reporting.views.browser import text_of as text_in

URL = "/admin/districts/bureaurole/portfolios/"


def role(user: User) -> BureauRole:
    return BureauRole.objects.get(user=user)


def roles(*users: User) -> frozenset[int]:
    return frozenset(role(user).pk for user in users)


def wish(district: District, seen: tuple[User, ...], wanted: tuple[User, ...]) -> Wish:
    return Wish(district.pk, roles(*seen), roles(*wanted))


def portfolio(user: User) -> set[str]:
    return set(districts_for(user, DistrictPermission.REVIEW).values_list("code", flat=True))


def entries() -> list[tuple[int, int]]:
    return sorted(BureauRole.districts.through.objects.values_list("bureaurole_id", "district_id"))


def form_of(page: Any, ticks: Mapping[District, tuple[User, ...]] | None = None) -> dict[str, Any]:
    """The table's form as a browser sends it, with these rows ticked anew."""
    (form,) = [one for one in html.fromstring(page.content.decode()).forms if "seen" in one.fields]
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found | {f"district-{district.pk}": [*map(str, sorted(roles(*people)))] for district, people in (ticks or {}).items()}


def text_of(page: Any) -> str:
    return text_in(page, "body")


def test_districts_go_to_others_and_rights_follow(cast: Cast) -> None:
    wishes = [
        wish(cast.north, (cast.reviewer,), (cast.south_reviewer,)),
        wish(cast.south, (cast.south_reviewer,), (cast.reviewer, cast.south_reviewer)),
    ]
    assert reassign_districts(wishes=wishes, actor=cast.administrator) == [
        Change(cast.north, (role(cast.reviewer),), (role(cast.south_reviewer),)),
        Change(cast.south, (), (role(cast.reviewer),)),
    ]
    assert (portfolio(cast.reviewer), portfolio(cast.south_reviewer)) == ({"south"}, {"north", "south"})
    assert list(grant_disagreements()) == []
    assert reassign_districts(wishes=wishes, actor=cast.administrator) == []  # a replay changes nothing


def test_deputy_follows_the_table(cast: Cast) -> None:
    deputy = make_bureau("deputy", BureauRoleName.REVIEWER, [make_district("west")])
    depute(cast.reviewer, deputy)
    wishes = [wish(cast.south, (cast.south_reviewer,), (cast.reviewer,))]
    reassign_districts(wishes=wishes, actor=cast.administrator)
    assert portfolio(deputy) == {"north", "south", "west"}
    reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), ())], actor=cast.administrator)
    assert portfolio(deputy) == {"south", "west"}
    assert list(grant_disagreements()) == []


def test_open_work_follows_and_no_report_is_lost_from_the_queues(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    waiting = {in_review(submission, cast), in_review(south_submission, cast)}
    reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (cast.south_reviewer,))], actor=cast.administrator)
    assert (set(queue(cast.reviewer)), set(queue(cast.south_reviewer))) == (set(), waiting)


def test_only_an_administrator_reassigns(cast: Cast) -> None:
    before = entries()
    for stranger in (cast.reviewer, cast.approver, cast.head, cast.outsider):
        with pytest.raises(NotAllowed):
            reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (cast.south_reviewer,))], actor=stranger)
    assert entries() == before


def test_row_that_somebody_else_changed_is_a_conflict_with_both_and_nothing_is_saved(cast: Cast) -> None:
    other = make_bureau("other", BureauRoleName.REVIEWER, [])
    reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (other,))], actor=cast.administrator)
    before = entries()
    mine = [
        wish(cast.north, (cast.reviewer,), (cast.south_reviewer,)),
        wish(cast.south, (cast.south_reviewer,), (cast.reviewer,)),
    ]
    with pytest.raises(PortfoliosMoved) as refusal:
        reassign_districts(wishes=mine, actor=cast.administrator)
    (clash,) = refusal.value.clashes
    assert (clash.district, clash.stored, clash.wanted) == (cast.north, (role(other),), (role(cast.south_reviewer),))
    assert entries() == before


def test_row_that_one_did_not_touch_is_left_as_somebody_else_made_it(cast: Cast) -> None:
    untouched = wish(cast.north, (cast.reviewer,), (cast.reviewer,))
    reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (cast.south_reviewer,))], actor=cast.administrator)
    mine = [untouched, wish(cast.south, (cast.south_reviewer,), (cast.reviewer,))]
    assert [change.district for change in reassign_districts(wishes=mine, actor=cast.administrator)] == [cast.south]
    assert portfolio(cast.south_reviewer) == {"north"}


def test_what_the_table_does_not_have_is_refused(cast: Cast) -> None:
    before = entries()
    left = make_bureau("left", BureauRoleName.REVIEWER, [])
    User.objects.filter(pk=left.pk).update(is_active=False)
    seen = roles(cast.reviewer)
    for wanted in (roles(cast.approver), roles(cast.administrator), frozenset({0})):  # who has all, and who is not there
        with pytest.raises(PortfoliosMoved):
            reassign_districts(wishes=[Wish(cast.north.pk, seen, wanted)], actor=cast.administrator)
    with pytest.raises(PortfoliosMoved):
        reassign_districts(wishes=[Wish(0, frozenset(), seen)], actor=cast.administrator)
    with pytest.raises(Refused, match="The access of Left was ended: Northgate cannot go there"):
        reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (left,))], actor=cast.administrator)
    assert entries() == before


def test_closed_district_still_has_reports_that_somebody_reviews(cast: Cast) -> None:
    closed = make_district("closed", ends_on=NOW.date())
    reassign_districts(wishes=[wish(closed, (), (cast.reviewer,))], actor=cast.administrator)
    assert portfolio(cast.reviewer) == {"closed", "north"}


def test_warnings_name_districts_without_reviewer_and_people_without_district(cast: Cast) -> None:
    lone = make_bureau("lone-approver", BureauRoleName.APPROVER, [cast.south])
    plan = plan_of(
        [wish(cast.north, (cast.reviewer,), (lone,)), wish(cast.south, (cast.south_reviewer, lone), (cast.south_reviewer,))]
    )
    assert (plan.without_reviewer, plan.without_district) == ([cast.north], [role(cast.reviewer)])
    make_bureau("everywhere", BureauRoleName.REVIEWER)
    assert plan_of([wish(cast.north, (cast.reviewer,), ())]).without_reviewer == []


def test_administrator_sees_what_changes_confirms_and_finds_it_in_the_history(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    table = client.get(URL)
    ticks = {cast.north: (cast.south_reviewer,)}
    asked = client.post(URL, form_of(table, ticks))
    assert (asked.status_code, portfolio(cast.reviewer)) == (200, {"north"})
    words = text_of(asked)
    assert "Northgate Reviewer South Reviewer" in words
    assert "Reviewer is left without any district." in words
    assert "Southgate" not in words
    back = client.post(URL, form_of(asked) | {"back": "yes"})
    assert form_of(back) == form_of(table, ticks)
    assert client.post(URL, form_of(asked) | {"confirm": "yes"}).status_code == 302
    assert (portfolio(cast.reviewer), portfolio(cast.south_reviewer)) == (set(), {"north", "south"})
    history = reverse("admin:districts_bureaurole_history", args=[role(cast.reviewer).pk])
    page = text_of(client.get(history))
    assert "Administrator portfolio: removed" in page
    assert "Northgate" in page
    again = client.post(URL, form_of(client.get(URL)))
    assert (again.status_code, again["Location"]) == (302, URL)


def test_stale_page_is_answered_409_with_both_and_keeps_the_ticks(cast: Cast) -> None:
    other = make_bureau("other", BureauRoleName.REVIEWER, [])
    client = signed_in(cast.administrator)
    table = client.get(URL)
    mine = {cast.north: (cast.south_reviewer,), cast.south: (cast.reviewer, cast.south_reviewer)}
    asked = client.post(URL, form_of(table, mine))
    reassign_districts(wishes=[wish(cast.north, (cast.reviewer,), (other,))], actor=cast.administrator)
    stale = client.post(URL, form_of(asked) | {"confirm": "yes"})
    assert (stale.status_code, portfolio(other)) == (409, {"north"})
    assert "Northgate Other South Reviewer" in text_of(stale)
    assert form_of(stale) == form_of(client.get(URL), mine)
    assert client.post(URL, form_of(table, mine)).status_code == 409
    assert client.post(URL, form_of(client.post(URL, form_of(stale))) | {"confirm": "yes"}).status_code == 302
    assert (portfolio(other), portfolio(cast.reviewer)) == (set(), {"south"})


def test_portfolio_changed_on_the_roles_own_page_is_seen_by_the_table(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    table = client.get(URL)
    given: dict[str, Any] = {"role": BureauRoleName.REVIEWER, "scope": Scope.LISTED, "districts": [cast.north, cast.south]}
    set_bureau_role(user=cast.south_reviewer, actor=cast.administrator, **given)
    assert client.post(URL, form_of(table, {cast.north: ()})).status_code == 409


@pytest.mark.parametrize(
    "forged",
    [
        {"seen": ""}, {"seen": "x"},
        {"seen": "1:2:3"}, {"seen": "1:2 1:2"}, {"seen": "١:2"}, {"seen": "9" * 30 + ":"}, {"seen": "1:2."},
        {"wanted": "1:2"}, {"wanted": ""}, {"wanted": "\x00"}, {"district-0": "1"}, {"district-x": "1"}, {"district-": "1"},
        {"confirm": "yes", "wanted": "1: 2: 3:"},
    ],
)  # fmt: skip
def test_form_that_the_table_does_not_send_is_refused(cast: Cast, forged: dict[str, str]) -> None:
    client, before = signed_in(cast.administrator), entries()
    answer = client.post(URL, form_of(client.get(URL)) | {"confirm": "yes"} | forged)
    assert (answer.status_code, "not what the table sends" in text_of(answer)) == (400, True)
    assert entries() == before


def test_forged_numbers_are_refused_and_nothing_is_changed(cast: Cast) -> None:
    client, before = signed_in(cast.administrator), entries()
    form = form_of(client.get(URL))
    for number in (role(cast.approver).pk, role(cast.administrator).pk, 987654321):
        answer = client.post(URL, form | {f"district-{cast.north.pk}": [number], "confirm": "yes"})
        assert answer.status_code == 409
    for text in ("x", "-1", "9" * 19, "\x00"):
        assert client.post(URL, form | {f"district-{cast.north.pk}": [text], "confirm": "yes"}).status_code == 400
    assert entries() == before


def test_table_shows_who_has_all_who_is_away_who_left_and_what_nobody_has(cast: Cast) -> None:
    make_bureau("west-approver", BureauRoleName.APPROVER, [make_district("west", name="Westgate")])
    left = make_bureau("left", BureauRoleName.REVIEWER, [cast.north])
    User.objects.filter(pk=left.pk).update(is_active=False)
    depute(cast.reviewer, cast.approver)
    client = signed_in(cast.administrator)
    words = text_of(client.get(URL))
    assert [words.count(text) for text in ("access ended", "Approver deputises", "no reviewer")] == [1, 1, 1]
    assert "West Approver Approver · 1 district" in words
    page = html.fromstring(client.get(URL).content.decode())
    assert {head.text_content() for head in page.xpath("//table[@data-picks]/thead//a")} == {
        "Left", "Reviewer", "South Reviewer", "West Approver",
    }  # fmt: skip
    make_bureau("everywhere", BureauRoleName.REVIEWER)
    page = html.fromstring(client.get(URL).content.decode())
    assert len(page.xpath("//input[@type='checkbox'][@disabled][@checked]")) == District.objects.count()
    assert "no reviewer" not in text_of(client.get(URL))


def test_empty_table_says_what_to_do(cast: Cast) -> None:
    BureauRole.objects.filter(role=BureauRoleName.REVIEWER).delete()
    assert "Nobody to give districts to yet" in text_of(signed_in(cast.administrator).get(URL))


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_page_that_is_none_shows_one(cast: Cast, page: str) -> None:
    assert signed_in(cast.administrator).get(URL, {"page": page}).status_code == 200


def test_table_query_count_is_the_same_for_more_districts_and_people(cast: Cast) -> None:
    def count() -> int:
        client = signed_in(cast.administrator)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    one = count()
    for number in range(3):
        depute(make_bureau(f"more-{number}", BureauRoleName.REVIEWER, [make_district(f"d{number}")]), cast.approver)
    assert (one, count()) == (9, 9)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_save_at_once_give_one_and_a_conflict(cast: Cast) -> None:
    second = make_bureau("second", BureauRoleName.ADMINISTRATOR)
    other = make_bureau("other", BureauRoleName.REVIEWER, [])
    calls: list[Callable[[], list[Change]]] = [
        partial(
            reassign_districts, wishes=[wish(cast.north, (cast.reviewer,), (cast.south_reviewer,))], actor=cast.administrator
        ),
        partial(reassign_districts, wishes=[wish(cast.north, (cast.reviewer,), (cast.reviewer, other))], actor=second),
    ]
    outcomes = at_once(calls)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PortfoliosMoved", "list"]
    won = outcomes.index(next(outcome for outcome in outcomes if isinstance(outcome, list)))
    held = {user.full_name for user in (cast.reviewer, cast.south_reviewer, other) if permissions_on(user, cast.north.pk)}
    assert held == ({"South Reviewer"} if won == 0 else {"Reviewer", "Other"})
    assert list(grant_disagreements()) == []
