"""Requests of the bureau's people."""

from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from districts.models import User
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.comments import address_comment
from reporting.domain.submissions import apply_transition
from reporting.enums import TransitionName
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast

LATER = f"{timezone.now().year + 1}-07-31T18:00"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(submission: Submission) -> str:
    return reverse("admin:reporting_submission_change", args=[submission.pk])


def step_url(submission: Submission, step: str) -> str:
    return reverse("admin:reporting_submission_step", args=[submission.pk, step])


def step(client: Client, submission: Submission, name: str, given: Mapping[str, Any] | None = None) -> Any:
    """POST a step with the revision as it stands."""
    seen = Submission.objects.get(pk=submission.pk).working_revision_id or ""
    return client.post(step_url(submission, name), {"revision": seen} | dict(given or {}))


def state_of(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).state


def in_review(submission: Submission, cast: Cast) -> Submission:
    """Handed in by the district's head and taken up by the bureau."""
    head = cast.head if submission.district_id == cast.north.pk else cast.south_head
    submitted = factories.submit(submission, head)
    apply_transition(submission=submitted, name=TransitionName.BEGIN_REVIEW, actor=cast.approver, now=factories.NOW)
    return Submission.objects.get(pk=submission.pk)


def address_all(submission: Submission, officer: User) -> None:
    """The district answers every open comment."""
    for comment in submission.comments.filter(state="open"):
        address_comment(comment=comment, reply="Corrected.", actor=officer, now=factories.NOW)


def explain(submission: Submission, actor: User, explanations: Mapping[str, str]) -> None:
    revision = Submission.objects.select_related("working_revision").get(pk=submission.pk).working_revision
    versions = dict(revision.answers.values_list("question_key", "version")) if revision else {}
    changes = [AnswerChange(key, versions.get(key, 0), explanation=text) for key, text in explanations.items()]
    save_answers(submission=submission, changes=changes, actor=actor, now=factories.NOW)


def hand_over_and_sign(submission: Submission, head: User) -> None:
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=head, now=factories.NOW)
    factories.sign(submission, head)


def recall(submission: Submission, head: User) -> None:
    apply_transition(submission=submission, name=TransitionName.RECALL, actor=head, now=factories.NOW)
