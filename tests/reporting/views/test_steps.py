"""Starting, handing over, taking back, signing, receipts and recalling, over the pages."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from reporting.domain.comments import draft_comment
from reporting.domain.submissions import Terms
from reporting.models import Event, Submission
from tests.conftest import Cast
from tests.factories import approve, fill, sign
from tests.reporting.views.browser import as_user, parse, select, step, text_of


def state(submission: Submission) -> str:
    return str(Submission.objects.get(pk=submission.pk).state)


def post(client: Client, submission: Submission, name: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    response = client.post(f"/reports/{submission.pk}/{name}/", data or {})
    return response.status_code, text_of(response) if response.content else response["Location"]


def signature(client: Client, submission: Submission) -> dict[str, str]:
    page = parse(client.get(f"/reports/{submission.pk}/sign/"))
    (digest,) = select(page, "[name=digest]")
    return {"digest": digest.get("value"), "statement": "yes"}


@pytest.mark.parametrize("name", ["start", "hand-over", "take-back", "nil-return", "answers"])
def test_steps_are_posted_only(cast: Cast, submission: Submission, name: str) -> None:
    assert as_user(cast.head).get(f"/reports/{submission.pk}/{name}/").status_code == 405


def test_start_twice_begins_once(cast: Cast, submission: Submission) -> None:
    client = as_user(cast.officer)
    assert [post(client, submission, "start") for _ in range(2)] == [(302, f"/reports/{submission.pk}/")] * 2
    assert (state(submission), Event.objects.filter(submission=submission).count()) == ("draft", 1)


@pytest.mark.parametrize(("name", "status"), [("observer", 403), ("reviewer", 403), ("south_officer", 404), ("outsider", 404)])
def test_start_by_others_is_refused(cast: Cast, submission: Submission, name: str, status: int) -> None:
    assert post(as_user(getattr(cast, name)), submission, "start")[0] == status
    assert state(submission) == "not_started"


def test_hand_over_refused_lists_everything_that_is_left(cast: Cast, submission: Submission, now: datetime) -> None:
    fill(submission, cast.officer, {"P1": "x", "P2": "40"}, now)
    status, text = post(as_user(cast.officer), submission, "hand-over")
    assert status == 422
    for reason in ["Indicator P1: Expected a number", "Indicator GRP: An answer is required.", "Plans: An answer is required."]:
        assert reason in text
    assert state(submission) == "draft"


def test_hand_over_and_take_back(cast: Cast, draft: Submission) -> None:
    assert post(as_user(cast.officer), draft, "hand-over")[0] == 302
    assert state(draft) == "awaiting_signature"
    page = parse(as_user(cast.officer).get(f"/reports/{draft.pk}/"))
    assert select(page, "#answer-P1") == []
    assert post(as_user(cast.officer), draft, "take-back")[0] == 302
    assert state(draft) == "draft"


def test_sign_shows_the_report_and_gives_a_receipt(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    client = as_user(cast.head)
    page = client.get(f"/reports/{draft.pk}/sign/")
    assert "Build more." in text_of(page)
    assert "I confirm this." in text_of(page)
    assert select(parse(page), "#answer-P1") == []
    sent = signature(client, draft)
    assert post(client, draft, "sign", sent) == (302, f"/reports/{draft.pk}/receipt/1/")
    assert post(client, draft, "sign", sent) == (302, f"/reports/{draft.pk}/receipt/1/")
    assert Event.objects.filter(submission=draft, kind="sign").count() == 1
    revision = Submission.objects.get(pk=draft.pk).working_revision
    assert revision is not None
    for rest in ["receipt/", "receipt/1/"]:
        receipt = text_of(client.get(f"/reports/{draft.pk}/{rest}"))
        for part in [revision.receipt_number, revision.digest, "North Head", "I confirm this."]:
            assert str(part) in receipt
    assert as_user(cast.observer).get(f"/reports/{draft.pk}/receipt/1/").status_code == 200
    assert as_user(cast.south_head).get(f"/reports/{draft.pk}/receipt/1/").status_code == 404
    assert client.get(f"/reports/{draft.pk}/receipt/2/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("officer", 403), ("observer", 403), ("reviewer", 403), ("south_head", 404)])
def test_sign_by_others_is_refused(cast: Cast, draft: Submission, now: datetime, name: str, status: int) -> None:
    step(draft, "hand_over", cast.officer, now)
    sent = signature(as_user(cast.head), draft)
    client = as_user(getattr(cast, name))
    assert client.get(f"/reports/{draft.pk}/sign/").status_code == status
    assert post(client, draft, "sign", sent)[0] == status
    assert state(draft) == "awaiting_signature"


def test_sign_without_the_statement_is_refused(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    client = as_user(cast.head)
    status, text = post(client, draft, "sign", {"digest": signature(client, draft)["digest"]})
    assert (status, "Tick the statement to sign." in text, state(draft)) == (422, True, "awaiting_signature")


def test_sign_of_what_has_changed_since_it_was_shown_is_refused(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    client = as_user(cast.head)
    stale = signature(client, draft)
    step(draft, "take_back", cast.officer, now)
    fill(draft, cast.officer, {"P1": "61"}, now)
    step(draft, "hand_over", cast.officer, now)
    status, text = post(client, draft, "sign", stale)
    assert (status, "Read it again before you sign." in text) == (409, True)
    assert state(draft) == "awaiting_signature"
    assert post(client, draft, "sign", signature(client, draft))[0] == 302


def test_sign_of_a_report_that_was_taken_back_meanwhile_says_so(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    client = as_user(cast.head)
    sent = signature(client, draft)
    step(draft, "take_back", cast.officer, now)
    status, text = post(client, draft, "sign", sent)
    assert (status, "The report is “Draft” now" in text) == (409, True)
    assert client.get(f"/reports/{draft.pk}/sign/").status_code == 302


def test_receipt_before_the_signature_says_that_there_is_none(cast: Cast, draft: Submission) -> None:
    response = as_user(cast.head).get(f"/reports/{draft.pk}/receipt/")
    assert (response.status_code, "has not been signed yet" in text_of(response)) == (409, True)


def test_recall_asks_first_and_opens_a_new_revision(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    head, officer = as_user(cast.head), as_user(cast.officer)
    assert officer.get(f"/reports/{draft.pk}/recall/").status_code == 403
    assert post(officer, draft, "recall")[0] == 403
    assert "Recall this report?" in text_of(head.get(f"/reports/{draft.pk}/recall/"))
    assert state(draft) == "submitted"
    assert [post(head, draft, "recall")[0] for _ in range(2)] == [302, 302]
    assert state(draft) == "draft"
    assert list(draft.revisions.values_list("number", flat=True)) == [1, 2]
    assert "2026-S1-north-half-year-1" in text_of(head.get(f"/reports/{draft.pk}/receipt/"))


def test_recall_once_the_review_has_begun_is_refused(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    step(draft, "begin_review", cast.reviewer, now)
    status, text = post(as_user(cast.head), draft, "recall")
    assert (status, "The report is “In review” now" in text) == (409, True)


def returned(draft: Submission, cast: Cast, now: datetime) -> int:
    """A returned report; gives the comment's id."""
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    step(draft, "begin_review", cast.reviewer, now)
    comment = draft_comment(submission=draft, question_key="P1", text="Is <i>this</i> right?", actor=cast.reviewer, now=now)
    step(draft, "return", cast.reviewer, now, terms=Terms(due_at=now + timedelta(days=3)))
    return comment.pk


