"""Deputies at the bureau: named for days, bounded by the role of who is away, following its portfolio, ended early."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.domain.deputies import end_deputising, name_deputy
from districts.domain.districts import add_district
from districts.domain.grants import grant_disagreements
from districts.domain.letters import compose
from districts.domain.people import remove_bureau_role, set_active, set_bureau_role
from districts.enums import BureauRoleName, DistrictPermission, Scope
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import Deputy, District, OutgoingMail, User
from districts.queries.access import bureau_may, held_on, permissions_on
from districts.queries.people import reviewers_of
from tests import factories
from tests.conftest import Cast
from tests.factories import depute, make_bureau
from tests.reporting.admin.helpers import signed_in
from tests.reporting.domain.test_concurrency import at_once
from tests.reporting.views.browser import as_user, text_of

DAY = timedelta(days=1)
REVIEWS = {DistrictPermission.VIEW, DistrictPermission.REVIEW}
APPROVES = REVIEWS | {DistrictPermission.APPROVE}


def today() -> date:
    return timezone.localdate()


def name(absent: User, deputy: User, actor: User | None = None, first: int = 0, last: int = 2) -> Deputy:
    days = {"first_day": today() + first * DAY, "last_day": today() + last * DAY}
    return name_deputy(absent=absent, deputy=deputy, actor=actor or absent, now=timezone.now(), **days)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def letter_of(user: User) -> str:
    letter = compose(OutgoingMail.objects.get(recipient=user, kind="deputy"), timezone.now())
    assert letter is not None
    return "\n".join([letter.subject, *letter.paragraphs, *(f"{name}: {value}" for name, value in letter.facts)])


def test_reviewer_names_a_deputy_and_both_are_told_once(cast: Cast) -> None:
    row = name(cast.reviewer, cast.south_reviewer)
    assert permissions_on(cast.south_reviewer, cast.north.pk) == REVIEWS
    assert held_on(cast.south_reviewer, cast.north.pk) == dict.fromkeys(REVIEWS, True)
    assert held_on(cast.south_reviewer, cast.south.pk) == dict.fromkeys(REVIEWS, False)
    assert (row.first_day, row.last_day, row.appointed_by) == (today(), today() + 2 * DAY, cast.reviewer)
    assert name(cast.reviewer, cast.south_reviewer) == row
    assert {(mail.kind, mail.recipient) for mail in OutgoingMail.objects.all()} == {
        ("deputy", cast.reviewer),
        ("deputy", cast.south_reviewer),
    }
    assert (Deputy.objects.count(), OutgoingMail.objects.count()) == (1, 2)
    assert "You deputise for Reviewer." in letter_of(cast.south_reviewer)
    assert "South Reviewer deputises for you." in letter_of(cast.reviewer)
    assert "Appointed by: Reviewer" in letter_of(cast.reviewer)
    assert list(grant_disagreements()) == []


def test_deputy_has_what_the_role_of_the_absent_gives_and_no_more(cast: Cast) -> None:
    name(cast.approver, cast.reviewer)
    assert [permissions_on(cast.reviewer, pk) for pk in (cast.north.pk, cast.south.pk)] == [APPROVES, APPROVES]
    assert bureau_may(cast.reviewer, DistrictPermission.APPROVE)
    name(cast.south_reviewer, cast.approver, first=5, last=6)
    assert held_on(cast.approver, cast.south.pk) == dict.fromkeys(APPROVES, False)
    assert not bureau_may(cast.south_reviewer, DistrictPermission.APPROVE)
    assert permissions_on(cast.south_reviewer, cast.north.pk) == frozenset()


def test_period_to_come_or_over_gives_nothing(cast: Cast) -> None:
    name(cast.reviewer, cast.south_reviewer, first=1)
    depute(cast.reviewer, cast.south_reviewer, begins_at=timezone.now() - 2 * DAY, ends_at=timezone.now() - DAY)
    assert permissions_on(cast.south_reviewer, cast.north.pk) == frozenset()
    assert reviewers_of([cast.north.pk]) == {cast.north.pk: [cast.reviewer]}


def test_deputy_follows_the_portfolio_the_role_and_new_districts(cast: Cast) -> None:
    name(cast.reviewer, cast.south_reviewer)
    west = factories.make_district("west")
    change = {"user": cast.reviewer, "actor": cast.administrator}
    set_bureau_role(**change, role=BureauRoleName.APPROVER, scope=Scope.LISTED, districts=[west])
    assert permissions_on(cast.south_reviewer, cast.north.pk) == frozenset()
    assert permissions_on(cast.south_reviewer, west.pk) == APPROVES
    set_bureau_role(**change, role=BureauRoleName.REVIEWER, scope=Scope.ALL, districts=[])
    place = {"grid_row": 90, "grid_column": 90, "peer_group": "urban"}
    east: District = add_district(code="east", name="Eastgate", name_zh="东区", **place)
    assert permissions_on(cast.south_reviewer, east.pk) == REVIEWS
    set_bureau_role(**change, role=BureauRoleName.ADMINISTRATOR, scope=Scope.ALL, districts=[])
    assert permissions_on(cast.south_reviewer, east.pk) == frozenset()  # no deputy of an administrator
    assert list(grant_disagreements()) == []


def test_rights_are_not_passed_on(cast: Cast) -> None:
    """Who deputises for one that has a deputy gets that one's own role, whatever the clock and the order of the rows."""
    west = make_bureau("west-reviewer", BureauRoleName.REVIEWER, [factories.make_district("west")])
    depute(cast.reviewer, cast.south_reviewer)
    depute(cast.south_reviewer, west)
    assert permissions_on(west, cast.south.pk) == REVIEWS
    assert permissions_on(west, cast.north.pk) == frozenset()


