"""Files of evidence in the browser: chosen and sent at once, by mouse and keyboard, and without scripts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Cycle, EvidenceFile, Question, Submission
from tests import factories
from tests.browser import keyboard
from tests.browser.conftest import Desk
from tests.browser.test_main_job import saved
from tests.browser.test_table import paste
from tests.conftest import Cast
from tests.files import PNG, office, pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def cycle(cast: Cast, now: datetime) -> Cycle:
    """With files, and a question of each numeric kind."""
    version = factories.make_version(files=True, published=False)
    for key, kind in (("P1", "money"), ("STOCK", "whole")):
        Question.objects.filter(section__version=version, key=key).update(kind=kind)
    factories.publish_version(version=version, now=now)
    return factories.make_cycle(version, opened_by=cast.administrator, now=now - timedelta(hours=1))


@pytest.fixture
def draft(cast: Cast, cycle: Cycle, now: datetime) -> Submission:
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, now=now)
    return submission


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (("plan.pdf", pdf()), ("表.xlsx", office()), ("photo.png", PNG), ("bad.pdf", b"<html>")):
        (tmp_path / name).write_bytes(content)
    return tmp_path


def names() -> list[str]:
    return list(EvidenceFile.objects.order_by("pk").values_list("name", flat=True))


def choose(page: Page, folder: Path, *files: str) -> None:
    page.locator("#file-papers").set_input_files([folder / name for name in files])


def test_chosen_files_are_sent_one_after_another_and_stand_in_the_list(
    desk: Desk, cast: Cast, draft: Submission, folder: Path
) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    expect(page.get_by_role("button", name="Add the file")).to_be_hidden()
    choose(page, folder, "plan.pdf", "表.xlsx")
    expect(page.locator("#files-papers li")).to_have_count(2)
    expect(page.locator(".file-status")).to_have_text("表.xlsx is added.")
    expect(page.locator("#file-papers")).to_be_focused()
    choose(page, folder, "photo.png")
    expect(page.locator("#files-papers li")).to_have_count(3)
    assert names() == ["plan.pdf", "表.xlsx", "photo.png"]
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.pdf", exact=True).click()
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("plan.pdf", pdf())


def test_refused_file_is_named_and_those_behind_it_wait(desk: Desk, cast: Cast, draft: Submission, folder: Path) -> None:
    desk.refused = (422,)
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    choose(page, folder, "plan.pdf", "bad.pdf", "photo.png")
    expect(page.locator("#files-papers .error")).to_contain_text("bad.pdf – The file is no PDF")
    assert names() == ["plan.pdf"]
    choose(page, folder, "photo.png")
    expect(page.locator("#files-papers .error")).to_have_count(0)
    expect(page.locator("#files-papers li")).to_have_count(2)


def test_file_over_the_limit_is_not_even_sent(desk: Desk, cast: Cast, draft: Submission, folder: Path) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    (folder / "large.pdf").write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, folder, "large.pdf")
    expect(page.locator(".file-status")).to_have_text("large.pdf was not sent: at most 20 MB are possible.")
    assert sent == []


def test_adding_a_file_leaves_what_is_being_typed_alone(desk: Desk, cast: Cast, draft: Submission, folder: Path) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    page.locator("#answer-plans").fill("Not saved yet")
    choose(page, folder, "plan.pdf")
    expect(page.locator("#files-papers li")).to_have_count(1)
    expect(page.locator("#answer-plans")).to_have_value("Not saved yet")
    page.keyboard.press("Control+s")
    saved(page)


def test_file_is_removed_by_keyboard(desk: Desk, cast: Cast, draft: Submission, folder: Path) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    choose(page, folder, "plan.pdf")
    expect(page.locator("#files-papers li")).to_have_count(1)
    keyboard.press(page, page.get_by_role("link", name="Remove plan.pdf"))
    page.wait_for_url("**/remove/")
    keyboard.press(page, page.get_by_role("button", name="Remove the file"))
    page.wait_for_url(f"**/reports/{draft.pk}/#q-papers")
    expect(page.locator("#files-papers")).to_contain_text("No file yet")
    assert names() == []


def test_without_scripts_the_form_adds_and_says_what_is_wrong(desk: Desk, cast: Cast, draft: Submission, folder: Path) -> None:
    desk.refused = (422,)
    page = desk.window(cast.officer, java_script_enabled=False)
    page.goto(f"/reports/{draft.pk}/")
    expect(page.get_by_text("Save the report first")).to_be_visible()
    for name in ("plan.pdf", "bad.pdf"):
        choose(page, folder, name)
        page.get_by_role("button", name="Add the file").click()
    expect(page.locator("#files-papers .error")).to_contain_text("bad.pdf – The file is no PDF")
    expect(page.locator("#files-papers li")).to_have_count(1)
    assert names() == ["plan.pdf"]


def test_paste_counts_what_the_kind_of_a_question_cannot_read(desk: Desk, cast: Cast, draft: Submission) -> None:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    status = page.locator("[data-paste] p")
    for key, text, unread in (
        ("P1", "¥1,234.5亿元\n40", 0),
        ("P1", "12 100m CNY\n40 亿元", 1),
        ("P1", "12万元\n40", 1),
        ("STOCK", "1,234.00\tx", 0),
    ):
        paste(page, key, text if "\t" not in text else f"STOCK\t{text.split()[0]}\nP2\t41")
        expect(status).to_contain_text("Values pasted: 2.")
        expect(status).to_have_text(f"Values pasted: 2. Not readable as numbers: {unread}." if unread else "Values pasted: 2.")
    paste(page, "P1", "STOCK\t12.5\nP2\t42")
    expect(status).to_have_text("Values pasted: 2. Not readable as numbers: 1.")
    saved(page)
