"""The bureau's pages of districts: what changes from a day on asks first."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.models import District, User
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import page_of, signed_in, state_of, step

NEXT_YEAR = timezone.localdate() + timedelta(days=365)
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


EAST = {"code": "east", "name": "Eastgate", "name_zh": "东门区", "peer_group": "urban", "grid_row": "9", "grid_column": "9"}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"grid_row": "3", "grid_column": "4"}, "grid_row", "This place on the map is taken by Southgate."),
        ({"grid_row": "61"}, "grid_row", "The map has no more than this many rows and columns: 60."),
        ({"begins_on": "0001-01-01"}, "begins_on", "Give a day between the beginning of"),
        ({"name": "sOUTHgate"}, "name", "Another district has the name “sOUTHgate”."),
        ({"name": "\u200b"}, "name", "Give the name of the district."),
        ({"name_zh": "SOUTH区"}, "name_zh", "Another district has the name “SOUTH区”."),
    ],
)
@pytest.mark.parametrize("page", ["add", "change"])
def test_what_cannot_be_is_said_at_its_field(cast: Cast, page: str, given: dict[str, str], field: str, words: str) -> None:
    District.objects.filter(pk=cast.south.pk).update(grid_row=3, grid_column=4)
    if page == "change" and field.startswith("name"):
        return  # a name is changed by a step
    path = reverse("admin:districts_district_add") if page == "add" else url("change", cast.north)
    answer = signed_in(cast.administrator).post(path, EAST | given)
    assert answer.status_code == 200
    (said,) = answer.context["adminform"].form.errors[field]
    assert said.startswith(words)
    assert set(District.objects.values_list("name", flat=True)) == {"Northgate", "Southgate"}


def test_first_day_comes_before_the_closing(cast: Cast) -> None:
    District.objects.filter(pk=cast.north.pk).update(ends_on=date(2026, 7, 1))
    client = signed_in(cast.administrator)
    answer = client.post(url("change", cast.north), EAST | {"begins_on": "2026-07-01"})
    said = answer.context["adminform"].form.errors["begins_on"]
    assert said == ["The district is closed from Wednesday 1 July 2026. Give an earlier day."]
    assert client.post(url("change", cast.north), EAST | {"begins_on": "2026-06-30"}).status_code == 302


def test_past_closing_is_called_off_and_says_what_that_means(cast: Cast) -> None:
    District.objects.filter(pk=cast.north.pk).update(ends_on=date(2026, 7, 1))
    client = signed_in(cast.administrator)
    assert "Call off the closing" in client.get(url("change", cast.north)).content.decode()
    page = client.get(url("keep", cast.north)).content.decode()
    assert ("It is closed from Wednesday 1 July 2026." in page, "let it join those that are still open" in page) == (True, True)
    assert client.post(url("keep", cast.north)).status_code == 302
    assert District.objects.get(pk=cast.north.pk).ends_on is None


def test_reason_of_a_report_let_go_is_in_the_readers_language(cast: Cast, submission: Submission) -> None:
    client = signed_in(cast.administrator)
    assert client.post(url("close", cast.north), {"first_day": "2026-07-01", "released": [submission.pk]}).status_code == 302
    history, events = reverse("report_history", args=[submission.pk]), reverse("admin:reporting_event_changelist")
    for reader, path in ((cast.head, history), (cast.administrator, page_of(submission)), (cast.administrator, events)):
        for language, words in (("en", "Northgate is closed from Wednesday 1 July 2026."), ("zh-hans", "north区")):
            User.objects.update(language=language)
            shown = signed_in(reader).get(path).content.decode()
            assert (words in shown, "is closed from" in shown) == (True, language == "en"), (path, language)


def test_new_district_is_asked_which_open_cycles_it_joins(cast: Cast, submission: Submission) -> None:
    client, add = signed_in(cast.administrator), reverse("admin:districts_district_add")
    assert client.post(add, EAST | {"name_zh": ""}).status_code == 200
    assert client.post(add, EAST | {"joins": [999_999]}).status_code == 200
    assert not District.objects.filter(code="east").exists()
    Cycle.objects.update(due_at=timezone.now() + timedelta(days=2), locks_at=timezone.now() + timedelta(days=3))
    assert "Report half-year 2026-S1, due" in client.get(add).content.decode()
    assert client.post(add, EAST | {"joins": [submission.cycle_id]}).status_code == 302
    assert District.objects.get(code="east").submissions.get().cycle_id == submission.cycle_id


def test_cycle_is_joined_later_by_a_step(cast: Cast, submission: Submission) -> None:
    Cycle.objects.update(due_at=timezone.now() - timedelta(days=2), locks_at=timezone.now() + timedelta(days=3))
    east, client = factories.make_district("east"), signed_in(cast.administrator)
    refused = client.post(url("join", east), {"joins": [submission.cycle_id]})
    assert (refused.status_code, "give a due time in the future" in refused.content.decode()) == (422, True)
    given = {"joins": [submission.cycle_id], "due_at": f"{timezone.localdate() + timedelta(days=30)}T18:00"}
    assert client.post(url("join", east), given).status_code == 302
    assert east.submissions.get().due_at is not None
    assert "nothing to join" in client.get(url("join", east)).content.decode()


def test_closing_lets_go_the_reports_that_are_ticked(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    client = signed_in(cast.administrator)
    page = client.get(url("close", cast.north)).content.decode()
    assert ("Report half-year 2026-S1 · Not started" in page, page.count('name="released"')) == (True, 1)
    foreign = client.post(url("close", cast.north), {"first_day": str(NEXT_YEAR), "released": [south_submission.pk]})
    assert (foreign.status_code, District.objects.get(pk=cast.north.pk).ends_on) == (422, None)
    assert client.post(url("close", cast.north), {"first_day": str(NEXT_YEAR), "released": [submission.pk]}).status_code == 302
    assert set(Submission.objects.values_list("district__code", "state")) == {("north", "released"), ("south", "not_started")}
    shown = client.get(url("change", cast.north)).content.decode()
    assert (f"Closed from {date_format(NEXT_YEAR)}." in shown, "Call off the closing" in shown) == (True, True)
    report = signed_in(cast.officer).get(reverse("report", args=[submission.pk])).content.decode()
    assert "The bureau does not expect this report" in report
    Cycle.objects.update(locks_at=timezone.now() + timedelta(days=3))
    assert client.post(url("keep", cast.north)).status_code == 302
    assert set(Submission.objects.values_list("state", flat=True)) == {"not_started"}


def test_closing_asks_for_no_reports_where_none_is_open(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert "Reports not expected any more" not in client.get(url("close", cast.north)).content.decode()
    assert client.post(url("close", cast.north), {"first_day": str(NEXT_YEAR)}).status_code == 302


def test_approver_lets_a_report_go_and_expects_it_again(cast: Cast, submission: Submission) -> None:
    client = signed_in(cast.approver)
    assert step(client, submission, "release").status_code == 422
    assert step(client, submission, "release", {"note": "No industry there."}).status_code == 302
    assert state_of(submission) == "released"
    assert "Expect it again" in client.get(page_of(submission)).content.decode()
    assert step(signed_in(cast.reviewer), submission, "expect").status_code == 403
    assert step(client, submission, "expect").status_code == 302
    assert state_of(submission) == "not_started"


def test_list_says_how_each_district_stands(cast: Cast) -> None:
    today = timezone.localdate()
    District.objects.filter(pk=cast.north.pk).update(ends_on=today)
    factories.make_district("east", begins_on=today + timedelta(days=1))
    changelist = reverse("admin:districts_district_changelist")
    text = signed_in(cast.administrator).get(changelist).content.decode()
    assert ("closed from" in text, "reports from" in text) == (True, True)
    found = signed_in(cast.administrator).get(changelist, {"closed": "yes"}).context["cl"].result_list
    assert [row.code for row in found] == ["north"]


def test_districts_are_merged_by_a_step_that_both_pages_show(cast: Cast, south_submission: Submission) -> None:
    client = signed_in(cast.administrator)
    body: dict[str, Any] = {"first_day": str(NEXT_YEAR), "reports": "all_go"}
    page = client.get(url("merge", cast.north)).content.decode()
    assert ("south · Southgate" in page, "north · Northgate" in page) == (True, False)
    for wrong in ([cast.north.pk], [999_999], []):
        assert client.post(url("merge", cast.north), body | {"predecessors": wrong}).status_code == 422
    assert client.post(url("merge", cast.north), body | {"predecessors": [cast.south.pk]}).status_code == 302
    assert state_of(south_submission) == "released"
    for district in (cast.north, cast.south):
        assert (
            f"Southgate is merged into Northgate from {date_format(NEXT_YEAR)}."
            in client.get(url("change", district)).content.decode()
        )
    assert client.post(url("keep", cast.south)).status_code == 302
    assert "is merged into" not in client.get(url("change", cast.north)).content.decode()
