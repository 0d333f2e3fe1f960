"""Every page, as a person of each side sees it: what axe finds, what scrolls sideways, what logs an error or asks abroad."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error
from playwright.sync_api import Page as Window

from districts.models import User
from tests.browser.chromium import sit_down
from tests.browser.conftest import Desk
from tests.matrix.pages import ADMIN_PAGES, PORTAL_PAGES
from tests.matrix.pieces import plant
from tests.matrix.rounds import path_of
from tests.matrix.urls import all_urls
from tests.matrix.world import BUREAU_ROLES, DISTRICT_ROLES, World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDES = (("anonymous",), tuple(reversed(DISTRICT_ROLES)), tuple(reversed(BUREAU_ROLES)))
"""Of each side, who may do most comes first."""
NO_PAGES = {"healthz", "admin:jsi18n", "admin:reporting_job_progress", "public_feed", "public_api_description"}
NO_PAGES |= {f"public_api:{name}" for name in ("releases", "indicators", "bulletins", "observations", "observations_csv")}
"""What no window opens as a page: a state in words, a script, a piece of one."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


@dataclass(frozen=True)
class Look:
    """`widths` in CSS pixels; axe looks at the first."""

    widths: tuple[int, ...]
    scheme: str
    language: str


LOOKS = {
    "wide, light, English, and at 200 %": Look((1440, 720), "light", "en"),
    "narrow, dark, Chinese": Look((390,), "dark", "zh-hans"),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_page_has_no_violation_and_does_not_scroll_sideways(desk: Desk, look: Look) -> None:
    world = build_world()
    plant(world)
    User.objects.update(language=look.language)
    window = desk.window(color_scheme=look.scheme, locale={"en": "en-GB"}.get(look.language, "zh-CN"))
    axe, found, seen = Axe(), {}, 0
    for key, role, path in pages(world):
        if role != "anonymous":
            sit_down(window.context, world.sessions[role], desk.address)
        if not opens(window, path):
            continue
        seen += 1
        if problems := problems_of(window, axe, look):
            found[f"{key} as {role}"] = problems
    assert found == {}, "\n".join(f"{page}: {problems}" for page, problems in found.items())
    assert seen > 100


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """(name, role, path) of each page and of who may do most there, of each side; files among them."""
    urls = all_urls()
    for roles in SIDES:
        for key, page in (PORTAL_PAGES | ADMIN_PAGES).items():
            able = [role for role in roles if page.codes("GET")[role] == 200]
            if able and key not in NO_PAGES:
                yield key, able[0], path_of(page, urls[key.partition("#")[0]], world, "own")


def opens(window: Window, path: str) -> bool:
    """Whether a page is shown, and no file."""
    try:
        response = window.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert response is not None
    assert response.status == 200, path
    return response.headers["content-type"].startswith("text/html")


def problems_of(window: Window, axe: Axe, look: Look) -> list[str]:
    found = []
    for width in look.widths:
        window.set_viewport_size({"width": width, "height": 900})
        found += [*(violations(axe, window) if width == look.widths[0] else ()), *sideways(window)]
    return found


def violations(axe: Axe, window: Window) -> list[str]:
    result: dict[str, Any] = axe.run(window, options=RULES).response
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {[check['message'] for check in node['any'][:1]]}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


def sideways(window: Window) -> list[str]:
    """The widest element that reaches beyond the window, where the whole page scrolls for it."""
    if not window.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return []
    return [
        window.evaluate(
            """() => {
                const ends = [...document.querySelectorAll("body *")].map((one) => [one.getBoundingClientRect().right, one]);
                const [right, widest] = ends.reduce((most, one) => (one[0] > most[0] ? one : most));
                return `sideways: ${widest.tagName}.${widest.className} ends at ${Math.round(right)}`;
            }"""
        )
    ]
