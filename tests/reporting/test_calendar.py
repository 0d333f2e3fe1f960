"""Deadlines as a page and as a feed at a private address."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.test import Client

from districts.domain.preferences import close_calendar, open_calendar
from districts.models import Membership, User
from districts.queries.calendars import calendar_key, reader_of_calendar
from reporting.models import Cycle, Submission
from reporting.queries.calendar import deadlines_for
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def _key(person: User) -> str:
    open_calendar(actor=person)
    person.refresh_from_db()
    return calendar_key(person)


def _entries(client: Client, key: str) -> list[tuple[str, datetime, str]]:
    response = client.get(f"/calendar/{key}.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    entries = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(entry["UID"]), entry.decoded("DTSTART"), str(entry["SUMMARY"])) for entry in entries]


def test_deadlines_of_a_district_are_its_own_reports(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    found = deadlines_for(cast.officer, NOW)
    assert [(item.at, item.is_lock, item.submission) for item in found] == [
        (submission.cycle.due_at, False, submission),
        (submission.cycle.locks_at, True, submission),
    ]


def test_deadlines_follow_the_districts_own_due_time(cast: Cast, submission: Submission) -> None:
    own = submission.cycle.locks_at + timedelta(days=2)
    Submission.objects.filter(pk=submission.pk).update(due_at=own, locks_at=own)
    assert [item.at for item in deadlines_for(cast.officer, NOW)] == [own, own]
    assert [item.at for item in deadlines_for(cast.south_officer, NOW)] == [submission.cycle.due_at, submission.cycle.locks_at]


def test_deadlines_of_the_bureau_are_the_cycles(cast: Cast, submission: Submission) -> None:
    for person in (cast.reviewer, cast.administrator):
        assert [(item.at, item.cycle, item.submission) for item in deadlines_for(person, NOW)] == [
            (submission.cycle.due_at, submission.cycle, None),
            (submission.cycle.locks_at, submission.cycle, None),
        ]


def test_deadlines_of_who_works_nowhere_or_of_a_planned_cycle_are_none(cast: Cast, submission: Submission) -> None:
    assert deadlines_for(cast.outsider, NOW) == []
    Cycle.objects.filter(pk=submission.cycle_id).update(opened_at=None)
    assert deadlines_for(cast.administrator, NOW) == []
    assert deadlines_for(cast.officer, NOW) == []


def test_deadlines_of_more_than_a_year_ago_are_left_out(cast: Cast, submission: Submission) -> None:
    late = submission.cycle.due_at + timedelta(days=366)
    assert [item.is_lock for item in deadlines_for(cast.officer, late)] == [False, True]
    assert [item.is_lock for item in deadlines_for(cast.officer, late + timedelta(seconds=1))] == [True]


def test_feed_holds_the_deadlines_at_their_instants(
    client: Client, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    due, lock = submission.cycle.due_at, submission.cycle.locks_at
    assert _entries(client, _key(cast.officer)) == [
        (f"report-{submission.pk}-due@testserver", due.astimezone(UTC), f"{submission.cycle} is due (Northgate)"),
        (f"report-{submission.pk}-lock@testserver", lock.astimezone(UTC), f"{submission.cycle} locks (Northgate)"),
    ]


def test_feed_speaks_its_readers_language(client: Client, cast: Cast, submission: Submission) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="zh-hans")
    assert "截止" in _entries(client, _key(cast.officer))[0][2]


def test_feed_is_ended_by_a_new_address_an_end_and_a_lost_access(client: Client, cast: Cast, submission: Submission) -> None:
    first = _key(cast.officer)
    second = _key(cast.officer)
    assert first != second
    assert client.get(f"/calendar/{first}.ics").status_code == 404
    assert len(_entries(client, second)) == 2
    close_calendar(actor=cast.officer)
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    third = _key(cast.officer)
    Membership.objects.filter(user=cast.officer).delete()
    assert _entries(client, third) == []
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert client.get(f"/calendar/{third}.ics").status_code == 404


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: "9" + key, lambda key: key.split(".")[0], lambda _key: "x"])
def test_feed_at_a_made_up_address_is_not_there(client: Client, cast: Cast, change: object) -> None:
    key = _key(cast.officer)
    assert callable(change)
    assert reader_of_calendar(change(key)) is None
    assert client.get(f"/calendar/{change(key)}.ics").status_code == 404
    assert client.post(f"/calendar/{key}.ics").status_code == 405
    assert client.head(f"/calendar/{key}.ics").status_code == 200


def test_page_gives_renews_and_ends_the_address(client: Client, cast: Cast, submission: Submission) -> None:
    client.force_login(cast.officer)
    assert ".ics" not in client.get("/calendar/").content.decode()
    assert client.post("/calendar/", {"address": "new"}).status_code == 302
    cast.officer.refresh_from_db()
    assert f"http://testserver/calendar/{calendar_key(cast.officer)}.ics" in client.get("/calendar/").content.decode()
    assert client.post("/calendar/", {"address": "end"}).status_code == 302
    assert ".ics" not in client.get("/calendar/").content.decode()
    assert client.post("/calendar/", {"address": "other"}).status_code == 422


def test_page_tells_what_is_ahead_from_what_is_past(client: Client, cast: Cast, submission: Submission) -> None:
    client.force_login(cast.officer)
    text = client.get("/calendar/").content.decode()
    now = datetime.now(UTC)
    assert ("Ahead" in text, "Past" in text) == (submission.cycle.locks_at > now, submission.cycle.due_at < now)
