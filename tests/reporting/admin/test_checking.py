"""The bureau's pages for two pairs of eyes: the mark, what stands where, and what a district reads of it."""

from typing import Any

import pytest
from django.urls import reverse

from reporting.models import Definition, Event, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import LATER, in_review, page_of, recall, signed_in, state_of, step, step_url
from tests.reporting.views.browser import parse, select

NOTE = "Compared with the tax office's list."


def check_url(submission: Submission) -> str:
    return reverse("admin:reporting_submission_check", args=[submission.pk])


def mark(client: Any, submission: Submission, note: str = NOTE) -> Any:
    seen = Submission.objects.get(pk=submission.pk).working_revision_id
    return client.post(check_url(submission), {"revision": seen, "note": note})


def checkers(response: Any) -> list[str]:
    """The column of the list, row by row."""
    return [cell.text_content().strip() for cell in select(parse(response), "td.field-checked_shown")]


@pytest.fixture
def two_people(submission: Submission) -> None:
    Definition.objects.filter(pk=submission.cycle.definition_id).update(needs_two_people=True)


def test_page_asks_first_and_then_marks_once(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.reviewer)
    assert f"{check_url(submission)}?revision=" in client.get(page_of(submission)).content.decode()
    assert client.get(check_url(submission)).status_code == 200
    assert not Event.objects.filter(kind="check").exists()
    answers = [mark(client, submission) for _again in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, page_of(submission))] * 2
    body = client.get(page_of(submission)).content.decode()
    assert Event.objects.filter(kind="check").count() == 1
    assert "Checked by North Reviewer" in body.replace(str(cast.reviewer), "North Reviewer")
    assert "Compared with the tax office&#x27;s list." in body
    assert check_url(submission) not in body


def test_mark_on_an_older_revision_is_a_conflict_that_keeps_the_note(cast: Cast, submission: Submission) -> None:
    read = factories.submit(submission, cast.head).working_revision_id
    recall(submission, cast.head)
    in_review(submission, cast)
    response = signed_in(cast.reviewer).post(check_url(submission), {"revision": read, "note": NOTE})
    assert response.status_code == 409
    assert "newer revision" in response.content.decode()
    assert "tax office" in response.content.decode()
    assert not Event.objects.filter(kind="check").exists()


def test_note_that_is_too_long_or_holds_a_nul_is_refused(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.reviewer)
    assert [mark(client, submission, note).status_code for note in ("x" * 2001, "a\x00b")] == [422, 422]
    assert not Event.objects.filter(kind="check").exists()


def test_foreign_and_missing_reports_answer_alike(cast: Cast, south_submission: Submission) -> None:
    in_review(south_submission, cast)
    client, missing = signed_in(cast.reviewer), reverse("admin:reporting_submission_check", args=[999_999])
    for url in (check_url(south_submission), missing):
        assert [client.get(url).status_code, client.post(url, {}).status_code] == [404, 404]
    assert not Event.objects.filter(kind="check").exists()


def test_approver_is_told_to_wait_until_somebody_else_has_checked(cast: Cast, submission: Submission, two_people: None) -> None:
    in_review(submission, cast)
    approver = signed_in(cast.approver)
    body = approver.get(page_of(submission)).content.decode()
    assert step_url(submission, "approve") not in body
    assert "you can approve it once somebody else has marked it as checked" in body
    mark(approver, submission)
    assert step_url(submission, "approve") not in approver.get(page_of(submission)).content.decode()
    response = step(approver, submission, "approve")
    assert (response.status_code, state_of(submission)) == (422, "in_review")
    assert "somebody else has to mark it as checked" in response.content.decode()
    mark(signed_in(cast.reviewer), submission)
    assert step_url(submission, "approve") in approver.get(page_of(submission)).content.decode()
    assert step(approver, submission, "approve").status_code == 302
    assert state_of(submission) == "approved"


