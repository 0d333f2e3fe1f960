"""The checks of a question in its form: each switched, and with a bound of its own."""

from typing import Any

import pytest

from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.models import DefinitionVersion, Question
from reporting.queries.differences import Change, differences
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import form_of, post_form, tree, url, words
from tests.reporting.admin.helpers import signed_in

FLOW = ["bounds", "unit_slip", "falling_flow", "year_on_year", "share_shift", "outlier"]


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(published=False)


def asked(version: DefinitionVersion, key: str) -> Question:
    return Question.objects.get(section__version=version, key=key)


def address(version: DefinitionVersion, key: str) -> str:
    return url(version, "part", "question", asked(version, key).pk)


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("P1", FLOW),
        ("STOCK", ["bounds", "unit_slip", "falling_stock", "year_on_year", "share_shift", "outlier"]),
        ("BASE", ["bounds", "unit_slip", "base_differs", "falling_flow", "share_shift", "outlier"]),
        ("TOTAL", ["year_on_year", "share_shift"]),
        ("SHARE", []),
    ],
)
def test_question_offers_the_checks_that_there_are_for_it(
    key: str, kinds: list[str], cast: Cast, version: DefinitionVersion
) -> None:
    page = tree(signed_in(cast.administrator).get(address(version, key)))
    assert page.xpath("//input[@name='tuning-shown']/@value") == kinds
    assert len(page.xpath("//ul[@class='editor-checks']//input[@type='checkbox'][@checked]")) == len(kinds)


def test_blank_bounds_show_the_default(cast: Cast, version: DefinitionVersion) -> None:
    page = tree(signed_in(cast.administrator).get(address(version, "P1")))
    fields = page.xpath("//ul[@class='editor-checks']//input[@type='text']")
    shown = {field.get("name"): field.get("placeholder") for field in fields}
    assert shown == {
        "tuning-bounds-minimum": "0",
        "tuning-bounds-maximum": None,
        "tuning-unit_slip-bound": "15",
        "tuning-falling_flow-bound": "0",
        "tuning-year_on_year-bound": "30",
        "tuning-share_shift-bound": "3",
        "tuning-outlier-bound": "3.5",
    }


def test_form_that_is_sent_as_it_stands_says_nothing(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    assert post_form(client, address(version, "P1"), {}).status_code == 302
    assert asked(version, "P1").tuning == {}


def test_check_is_switched_off_and_bounded(cast: Cast, version: DefinitionVersion) -> None:
    client, where = signed_in(cast.administrator), address(version, "P1")
    sent = form_of(client, where)
    del sent["tuning-outlier-on"]
    sent |= {"tuning-year_on_year-bound": " 45.50 ", "tuning-share_shift-total": "TOTAL", "tuning-bounds-maximum": "900"}
    assert client.post(where, sent).status_code == 302
    tuning = {
        "bounds": {"maximum": "900"},
        "year_on_year": {"bound": "45.5"},
        "share_shift": {"total": "TOTAL"},
        "outlier": {"on": False},
    }
    assert asked(version, "P1").tuning == tuning
    assert {key: value for key, value in form_of(client, where).items() if key.startswith("tuning-") and value} == {
        "tuning-shown": FLOW,
        **{f"tuning-{kind}-on": "on" for kind in FLOW if kind != "outlier"},
        "tuning-bounds-maximum": "900",
        "tuning-year_on_year-bound": "45.5",
        "tuning-share_shift-total": "TOTAL",
    }
    said = (
        "Smallest and largest value: 900; Change against last year: 45.5; Share moved against last year: TOTAL; "
        "Outlier against the earlier periods: off"
    )
    assert said in words(client.get(url(version)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"tuning-outlier-bound": "much"}, "Outlier against the earlier periods: A bound is a number with at most 18 digits"),
        ({"tuning-outlier-bound": "-1"}, "Outlier against the earlier periods: A bound is not negative."),
        ({"tuning-unit_slip-bound": "60"}, "Unit slip: The tolerance is at most 50 %."),
        ({"tuning-bounds-minimum": "9", "tuning-bounds-maximum": "1"}, "The smallest value is above the largest."),
        ({"tuning-share_shift-total": "P" * 30}, "The total is named by the code of its indicator."),
    ],
)
def test_what_cannot_be_is_refused_at_the_field_and_kept_as_typed(
    typed: dict[str, Any], sentence: str, cast: Cast, version: DefinitionVersion
) -> None:
    client = signed_in(cast.administrator)
    response = post_form(client, address(version, "P1"), typed)
    assert response.status_code == 422
    assert sentence in words(response)
    for name, value in typed.items():
        if not name.endswith("total"):
            assert tree(response).xpath(f"//input[@name='{name}']/@value") == [value]
    assert asked(version, "P1").tuning == {}


def test_what_does_not_fit_the_indicator_is_left_out(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    factories.make_indicator("NEW", measure="stock", price_basis="")
    typed = {"kind": "number", "indicator": "NEW", "tuning-falling_flow-bound": "5", "tuning-falling_stock-bound": "7"}
    assert post_form(client, url(version, "part_add", "question"), typed).status_code == 302
    assert asked(version, "NEW").tuning == {"falling_stock": {"bound": "7"}}
    words_only = typed | {"kind": "text", "label": "Why?", "indicator": ""}
    assert post_form(client, url(version, "part_add", "question"), words_only).status_code == 302
    assert Question.objects.get(section__version=version, label="Why?").tuning == {}


def test_checks_that_somebody_else_changed_are_not_overwritten(cast: Cast, version: DefinitionVersion) -> None:
    client, where = signed_in(cast.administrator), address(version, "P1")
    sent = form_of(client, where) | {"tuning-outlier-bound": "4"}
    Question.objects.filter(pk=asked(version, "P1").pk).update(tuning={"outlier": {"on": False}})
    response = client.post(where, sent)
    assert response.status_code == 409
    assert "Outlier against the earlier periods: off" in words(response)
    assert asked(version, "P1").tuning == {"outlier": {"on": False}}


def test_checks_are_copied_into_a_draft_and_compared(cast: Cast, version: DefinitionVersion) -> None:
    Question.objects.filter(pk=asked(version, "P1").pk).update(tuning={"outlier": {"on": False}})
    publish_version(version=version, now=factories.NOW)
    draft = draft_from(version=version, actor=cast.administrator)
    assert asked(draft, "P1").tuning == {"outlier": {"on": False}}
    Question.objects.filter(pk=asked(draft, "P1").pk).update(tuning={"outlier": {"bound": "4"}})
    (found,) = differences(version.pk, draft.pk).questions
    assert (found.key, found.changes) == (
        "P1",
        (Change("checks", "Outlier against the earlier periods: off", "Outlier against the earlier periods: 4"),),
    )
