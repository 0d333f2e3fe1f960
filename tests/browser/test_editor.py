"""The editor of a definition version: order by keyboard and by dragging, with and without scripts, and the preview."""

import pytest
from playwright.sync_api import Page, expect

from reporting.models import DefinitionVersion, Question, Section
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, write
from tests.conftest import Cast
from tests.reporting.admin.editing import outline, url
from tests.running import until

pytestmark = pytest.mark.browser
NARRATIVE = ["plans", "practice"]
STATISTICS = ["P1", "P2", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"]


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(published=False)


@pytest.fixture
def page(desk: Desk, cast: Cast, version: DefinitionVersion) -> Page:
    page = desk.window(cast.administrator)
    page.goto(url(version))
    return page


def question(version: DefinitionVersion, key: str) -> Question:
    return Question.objects.get(section__version=version, key=key)


def section(version: DefinitionVersion, key: str) -> Section:
    return version.sections.get(key=key)


def becomes(version: DefinitionVersion, expected: list[tuple[str, list[str]]]) -> None:
    until(lambda: outline(version) == expected, what=f"the order {expected}")


def test_keyboard_moves_a_question_and_says_where_it_stands(page: Page, version: DefinitionVersion) -> None:
    second = question(version, "P2")
    up, down = page.locator(f"#up-question-{second.pk}"), page.locator(f"#down-question-{second.pk}")
    said = page.locator("[data-said]")
    press(page, up)
    expect(said).to_have_text("“Indicator P2” is now question 1 of 7 in “Statistics”.")
    expect(up).to_be_disabled()
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("“Indicator P2” is now question 2 of 7 in “Statistics”.")
    expect(down).to_be_focused()
    assert outline(version) == [("statistics", STATISTICS), ("narrative", NARRATIVE)]
    assert page.url.endswith(url(version))


def test_button_stays_under_the_hand_that_presses_it(page: Page, version: DefinitionVersion) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    down = page.locator(f"#down-question-{question(version, 'P2').pk}")
    down.scroll_into_view_if_needed()
    box = down.bounding_box()
    assert box is not None
    for place in (3, 4, 5):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator("[data-said]")).to_have_text(f"“Indicator P2” is now question {place} of 7 in “Statistics”.")
    assert outline(version)[0][1] == ["P1", "GRP", "BASE", "TOTAL", "P2", "SHARE", "STOCK"]


def test_keyboard_moves_a_question_to_another_section_and_a_section(page: Page, version: DefinitionVersion) -> None:
    plans = question(version, "plans")
    menu = page.locator(f"#question-{plans.pk} details")
    press(page, menu.locator("summary"))
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    page.keyboard.press("Enter")
    press(page, menu.get_by_role("button", name="Move"))
    expect(page.locator("[data-said]")).to_have_text("“Plans” is now question 8 of 8 in “Statistics”.")
    expect(page.locator(f"#up-question-{plans.pk}")).to_be_focused()
    press(page, page.locator(f"#down-section-{section(version, 'statistics').pk}"))
    expect(page.locator("[data-said]")).to_have_text("“Statistics” is now section 2 of 2.")
    assert outline(version) == [("narrative", ["practice"]), ("statistics", [*STATISTICS, "plans"])]


def test_mouse_drags_questions_and_sections(page: Page, version: DefinitionVersion) -> None:
    stock, plans, first = question(version, "STOCK"), question(version, "plans"), question(version, "P1")
    drag(page, f"#question-{stock.pk}", f"#question-{plans.pk}", upper=True)
    becomes(version, [("statistics", STATISTICS[:-1]), ("narrative", ["STOCK", *NARRATIVE])])
    expect(page.locator("[data-said]")).to_have_text("“Indicator STOCK” is now question 1 of 3 in “Narrative”.")
    drag(page, f"#question-{stock.pk}", f"#question-{first.pk}", upper=False)
    becomes(version, [("statistics", ["P1", "STOCK", *STATISTICS[1:-1]]), ("narrative", NARRATIVE)])
    expect(page.locator("[data-said]")).to_have_text("“Indicator STOCK” is now question 2 of 7 in “Statistics”.")
    drag(page, f"#section-{section(version, 'narrative').pk}", f"#section-{section(version, 'statistics').pk}", upper=True)
    becomes(version, [("narrative", NARRATIVE), ("statistics", ["P1", "STOCK", *STATISTICS[1:-1]])])


