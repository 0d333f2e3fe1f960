"""The statistics table as a spreadsheet: moving, pasting, taking back."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Cycle, Submission
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_main_job import saved
from tests.conftest import Cast
from tests.reporting.views.browser import answer

pytestmark = pytest.mark.browser
_PASTE = """(field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def draft(cast: Cast, cycle: Cycle, now: datetime) -> Submission:
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, now=now)
    return submission


@pytest.fixture
def page(desk: Desk, cast: Cast, draft: Submission) -> Page:
    page = desk.window(cast.officer)
    page.goto(f"/reports/{draft.pk}/")
    return page


def paste(page: Page, key: str, text: str) -> None:
    field = page.locator(f"#answer-{key}")
    field.focus()
    field.evaluate(_PASTE, text)


def values(page: Page) -> dict[str, str]:
    return {key: page.locator(f"#answer-{key}").input_value() for key in ("P1", "P2", "GRP", "BASE", "STOCK")}


def is_at(page: Page, key: str) -> None:
    expect(page.locator(f"#answer-{key}")).to_be_focused()


def test_arrows_and_enter_move_in_the_column_and_pass_over_computed_rows(page: Page) -> None:
    page.locator("#answer-P1").focus()
    for key, place in [("ArrowDown", "P2"), ("Enter", "GRP"), ("ArrowDown", "BASE"), ("Enter", "STOCK"), ("Enter", "STOCK"),
                       ("ArrowUp", "BASE"), ("Shift+Enter", "GRP")]:  # fmt: skip
        page.keyboard.press(key)
        is_at(page, place)
    page.keyboard.press("ArrowRight")  # the text was selected: now the caret stands at its end
    is_at(page, "GRP")
    page.keyboard.press("ArrowRight")
    is_at(page, "BASE")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    is_at(page, "GRP")


def test_control_s_saves_what_was_just_typed(page: Page, draft: Submission) -> None:
    page.locator("#answer-P1").fill("61")
    page.keyboard.press("Control+s")
    saved(page)
    assert answer(draft, "P1").raw == "61"


def test_pasted_column_fills_downwards_and_is_saved(page: Page, draft: Submission) -> None:
    paste(page, "P2", "41\r\n1,250.5\r\n\r\n")
    expect(page.locator("[data-paste]")).to_contain_text("Values pasted: 2.")
    assert values(page) == {"P1": "60", "P2": "41", "GRP": "1,250.5", "BASE": "90", "STOCK": "12"}
    assert page.locator("tbody.pasted").count() == 2
    saved(page)
    assert (answer(draft, "P2").raw, answer(draft, "GRP").raw, answer(draft, "BASE").raw) == ("41", "1,250.5", "90")


def test_pasted_column_leaves_blanks_and_computed_rows_and_counts_what_it_could_not_read(page: Page, draft: Submission) -> None:
    paste(page, "GRP", "２５１\n\n4o\n13\n9\n14\n15")
    expect(page.locator("[data-paste] p")).to_have_text(
        "Values pasted: 2. Left out beside computed rows: 2. Without a row here: 2."
    )
    assert values(page) == {"P1": "60", "P2": "40", "GRP": "２５１", "BASE": "90", "STOCK": "9"}


def test_pasted_text_that_is_no_number_is_kept_and_counted(page: Page, draft: Submission) -> None:
    paste(page, "P1", "1 234\n1,5")
    expect(page.locator("[data-paste] p")).to_have_text("Values pasted: 2. Not readable as numbers: 1.")
    saved(page)
    expect(page.locator("#answer-P2")).to_have_attribute("aria-invalid", "true")
    assert answer(draft, "P2").raw == "1,5"


@pytest.mark.parametrize("way", ["button", "Control+z"])
def test_paste_is_taken_back_in_one_step(page: Page, draft: Submission, way: str) -> None:
    before = values(page)
    paste(page, "P1", "1\n2\n3")
    saved(page)
    if way == "button":
        page.get_by_role("button", name="Undo the paste").click()
    else:
        page.keyboard.press(way)
    assert values(page) == before
    expect(page.locator("[data-paste] p")).to_have_text("The pasted values were taken back.")
    expect(page.locator("tbody.pasted")).to_have_count(0)
    saved(page)
    assert [answer(draft, key).raw for key in ("P1", "P2", "GRP")] == ["60", "40", "250"]


def test_two_columns_are_pasted_by_code_and_other_widths_not_at_all(page: Page, draft: Submission) -> None:
    before = values(page)
    paste(page, "P1", "Alpha\t1\nBeta\t2")
    expect(page.locator("[data-paste] p")).to_contain_text("Nothing was pasted")
    assert values(page) == before
    paste(page, "P1", "GRP\t260\np2\t44\nTOTAL\t9\nNONE\t1")
    expect(page.locator("[data-paste] p")).to_have_text(
        "Values pasted: 2. Left out beside computed rows: 1. Without a row here: 1."
    )
    assert values(page) == before | {"GRP": "260", "P2": "44"}
    saved(page)
