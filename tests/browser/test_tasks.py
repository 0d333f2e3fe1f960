"""Key tasks in the browser: evidence added by keyboard, and the menu of a narrow screen."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.models import KeyTask, KeyTaskFile
from tests.browser.conftest import Desk
from tests.browser.keyboard import press
from tests.conftest import Cast
from tests.files import pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def task(cast: Cast) -> KeyTask:
    now = timezone.now()
    given = Assignment("Exchange", cast.north, "A plan", timezone.localdate(now) + timedelta(days=60))
    return assign_key_task(assignment=given, actor=cast.approver, now=now)


def test_evidence_is_added_and_taken_away_with_the_keyboard(desk: Desk, cast: Cast, task: KeyTask, tmp_path: Path) -> None:
    (tmp_path / "contracts.pdf").write_bytes(pdf())
    page = desk.window(cast.officer)
    page.goto(f"/tasks/{task.pk}/")
    page.locator("#task-file").set_input_files(tmp_path / "contracts.pdf")
    press(page, page.get_by_role("button", name="Add the file"))
    link = page.get_by_role("link", name="contracts.pdf", exact=True)
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "contracts.pdf"
    press(page, page.get_by_role("link", name="Remove contracts.pdf"))
    press(page, page.get_by_role("button", name="Remove the file"))
    expect(page.get_by_text("No file yet")).to_be_visible()
    assert not KeyTaskFile.objects.exists()


def test_menu_of_a_narrow_screen_shows_the_page_that_is_open(desk: Desk, cast: Cast, task: KeyTask) -> None:
    page = desk.window(cast.officer)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/publicity/")
    box = page.locator(".top nav [aria-current]").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 390 - box["width"]
    page.goto("/")
    assert page.locator(".top nav").evaluate("menu => menu.scrollLeft") == 0
