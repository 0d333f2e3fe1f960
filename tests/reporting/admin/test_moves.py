"""Moving a cycle on its page: what is dropped is listed first, then it is moved, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from districts.domain.letters import compose
from districts.models import OutgoingMail
from reporting.models import Cycle, Event, Submission
from tests.conftest import Cast
from tests.factories import fill, make_cycle, make_version
from tests.reporting.admin.helpers import page_of, signed_in
from tests.reporting.domain.test_moves import newer

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Open at the time at which the requests are made."""
    return make_cycle(make_version(), opened_by=cast.administrator, now=timezone.now() - timedelta(hours=1))


def url_of(cycle: Cycle) -> str:
    return reverse("admin:reporting_cycle_move", args=[cycle.pk])


def words_of(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def test_what_is_dropped_is_listed_with_its_districts_before_the_cycle_moves(cast: Cast, cycle: Cycle) -> None:
    north, south = (cycle.submissions.get(district=one) for one in (cast.north, cast.south))
    now = timezone.now()
    fill(north, cast.officer, {"plans": "<script>", "P1": "60"}, now=now)
    fill(south, cast.south_officer, {"P1": "7"}, now=now)
    client, target = signed_in(cast.administrator), newer(cycle, cast)
    assert url_of(cycle) in client.get(reverse("admin:reporting_cycle_change", args=[cycle.pk])).content.decode()
    page = client.get(url_of(cycle))
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in html.fromstring(page.content.decode()).xpath("//tbody/tr")
    ]
    assert rows == [
        ["Indicator STOCK STOCK", "asked in another way", "0", "–"],
        ["Plans plans", "not asked any more", "1", north.district_label],
        ["Practice practice", "asked in another way", "0", "–"],
    ]
    assert "2 reports that are begun and not signed go over" in words_of(page)
    assert Cycle.objects.get().definition_version != target
    answers = [client.post(url_of(cycle), {"version": target.pk}) for _again in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert Cycle.objects.get().definition_version == target
    assert Event.objects.filter(kind="move").count() == 2
    assert "2 reports have moved with it" in client.get(reverse("admin:index")).content.decode()
    assert "There is no newer published version" in words_of(client.get(url_of(cycle)))
    for reader, url in (
        (cast.officer, reverse("report_history", args=[north.pk])),
        (cast.reviewer, page_of(north)),
    ):
        shown = words_of(signed_in(reader).get(url))
        assert "From version 1 to version 2 of the form." in shown
        assert "Plans" in shown
        assert "<script>" in shown


def test_mail_says_what_changed(cast: Cast, cycle: Cycle) -> None:
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, now=timezone.now())
    signed_in(cast.administrator).post(url_of(cycle), {"version": newer(cycle, cast).pk})
    mail = OutgoingMail.objects.get(kind="moved", recipient=cast.head)
    letter = compose(mail, timezone.now())
    assert letter is not None
    assert letter.subject == f"New version of the form: {submission.district_label}, {cycle}"
    assert "Indicator STOCK2; Indicator GROUND" in letter.paragraphs[1]
    assert letter.quotes == [("Indicator STOCK", "12"), ("Plans", "Build more.")]


def autosave(client: Client, submission: Submission, key: str, value: str, seen: str) -> Any:
    given = {"editor": "e", f"seen-{key}": seen, f"answer-{key}": value}
    return client.post(reverse("report_answers", args=[submission.pk]), given)


def test_page_opened_before_the_move_saves_what_is_still_asked_and_says_what_is_not(cast: Cast, cycle: Cycle) -> None:
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, now=timezone.now())
    officer = signed_in(cast.officer)
    signed_in(cast.administrator).post(url_of(cycle), {"version": newer(cycle, cast).pk})
    saved = autosave(officer, submission, "P1", "61", "1.")
    assert (saved.status_code, "Portal-Saved" in saved.headers) == (200, True)
    gone = autosave(officer, submission, "plans", "Other", "1.")
    assert (gone.status_code, "Portal-Saved" in gone.headers) == (422, False)
    assert "The bureau has moved this report to a newer version of its form." in words_of(gone)
    assert officer.get(reverse("report", args=[submission.pk])).status_code == 200


def test_versions_that_are_no_choice_are_refused(cast: Cast, cycle: Cycle) -> None:
    client = signed_in(cast.administrator)
    for wrong in ("", "0", "x", "99999999999", "\x00", "³"):
        assert client.post(url_of(cycle), {"version": wrong}).status_code == 404
    assert client.get(url_of(cycle), {"version": "1x"}).status_code == 404
    other = make_version({}, slug="other", published=False)
    refused = client.post(url_of(cycle), {"version": other.pk})
    assert (refused.status_code, "belongs to another definition" in words_of(refused)) == (422, True)
    planned = make_cycle(cycle.definition_version, "2026-A1")
    assert "not open yet" in words_of(client.get(url_of(planned)))
    assert client.post(url_of(planned), {"version": newer(cycle, cast).pk}).status_code == 409
