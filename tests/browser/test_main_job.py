"""The whole job in the browser: by mouse, and by keyboard alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from reporting.models import Cycle, Submission
from tests.browser import keyboard
from tests.browser.conftest import Desk
from tests.conftest import Cast
from tests.factories import ANSWERS, PASSWORD

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Hands:
    """How a person presses, ticks and writes."""

    press: Callable[[Page, Locator], None]
    tick: Callable[[Page, Locator], None]
    write: Callable[[Page, Locator, str], None]


MOUSE = Hands(
    press=lambda _page, target: target.click(),
    tick=lambda _page, target: target.check(),
    write=lambda _page, target, text: target.fill(text),
)
KEYBOARD = Hands(
    press=keyboard.press,
    tick=lambda page, target: keyboard.press(page, target, "Space"),
    write=keyboard.write,
)


def saved(page: Page) -> None:
    expect(page.locator("#save-bar")).to_have_attribute("data-state", "saved")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def sign(page: Page, report: str, hands: Hands) -> None:
    page.goto("/")
    hands.press(page, page.get_by_role("link", name="Read and sign"))
    page.wait_for_url(f"**{report}sign/")
    hands.tick(page, page.get_by_label("I confirm this."))
    hands.press(page, button(page, "Sign and submit"))
    page.wait_for_url(f"**{report}receipt/**")


def review(page: Page, submission: Submission, hands: Hands) -> None:
    page.goto(f"/admin/reporting/submission/{submission.pk}/change/")
    hands.press(page, button(page, "Begin review"))
    expect(page.get_by_role("link", name="Return…")).to_be_visible()


def return_for(page: Page, question: str, text: str, hands: Hands) -> None:
    comments = page.locator(f"#comments-{question}")
    hands.press(page, comments.locator("summary"))
    hands.write(page, comments.locator(f"#new-{question}"), text)
    hands.press(page, comments.get_by_role("button", name="Keep as draft"))
    expect(comments.locator("article")).to_have_count(1)
    hands.press(page, page.get_by_role("link", name="Return…"))
    due = timezone.localtime(timezone.now() + timedelta(days=3))
    page.locator("[name=due_at]").fill(f"{due:%Y-%m-%dT%H:%M}")
    hands.press(page, page.locator("form[data-once] button[type=submit]"))
    page.wait_for_url("**/change/**")


@pytest.mark.parametrize("hands", [MOUSE, KEYBOARD], ids=["mouse", "keyboard"])
def test_report_is_filled_signed_returned_and_approved(desk: Desk, cast: Cast, cycle: Cycle, hands: Hands) -> None:
    submission = cycle.submissions.get(district=cast.north)
    report = f"/reports/{submission.pk}/"
    officer, head, reviewer, approver = (desk.window(one) for one in (cast.officer, cast.head, cast.reviewer, cast.approver))
    officer.goto("/")
    hands.press(officer, button(officer, "Start the report"))
    officer.wait_for_url(f"**{report}")
    for key, text in ANSWERS.items():
        hands.write(officer, officer.locator(f"#answer-{key}"), text)
    saved(officer)
    hands.press(officer, button(officer, "Hand over for signature"))
    expect(officer.get_by_text("Handed over: the head can")).to_be_visible()
    sign(head, report, hands)
    review(reviewer, submission, hands)
    return_for(reviewer, "P1", "Check this with the tax office.", hands)
    officer.goto(report)
    hands.write(officer, officer.locator("#answer-P1"), "70")
    saved(officer)
    hands.write(officer, officer.get_by_label("Your answer to the comment"), "It is 70.")
    hands.press(officer, button(officer, "Answer and mark as addressed"))
    expect(officer.get_by_text("marked as addressed").first).to_be_visible()
    hands.press(officer, button(officer, "Hand over for signature"))
    expect(officer.get_by_text("Handed over: the head can")).to_be_visible()
    sign(head, report, hands)
    review(approver, submission, hands)
    hands.press(approver, approver.get_by_role("link", name="Approve…"))
    hands.press(approver, approver.locator("form[data-once] button[type=submit]"))
    approver.wait_for_url("**/change/**")
    submission = Submission.objects.select_related("approved_revision").get(pk=submission.pk)
    assert (submission.state, submission.approved_revision and submission.approved_revision.number) == ("approved", 2)


def test_sign_in_with_a_wrong_and_the_right_password_leads_home(desk: Desk, cast: Cast, cycle: Cycle) -> None:
    page = desk.window()
    page.goto("/")
    for password in ("not this one", PASSWORD):
        page.locator("[name=login]").fill(cast.officer.email)
        page.locator("[name=password]").fill(password)
        button(page, "Sign in").click()
    expect(page).to_have_url(f"{desk.address}/")
    expect(button(page, "Start the report")).to_be_visible()
    assert page.get_by_text("Southgate").count() == 0
