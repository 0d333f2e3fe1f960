"""The districts side by side: by which indicator they are compared, for whom, and the way to all columns and the files."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.models import Cycle, Submission
from tests.conftest import Cast
from tests.factories import approve, make_district, submit
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db
URL = reverse("districts")


@pytest.fixture
def opened(cast: Cast, submission: Submission, south_submission: Submission, now: datetime) -> Cycle:
    """Northgate's report is approved and the cycle's figures are open to the districts."""
    approve(submit(submission, cast.head, now=now), cast.approver, now)
    Cycle.objects.filter(pk=submission.cycle_id).update(figures_opened_at=now)
    return Cycle.objects.get(pk=submission.cycle_id)


def cells(page: Any) -> dict[str, list[str]]:
    """The three cells of figures by district."""
    rows = select(parse(page), "tbody tr")
    return {row.xpath("th")[0].text_content(): [cell.text_content().strip() for cell in row.xpath("td")[2:]] for row in rows}


def test_districts_are_compared_by_the_total_first_and_by_any_indicator_that_is_chosen(cast: Cast, opened: Cycle) -> None:
    client = as_user(cast.south_officer)
    first = client.get(URL)
    (chosen,) = select(parse(first), "option[selected]")
    assert chosen.get("value") == "TOTAL"
    assert cells(first) == {"Northgate": ["100.00", "+11.1 %", "1"], "Southgate": ["n/a", "n/a", "–"]}
    other = client.get(f"{URL}?indicator=STOCK")
    assert cells(other) == {"Northgate": ["12", "n/a", "1"], "Southgate": ["n/a", "n/a", "–"]}
    assert "Indicator STOCK" in text_of(other)


def test_unknown_indicator_is_the_first(cast: Cast, opened: Cycle) -> None:
    for wrong in ("NOTHING", "", "%00"):
        page = as_user(cast.officer).get(f"{URL}?indicator={wrong}")
        assert select(parse(page), "option[selected]")[0].get("value") == "TOTAL"


def test_each_group_leads_to_all_columns_and_the_files_of_its_districts(cast: Cast, opened: Cycle) -> None:
    client = as_user(cast.officer)
    links = [link.get("href") for link in select(parse(client.get(f"{URL}?indicator=STOCK")), ".card-head a")]
    figures = reverse("figures_of", args=[opened.pk])
    assert links == [f"{figures}?indicator=STOCK&peer_group=urban"]
    page = client.get(links[0])
    assert page.status_code == 200
    assert select(parse(page), "select[name=peer_group] option[selected]")[0].get("value") == "urban"


def test_nothing_is_compared_while_the_figures_are_not_open(cast: Cast, opened: Cycle) -> None:
    Cycle.objects.update(figures_opened_at=None)
    page = as_user(cast.south_officer).get(f"{URL}?indicator=STOCK")
    assert select(parse(page), "#indicator") == []
    assert cells(page) == {"Northgate": [], "Southgate": []}
    assert select(parse(as_user(cast.administrator).get(URL)), "#indicator") != []


def test_queries_do_not_grow_with_the_districts(cast: Cast, opened: Cycle, now: datetime) -> None:
    client, counts = as_user(cast.officer), []
    for added in ((), ("mid", "far")):
        for code in added:
            make_district(code)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"{URL}?indicator=STOCK")
        counts.append((len(cells(page)), len(captured)))
    assert counts == [(2, 17), (4, 17)]
    assert cells(page)["District mid"] == ["–", "–", "–"]  # it came after the cycle was opened