def drag(page: Page, row: str, target: str, *, upper: bool) -> None:
    """By the row's grip to the upper or the lower half of the other, as a hand does it."""
    page.set_viewport_size({"width": 1280, "height": 1800})
    grip, other = page.locator(f"{row} [data-grip]").first.bounding_box(), page.locator(target).bounding_box()
    assert grip is not None
    assert other is not None
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 30, grip["y"] + 20, steps=4)
    page.mouse.move(other["x"] + other["width"] / 2, other["y"] + (4 if upper else other["height"] - 4), steps=8)
    page.mouse.up()


def test_move_after_somebody_elses_is_refused_and_shows_the_order_as_it_is(
    desk: Desk, page: Page, cast: Cast, version: DefinitionVersion
) -> None:
    desk.refused = (409,)
    other = desk.window(cast.administrator)
    other.goto(url(version))
    other.locator(f"#down-question-{question(version, 'P1').pk}").click()
    moved = [("statistics", ["P2", "P1", *STATISTICS[2:]]), ("narrative", NARRATIVE)]
    becomes(version, moved)
    page.locator(f"#up-question-{question(version, 'STOCK').pk}").click()
    refusal = page.locator("#editor [role=alert]")
    expect(refusal).to_contain_text("Somebody changed the order since you opened the page.")
    expect(refusal).to_be_focused()
    assert outline(version) == moved
    page.locator(f"#up-question-{question(version, 'STOCK').pk}").click()
    becomes(version, [("statistics", ["P2", "P1", "GRP", "BASE", "TOTAL", "STOCK", "SHARE"]), ("narrative", NARRATIVE)])


def test_without_scripts_the_buttons_move(desk: Desk, cast: Cast, version: DefinitionVersion) -> None:
    page = desk.window(cast.administrator, java_script_enabled=False)
    page.goto(url(version))
    page.locator(f"#down-question-{question(version, 'P1').pk}").click()
    expect(page.locator("[data-said]")).to_have_text("“Indicator P1” is now question 2 of 7 in “Statistics”.")
    assert outline(version)[0][1][:2] == ["P2", "P1"]


def test_question_is_added_with_the_keyboard_and_seen_in_the_preview(page: Page, version: DefinitionVersion) -> None:
    page.goto(url(version, "part_add", "question") + f"?section={section(version, 'narrative').pk}")
    kind = page.locator("select[name=kind]")
    expect(page.locator("#id_choices")).to_be_hidden()
    kind.select_option("number")
    expect(page.locator("#id_indicator")).to_be_visible()
    expect(page.locator("#id_choices")).to_be_hidden()
    kind.select_option("choice")
    expect(page.locator("#id_indicator")).to_be_hidden()
    write(page, page.locator("#id_choices"), "Sure\nNot sure")
    write(page, page.locator("#id_label"), "How sure are you?")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/change/" in address)
    assert outline(version)[1] == ("narrative", [*NARRATIVE, "how_sure_are_you"])
    press(page, page.get_by_role("link", name="Preview"))
    field = page.get_by_label("How sure are you?")
    expect(field).to_be_disabled()
    assert field.locator("option").all_text_contents() == ["Choose…", "Sure", "Not sure"]
    page.get_by_role("link", name="Back to the editor").click()
    expect(page.locator("#editor")).to_be_visible()


def test_code_is_put_into_the_rule_where_the_text_was(page: Page, version: DefinitionVersion) -> None:
    page.goto(url(version, "part_add", "rule"))
    text = page.locator("[data-expression]")
    text.fill("P1 <=")
    press(page, page.locator("[data-code=GRP]"))
    expect(text).to_have_value("P1 <= GRP")
    expect(text).to_be_focused()
