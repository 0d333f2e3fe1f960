"""The formula of an indicator is read where it is written."""

from django.urls import reverse
from lxml import html

from reporting.models import Indicator
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in

NEW = {
    "code": "NEW",
    "name": "New",
    "name_zh": "新指标",
    "unit": "firms",
    "decimals": "0",
    "measure": "stock",
    "direction": "up",
    "city_aggregation": "sum",
    **{f"inclusions-{part}_FORMS": "0" for part in ("TOTAL", "INITIAL")},
}


def test_formula_with_mistakes_is_refused_with_what_was_meant(cast: Cast) -> None:
    factories.make_indicators()
    client = signed_in(cast.administrator)
    for formula, answer in {
        "P1 + P22 + STOKC": ["there is no indicator P22 here. Did you mean “P2”?", "Did you mean “STOCK”?"],
        "P1 + * P2": ["At 6: “*” stands where a number, a code, a function or a bracket is expected."],
        "P1.last_year": ["a formula computes with the report's own values."],
    }.items():
        response = client.post(reverse("admin:reporting_indicator_add"), NEW | {"formula": formula})
        page = " ".join(html.fromstring(response.content.decode()).text_content().split())
        assert (response.status_code, [sentence for sentence in answer if sentence not in page]) == (200, [])
    assert not Indicator.objects.filter(code="NEW").exists()


def test_formula_of_the_language_is_kept(cast: Cast) -> None:
    factories.make_indicators()
    formula = "if(P2 > 0, round(P1 / P2, 2), 0)"
    assert (
        signed_in(cast.administrator).post(reverse("admin:reporting_indicator_add"), NEW | {"formula": formula}).status_code
        == 302
    )
    assert Indicator.objects.get(code="NEW").formula == formula
