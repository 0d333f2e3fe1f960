"""A person who uses no mouse: goes from stop to stop, and sees where the focus is."""

from playwright.sync_api import Locator, Page

STOPS = 150
_IS_SEEN = """element => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
}"""


def go_to(page: Page, target: Locator) -> None:
    """Tab until the target has the focus, which has to be visible."""
    target.wait_for(state="attached")
    for _stop in range(STOPS):
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(_IS_SEEN), f"The focus is not visible on {target}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with the keyboard")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    go_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    go_to(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