def test_who_may_name_and_end(cast: Cast) -> None:
    for stranger in (cast.south_reviewer, cast.approver, cast.head, cast.outsider):
        with pytest.raises(NotAllowed):
            name(cast.reviewer, cast.south_reviewer, stranger)
    row = name(cast.reviewer, cast.south_reviewer, cast.administrator)
    for stranger in (cast.south_reviewer, cast.approver, cast.head):
        with pytest.raises(NotAllowed):
            end_deputising(deputy=row, actor=stranger, now=timezone.now())
    assert end_deputising(deputy=row, actor=cast.reviewer, now=timezone.now()).ended_by == cast.reviewer
    assert permissions_on(cast.south_reviewer, cast.north.pk) == frozenset()
    assert [compose(mail, timezone.now()) for mail in OutgoingMail.objects.all()] == [None, None]
    with pytest.raises(Conflict):
        end_deputising(deputy=row, actor=cast.administrator, now=timezone.now())
    assert list(row.events.values_list("pgh_label", flat=True)) == ["insert", "update"]  # type: ignore[attr-defined]


def test_deputies_that_make_no_sense_are_refused_in_words(cast: Cast) -> None:
    left = make_bureau("left", BureauRoleName.REVIEWER, [cast.north])
    set_active(user=left, is_active=False, actor=cast.administrator)
    refused: list[tuple[User, User, str]] = [
        (cast.reviewer, cast.reviewer, "choose a colleague"),
        (cast.reviewer, left, "The access of Left was ended"),
        (cast.reviewer, cast.outsider, "Outsider does not work at the bureau"),
        (cast.reviewer, cast.head, "North Head does not work at the bureau"),
        (cast.administrator, cast.reviewer, "administrator has no deputy"),
        (left, cast.reviewer, "The access of Left was ended"),
    ]
    for absent, deputy, words in refused:
        with pytest.raises(Refused, match=words):
            name(absent, deputy, cast.administrator)
    for days, words in (((-1, 1), "has passed"), ((2, 1), "before the first"), ((0, 92), "too long")):
        with pytest.raises(Refused, match=words):
            name(cast.reviewer, cast.south_reviewer, first=days[0], last=days[1])
    assert (Deputy.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_periods_that_meet_are_refused_in_words(cast: Cast) -> None:
    name(cast.reviewer, cast.south_reviewer)
    with pytest.raises(Refused, match=r"South Reviewer deputises for Reviewer from .* already"):
        name(cast.reviewer, cast.approver, first=2, last=3)
    with pytest.raises(Refused, match="Reviewer is away too, from"):
        name(cast.approver, cast.reviewer, first=1, last=1)
    with pytest.raises(Refused, match=r"South Reviewer deputises for Reviewer .* End that first"):
        name(cast.south_reviewer, cast.approver, first=2, last=2)
    name(cast.reviewer, cast.approver, first=3, last=4)
    name(cast.approver, cast.south_reviewer, first=5, last=6)
    assert Deputy.objects.count() == 3


def test_access_or_role_that_was_ended_ends_what_the_deputy_has(cast: Cast) -> None:
    name(cast.reviewer, cast.south_reviewer)
    set_active(user=cast.reviewer, is_active=False, actor=cast.administrator)
    assert permissions_on(cast.south_reviewer, cast.north.pk) == frozenset()
    set_active(user=cast.reviewer, is_active=True, actor=cast.administrator)
    assert permissions_on(cast.south_reviewer, cast.north.pk) == REVIEWS
    set_active(user=cast.south_reviewer, is_active=False, actor=cast.administrator)
    assert permissions_on(fresh(cast.south_reviewer), cast.north.pk) == frozenset()
    assert reviewers_of([cast.north.pk]) == {cast.north.pk: [cast.reviewer]}
    set_active(user=cast.south_reviewer, is_active=True, actor=cast.administrator)
    remove_bureau_role(bureau_role=cast.reviewer.bureau_role, actor=cast.administrator)
    assert permissions_on(fresh(cast.south_reviewer), cast.north.pk) == frozenset()
    events = apps.get_model("districts", "DeputyEvent").objects.order_by("pgh_id")
    assert list(events.values_list("pgh_label", flat=True)) == ["insert", "delete"]
    assert list(grant_disagreements()) == []


def test_mail_of_the_portfolio_reaches_the_deputy_whatever_the_own_role(cast: Cast) -> None:
    name(cast.reviewer, cast.administrator)
    assert reviewers_of([cast.north.pk, cast.south.pk]) == {
        cast.north.pk: [cast.reviewer, cast.administrator],
        cast.south.pk: [cast.south_reviewer],
    }
    name(cast.approver, cast.south_reviewer)
    assert reviewers_of([cast.north.pk])[cast.north.pk] == [cast.reviewer, cast.administrator]


def test_contacts_page_shows_the_deputy_for_the_district_while_it_runs(cast: Cast) -> None:
    ends_at = timezone.make_aware(datetime(2099, 3, 1))  # noqa: DTZ001
    depute(cast.reviewer, cast.approver, ends_at=ends_at)
    page = text_of(as_user(cast.officer).get(reverse("contacts")))
    assert page.count("away until 28 February 2099, Approver deputises") == 1
    assert page.count("deputises for Reviewer until 28 February 2099") == 1
    assert "deputises" not in text_of(as_user(cast.south_officer).get(reverse("contacts")))
    Deputy.objects.update(ends_at=timezone.now() - DAY / 2)
    page = text_of(as_user(cast.officer).get(reverse("contacts")))
    assert [words in page for words in ("deputises", cast.approver.email, cast.reviewer.email)] == [False, False, True]


def test_dashboard_tells_both_until_when(cast: Cast) -> None:
    depute(cast.reviewer, cast.south_reviewer, ends_at=timezone.make_aware(datetime(2099, 3, 1)))  # noqa: DTZ001
    people = (cast.reviewer, cast.south_reviewer, cast.approver)
    pages = {user: signed_in(user).get("/admin/").content.decode() for user in people}
    assert "You deputise for Reviewer until 28 February 2099." in pages[cast.south_reviewer]
    assert "South Reviewer deputises for you until 28 February 2099." in pages[cast.reviewer]
    assert "deputise" not in pages[cast.approver]


def test_reviewer_names_and_ends_on_the_page_and_sees_the_own_ones_alone(cast: Cast) -> None:
    other = depute(cast.south_reviewer, cast.approver)
    client = signed_in(cast.reviewer)
    add = reverse("admin:districts_deputy_add")
    body = {"deputy": cast.south_reviewer.bureau_role.pk, "first_day": today(), "last_day": today() + DAY}
    own, others = (f'<option value="{user.bureau_role.pk}"' for user in (cast.reviewer, cast.approver))
    page = client.get(add).content.decode()
    assert [words in page for words in ('name="absent"', own, others)] == [False, False, True]
    forged = client.post(add, body | {"absent": cast.approver.bureau_role.pk, "deputy": cast.reviewer.bureau_role.pk})
    assert (forged.status_code, Deputy.objects.count()) == (200, 1)
    busy = client.post(add, body)
    assert (busy.status_code, "is away too" in busy.content.decode()) == (422, True)
    assert client.post(add, body | {"deputy": cast.approver.bureau_role.pk}).status_code == 302
    made = Deputy.objects.get(absent__user=cast.reviewer)
    assert (made.deputy.user, made.appointed_by) == (cast.approver, cast.reviewer)
    page = client.get(reverse("admin:districts_deputy_changelist")).content.decode()
    assert ("Approver" in page, "South Reviewer" in page) == (True, False)
    end = reverse("admin:districts_deputy_end", args=[made.pk])
    row = reverse("admin:districts_deputy_change", args=[made.pk])
    shown = client.get(row).content.decode()
    assert [shown.count(words) for words in (end, date_format(today()), "In force")] == [1, 1, 1]
    assert end not in signed_in(cast.approver).get(row).content.decode()
    assert client.get(reverse("admin:districts_deputy_end", args=[other.pk])).status_code == 404
    assert (client.get(end).status_code, client.post(end).status_code, client.post(end).status_code) == (200, 302, 409)


def test_administrator_names_one_for_who_is_ill(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    body = {"absent": cast.reviewer.bureau_role.pk, "first_day": today(), "last_day": today()}
    add = reverse("admin:districts_deputy_add")
    alone = client.post(add, body | {"deputy": cast.reviewer.bureau_role.pk})
    assert (alone.status_code, "choose a colleague" in alone.content.decode()) == (200, True)
    assert client.post(add, body | {"deputy": cast.south_reviewer.bureau_role.pk}).status_code == 302
    assert Deputy.objects.get().appointed_by == cast.administrator


@pytest.mark.django_db(transaction=True)
def test_same_deputy_named_by_many_at_once_is_one(cast: Cast) -> None:
    calls: list[Callable[[], Deputy]] = [partial(name, cast.reviewer, cast.south_reviewer)] * 4
    assert {type(outcome) for outcome in at_once(calls)} == {Deputy}
    assert (Deputy.objects.count(), OutgoingMail.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_name_each_other_at_once_give_one_and_a_refusal(cast: Cast) -> None:
    calls = [partial(name, cast.reviewer, cast.south_reviewer), partial(name, cast.south_reviewer, cast.reviewer)]
    assert sorted(type(outcome).__name__ for outcome in at_once(calls)) == ["Deputy", "Refused"]
    assert list(grant_disagreements()) == []