def test_comment_stands_at_its_question_and_is_answered_there(cast: Cast, draft: Submission, now: datetime) -> None:
    pk = returned(draft, cast, now)
    client = as_user(cast.officer)
    page = client.get(f"/reports/{draft.pk}/")
    assert "Is <i>this</i> right?" in text_of(page, f"#comment-{pk}")
    assert select(parse(page), f"#comment-form-{pk}") != []
    assert "Comments to answer" in text_of(page, "#to-do")
    assert post(client, draft, f"comments/{pk}", {"reply": "  "})[0] == 422
    assert post(client, draft, f"comments/{pk}", {"reply": "Yes, checked."}) == (302, f"/reports/{draft.pk}/#comment-{pk}")
    assert "Yes, checked." in text_of(client.get(f"/reports/{draft.pk}/"), f"#comment-{pk}")
    assert post(client, draft, "hand-over")[0] == 302


def test_comment_answered_by_others_is_refused(cast: Cast, draft: Submission, now: datetime) -> None:
    pk = returned(draft, cast, now)
    wanted = {"observer": 403, "reviewer": 403, "south_officer": 404, "outsider": 404}
    found = {name: post(as_user(getattr(cast, name)), draft, f"comments/{pk}", {"reply": "x"})[0] for name in wanted}
    assert found == wanted


