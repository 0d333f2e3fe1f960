"""A district is called by another name from a day on; its reports keep the name of their time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District
from districts.queries.history import history_of
from reporting.domain.districts import keep_district_name, rename_district
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast

END_OF_PERIOD = date(2026, 6, 30)
DAY = timedelta(days=1)


def rename(cast: Cast, first_day: date | None, name: str = "Northport", name_zh: str = "北港区") -> District:
    return rename_district(district=cast.north, name=name, name_zh=name_zh, first_day=first_day, actor=cast.administrator)


def names_of_reports() -> dict[str, str]:
    return dict(Submission.objects.values_list("district__code", "district_name"))


@pytest.mark.parametrize(
    ("first_day", "name"), [(END_OF_PERIOD + DAY, "Northgate"), (END_OF_PERIOD, "Northport"), (date(2020, 1, 1), "Northport")]
)
def test_report_has_the_name_in_force_at_the_end_of_its_period(
    cast: Cast, submission: Submission, first_day: date, name: str
) -> None:
    rename(cast, first_day)
    assert names_of_reports() == {"north": name, "south": "Southgate"}


@pytest.mark.parametrize(("first_day", "name"), [(END_OF_PERIOD + DAY, "Northgate"), (END_OF_PERIOD, "Northport")])
def test_cycle_opened_later_has_the_names_of_its_period(cast: Cast, first_day: date, name: str) -> None:
    rename(cast, first_day)
    factories.make_cycle(factories.make_version(), opened_by=cast.administrator)
    assert names_of_reports() == {"north": name, "south": "Southgate"}


def test_signed_report_keeps_the_name_it_was_filed_under(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    rename(cast, date(2020, 1, 1))
    found = Submission.objects.get(pk=submission.pk)
    assert str(found) == "Northgate · Report half-year 2026-S1"
    with translation.override("zh-hans"):
        assert found.district_label == "north区"


def test_name_to_come_takes_effect_on_its_day_by_itself(cast: Cast) -> None:
    today = timezone.localdate()
    renamed = rename(cast, today + DAY)
    assert str(renamed) == "Northgate"
    assert [renamed.name_on(day).name for day in (today, today + DAY)] == ["Northgate", "Northport"]
    District.objects.filter(pk=cast.north.pk).update(named_from=today)
    assert str(District.objects.get(pk=cast.north.pk)) == "Northport"


def test_every_name_holds_in_its_time(cast: Cast) -> None:
    rename(cast, date(2010, 1, 1), "Second", "二区")
    renamed = rename(cast, date(2020, 1, 1), "Third", "三区")
    days = (date(1990, 1, 1), date(2010, 1, 1), date(2019, 12, 31), date(2020, 1, 1))
    assert [renamed.name_on(day).name for day in days] == ["Northgate", "Second", "Second", "Third"]
    assert [name.name_zh for name in renamed.names] == ["north区", "二区", "三区"]


def test_same_renaming_again_changes_nothing(cast: Cast) -> None:
    rename(cast, date(2020, 1, 1))
    before = len(history_of(cast.north))
    assert rename(cast, date(2020, 1, 1)).names == rename(cast, None).names
    assert len(history_of(cast.north)) == before


def test_misspelt_name_is_corrected_in_reports_that_are_not_signed(cast: Cast, submission: Submission) -> None:
    corrected = rename(cast, None, "North Gate", "北门区")
    assert (corrected.named_from, corrected.former_names) == (None, [])
    assert names_of_reports() == {"north": "North Gate", "south": "Southgate"}


def test_name_to_come_can_be_called_off(cast: Cast, submission: Submission) -> None:
    now = timezone.now()
    rename(cast, date(2020, 1, 1), "Second", "二区")
    rename(cast, timezone.localdate() + DAY)
    kept = keep_district_name(district=cast.north, actor=cast.administrator, now=now)
    assert [(name.name, name.first_day) for name in kept.names] == [("Northgate", None), ("Second", date(2020, 1, 1))]
    with pytest.raises(Conflict):
        keep_district_name(district=cast.north, actor=cast.administrator, now=now)


def test_day_before_the_latest_name_is_refused(cast: Cast) -> None:
    rename(cast, date(2020, 1, 1))
    with pytest.raises(Refused, match="“Northport” holds from Wednesday 1 January 2020"):
        rename(cast, date(2020, 1, 1), "Other", "别区")


@pytest.mark.parametrize(
    ("name", "name_zh", "refusal"),
    [
        ("Southgate", "北港区", "Another district has the name “Southgate”"),
        ("SOUTHGATE", "北港区", "Another district has the name “SOUTHGATE”"),
        ("Northport", "South区", "Another district has the name “South区”"),
        ("Southport", "北港区", "Another district has the name “Southport”"),
        ("South\u200bgate", "北港区", "Another district has the name “Southgate”"),
        ("\u202e", "北港区", "Give the name"),
    ],
)
def test_name_of_another_district_or_none_is_refused(cast: Cast, name: str, name_zh: str, refusal: str) -> None:
    tomorrow, actor = timezone.localdate() + DAY, cast.administrator
    rename_district(district=cast.south, name="Southport", name_zh="南港区", first_day=tomorrow, actor=actor)
    with pytest.raises(Refused, match=refusal):
        rename(cast, date(2020, 1, 1), name, name_zh)


def test_name_that_nobody_has_any_more_is_free(cast: Cast) -> None:
    rename_district(district=cast.south, name="S", name_zh="南", first_day=date(2020, 1, 1), actor=cast.administrator)
    assert rename(cast, date(2021, 1, 1), "Southgate").name == "Southgate"


def test_name_taken_meanwhile_is_not_kept(cast: Cast) -> None:
    rename(cast, timezone.localdate() + DAY)
    District.objects.filter(pk=cast.south.pk).update(name="NORTHGATE")
    with pytest.raises(Refused, match="Another district has the name “Northgate”"):
        keep_district_name(district=cast.north, actor=cast.administrator, now=timezone.now())


def test_day_out_of_all_proportion_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="Give a day between"):
        rename(cast, date(1, 1, 1))


@pytest.mark.parametrize("role", ["reviewer", "approver", "head", "outsider"])
def test_districts_are_the_administrators(cast: Cast, role: str) -> None:
    actor = getattr(cast, role)
    with pytest.raises(NotAllowed):
        rename_district(district=cast.north, name="X", name_zh="某区", first_day=None, actor=actor)
    with pytest.raises(NotAllowed):
        keep_district_name(district=cast.north, actor=actor, now=factories.NOW)
    assert District.objects.get(pk=cast.north.pk).name == "Northgate"


def test_history_keeps_every_name(cast: Cast) -> None:
    rename(cast, date(2020, 1, 1))
    changed = {field.name: (field.before, field.after) for field in history_of(cast.north)[0].fields}
    assert changed == {
        "name": ("Northgate", "Northport"),
        "name in Chinese": ("north区", "北港区"),
        "called so from": (None, "2020-01-01"),
    }
