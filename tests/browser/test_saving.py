"""Nothing typed is lost: autosave, two windows, no scripts."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from reporting.models import Cycle, Submission
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_main_job import button, saved
from tests.conftest import Cast
from tests.reporting.views.browser import answer

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(cast: Cast, cycle: Cycle, now: datetime) -> Submission:
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, now=now)
    return submission


def test_typed_answer_is_saved_without_a_press_and_moves_what_is_computed(desk: Desk, cast: Cast, draft: Submission) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    page.locator("#answer-P1").press("End")
    page.locator("#answer-P1").press_sequentially("7")
    saved(page)
    assert answer(draft, "P1").raw == "607"
    expect(page.locator("#q-TOTAL .this")).to_contain_text("647.00")
    page.reload()
    expect(page.locator("#answer-P1")).to_have_value("607")


def test_clash_of_two_windows_shows_both_answers_and_keeps_the_chosen_one(desk: Desk, cast: Cast, draft: Submission) -> None:
    desk.refused = (409,)
    officer, head = desk.window(cast.officer), desk.window(cast.head)
    for page in (officer, head):
        page.goto(f"/reports/{draft.pk}/")
    officer.locator("#answer-P1").fill("61")
    officer.locator("#answer-P2").fill("41")
    saved(officer)
    head.locator("#answer-P1").fill("62")
    head.locator("#answer-P1").blur()
    clash = head.locator("#clash-P1")
    expect(clash).to_contain_text("62")
    expect(clash).to_contain_text("61")
    expect(head.locator("#save-bar")).to_have_attribute("data-state", "problem")
    assert answer(draft, "P1").raw == "61"
    clash.get_by_role("radio").first.check()
    clash.get_by_role("button").click()
    saved(head)
    assert (answer(draft, "P1").raw, answer(draft, "P2").raw) == ("62", "41")


def test_report_without_scripts_is_filled_handed_over_and_signed(desk: Desk, cast: Cast, cycle: Cycle) -> None:
    submission = cycle.submissions.get(district=cast.north)
    officer, head = (desk.window(one, java_script_enabled=False) for one in (cast.officer, cast.head))
    officer.goto("/")
    button(officer, "Start the report").click()
    for key, text in factories.ANSWERS.items():
        officer.locator(f"#answer-{key}").fill(text)
    officer.locator(".no-script-save button").click()
    expect(officer.locator("#answer-P1")).to_have_value("60")
    button(officer, "Hand over for signature").click()
    head.goto(f"/reports/{submission.pk}/sign/")
    head.get_by_label("I confirm this.").check()
    button(head, "Sign and submit").click()
    expect(head).to_have_url(f"{desk.address}/reports/{submission.pk}/receipt/1/")
    submission.refresh_from_db()
    assert submission.state == "submitted"