def test_comment_of_another_report_is_not_found(
    cast: Cast, draft: Submission, south_submission: Submission, now: datetime
) -> None:
    pk = returned(draft, cast, now)
    fill(south_submission, cast.south_officer, now=now)
    assert post(as_user(cast.south_officer), south_submission, f"comments/{pk}", {"reply": "x"})[0] == 404


def test_drafts_of_comments_stay_with_the_bureau(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    step(draft, "begin_review", cast.reviewer, now)
    comment = draft_comment(submission=draft, question_key="P1", text="Not sent", actor=cast.reviewer, now=now)
    for user in (cast.officer, cast.head, cast.observer):
        assert "Not sent" not in as_user(user).get(f"/reports/{draft.pk}/").content.decode()
    assert post(as_user(cast.officer), draft, f"comments/{comment.pk}", {"reply": "x"})[0] == 404


def test_history_shows_events_and_the_differences_of_two_revisions(cast: Cast, draft: Submission, now: datetime) -> None:
    returned(draft, cast, now)
    fill(draft, cast.officer, {"P1": "70", "plans": "<b>Build less.</b>"}, now)
    client = as_user(cast.officer)
    history = text_of(client.get(f"/reports/{draft.pk}/history/"))
    for part in ["Started", "Handed over for signature", "Signed and submitted", "Returned", "North Officer", "New due time"]:
        assert part in history
    page = client.get(f"/reports/{draft.pk}/compare/?before=2&after=1")
    pieces = {tag: [part.text_content().strip() for part in select(parse(page), tag)] for tag in ("del", "ins")}
    assert pieces == {"del": ["60", "Build more."], "ins": ["70", "<b>Build less.</b>"]}


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("before=1", 400), ("before=1&after=x", 400), ("before=1&after=9", 404)]
)
def test_compare_with_bad_input_is_refused(cast: Cast, draft: Submission, query: str, status: int) -> None:
    assert as_user(cast.officer).get(f"/reports/{draft.pk}/compare/?{query}").status_code == status


def test_unsigned_revisions_are_not_compared_for_the_bureau(cast: Cast, draft: Submission, now: datetime) -> None:
    returned(draft, cast, now)
    fill(draft, cast.officer, {"plans": "Secret draft"}, now)
    reviewer = as_user(cast.reviewer)
    assert reviewer.get(f"/reports/{draft.pk}/compare/?before=1&after=2").status_code == 404
    assert "Secret draft" not in reviewer.get(f"/reports/{draft.pk}/").content.decode()


def test_approved_report_is_read_only_for_its_district(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    approve(draft, cast.approver, now)
    page = as_user(cast.head).get(f"/reports/{draft.pk}/")
    assert select(parse(page), "#report-form") == []
    assert "Approved" in text_of(page, ".head")
