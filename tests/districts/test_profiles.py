"""Profiles: written by the head, decided on by the bureau, shown to all, and never changed once approved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.domain.letters import compose
from districts.domain.profiles import (
    ProfileText,
    approve_profile,
    return_profile,
    send_profile,
    take_back_profile,
    write_profile,
)
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import Industry, OutgoingMail, Profile
from districts.queries.profiles import bureau_profiles, differences, history_of_profile, profiles_in_force
from reporting.models import Submission
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.domain.states import bring_to
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TEXT = ProfileText("City of data", "A port.", "Data port", "First trade, then services.", "Office 5")


def written(cast: Cast, version: int = 0, text: ProfileText = TEXT, **more: Any) -> Profile:
    given: dict[str, Any] = {"district": cast.north, "actor": cast.head, "now": NOW}
    return write_profile(version=version, text=text, **given | more)


def sent(cast: Cast, text: ProfileText = TEXT) -> Profile:
    return send_profile(profile=written(cast, text=text), actor=cast.head, now=NOW)


def approved(cast: Cast, text: ProfileText = TEXT, now: Any = NOW) -> Profile:
    profile = sent(cast, text)
    return approve_profile(profile=profile, version=profile.version, actor=cast.approver, now=now)


def mails(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_version_is_written_sent_and_approved(cast: Cast) -> None:
    profile = approved(cast)
    assert (profile.state, profile.decided_by, profiles_in_force([cast.north, cast.south])) == (
        "approved",
        cast.approver,
        {cast.north.pk: profile},
    )
    assert (mails("profile_sent"), mails("profile_decided")) == ({cast.approver.email}, {cast.head.email})
    assert approve_profile(profile=profile, version=1, actor=cast.approver, now=LATER).decided_at == NOW


def test_earlier_versions_stay_and_the_latest_approved_one_counts(cast: Cast) -> None:
    first = approved(cast)
    second = approved(cast, replace(TEXT, positioning="City of chips"), LATER)
    assert profiles_in_force([cast.north]) == {cast.north.pk: second}
    assert history_of_profile(cast.north) == [second, first]
    with pytest.raises(DatabaseError), transaction.atomic():
        Profile.objects.filter(pk=first.pk).update(brand="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Profile.objects.filter(pk=first.pk).delete()


@pytest.mark.parametrize("who", ["officer", "observer", "south_head", "approver", "administrator", "outsider"])
def test_only_the_head_writes_sends_and_takes_back(cast: Cast, who: str) -> None:
    actor, profile = getattr(cast, who), sent(cast)
    for call in (
        lambda: written(cast, actor=actor),
        lambda: send_profile(profile=profile, actor=actor, now=NOW),
        lambda: take_back_profile(profile=profile, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.parametrize("who", ["head", "reviewer", "south_reviewer", "outsider"])
def test_only_an_approver_decides(cast: Cast, who: str) -> None:
    profile = sent(cast)
    with pytest.raises(NotAllowed):
        approve_profile(profile=profile, version=1, actor=getattr(cast, who), now=NOW)
    with pytest.raises(NotAllowed):
        return_profile(profile=profile, version=1, reason="No.", actor=getattr(cast, who), now=NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"positioning": " \x00 "}, "in one sentence"),
        ({"positioning": "x" * 201}, "200 characters"),
        ({"brand": "x" * 201}, "200 characters"),
        ({"path": "x" * 5001}, "5000 characters"),
    ],
)
def test_text_that_says_nothing_or_too_much_is_refused(cast: Cast, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        written(cast, text=replace(TEXT, **more))
    assert not Profile.objects.exists()


def test_ten_leading_industries_are_the_most(cast: Cast) -> None:
    industries = [Industry.objects.create(name=f"Industry {number}", name_zh="产业") for number in range(11)]
    with pytest.raises(Refused, match="10 leading industries"):
        written(cast, text=replace(TEXT, industries=industries))
    assert written(cast, text=replace(TEXT, industries=industries[:10])).industries.count() == 10


def test_stale_version_is_a_conflict_and_nothing_is_lost(cast: Cast) -> None:
    written(cast)
    written(cast, 1, replace(TEXT, brand="New"))
    for version in (0, 1):
        with pytest.raises(Conflict, match="changed it meanwhile"):
            written(cast, version, replace(TEXT, brand="Stale"))
    assert Profile.objects.get().brand == "New"


def test_what_waits_is_not_changed_until_it_is_taken_back(cast: Cast) -> None:
    profile = sent(cast)
    with pytest.raises(Conflict, match="Take it back"):
        written(cast, 1)
    assert take_back_profile(profile=profile, actor=cast.head).state == "draft"
    with pytest.raises(Conflict, match="decided on meanwhile"):
        approve_profile(profile=profile, version=1, actor=cast.approver, now=NOW)
    assert written(cast, 1).version == 2


def test_approver_decides_on_the_version_that_was_read(cast: Cast) -> None:
    profile = sent(cast)
    take_back_profile(profile=profile, actor=cast.head)
    send_profile(profile=written(cast, 1, replace(TEXT, brand="Other")), actor=cast.head, now=LATER)
    with pytest.raises(Conflict):
        approve_profile(profile=profile, version=1, actor=cast.approver, now=LATER)


def test_returned_with_a_reason_it_is_changed_and_sent_again(cast: Cast) -> None:
    profile = sent(cast)
    with pytest.raises(Refused, match="what should be changed"):
        return_profile(profile=profile, version=1, reason=" ", actor=cast.approver, now=NOW)
    back = return_profile(profile=profile, version=1, reason="Too short.", actor=cast.approver, now=NOW)
    letter = compose(OutgoingMail.objects.get(kind="profile_decided"), NOW)
    assert letter is not None
    assert (back.state, letter.quotes) == ("returned", [("Reason", "Too short.")])
    again = send_profile(profile=written(cast, 1, replace(TEXT, brand="Longer")), actor=cast.head, now=LATER)
    assert (again.pk, again.state) == (profile.pk, "sent")


def test_differences_name_what_is_new(cast: Cast) -> None:
    first = approved(cast)
    industry = Industry.objects.create(name="Chips", name_zh="芯片")
    second = sent(cast, replace(TEXT, brand="New brand", industries=[industry]))
    assert differences(second, first) == [("Brand", "Data port", "New brand"), ("Leading industries", "", "Chips")]


def test_bureau_reads_what_was_sent_in_its_portfolio(cast: Cast) -> None:
    draft = written(cast)
    theirs = send_profile(profile=written(cast, district=cast.south, actor=cast.south_head), actor=cast.south_head, now=NOW)
    assert (set(bureau_profiles(cast.approver)), set(bureau_profiles(cast.reviewer))) == ({theirs}, set())
    send_profile(profile=draft, actor=cast.head, now=NOW)
    assert set(bureau_profiles(cast.reviewer)) == {draft}
    assert set(bureau_profiles(cast.head)) == set()


def test_whole_way_in_the_pages(cast: Cast, submission: Submission) -> None:
    head, approver = as_user(cast.head), as_user(cast.approver)
    url, page = reverse("district_profile", args=["north"]), reverse("district", args=["north"])
    assert "No profile yet" in text_of(head.get(page))
    typed = {"positioning": "City of data", "version": "0"}
    assert head.post(url, typed | {"positioning": ""}).status_code == 422
    assert head.post(url, typed | {"send": "yes"}).status_code == 302
    profile = Profile.objects.get()
    assert "City of data" not in text_of(as_user(cast.south_head).get(page))
    back = reverse("admin:districts_profile_return", args=[profile.pk])
    assert approver.post(back, {"version": 1, "reason": "Say more."}).status_code == 302
    assert "Say more." in text_of(head.get(url))
    stale = head.post(url, typed | {"version": "7"})
    assert (stale.status_code, "changed it meanwhile" in text_of(stale)) == (409, True)
    assert head.post(url, typed | {"version": "1", "brand": "Port", "send": "yes"}).status_code == 302
    assert "It waits for the bureau" in text_of(head.get(url))
    approve = reverse("admin:districts_profile_approve", args=[profile.pk])
    assert approver.post(approve, {"version": 2}).status_code == 302
    for person in (cast.south_observer, cast.reviewer):
        assert "City of data" in text_of(as_user(person).get(page))
    assert "City of data" in text_of(as_user(cast.south_observer).get(reverse("districts")))
    assert as_user(cast.outsider).get(page).status_code == 404


def test_figures_and_tasks_of_a_district_are_for_its_own_people(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    page = reverse("district", args=["north"])
    own, theirs = as_user(cast.observer).get(page), as_user(cast.south_observer).get(page)
    assert [len(select(parse(one), 'section[aria-labelledby="figures-title"]')) for one in (own, theirs)] == [1, 0]


def test_list_asks_the_same_number_of_questions_for_one_profile_as_for_two(cast: Cast, submission: Submission) -> None:
    client, counts = as_user(cast.officer), []
    for district, head in ((cast.north, cast.head), (cast.south, cast.south_head)):
        profile = send_profile(profile=written(cast, district=district, actor=head), actor=head, now=NOW)
        approve_profile(profile=profile, version=1, actor=cast.approver, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("districts"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
