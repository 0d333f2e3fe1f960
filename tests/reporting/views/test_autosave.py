"""Autosave: what one save answers, and what it never does."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from reporting.models import Submission
from tests.conftest import Cast
from tests.factories import fill
from tests.reporting.views.browser import Fields, answer, as_user, fields_of, of_question, parse, select, step

SAVED = "Portal-Saved"


def open_page(client: Client, submission: Submission) -> Fields:
    return fields_of(client.get(f"/reports/{submission.pk}/"))


def save(client: Client, submission: Submission, fields: Fields) -> Any:
    return client.post(f"/reports/{submission.pk}/answers/", fields, headers={"HX-Request": "true"})


def ids(response: Any) -> set[str]:
    """What the page replaces."""
    return {element.get("id") for element in select(parse(response), "[hx-swap-oob]")}


def piece(response: Any, name: str) -> str:
    (element,) = select(parse(response), f"#{name}")
    return " ".join(element.text_content().split())


def test_save_answers_with_what_follows_from_it(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    response = save(client, draft, of_question(open_page(client, draft), "P1") | {"answer-P1": "1,060.5"})
    assert response.status_code == 200
    assert len(response[SAVED]) == 5
    assert answer(draft, "P1").raw == "1,060.5"
    assert piece(response, "value-TOTAL") == "1,100.50"
    assert piece(response, "value-SHARE") == "440.20"
    assert piece(response, "flags-TOTAL") == ""
    assert piece(response, "shown-P1") == "= 1,060.50"
    assert "cannot be larger than" in piece(response, "notes-GRP")
    assert "To correct" in piece(response, "to-do")
    rows = {f"{part}-{key}" for key in ("P1", "GRP") for part in ("notes", "flags", "change", "shown")}
    computed = {f"{part}-{key}" for key in ("TOTAL", "SHARE") for part in ("notes", "flags", "change", "value")}
    assert ids(response) == {"seen-P1", "clash-P1", "rail-progress", "to-do"} | rows | computed


def test_save_never_replaces_the_field_itself(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    response = save(client, draft, of_question(open_page(client, draft), "P1") | {"answer-P1": "abc"})
    assert response.status_code == 200
    assert "input-P1" not in ids(response)
    assert select(parse(response), "#answer-P1") == []
    assert "Expected a number such as 1,234.5; found “abc”" in piece(response, "notes-P1")
    assert answer(draft, "P1").raw == "abc"


def test_save_of_a_text_answers_with_its_own_pieces(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    response = save(client, draft, of_question(open_page(client, draft), "plans") | {"answer-plans": ""})
    assert ids(response) == {"seen-plans", "clash-plans", "notes-plans", "flags-plans", "rail-progress", "to-do"}
    assert piece(response, "flags-plans") == "To fill in"


def test_two_officers_on_different_questions_do_not_clash(cast: Cast, draft: Submission) -> None:
    officer, head = as_user(cast.officer), as_user(cast.head)
    first, second = open_page(officer, draft), open_page(head, draft)
    assert save(officer, draft, of_question(first, "P1") | {"answer-P1": "61"}).status_code == 200
    assert save(head, draft, of_question(second, "P2") | {"answer-P2": "41"}).status_code == 200
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("61", "41")


def test_a_page_that_saves_faster_than_it_is_answered_does_not_clash_with_itself(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    fields = of_question(open_page(client, draft), "P1")
    for value in ("61", "62", "63"):
        assert save(client, draft, fields | {"answer-P1": value}).status_code == 200
    assert (answer(draft, "P1").raw, answer(draft, "P1").version) == ("63", 4)


@pytest.mark.parametrize(("choice", "kept"), [("mine", "62"), ("theirs", "61")])
def test_clash_shows_both_and_the_choice_decides(cast: Cast, draft: Submission, choice: str, kept: str) -> None:
    officer, head = as_user(cast.officer), as_user(cast.head)
    first, second = (of_question(open_page(client, draft), "P1") for client in (officer, head))
    save(officer, draft, first | {"answer-P1": "61"})
    clash = save(head, draft, second | {"answer-P1": "62"})
    assert clash.status_code == 409
    assert SAVED not in clash
    assert ids(clash) == {"clash-P1"}
    assert "North Officer changed this answer" in piece(clash, "clash-P1")
    assert {" ".join(part.text_content().split()) for part in select(parse(clash), ".clash-value")} == {"61", "62"}
    assert answer(draft, "P1").raw == "61"
    (seen,) = select(parse(clash), "[name=theirs-P1]")
    chosen = second | {"answer-P1": "62", "theirs-P1": seen.get("value"), "choice-P1": choice}
    settled = save(head, draft, chosen)
    assert (settled.status_code, SAVED in settled) == (200, True)
    assert answer(draft, "P1").raw == kept
    shown = [field.get("value") for field in select(parse(settled), "#answer-P1")]
    assert shown == (["61"] if choice == "theirs" else [])


def test_choosing_mine_clashes_again_when_the_other_answer_has_moved_once_more(
    cast: Cast, draft: Submission, now: datetime
) -> None:
    client = as_user(cast.officer)
    fields = of_question(open_page(client, draft), "P1") | {"answer-P1": "62"}
    fill(draft, cast.head, {"P1": "61"}, now)
    assert save(client, draft, fields).status_code == 409
    fill(draft, cast.head, {"P1": "63"}, now)
    assert save(client, draft, fields | {"choice-P1": "mine", "theirs-P1": "2"}).status_code == 409
    assert answer(draft, "P1").raw == "63"


def test_an_answer_that_was_not_touched_is_no_change_however_old_the_page(cast: Cast, draft: Submission, now: datetime) -> None:
    client = as_user(cast.officer)
    fields = of_question(open_page(client, draft), "P1")
    fill(draft, cast.head, {"P1": "61"}, now)
    assert save(client, draft, fields).status_code == 200
    assert (answer(draft, "P1").raw, answer(draft, "P1").version) == ("61", 2)


def test_a_reason_for_no_value_is_asked_to_be_explained(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    fields = of_question(open_page(client, draft), "STOCK") | {"status-STOCK": "suppressed"}
    response = save(client, draft, fields)
    assert "Say why no value is given." in piece(response, "notes-STOCK")
    assert select(parse(response), "#notes-STOCK")[0].get("data-explain") is not None
    seen = select(parse(response), "#seen-STOCK")[0].get("value")
    explained = save(client, draft, fields | {"seen-STOCK": seen, "explanation-STOCK": "Two firms only"})
    assert explained.status_code == 200
    stored = answer(draft, "STOCK")
    assert (stored.status, stored.raw, stored.number, stored.explanation) == ("suppressed", "12", None, "Two firms only")


def test_save_signed_out_is_401_and_never_passes_for_saved(cast: Cast, draft: Submission) -> None:
    fields = of_question(open_page(as_user(cast.officer), draft), "P1") | {"answer-P1": "61"}
    response = save(Client(), draft, fields)
    assert (response.status_code, SAVED in response) == (401, False)
    assert answer(draft, "P1").raw == "60"


@pytest.mark.parametrize(
    ("name", "status"), [("observer", 403), ("reviewer", 403), ("south_officer", 404), ("south_reviewer", 404), ("outsider", 404)]
)
def test_save_by_others_is_refused(cast: Cast, draft: Submission, name: str, status: int) -> None:
    fields = of_question(open_page(as_user(cast.officer), draft), "P1") | {"answer-P1": "61"}
    response = save(as_user(getattr(cast, name)), draft, fields)
    assert (response.status_code, SAVED in response) == (status, False)
    assert answer(draft, "P1").raw == "60"


def test_save_after_the_hand_over_says_so(cast: Cast, draft: Submission, now: datetime) -> None:
    client = as_user(cast.officer)
    fields = of_question(open_page(client, draft), "P1") | {"answer-P1": "61"}
    step(draft, "hand_over", cast.officer, now)
    response = save(client, draft, fields)
    assert (response.status_code, ids(response)) == (422, {"save-problem"})
    assert "Awaiting signature" in piece(response, "save-problem")


def test_save_of_a_question_that_is_not_asked_is_refused(cast: Cast, draft: Submission) -> None:
    response = save(as_user(cast.officer), draft, {"editor": "e", "seen-NONE": "0.", "answer-NONE": "1"})
    assert response.status_code == 400
    assert "There is no such question" in piece(response, "save-problem")


def test_save_of_a_computed_value_is_refused(cast: Cast, draft: Submission) -> None:
    response = save(as_user(cast.officer), draft, {"editor": "e", "seen-TOTAL": "0.", "answer-TOTAL": "1"})
    assert response.status_code == 400


def test_save_needs_the_token_against_forgery(cast: Cast, draft: Submission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    assert save(client, draft, {"editor": "e", "seen-P1": "1.", "answer-P1": "61"}).status_code == 403
    assert answer(draft, "P1").raw == "60"
