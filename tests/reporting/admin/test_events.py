"""The bureau's list of what happened: who, and in which capacity."""

from datetime import timedelta

from django.urls import reverse

from reporting.domain.petitions import ask_extension, refuse_petition
from reporting.models import Submission
from tests.conftest import Cast
from tests.factories import NOW, depute, make_acting
from tests.reporting.admin.helpers import signed_in


def test_list_says_who_stood_in_for_somebody(cast: Cast, submission: Submission) -> None:
    acting = make_acting("acting", cast.north, role="observer")  # type: ignore[arg-type]
    wanted = NOW + timedelta(days=14)
    petition = ask_extension(submission=submission, due_at=wanted, why="Late.", actor=acting, now=NOW)
    depute(cast.reviewer, cast.south_reviewer)
    refuse_petition(petition=petition, reason="No.", actor=cast.south_reviewer, now=NOW)
    client = signed_in(cast.approver)
    body = client.get(reverse("admin:reporting_event_changelist")).content.decode()
    page = client.get(reverse("admin:reporting_event_change", args=[submission.events.latest("pk").pk])).content.decode()
    assert f"{acting}, acting head" in body
    assert ["deputy of Reviewer" in shown for shown in (body, page)] == [True, True]
