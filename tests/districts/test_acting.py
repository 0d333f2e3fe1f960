"""Acting heads: appointed for days by a head, ended early, told by mail, on the pages of people and contacts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.domain.acting import appoint_acting_head, end_acting
from districts.domain.grants import grant_disagreements, refresh_grants
from districts.domain.letters import compose
from districts.domain.people import change_member_role, invite_member, remove_member, set_active
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import ActingHead, Membership, OutgoingMail, User
from districts.queries.access import may, permissions_on
from districts.queries.people import members_of
from tests.conftest import Cast
from tests.factories import act, make_acting
from tests.reporting.admin.helpers import signed_in
from tests.reporting.domain.test_concurrency import at_once
from tests.reporting.views.browser import as_user, text_of

DAY = timedelta(days=1)


def today() -> date:
    return timezone.localdate()


def appoint(cast: Cast, user: User, actor: User, first: int = 0, last: int = 2, now: datetime | None = None) -> ActingHead:
    days = {"first_day": today() + first * DAY, "last_day": today() + last * DAY}
    return appoint_acting_head(membership=user.memberships.get(), actor=actor, now=now or timezone.now(), **days)


def mails() -> set[tuple[str, str]]:
    return {(mail.kind, mail.recipient.full_name) for mail in OutgoingMail.objects.select_related("recipient")}


def text_of_mail(user: User) -> str:
    letter = compose(OutgoingMail.objects.get(recipient=user, kind="acting_head"), timezone.now())
    assert letter is not None
    return "\n".join([letter.subject, *letter.paragraphs, *(f"{name}: {value}" for name, value in letter.facts)])


def test_head_appoints_and_both_are_told_once(cast: Cast) -> None:
    acting = appoint(cast, cast.observer, cast.head)
    assert may(cast.observer, DistrictPermission.SIGN, cast.north.pk)
    assert cast.observer.memberships.get().role == DistrictRole.OBSERVER
    assert (acting.first_day, acting.last_day, acting.appointed_by) == (today(), today() + 2 * DAY, cast.head)
    assert timezone.localtime(acting.ends_at).hour == 0
    assert mails() == {("acting_head", "North Observer"), ("acting_head", "North Head")}
    assert appoint(cast, cast.observer, cast.head) == acting
    assert (ActingHead.objects.count(), OutgoingMail.objects.count()) == (1, 2)
    assert "You act as head of Northgate." in text_of_mail(cast.observer)
    assert "North Observer acts as head of Northgate." in text_of_mail(cast.head)
    assert "Appointed by: North Head" in text_of_mail(cast.head)
    assert acting.events.count() == 1  # type: ignore[attr-defined]
    assert list(grant_disagreements()) == []


def test_period_to_come_gives_nothing_yet(cast: Cast) -> None:
    appoint(cast, cast.officer, cast.head, first=1)
    assert not may(cast.officer, DistrictPermission.SIGN, cast.north.pk)


def test_only_the_districts_head_and_the_administrator_appoint_and_end(cast: Cast) -> None:
    acting_head = make_acting("north-acting", cast.north)
    others = (acting_head, cast.officer, cast.observer, cast.south_head, cast.reviewer, cast.approver, cast.outsider)
    for stranger in others:
        with pytest.raises(NotAllowed):
            appoint(cast, cast.officer, stranger)
    made = appoint(cast, cast.officer, cast.administrator)
    for stranger in others:
        with pytest.raises(NotAllowed):
            end_acting(acting=made, actor=stranger, now=timezone.now())
    assert end_acting(acting=made, actor=cast.administrator, now=timezone.now()).ended_by == cast.administrator


def test_appointments_that_make_no_sense_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="is the head already"):
        appoint(cast, cast.head, cast.administrator)
    appoint(cast, cast.officer, cast.head)
    with pytest.raises(Refused, match=r"acts as head from .* already"):
        appoint(cast, cast.officer, cast.head, first=2, last=3)
    appoint(cast, cast.officer, cast.head, first=3, last=4)
    appoint(cast, cast.observer, cast.head, first=2, last=3)
    set_active(user=cast.observer, is_active=False, actor=cast.administrator)
    with pytest.raises(Refused, match="access was ended"):
        appoint(cast, cast.observer, cast.head, first=8, last=9)
    remove_member(membership=cast.officer.memberships.get(), actor=cast.head)
    with pytest.raises(Conflict):
        appoint_acting_head(
            membership=Membership(pk=0, user=cast.officer, district=cast.north),
            first_day=today(),
            last_day=today(),
            actor=cast.head,
            now=timezone.now(),
        )


def test_ended_early_is_refused_at_the_next_question_and_its_mails_stay_unsent(cast: Cast) -> None:
    acting = appoint(cast, cast.officer, cast.head)
    ended = end_acting(acting=acting, actor=cast.head, now=timezone.now())
    assert permissions_on(cast.officer, cast.north.pk) == {DistrictPermission.VIEW, DistrictPermission.FILE}
    assert (ended.ended_by, ended.membership.role) == (cast.head, DistrictRole.OFFICER)
    assert [compose(mail, timezone.now()) for mail in OutgoingMail.objects.all()] == [None, None]
    with pytest.raises(Conflict):
        end_acting(acting=acting, actor=cast.head, now=timezone.now())
    assert list(acting.events.values_list("pgh_label", flat=True)) == ["insert", "update"]  # type: ignore[attr-defined]


def test_access_that_was_ended_ends_the_acting_too_and_no_mail_of_the_portal_goes_there(cast: Cast) -> None:
    appoint(cast, cast.officer, cast.head)
    set_active(user=cast.officer, is_active=False, actor=cast.administrator)
    cast.officer.refresh_from_db()
    assert not may(cast.officer, DistrictPermission.SIGN, cast.north.pk)
    assert cast.officer not in members_of([cast.north.pk], HEAD_ROLES)[cast.north.pk]
    set_active(user=cast.officer, is_active=True, actor=cast.administrator)
    cast.officer.refresh_from_db()
    assert may(cast.officer, DistrictPermission.SIGN, cast.north.pk)


def test_period_that_is_over_cannot_be_ended(cast: Cast) -> None:
    past = act(cast.officer.memberships.get(), begins_at=timezone.now() - 2 * DAY, ends_at=timezone.now() - DAY)
    with pytest.raises(Conflict):
        end_acting(acting=past, actor=cast.head, now=timezone.now())


def test_removed_member_acts_no_more_and_does_not_again_when_invited_anew(cast: Cast) -> None:
    appoint(cast, cast.officer, cast.head)
    remove_member(membership=cast.officer.memberships.get(), actor=cast.head)
    assert permissions_on(cast.officer, cast.north.pk) == frozenset()
    who = {"email": cast.officer.email, "full_name": "", "role": DistrictRole.OFFICER}
    invite_member(district=cast.north, **who, actor=cast.head, now=timezone.now())  # type: ignore[arg-type]
    assert permissions_on(cast.officer, cast.north.pk) == {DistrictPermission.VIEW, DistrictPermission.FILE}
    events = apps.get_model("districts", "ActingHeadEvent").objects.order_by("pgh_id")
    assert list(events.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_acting_head_manages_people_and_appoints_nobody(cast: Cast) -> None:
    acting = make_acting("north-acting", cast.north)
    change_member_role(membership=cast.officer.memberships.get(), role=DistrictRole.OBSERVER, actor=acting)
    page = as_user(acting).get(reverse("people"))
    assert "acting head until" in text_of(page)
    assert "Acting head…" not in text_of(page)
    assert "End early…" not in text_of(page)
    assert "People" in text_of(page, "nav")
    assert "Northgate · Acting head" in text_of(page, "header")


def test_head_appoints_and_ends_on_the_page(cast: Cast) -> None:
    client = as_user(cast.head)
    url = reverse("people_appoint", args=[cast.officer.memberships.get().pk])
    assert client.get(url).status_code == 200
    refused = client.post(url, {"first_day": today() - DAY, "last_day": today()})
    assert (refused.status_code, "The first day has passed" in text_of(refused)) == (422, True)
    assert client.post(url, {"first_day": "soon", "last_day": ""}).status_code == 422
    done = client.post(url, {"first_day": today(), "last_day": today() + DAY})
    assert (done.status_code, done["Location"]) == (302, reverse("people"))
    page = text_of(client.get(reverse("people")))
    last = (today() + DAY).strftime("%-d %B %Y")
    assert f"acting head until {last}" in page
    assert f"to the end of {last} End early…" in page
    end = reverse("people_end_acting", args=[ActingHead.objects.get().pk])
    assert "End the time of North Officer as acting head of Northgate?" in text_of(client.get(end))
    assert client.post(end).status_code == 302
    assert client.post(end).status_code == 409
    assert "acting head until" not in text_of(client.get(reverse("people")))


def test_pages_of_anothers_district_do_not_exist(cast: Cast) -> None:
    acting = act(cast.south_officer.memberships.get())
    appoint_url = reverse("people_appoint", args=[cast.south_observer.memberships.get().pk])
    end_url = reverse("people_end_acting", args=[acting.pk])
    for url in (appoint_url, end_url):
        for send in (as_user(cast.head).get, as_user(cast.head).post):
            assert send(url).status_code == 404
    own = reverse("people_appoint", args=[cast.observer.memberships.get().pk])
    assert as_user(make_acting("north-acting", cast.north)).get(own).status_code == 403
    assert as_user(cast.head).get(reverse("people_appoint", args=[cast.head.memberships.get().pk])).status_code == 403


def test_contacts_page_says_who_acts_until_when_and_nothing_of_what_is_over(cast: Cast) -> None:
    ends_at = timezone.make_aware(datetime(2099, 3, 1))  # noqa: DTZ001
    act(cast.officer.memberships.get(), ends_at=ends_at)
    act(cast.observer.memberships.get(), begins_at=timezone.now() - 2 * DAY, ends_at=timezone.now() - DAY)
    page = text_of(as_user(cast.observer).get(reverse("contacts")))
    assert page.count("acting head until 28 February 2099") == 1
    assert page.count("acting head") == 1
    assert "acting head" not in text_of(as_user(cast.south_observer).get(reverse("contacts")))


def test_administrator_appoints_and_ends_in_the_admin(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    body = {"membership": cast.officer.memberships.get().pk, "first_day": today(), "last_day": today() + DAY}
    late = client.post(reverse("admin:districts_actinghead_add"), body | {"last_day": today() + 400 * DAY})
    assert (late.status_code, "too long" in late.content.decode()) == (422, True)
    assert client.post(reverse("admin:districts_actinghead_add"), body).status_code == 302
    acting = ActingHead.objects.get()
    assert (acting.appointed_by, acting.district) == (cast.administrator, cast.north)
    assert "In force" in client.get(reverse("admin:districts_actinghead_changelist")).content.decode()
    end = reverse("admin:districts_actinghead_end", args=[acting.pk])
    own = client.get(reverse("admin:districts_actinghead_change", args=[acting.pk])).content.decode()
    assert [own.count(words) for words in (end, date_format(today()), date_format(today() + DAY), "In force")] == [1, 1, 1, 1]
    assert client.get(end).status_code == 200
    assert may(cast.officer, DistrictPermission.SIGN, cast.north.pk)
    assert client.post(end).status_code == 302
    assert not may(cast.officer, DistrictPermission.SIGN, cast.north.pk)
    assert client.post(end).status_code == 409
    assert end not in client.get(reverse("admin:districts_actinghead_change", args=[acting.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_same_appointment_by_many_at_once_is_one(cast: Cast) -> None:
    calls: list[Callable[[], ActingHead]] = [partial(appoint, cast, cast.officer, cast.head)] * 6
    outcomes = at_once(calls)
    assert {type(outcome) for outcome in outcomes} == {ActingHead}
    assert (ActingHead.objects.count(), OutgoingMail.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_different_days_at_once_give_one_and_refusals(cast: Cast) -> None:
    calls: list[Callable[[], ActingHead]] = [partial(appoint, cast, cast.officer, cast.head, last=last) for last in range(4)]
    outcomes = at_once(calls)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ActingHead", "Refused", "Refused", "Refused"]


def test_standing_acting_heads_of_before_get_a_quarter(cast: Cast) -> None:
    """The migration, on a row as it was before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE districts_membership DROP CONSTRAINT membership_role_stands")
    Membership.objects.filter(user=cast.officer).update(role=DistrictRole.HEAD)
    refresh_grants(user_id=cast.officer.pk)
    Membership.objects.filter(user=cast.officer).update(role=DistrictRole.ACTING_HEAD)
    import_module("districts.migrations.0005_standing_acting_heads_get_a_period").give_periods(apps, None)
    acting = ActingHead.objects.get()
    assert (acting.membership.user, acting.membership.role, acting.appointed_by) == (cast.officer, "officer", None)
    assert (acting.first_day, acting.last_day) == (today(), today() + 91 * DAY)
    assert may(cast.officer, DistrictPermission.SIGN, cast.north.pk)
    assert list(grant_disagreements()) == []
