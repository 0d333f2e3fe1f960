"""The publicity plan over HTTP: a district proposes, the bureau decides, and a link says that it is out."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.domain.publicity import Plan, approve_publicity, propose_publicity
from reporting.enums.publicity import OutletKind, PublicityKind
from reporting.models import Outlet, PublicityItem
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def outlet() -> Outlet:
    return Outlet.objects.create(name="Agency", name_zh="通讯社", kind=OutletKind.NEWS_AGENCY)


def typed(outlet: Outlet, **more: Any) -> dict[str, Any]:
    return {
        "kind": "event",
        "title": "Open day",
        "summary": "Doors open.",
        "first_day": str(TODAY),
        "outlets": [outlet.pk],
    } | more


def form_of(response: Any) -> Any:
    """The page's own form."""
    (form,) = [form for form in parse(response).forms if "title" in form.fields]
    return form


def make(cast: Cast, outlet: Outlet, title: str = "Open day") -> PublicityItem:
    plan = Plan(PublicityKind.EVENT, title, "Doors open.", TODAY, outlets=[outlet])
    return propose_publicity(district=cast.north, plan=plan, actor=cast.officer, now=timezone.now())


def test_whole_way_from_a_proposal_to_a_link(cast: Cast, outlet: Outlet) -> None:
    officer, approver, south = as_user(cast.officer), as_user(cast.approver), as_user(cast.south_head)
    form = form_of(officer.get(reverse("publicity_new")))
    assert form.fields["district"] == str(cast.north.pk)
    made = officer.post(reverse("publicity_new"), typed(outlet, district=cast.north.pk))
    item = PublicityItem.objects.get()
    assert made["Location"] == reverse("publicity_item", args=[item.pk])
    assert "Open day" in text_of(officer.get(reverse("publicity")))
    waiting = approver.get(reverse("admin:reporting_publicityitem_changelist"), {"state": "proposed"})
    assert "Open day" in text_of(waiting, "body")
    approve = reverse("admin:reporting_publicityitem_approve", args=[item.pk])
    assert "get a mail" in text_of(approver.get(approve), "body")
    assert approver.post(approve).status_code == 302
    page = officer.get(reverse("publicity_item", args=[item.pk]))
    assert "Approved" in text_of(page)
    assert "Not out yet" in text_of(page)
    sent = {"outlet": outlet.pk, "link": "https://example.org/open-day", "out_on": str(TODAY)}
    assert officer.post(reverse("publicity_item", args=[item.pk]), sent).status_code == 302
    links = select(parse(officer.get(reverse("publicity"))), 'main a[href^="https://example.org"]')
    assert [link.get("href") for link in links] == ["https://example.org/open-day"]
    counts = approver.get(reverse("admin:reporting_publicityitem_counts"), {"year": TODAY.year})
    (row,) = select(parse(counts), ".bureau-table tbody tr")
    assert [cell.text_content() for cell in row] == ["Agency", "News agency", "1", "1"]
    assert "Open day" not in text_of(south.get(reverse("publicity")))
    assert south.get(reverse("publicity_item", args=[item.pk])).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first_day": "soon"}, "Enter a valid date."),
        ({"kind": "rumour"}, "Select a valid choice."),
        ({"outlets": [987654]}, "Select a valid choice."),
        ({"title": ""}, "This field is required."),
        ({"outlets": []}, "Choose at least one outlet."),
        ({"last_day": "2020-01-01"}, "The last day is before the first."),
    ],
)
def test_bad_proposal_is_said_at_the_page_with_what_was_typed(
    cast: Cast, outlet: Outlet, given: dict[str, Any], said: str
) -> None:
    response = as_user(cast.officer).post(reverse("publicity_new"), typed(outlet, district=cast.north.pk, **given))
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Doors open." in response.content.decode()
    assert not PublicityItem.objects.exists()


def test_proposal_for_another_district_is_refused(cast: Cast, outlet: Outlet) -> None:
    response = as_user(cast.officer).post(reverse("publicity_new"), typed(outlet, district=cast.south.pk))
    assert (response.status_code, PublicityItem.objects.count()) == (422, 0)


def test_retired_outlet_is_not_offered(cast: Cast, outlet: Outlet) -> None:
    retired = Outlet.objects.create(name="Retired", name_zh="旧", kind=OutletKind.OTHER, is_active=False)
    page = as_user(cast.officer).get(reverse("publicity_new"))
    assert [box.get("value") for box in select(parse(page), 'input[name="outlets"]')] == [str(outlet.pk)]
    response = as_user(cast.officer).post(reverse("publicity_new"), typed(retired, district=cast.north.pk))
    assert response.status_code == 422


