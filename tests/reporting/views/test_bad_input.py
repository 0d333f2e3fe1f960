"""Malformed requests to a district's pages: refused in words, with nothing half-written, and never an error of ours."""

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.db.models import Model
from django.test import Client

from districts.models import Membership, OutgoingMail
from reporting.models import Answer, Comment, Event, Revision, Submission
from tests.conftest import Cast
from tests.reporting.views.browser import Fields, as_user, fields_of, of_question, text_of

DAMAGED = "This page is damaged or out of date"
MEGABYTE = "x" * 1024 * 1024
_MODELS: tuple[type[Model], ...] = (Answer, Comment, Event, Membership, OutgoingMail, Revision, Submission)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in _MODELS}


def shown(client: Client, submission: Submission) -> Fields:
    return fields_of(client.get(f"/reports/{submission.pk}/"))


def without(fields: Fields, *names: str) -> Fields:
    return {name: value for name, value in fields.items() if name not in names}


CHANGES: dict[str, tuple[Fields, int, str]] = {
    "no version": ({"seen-P1": None, "answer-P1": "61"}, 400, DAMAGED),
    "empty version": ({"seen-P1": "", "answer-P1": "61"}, 400, DAMAGED),
    "version of a wrong type": ({"seen-P1": "one.0", "answer-P1": "61"}, 400, DAMAGED),
    "negative version": ({"seen-P1": "-1.0", "answer-P1": "61"}, 400, DAMAGED),
    "huge version": ({"seen-P1": "9" * 400 + ".0", "answer-P1": "61"}, 400, DAMAGED),
    "version not of ASCII": ({"seen-P1": "１.0", "answer-P1": "61"}, 400, DAMAGED),
    "choice of a version of a wrong type": ({"choice-P1": "mine", "theirs-P1": "x", "answer-P1": "61"}, 400, DAMAGED),
    "status that is none": ({"status-P1": "approved"}, 400, "There is no such status"),
    "question of another report": ({"seen-NONE": "0.", "answer-NONE": "1"}, 400, "There is no such question"),
    "key with a NUL byte": ({"seen-P1\x00": "1.0", "answer-P1\x00": "61"}, 400, "There is no such question"),
    "number of a megabyte": ({"answer-P1": MEGABYTE}, 422, "1048576 characters"),
    "explanation of a megabyte": ({"explanation-P1": MEGABYTE}, 422, "1048576 characters"),
    "NUL byte": ({"answer-P1": "6\x001"}, 422, "damaged character"),
    "NUL byte in an explanation": ({"explanation-P1": "be\x00cause"}, 422, "damaged character"),
    "NUL byte in the page's token": ({"editor": "\x00", "answer-P1": "61"}, 400, DAMAGED),
}


@pytest.mark.parametrize("page", ["", "answers/"])
@pytest.mark.parametrize("case", CHANGES)
def test_damaged_save_is_refused_whole(cast: Cast, draft: Submission, page: str, case: str) -> None:
    """Beside the damaged answer there is a good one, which must not be saved either."""
    given, status, words = CHANGES[case]
    client = as_user(cast.officer)
    fields = shown(client, draft) | {"answer-P2": "41"} | given
    before = everything()
    response = client.post(f"/reports/{draft.pk}/{page}", {key: value for key, value in fields.items() if value is not None})
    assert (response.status_code, words in text_of(response, "body")) == (status, True), text_of(response, "body")
    assert everything() == before


@pytest.mark.parametrize("page", ["", "answers/"])
@pytest.mark.parametrize("body", [b"", b"%00=%00", b"&&&==", b'{"answer-P1": "61"}', b"\xff\xfe\x00"])
def test_body_without_answers_is_refused_and_never_passes_for_saved(
    cast: Cast, draft: Submission, page: str, body: bytes
) -> None:
    before = everything()
    client = as_user(cast.officer)
    for content_type in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"):
        response = client.post(f"/reports/{draft.pk}/{page}", body, content_type=content_type)
        assert (response.status_code, "Portal-Saved" in response) == (400, False), (content_type, text_of(response, "body"))
    assert everything() == before


@pytest.mark.parametrize("name", ["answer-plans", "explanation-P1"])
def test_text_that_is_not_utf_8_is_refused(cast: Cast, draft: Submission, name: str) -> None:
    client = as_user(cast.officer)
    key = name.partition("-")[2]
    fields = of_question(shown(client, draft), key)
    pairs = [f"{field}={quote_from_bytes(value.encode())}" for field, value in fields.items() if field != name]
    before = everything()
    body = "&".join([*pairs, f"{name}=Gr%FC%DFe"])
    response = client.post(f"/reports/{draft.pk}/answers/", body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, "damaged character" in text_of(response, "body")) == (422, True)
    assert everything() == before


