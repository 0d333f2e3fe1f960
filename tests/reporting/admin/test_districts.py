"""The bureau's pages of districts: what changes from a day on asks first."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from districts.models import District
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import page_of, signed_in

RENAMED = {"name": "Northport", "name_zh": "北港区"}


def url(step: str, district: District) -> str:
    return reverse(f"admin:districts_district_{step}", args=[district.pk])


def test_past_report_says_the_old_name_and_lists_of_today_the_new_one(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    client, head = signed_in(cast.administrator), signed_in(cast.head)
    assert client.post(url("rename", cast.north), RENAMED | {"first_day": "2026-07-01"}).status_code == 302
    report = head.get(reverse("report_receipt", args=[submission.pk])).content.decode()
    assert ("<dd>Northgate</dd>" in report, "Northport · Head" in report) == (True, True)
    assert "Northgate" in client.get(page_of(submission)).content.decode()
    shown = client.get(reverse("admin:districts_district_changelist")).content.decode()
    assert ("Northport" in shown, "Northgate" in shown) == (True, False)


def test_district_is_found_by_every_name(cast: Cast, submission: Submission) -> None:
    client = signed_in(cast.administrator)
    client.post(url("rename", cast.north), RENAMED | {"first_day": "2026-07-01"})
    for page in ("districts_district", "reporting_submission"):
        for term in ("northgate", "northport", "北港"):
            found = client.get(reverse(f"admin:{page}_changelist"), {"q": term}).context["cl"].result_list
            assert [str(getattr(row, "district", row)) for row in found] == ["Northport"], (page, term)


def test_renaming_refused_keeps_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    answer = client.post(url("rename", cast.north), {"name": "Southgate", "name_zh": "南区", "first_day": "2026-07-01"})
    assert answer.status_code == 422
    assert answer.context["form"]["name_zh"].value() == "南区"
    assert "Another district has the name “Southgate”" in answer.content.decode()
    assert client.post(url("rename", cast.north), {"name": "", "name_zh": "南区", "first_day": "soon"}).status_code == 422
    assert District.objects.get(pk=cast.north.pk).name == "Northgate"


def test_name_to_come_is_shown_and_can_be_called_off(cast: Cast) -> None:
    client, page = signed_in(cast.administrator), url("change", cast.north)
    assert "Keep the present name" not in client.get(page).content.decode()
    client.post(url("rename", cast.north), RENAMED | {"first_day": str(timezone.localdate() + timedelta(days=9))})
    shown = client.get(page).content.decode()
    assert ("to come" in shown, "Keep the present name" in shown) == (True, True)
    assert client.post(url("keep_name", cast.north)).status_code == 302
    assert District.objects.get(pk=cast.north.pk).names == cast.north.names
    assert client.post(url("keep_name", cast.north)).status_code == 409


def test_name_on_the_page_of_the_district_is_not_typed_over(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    client.post(url("rename", cast.north), RENAMED | {"first_day": "2026-07-01"})
    body = {"name": "Forged", "named_from": "2000-01-01", "peer_group": "urban", "grid_row": "9", "grid_column": "9"}
    assert client.post(url("change", cast.north), body).status_code == 302
    north = District.objects.get(pk=cast.north.pk)
    assert (north.name, north.named_from) == ("Northport", date(2026, 7, 1))