def test_stale_change_shows_what_stands_and_keeps_what_was_typed(cast: Cast, outlet: Outlet) -> None:
    item = make(cast, outlet)
    url = reverse("publicity_change", args=[item.pk])
    assert as_user(cast.head).post(url, typed(outlet, title="The head's", version=1)).status_code == 302
    clash = as_user(cast.officer).post(url, typed(outlet, title="The officer's", version=1))
    assert clash.status_code == 409
    text = text_of(clash)
    assert "Somebody has changed this plan meanwhile" in text
    assert "The head's" in text
    form = form_of(clash)
    assert (form.fields["title"], form.fields["version"]) == ("The officer's", "2")
    item.refresh_from_db()
    assert item.title == "The head's"
    again = as_user(cast.officer).post(url, typed(outlet, title="The officer's", version=2))
    assert again.status_code == 302


def test_bad_link_is_said_and_what_was_typed_stays(cast: Cast, outlet: Outlet) -> None:
    item = approve_publicity(item=make(cast, outlet), actor=cast.approver, now=timezone.now())
    sent = {"outlet": outlet.pk, "link": "javascript:alert(1)", "out_on": str(TODAY)}
    response = as_user(cast.officer).post(reverse("publicity_item", args=[item.pk]), sent)
    assert response.status_code == 422
    assert "Give the whole address" in text_of(response)
    (box,) = select(parse(response), 'input[name="link"]')
    assert box.get("value") == "javascript:alert(1)"
    assert select(parse(response), 'main a[href^="javascript"]') == []
    for odd in ({}, {"outlet": "x"}, {"outlet": 2**70}, {"outlet": outlet.pk, "link": "x", "out_on": "soon"}):
        assert as_user(cast.officer).post(reverse("publicity_item", args=[item.pk]), odd).status_code == 422


def test_withdrawn_plan_stands_in_the_list_with_its_reason(cast: Cast, outlet: Outlet) -> None:
    item = make(cast, outlet)
    url = reverse("publicity_withdraw", args=[item.pk])
    empty = as_user(cast.head).post(url, {"reason": " "})
    assert (empty.status_code, "Say why" in text_of(empty)) == (422, True)
    assert as_user(cast.head).post(url, {"reason": "Rain."}).status_code == 302
    assert "Rain." in text_of(as_user(cast.observer).get(reverse("publicity_item", args=[item.pk])))
    (section,) = select(parse(as_user(cast.observer).get(reverse("publicity"))), 'section[aria-labelledby="ended-title"]')
    assert "Open day" in section.text_content()


def test_bureaus_own_plan_reaches_every_district(cast: Cast, outlet: Outlet) -> None:
    administrator = as_user(cast.administrator)
    assert administrator.get(reverse("admin:reporting_publicityitem_add")).status_code == 200
    made = administrator.post(reverse("admin:reporting_publicityitem_add"), typed(outlet, title="The conference"))
    assert made.status_code == 302
    for person in (cast.officer, cast.south_observer):
        assert "The conference" in text_of(as_user(person).get(reverse("publicity")))
    item = PublicityItem.objects.get()
    withdraw = reverse("admin:reporting_publicityitem_withdraw", args=[item.pk])
    assert administrator.post(withdraw, {"reason": ""}).status_code == 422
    assert administrator.post(withdraw, {"reason": "Moved."}).status_code == 302
    assert "The conference" not in text_of(as_user(cast.officer).get(reverse("publicity")))


def test_stale_change_at_the_bureau_is_a_conflict(cast: Cast, outlet: Outlet) -> None:
    item = make(cast, outlet)
    url = reverse("admin:reporting_publicityitem_edit", args=[item.pk])
    assert as_user(cast.approver).post(url, typed(outlet, title="First", version=1)).status_code == 302
    clash = as_user(cast.administrator).post(url, typed(outlet, title="Second", version=1))
    assert (clash.status_code, "changed this plan meanwhile" in text_of(clash, "body")) == (409, True)


@pytest.mark.parametrize("year", ["", "x", "99999", "-1", "²", "0000", "2100"])
def test_counts_of_an_odd_year_answer(cast: Cast, outlet: Outlet, year: str) -> None:
    response = as_user(cast.approver).get(reverse("admin:reporting_publicityitem_counts"), {"year": year})
    assert response.status_code == 200


def test_list_asks_the_same_number_of_questions_for_one_plan_as_for_three(cast: Cast, outlet: Outlet) -> None:
    client, counts = as_user(cast.officer), []
    for title in ("One", "Two", "Three"):
        make(cast, outlet, title)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("publicity"))
        counts.append(len(captured))
    assert counts == [9, 9, 9]
