"""Districts that go on as one, from a day on."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from districts.errors import NotAllowed, Refused
from districts.models import District, Succession
from districts.queries.history import history_of
from reporting.domain.districts import close_district, keep_district
from reporting.domain.merging import merge_districts
from reporting.enums import OpenReports
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.domain.states import reread

DAY = timedelta(days=1)
END_OF_PERIOD = date(2026, 6, 30)


def merge(
    cast: Cast, first_day: date, reports: OpenReports = OpenReports.STAY, predecessors: Sequence[District] | None = None
) -> list[Succession]:
    """South into north."""
    chosen = [cast.south] if predecessors is None else predecessors
    terms: dict[str, Any] = {"first_day": first_day, "reports": reports, "actor": cast.administrator, "now": NOW}
    return merge_districts(successor=cast.north, predecessors=chosen, **terms)


def test_merged_district_is_closed_and_the_other_goes_on(cast: Cast, cycle: Cycle) -> None:
    Cycle.objects.update(figures_stale_since=None)
    (made,) = merge(cast, END_OF_PERIOD)
    assert (made.predecessor.ends_on, made.successor, made.begins_on) == (END_OF_PERIOD, cast.north, END_OF_PERIOD)
    assert District.objects.get(pk=cast.north.pk).ends_on is None
    assert list(Cycle.objects.stale()) == [cycle]
    later = factories.make_cycle(cycle.definition_version, "2026-A1", opened_by=cast.administrator)
    assert list(later.submissions.values_list("district", flat=True)) == [cast.north.pk]


def test_figures_of_periods_before_the_day_are_left_alone(cast: Cast, cycle: Cycle) -> None:
    Cycle.objects.update(figures_stale_since=None)
    merge(cast, END_OF_PERIOD + DAY)
    assert not Cycle.objects.stale().exists()


@pytest.mark.parametrize(
    ("reports", "first_day", "state"),
    [
        (OpenReports.STAY, END_OF_PERIOD, "not_started"),
        (OpenReports.LATER_GO, END_OF_PERIOD, "released"),
        (OpenReports.LATER_GO, END_OF_PERIOD + DAY, "not_started"),
        (OpenReports.ALL_GO, END_OF_PERIOD + DAY, "released"),
    ],
)
def test_open_reports_stay_or_go_as_chosen(
    cast: Cast, submission: Submission, south_submission: Submission, reports: OpenReports, first_day: date, state: str
) -> None:
    merge(cast, first_day, reports)
    assert (reread(south_submission).state, reread(submission).state) == (state, "not_started")


def test_merging_twice_changes_nothing(cast: Cast, south_submission: Submission) -> None:
    first = merge(cast, END_OF_PERIOD, OpenReports.ALL_GO)
    assert merge(cast, END_OF_PERIOD, OpenReports.ALL_GO) == first
    assert reread(south_submission).events.count() == 1


def test_merger_to_come_is_called_off_with_the_closing(cast: Cast, south_submission: Submission) -> None:
    merge(cast, timezone.localdate() + DAY, OpenReports.ALL_GO)
    keep_district(district=cast.south, actor=cast.administrator, now=NOW)
    assert not Succession.objects.exists()
    assert (District.objects.get(pk=cast.south.pk).ends_on, reread(south_submission).state) == (None, "not_started")


def test_what_cannot_go_on_is_refused(cast: Cast) -> None:
    for chosen, reason in (([], "Choose at least one"), ([cast.north, cast.south], "into itself")):
        with pytest.raises(Refused, match=reason):
            merge(cast, END_OF_PERIOD, predecessors=chosen)
    District.objects.filter(pk=cast.north.pk).update(begins_on=END_OF_PERIOD + DAY)
    with pytest.raises(Refused, match="reports from Wednesday 1 July 2026"):
        merge(cast, END_OF_PERIOD)
    close_district(district=cast.north, first_day=END_OF_PERIOD + 2 * DAY, released=[], actor=cast.administrator, now=NOW)
    with pytest.raises(Refused, match="is closed from Thursday 2 July 2026 itself"):
        merge(cast, END_OF_PERIOD + 2 * DAY)
    assert (Succession.objects.count(), District.objects.get(pk=cast.south.pk).ends_on) == (0, None)


def test_district_goes_into_one_other_and_never_round_in_a_circle(cast: Cast) -> None:
    east, west = factories.make_district("east"), factories.make_district("west")
    merge(cast, END_OF_PERIOD)
    terms: dict[str, Any] = {"reports": OpenReports.STAY, "actor": cast.administrator, "now": NOW}
    with pytest.raises(Refused, match="merged into another district already"):
        merge_districts(successor=east, predecessors=[cast.south], first_day=END_OF_PERIOD, **terms)
    merge_districts(successor=east, predecessors=[cast.north], first_day=END_OF_PERIOD + DAY, **terms)
    merge_districts(successor=west, predecessors=[east], first_day=END_OF_PERIOD + 2 * DAY, **terms)
    with pytest.raises(Refused, match="goes on for this one already"):
        merge(cast, END_OF_PERIOD, predecessors=[west])


def test_history_of_both_keeps_the_merger(cast: Cast) -> None:
    merge(cast, END_OF_PERIOD)
    for district in (cast.north, cast.south):
        assert "merger" in {change.what for change in history_of(district, children=[Succession])}


@pytest.mark.parametrize("role", ["reviewer", "approver", "head"])
def test_merging_is_the_administrators(cast: Cast, role: str) -> None:
    terms: dict[str, Any] = {"first_day": END_OF_PERIOD, "reports": OpenReports.STAY, "actor": getattr(cast, role), "now": NOW}
    with pytest.raises(NotAllowed):
        merge_districts(successor=cast.north, predecessors=[cast.south], **terms)
