"""The catalogue of indicators, as a page and at each question."""

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from districts.models import User
from reporting.demo.tables import DATA
from reporting.domain.definitions import load_indicators
from reporting.models import Indicator, Submission
from reporting.queries.exchange import indicator_item
from reporting.views.indicators import ON_A_PAGE
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, step, text_of

WORDS = {
    "definition": "What the parts add up to.",
    "definition_zh": "各部分之和。",
    "scope": "All firms.",
    "scope_zh": "全部企业。",
    "source": "Accounts.",
    "source_zh": "核算资料。",
    "comparability": "Mind the base.",
    "comparability_zh": "注意基数。",
}
PAGE = "/indicators/"
QUERIES = 6


def found(user: User, **query: Any) -> list[str]:
    return [item.get("id") for item in select(parse(as_user(user).get(PAGE, query)), "details.catalogue-item")]


def facts(element: Any) -> list[tuple[str, str]]:
    terms, texts = (select(element, f".about-facts > {tag}") for tag in ("dt", "dd"))
    return [(term.text_content(), text.text_content()) for term, text in zip(terms, texts, strict=True)]


def test_catalogue_lists_every_indicator_by_code(cast: Cast) -> None:
    factories.make_indicators()
    assert found(cast.observer) == ["BASE", "GRP", "P1", "P2", "SHARE", "STOCK", "TOTAL"]
    assert found(cast.reviewer) == found(cast.observer)


def test_catalogue_says_all_that_is_known_of_an_indicator(cast: Cast) -> None:
    indicators = factories.make_indicators()
    Indicator.objects.filter(code="TOTAL").update(**WORDS)
    factories.make_indicator("MEAN", city_aggregation="weighted_mean", weight_indicator=indicators["GRP"], measure="rate")
    page = parse(as_user(cast.officer).get(PAGE))
    assert facts(select(page, "#TOTAL")[0]) == [
        ("Definition", "What the parts add up to."),
        ("Scope", "All firms."),
        ("Source", "Accounts."),
        ("Comparability", "Mind the base."),
        ("Computed as", "P1 + P2"),
        ("Measure", "flow, year to date, current prices"),
        ("City figure", "sum of the districts"),
        ("Direction", "more is better"),
    ]
    assert facts(select(page, "#MEAN")[0])[1] == ("City figure", "mean weighted by another indicator: GRP Indicator GRP")


def test_rate_that_districts_give_is_said_to_have_no_city_figure(cast: Cast) -> None:
    factories.make_indicator("RATE", measure="rate", city_aggregation="sum", price_basis="")
    assert ("City figure", "no city figure") in facts(parse(as_user(cast.officer).get(PAGE)))


def test_catalogue_in_chinese_has_the_chinese_words(cast: Cast) -> None:
    factories.make_indicator("A1", **WORDS)
    User.objects.filter(pk=cast.officer.pk).update(language="zh-hans")
    text = text_of(as_user(User.objects.get(pk=cast.officer.pk)).get(PAGE))
    assert {words: words in text for words in WORDS.values()} == {words: name.endswith("_zh") for name, words in WORDS.items()}


@pytest.mark.parametrize(
    ("words", "codes"),
    [("p1", ["P1"]), ("Indicator P", ["P1", "P2"]), ("指标SH", ["SHARE"]), ("add up", ["TOTAL"]), ("各部分", ["TOTAL"])],
)
def test_search_finds_code_name_and_definition_in_both_languages(cast: Cast, words: str, codes: list[str]) -> None:
    factories.make_indicators()
    Indicator.objects.filter(code="TOTAL").update(**WORDS)
    assert found(cast.officer, q=words) == codes


def test_few_finds_are_shown_open(cast: Cast) -> None:
    factories.make_indicators()
    client = as_user(cast.officer)
    opened = {words: len(select(parse(client.get(PAGE, {"q": words})), "details[open]")) for words in ("", "P1", "Indicator")}
    assert opened == {"": 0, "P1": 1, "Indicator": 0}


@pytest.mark.parametrize("words", ["%", "_", "'", "\x00", "x" * 300, "(?<"])
def test_search_for_odd_words_finds_nothing_and_says_so(cast: Cast, words: str) -> None:
    factories.make_indicator("A1")
    response = as_user(cast.officer).get(PAGE, {"q": words})
    said = "No indicator has these words" in text_of(response)
    assert (response.status_code, said) == (200, words != "\x00")


def test_empty_catalogue_says_what_will_stand_there(cast: Cast) -> None:
    assert "No indicator yet" in text_of(as_user(cast.officer).get(PAGE))


@pytest.mark.parametrize("page", ["2", "99", "-1", "x"])
def test_long_catalogue_has_pages(cast: Cast, page: str) -> None:
    for number in range(ON_A_PAGE + 1):
        factories.make_indicator(f"N{number:03}")
    assert len(found(cast.officer)) == ON_A_PAGE
    codes = found(cast.officer, page=page)
    assert codes == (["N050"] if page in {"2", "99", "-1"} else [f"N{number:03}" for number in range(ON_A_PAGE)])


@pytest.mark.parametrize("rows", [1, 3])
def test_catalogue_query_count(cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(rows):
        weight = factories.make_indicator(f"W{number}")
        factories.make_indicator(f"N{number}", city_aggregation="weighted_mean", weight_indicator=weight)
    client = as_user(cast.officer)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


def test_question_says_what_its_indicator_means(cast: Cast, submission: Submission, now: Any) -> None:
    Indicator.objects.filter(code="P1").update(**WORDS)
    step(submission, "start", cast.officer, now)
    page = parse(as_user(cast.officer).get(reverse("report", args=[submission.pk])))
    about = select(page, "#q-P1 details.about")
    assert [summary.text_content().strip() for summary in select(about[0], "summary")] == ["About indicator P1"]
    assert facts(about[0])[:2] == [("Definition", "What the parts add up to."), ("Scope", "All firms.")]
    assert select(page, "#label-P1")[0].text_content().split() == ["P1", "Indicator", "P1"]
    assert not select(page, "#q-plans details.about")


def test_words_of_an_indicator_are_text_and_no_markup(cast: Cast) -> None:
    factories.make_indicator("A1", definition="<script>alert(1)</script>\nSecond line.")
    body = as_user(cast.officer).get(PAGE).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_demonstrations_catalogue_has_every_word_in_both_languages(cast: Cast) -> None:
    for code in ("110112", "110115", "BDA"):
        factories.make_district(code)
    load_indicators(path=DATA / "indicators.csv", notes=DATA / "indicator_notes.json")
    notes = json.loads((DATA / "indicator_notes.json").read_text(encoding="utf-8"))
    assert notes.keys() == set(Indicator.objects.values_list("code", flat=True))
    for indicator in Indicator.objects.all():
        by_language = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                by_language.append([text for _heading, text in indicator.notes])
        english, chinese = by_language
        assert len(english) == len(chinese) >= 3, indicator.code
        assert not set(english) & set(chinese), indicator.code
        assert notes[indicator.code].items() <= indicator_item(indicator).items()