def test_bulk_page_shows_what_waits_before_one_presses(
    cast: Cast, submission: Submission, south_submission: Submission, two_people: None
) -> None:
    in_review(submission, cast)
    in_review(south_submission, cast)
    mark(signed_in(cast.south_reviewer), south_submission)
    url, pks = reverse("admin:reporting_submission_approve_many"), [submission.pk, south_submission.pk]
    client = signed_in(cast.approver)
    shown = client.get(url, {"pk": pks}).context
    assert [[one.pk for one in shown[name]] for name in ("ready", "refused")] == [pks[1:], []]
    ((held, reasons),) = shown["held"]
    assert (held.pk, [reason[:29] for reason in reasons]) == (pks[0], ["This report needs two people:"])
    seen = {f"seen-{pk}": Submission.objects.get(pk=pk).working_revision_id for pk in pks}
    outcomes = client.post(url, {"pk": pks, **seen}).context["outcomes"]
    assert {outcome.submission.pk: bool(outcome.refusals) for outcome in outcomes} == {pks[0]: True, pks[1]: False}
    assert (state_of(submission), state_of(south_submission)) == ("in_review", "approved")


def test_list_names_who_checked_and_filters(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    in_review(submission, cast)
    in_review(south_submission, cast)
    mark(signed_in(cast.reviewer), submission)
    client, url = signed_in(cast.approver), reverse("admin:reporting_submission_changelist")
    for value, expected in (("yes", [submission.pk]), ("no", [south_submission.pk])):
        found = client.get(url, {"checked": value}).context["cl"].queryset
        assert [one.pk for one in found] == expected
    assert checkers(client.get(url, {"checked": "yes"})) == [str(cast.reviewer)]


def test_list_does_not_count_the_check_of_an_older_revision(cast: Cast, submission: Submission) -> None:
    factories.approve(factories.submit(submission, cast.head), cast.approver)
    old = Submission.objects.get(pk=submission.pk)
    Event.objects.create(
        submission=old, district=cast.north, revision=old.working_revision, kind="check", actor=cast.reviewer,
        from_state="in_review", to_state="in_review", at=factories.NOW,
    )  # fmt: skip
    client, url = signed_in(cast.approver), reverse("admin:reporting_submission_changelist")
    assert [one.pk for one in client.get(url, {"checked": "yes"}).context["cl"].queryset] == [submission.pk]
    step(client, submission, "reopen", {"due_at": LATER, "note": "A revised base."})
    assert list(client.get(url, {"checked": "yes"}).context["cl"].queryset) == []
    assert checkers(client.get(url)) == ["–", "–"]


def test_queue_of_the_dashboard_shows_the_approver_which_wait_for_another(
    cast: Cast, submission: Submission, south_submission: Submission, two_people: None
) -> None:
    in_review(submission, cast)
    in_review(south_submission, cast)
    mark(signed_in(cast.south_reviewer), south_submission)
    body = signed_in(cast.approver).get(reverse("admin:index")).content.decode()
    assert (body.count("waits for another's check"), body.count("checked: you can approve")) == (1, 1)
    body = signed_in(cast.reviewer).get(reverse("admin:index")).content.decode()
    assert (body.count("another's check"), body.count("you can approve")) == (0, 0)


def test_district_reads_that_it_was_checked_and_not_the_note(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    mark(signed_in(cast.reviewer), submission)
    for person in (cast.observer, cast.officer, cast.head):
        client = signed_in(person)
        body = client.get(reverse("report_history", args=[submission.pk])).content.decode()
        assert "<strong>Checked</strong>" in body
        assert "tax office" not in body
        assert "tax office" not in client.get(reverse("report", args=[submission.pk])).content.decode()


def test_setting_is_in_the_definitions_form_and_its_history(cast: Cast, submission: Submission) -> None:
    definition = submission.cycle.definition
    url = reverse("admin:reporting_definition_change", args=[definition.pk])
    client = signed_in(cast.administrator)
    assert client.post(url, {"name": definition.name, "name_zh": definition.name_zh, "needs_two_people": "on"}).status_code == 302
    definition.refresh_from_db()
    assert definition.needs_two_people
    history = client.get(reverse("admin:reporting_definition_history", args=[definition.pk])).content.decode()
    assert "two pairs of eyes" in history.lower()
    assert signed_in(cast.approver).post(url, {"name": "x"}).status_code == 403
