"""A report's page: who sees what, and saving it without scripts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from districts.models import User
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import fill
from tests.reporting.views.browser import answer, as_user, fields_of, parse, select, step, text_of

REPORT_QUERIES = 20


def url(submission: Submission, rest: str = "") -> str:
    return f"/reports/{submission.pk}/{rest}"


@pytest.mark.parametrize("rest", ["", "print/", "history/", "receipt/", "sign/", "recall/", "compare/?before=1&after=2"])
def test_foreign_and_missing_reports_answer_alike(cast: Cast, draft: Submission, rest: str) -> None:
    client = as_user(cast.south_head)
    foreign, missing = client.get(url(draft, rest)), client.get(f"/reports/999999/{rest}")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert text_of(foreign) == text_of(missing)


def test_officer_and_head_get_fields_and_an_observer_text(cast: Cast, draft: Submission) -> None:
    for user, fields in [(cast.officer, True), (cast.head, True), (cast.observer, False)]:
        page = parse(as_user(user).get(url(draft)))
        assert bool(select(page, "#answer-P1")) is fields
        assert bool(select(page, "form")[1:]) is fields or user is cast.observer
    assert "60" in text_of(as_user(cast.observer).get(url(draft)), "#q-P1")


def test_report_of_the_bureau_shows_nothing_before_the_signature(cast: Cast, submission: Submission, now: datetime) -> None:
    fill(submission, cast.officer, factories.ANSWERS | {"plans": "Secret draft"}, now)
    for rest in ["", "print/", "history/"]:
        assert "Secret draft" not in as_user(cast.reviewer).get(url(submission, rest)).content.decode()
    step(submission, "hand_over", cast.officer, now)
    factories.sign(submission, cast.head, now)
    assert "Secret draft" in as_user(cast.reviewer).get(url(submission)).content.decode()
    assert "Secret draft" in as_user(cast.reviewer).get(url(submission, "print/")).content.decode()


def test_statistics_show_priors_change_and_the_normalised_value(cast: Cast, now: datetime) -> None:
    version = factories.make_version()
    last = now - timedelta(days=365)
    earlier = factories.make_cycle(version, "2025-S1", opened_by=cast.administrator, now=last)
    factories.submit(earlier.submissions.get(district=cast.north), cast.head, now=last)
    factories.approve(earlier.submissions.get(district=cast.north), cast.approver, last)
    cycle = factories.make_cycle(version, "2026-S1", opened_by=cast.administrator, now=now - timedelta(hours=1))
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, {"P1": "1 234.5", "STOCK": "１２", "BASE": "100"}, now)
    page = parse(as_user(cast.officer).get(url(submission)))
    cells = {key: [" ".join(cell.text_content().split()) for cell in select(page, f"#q-{key} td")] for key in ("P1", "STOCK")}
    assert cells["P1"][1:3] == ["60.00", "n/a"]
    assert cells["P1"][4] == "+1,957.5 %"
    assert select(page, "#shown-P1")[0].text_content() == "= 1,234.50"
    assert select(page, "#answer-P1")[0].get("value") == "1 234.5"
    assert select(page, "#shown-STOCK")[0].text_content() == "= 12"
    assert "beyond ±30 %" in select(page, "#notes-P1")[0].text_content()
    assert select(page, "#explain-P1")[0].get("hidden") is None
    fill(submission, cast.officer, {"BASE": "120", "P2": "40"}, now)
    page = parse(as_user(cast.officer).get(url(submission)))
    links = [link for link in select(page, "#to-do a") if link.get("id").startswith("do-s-")]
    assert [(" ".join(link.text_content().split()), link.get("href")) for link in links] == [
        ("Indicator P1 Change against last year", "#q-P1"),
        ("Indicator BASE Base differs from what was approved", "#q-BASE"),
        ("Indicator BASE Change against last year", "#q-BASE"),
    ]
    assert select(page, "#explain-GRP")[0].get("hidden") is not None


def test_save_without_scripts_keeps_what_was_typed_and_survives_a_reload(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    fields = fields_of(client.get(url(draft))) | {"answer-P1": "1,2o5", "answer-plans": "Line one\r\n\r\n  Line two "}
    response = client.post(url(draft), fields)
    assert (response.status_code, response["Location"]) == (302, url(draft))
    assert answer(draft, "P1").raw == "1,2o5"
    assert answer(draft, "plans").raw == "Line one\n\n  Line two "
    page = parse(client.get(url(draft)))
    field = select(page, "#answer-P1")[0]
    assert (field.get("value"), field.get("aria-invalid")) == ("1,2o5", "true")
    assert "Expected a number" in select(page, "#notes-P1")[0].text_content()
    assert "To correct" in select(page, "#to-do")[0].text_content()


def test_save_without_scripts_changes_nothing_that_was_not_touched(cast: Cast, draft: Submission, now: datetime) -> None:
    client = as_user(cast.officer)
    fields = fields_of(client.get(url(draft)))
    fill(draft, cast.head, {"P2": "41"}, now)
    response = client.post(url(draft), fields | {"answer-P1": "61"})
    assert response.status_code == 302
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("61", "41")
    versions = {one.question_key: one.version for one in draft.revisions.get().answers.all()}
    assert versions == {"P1": 2, "P2": 2, "GRP": 1, "BASE": 1, "STOCK": 1, "plans": 1}


def test_save_without_scripts_shows_both_values_of_every_clash_and_saves_nothing(
    cast: Cast, draft: Submission, now: datetime
) -> None:
    client = as_user(cast.officer)
    fields = fields_of(client.get(url(draft))) | {"answer-P1": "71", "answer-P2": "72", "answer-STOCK": "13"}
    fill(draft, cast.head, {"P1": "81", "P2": "82"}, now)
    response = client.post(url(draft), fields)
    assert response.status_code == 409
    assert [answer(draft, key).raw for key in ("P1", "P2", "STOCK")] == ["81", "82", "12"]
    for key, mine, theirs in [("P1", "71", "81"), ("P2", "72", "82")]:
        clash = text_of(response, f"#clash-{key}")
        assert mine in clash
        assert theirs in clash
        assert "North Head" in clash
        assert select(parse(response), f"#answer-{key}")[0].get("value") == mine
    assert select(parse(response), "#answer-STOCK")[0].get("value") == "13"
    assert select(parse(response), "#clash-STOCK fieldset") == []
    chosen = fields_of(response) | {"choice-P1": "mine", "choice-P2": "theirs"}
    assert client.post(url(draft), chosen).status_code == 302
    assert [answer(draft, key).raw for key in ("P1", "P2", "STOCK")] == ["71", "82", "13"]


def test_save_by_an_observer_is_refused_and_changes_nothing(cast: Cast, draft: Submission) -> None:
    fields = fields_of(as_user(cast.officer).get(url(draft))) | {"answer-P1": "99"}
    response = as_user(cast.observer).post(url(draft), fields)
    assert response.status_code == 403
    assert "You may read this report and not fill it in." in text_of(response)
    assert answer(draft, "P1").raw == "60"


def test_save_with_a_damaged_token_is_refused(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    fields = fields_of(client.get(url(draft))) | {"answer-P1": "99", "seen-P1": "x.y"}
    response = client.post(url(draft), fields)
    assert response.status_code == 400
    assert "Reload it" in text_of(response)
    assert answer(draft, "P1").raw == "60"


def test_save_of_a_text_that_is_too_long_shows_it_again(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    long = "x" * 20_001
    response = client.post(url(draft), fields_of(client.get(url(draft))) | {"answer-plans": long})
    assert response.status_code == 422
    assert "20001 characters" in text_of(response)
    assert fields_of(response)["answer-plans"] == long


def test_text_that_begins_with_a_line_break_survives_the_field(cast: Cast, draft: Submission, now: datetime) -> None:
    fill(draft, cast.officer, {"plans": "\nSecond line"}, now)
    assert "<textarea" in (body := as_user(cast.officer).get(url(draft)).content.decode())
    assert ">\n\nSecond line</textarea>" in body


@pytest.mark.parametrize("rest", ["", "print/"])
def test_markup_in_answers_is_shown_as_text(cast: Cast, submission: Submission, now: datetime, rest: str) -> None:
    attack = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    fill(submission, cast.officer, factories.ANSWERS | {"plans": attack, "P1": attack}, now)
    response = as_user(cast.officer).get(url(submission, rest))
    assert "<script>alert" not in response.content.decode()
    assert select(parse(response), "main img") == []
    assert "&lt;script&gt;alert" in response.content.decode()


def test_report_after_the_lock_is_read_only_and_says_whom_to_ask(cast: Cast, now: datetime) -> None:
    times: dict[str, Any] = {"due_at": now - timedelta(days=2), "locks_at": now - timedelta(days=1)}
    opened = now - timedelta(days=9)
    cycle = factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=opened, **times)
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, now=opened)
    response = as_user(cast.officer).get(url(submission))
    assert select(parse(response), "#answer-P1") == []
    assert "reviewer@example.org" in text_of(response, ".callout")
    assert "south-reviewer" not in response.content.decode()
    refused = as_user(cast.officer).post(url(submission, "hand-over/"))
    assert refused.status_code == 422
    assert "locked at its closing time" in text_of(refused)


def test_late_signature_is_marked_with_by_how_much(cast: Cast, now: datetime) -> None:
    opened = now - timedelta(days=9)
    times: dict[str, Any] = {"due_at": now - timedelta(days=3), "locks_at": now + timedelta(days=1)}
    cycle = factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=opened, **times)
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, now=opened)
    assert "3 days overdue" in text_of(as_user(cast.officer).get(url(submission)), ".head")
    factories.submit(submission, cast.head, now=now)
    assert "3 days late" in text_of(as_user(cast.officer).get(url(submission)), ".head")


@pytest.mark.parametrize("questions", [1, 3])
def test_report_asks_the_database_a_constant_number_of_times(
    cast: Cast, now: datetime, questions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    indicators = {f"X{number}": factories.make_indicator(f"X{number}") for number in range(questions)}
    version = factories.make_version(indicators)
    cycle = factories.make_cycle(version, opened_by=cast.administrator, now=now - timedelta(hours=1))
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, dict.fromkeys(indicators, "5"), now)
    client = as_user(cast.officer)
    with django_assert_num_queries(REPORT_QUERIES):
        response = client.get(url(submission))
    assert len(select(parse(response), ".statistics .question")) == questions


def test_nil_return_needs_a_reason_and_can_be_undone(cast: Cast, draft: Submission) -> None:
    client = as_user(cast.officer)
    assert client.post(url(draft, "nil-return/"), {"reason": "  "}).status_code == 422
    assert client.post(url(draft, "nil-return/"), {"reason": "No activity <b>"}).status_code == 302
    response = client.get(url(draft))
    assert "No activity <b>" in text_of(response)
    assert select(parse(response), "#answer-P1") == []
    assert "No activity <b>" in text_of(client.get(url(draft, "print/")))
    client.post(url(draft, "nil-return/"), {"undo": "yes"})
    assert fields_of(client.get(url(draft)))["answer-P1"] == "60"


def test_nil_return_by_an_observer_is_refused(cast: Cast, draft: Submission) -> None:
    assert as_user(cast.observer).post(url(draft, "nil-return/"), {"reason": "x"}).status_code == 403


def test_not_started_report_shows_what_it_will_ask(cast: Cast, submission: Submission, cycle: Cycle) -> None:
    def starts(user: User) -> int:
        return len(select(parse(as_user(user).get(url(submission))), 'form[action$="/start/"]'))

    assert "Indicator P1" in text_of(as_user(cast.observer).get(url(submission)))
    assert (starts(cast.officer), starts(cast.observer)) == (1, 0)
