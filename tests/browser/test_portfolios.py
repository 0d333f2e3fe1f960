"""The table of portfolios by keyboard alone, and on a telephone without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from districts.models import BureauRole, District, User
from tests.browser import keyboard
from tests.browser.conftest import Desk
from tests.conftest import Cast

pytestmark = pytest.mark.browser
URL = "/admin/districts/bureaurole/portfolios/"


def box(page: Page, district: District, user: User) -> Locator:
    return page.get_by_role("checkbox", name=f"{district}: {user}", exact=True)


def portfolio(user: User) -> set[str]:
    return set(BureauRole.objects.get(user=user).districts.values_list("code", flat=True))


def test_districts_are_reassigned_by_keyboard_alone(desk: Desk, cast: Cast) -> None:
    page = desk.window(cast.administrator)
    page.goto(URL)
    keyboard.go_to(page, box(page, cast.north, cast.reviewer))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(box(page, cast.north, cast.south_reviewer)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(box(page, cast.south, cast.south_reviewer)).to_be_focused()
    page.keyboard.press("ArrowRight")  # the last one stays where it is
    page.keyboard.press("ArrowLeft")
    expect(box(page, cast.south, cast.reviewer)).to_be_focused()
    keyboard.press(page, page.get_by_role("button", name="Show what changes…"))
    expect(page.get_by_role("heading", name="Reassign 1 district?")).to_be_visible()
    keyboard.press(page, page.get_by_role("button", name="Reassign", exact=True))
    expect(page.get_by_text("1 district was reassigned.")).to_be_visible()
    assert (portfolio(cast.reviewer), portfolio(cast.south_reviewer)) == (set(), {"north", "south"})


def test_districts_are_reassigned_on_a_telephone_without_scripts(desk: Desk, cast: Cast) -> None:
    page = desk.window(cast.administrator, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(URL)
    box(page, cast.south, cast.reviewer).check()
    page.get_by_role("button", name="Show what changes…").click()
    page.get_by_role("button", name="Reassign", exact=True).click()
    assert portfolio(cast.reviewer) == {"north", "south"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