POSTS: dict[str, tuple[str, str, Fields, int, str]] = {
    "nil return without a reason": ("officer", "nil-return/", {}, 422, "Give the reason"),
    "nil return that says nothing": ("officer", "nil-return/", {"reason": "\x00 "}, 422, "Give the reason"),
    "nil return of a megabyte": ("officer", "nil-return/", {"reason": MEGABYTE}, 422, "1048576 characters"),
    "answer to no comment": ("officer", "comments/999999/", {"reply": "x"}, 404, ""),
    "answer to a comment beyond any number": ("officer", f"comments/{'9' * 30}/", {"reply": "x"}, 404, ""),
    "signature of a draft": ("head", "sign/", {"digest": "0" * 64, "statement": "yes"}, 409, "this step is not possible"),
    "signature with a damaged digest": ("head", "sign/", {"digest": "\x00" * 9, "statement": "yes"}, 409, "not possible"),
    "signature without anything": ("head", "sign/", {}, 409, "this step is not possible"),
    "recall of a draft": ("head", "recall/", {}, 409, "this step is not possible"),
    "taking back a draft": ("officer", "take-back/", {}, 409, "this step is not possible"),
}


@pytest.mark.parametrize("case", POSTS)
def test_damaged_step_is_refused(cast: Cast, draft: Submission, case: str) -> None:
    who, rest, fields, status, words = POSTS[case]
    before = everything()
    response = as_user(getattr(cast, who)).post(f"/reports/{draft.pk}/{rest}", fields)
    assert (response.status_code, words in text_of(response, "body")) == (status, True), text_of(response, "body")
    assert everything() == before


@pytest.mark.parametrize("rest", ["", "answers/", "nil-return/", "start/", "hand-over/", "sign/", "recall/", "take-back/"])
def test_foreign_report_is_not_there_whatever_is_sent(
    cast: Cast, draft: Submission, south_submission: Submission, rest: str
) -> None:
    client = as_user(cast.head)
    fields = shown(client, draft) | {"answer-P1": "61", "reason": "x", "statement": "yes"}
    before = everything()
    answers = [client.post(f"/reports/{pk}/{rest}", fields) for pk in (south_submission.pk, 10**9, 10**18 - 1)]
    assert [(found.status_code, text_of(found, "main")) for found in answers] == [(404, text_of(answers[1], "main"))] * 3
    assert everything() == before
    assert client.post(f"/reports/{10**30}/{rest}", fields).status_code == 404


INVITATIONS: dict[str, tuple[Fields, int]] = {
    "nothing": ({}, 422),
    "no address": ({"email": "nobody", "full_name": "New", "role": "officer"}, 422),
    "a role that heads do not give": ({"email": "new@example.org", "full_name": "New", "role": "head"}, 422),
    "a name of a megabyte": ({"email": "new@example.org", "full_name": MEGABYTE, "role": "officer"}, 422),
    "a NUL byte": ({"email": "new@example.org", "full_name": "N\x00", "role": "officer"}, 422),
    "an address of a megabyte": ({"email": f"{MEGABYTE}@example.org", "full_name": "New", "role": "officer"}, 422),
}


@pytest.mark.parametrize("case", INVITATIONS)
def test_damaged_invitation_is_refused(cast: Cast, draft: Submission, case: str) -> None:
    fields, status = INVITATIONS[case]
    before = everything()
    response = as_user(cast.head).post(f"/people/{cast.north.code}/invite/", fields)
    assert response.status_code == status
    assert as_user(cast.head).post(f"/people/{cast.south.code}/invite/", fields).status_code == 404
    assert everything() == before


def test_more_than_a_request_may_hold_is_refused(cast: Cast, draft: Submission) -> None:
    client, before = as_user(cast.officer), everything()
    too_many = client.post(f"/reports/{draft.pk}/answers/", {f"answer-{number}": "1" for number in range(5001)})
    too_large = client.post(f"/reports/{draft.pk}/answers/", {"seen-plans": "1.0", "answer-plans": MEGABYTE * 6})
    for response in (too_many, too_large):
        assert (response.status_code, "Nothing was saved" in text_of(response)) == (400, True)
    assert everything() == before


def test_page_number_and_filter_that_are_none_are_no_error(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    for query in (
        "page=0",
        "page=-1",
        "page=x",
        "page=%00",
        f"page={'9' * 400}",
        "indicator=%00",
        "indicator=%FF",
        "sort=%00",
        "cycle=%00",
    ):
        for path in ("/", "/figures/", f"/figures/{draft.cycle_id}/", f"/reports/{draft.pk}/compare/"):
            assert client.get(f"{path}?{query}").status_code < 500, (path, query)
