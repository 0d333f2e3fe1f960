"""Districts begin and end on a day; open cycles are joined, and reports let go, as the bureau chooses."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from districts.enums import DistrictPermission
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, OutgoingMail
from districts.queries.access import may
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.chasing import chase
from reporting.domain.cycles import extend_submission
from reporting.domain.districts import close_district, join_cycles, keep_district, open_district
from reporting.domain.figures import refresh_figures
from reporting.domain.reminders import sweep_reminders
from reporting.domain.submissions import apply_transition
from reporting.enums import TransitionName
from reporting.models import Cycle, CycleFigure, Submission
from reporting.queries.calendar import deadlines_for
from reporting.queries.dashboard import dashboard
from reporting.queries.submissions import owed, past
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.domain.states import bring_to, reread

DAY = timedelta(days=1)
END_OF_PERIOD = date(2026, 6, 30)
EAST = {"code": "east", "name": "Eastgate", "name_zh": "东门区", "peer_group": "urban", "grid_row": 9, "grid_column": 9}


def close(cast: Cast, first_day: date, released: Sequence[Submission] = ()) -> District:
    return close_district(district=cast.north, first_day=first_day, released=released, actor=cast.administrator, now=NOW)


def add(cast: Cast, joins: Sequence[Cycle], due_at: datetime | None = None, now: datetime = NOW) -> District:
    return open_district(**EAST, joins=joins, due_at=due_at, actor=cast.administrator, now=now)


def codes(cycle: Cycle) -> list[str]:
    return list(cycle.submissions.order_by("district__code").values_list("district__code", flat=True))


@pytest.mark.parametrize(("first_day", "expected"), [(END_OF_PERIOD, ["south"]), (END_OF_PERIOD + DAY, ["north", "south"])])
def test_closed_district_is_not_asked_for_periods_that_end_later(cast: Cast, first_day: date, expected: list[str]) -> None:
    close(cast, first_day)
    assert codes(factories.make_cycle(factories.make_version(), opened_by=cast.administrator)) == expected


@pytest.mark.parametrize(
    ("first_day", "expected"), [(END_OF_PERIOD, ["east", "north", "south"]), (END_OF_PERIOD + DAY, ["north", "south"])]
)
def test_new_district_is_not_asked_for_periods_that_end_earlier(cast: Cast, first_day: date, expected: list[str]) -> None:
    factories.make_district("east", begins_on=first_day)
    assert codes(factories.make_cycle(factories.make_version(), opened_by=cast.administrator)) == expected


def test_new_district_joins_the_cycles_that_were_chosen(cast: Cast, cycle: Cycle) -> None:
    other = factories.make_cycle(cycle.definition_version, "2026-A1", opened_by=cast.administrator)
    Cycle.objects.update(figures_stale_since=None)
    east = add(cast, [other])
    assert (codes(cycle), codes(other)) == (["north", "south"], ["east", "north", "south"])
    made = east.submissions.get()
    assert (made.state, made.due_at, made.district_name) == ("not_started", None, "Eastgate")
    assert list(Cycle.objects.stale()) == [other]
    assert may(cast.approver, DistrictPermission.APPROVE, east.pk)


def test_joining_twice_makes_one_report(cast: Cast, cycle: Cycle) -> None:
    east = add(cast, [cycle])
    assert join_cycles(district=east, cycles=[cycle], due_at=None, actor=cast.administrator, now=NOW) == []
    assert codes(cycle) == ["east", "north", "south"]


def test_joining_a_cycle_that_was_due_needs_a_due_time_of_its_own(cast: Cast, cycle: Cycle) -> None:
    late = cycle.due_at + DAY
    for due_at in (None, late):
        with pytest.raises(Refused, match="give a due time in the future for this district"):
            add(cast, [cycle], due_at, now=late)
    with pytest.raises(Refused, match="more than two years ahead"):
        add(cast, [cycle], late + DAY * 732, now=late)
    assert not District.objects.filter(code="east").exists()
    made = add(cast, [cycle], late + DAY, now=late).submissions.get()
    assert (made.due_at, made.locks_at) == (late + DAY, late + DAY)


@pytest.mark.parametrize("when", ["planned", "locked"])
def test_cycle_that_is_not_open_cannot_be_joined(cast: Cast, cycle: Cycle, when: str) -> None:
    planned = factories.make_cycle(cycle.definition_version, "2026-A1")
    chosen, now = (planned, NOW) if when == "planned" else (cycle, cycle.locks_at + DAY)
    with pytest.raises(Refused, match="not open any more"):
        add(cast, [chosen], now + DAY, now=now)


def test_reports_that_are_not_let_go_are_still_expected(cast: Cast, submission: Submission) -> None:
    close(cast, END_OF_PERIOD)
    assert factories.submit(submission, cast.head).state == "submitted"


@pytest.mark.parametrize("state", ["not_started", "draft", "awaiting_signature", "returned"])
def test_report_let_go_is_out_of_everything_until_the_closing_is_called_off(
    cast: Cast, submission: Submission, state: str
) -> None:
    report, tomorrow = bring_to(state, submission, cast), timezone.localdate() + DAY
    close(cast, tomorrow, [report])
    found = reread(submission)
    assert (found.state, found.is_owed, found.is_overdue(NOW + 90 * DAY), found.is_editable) == ("released", False, False, False)
    assert [event.reason for event in found.events.filter(kind="release")] == [
        f"Northgate is closed from {timezone.localdate() + DAY:%A} {tomorrow.day} {tomorrow:%B %Y}."
    ]
    assert (list(owed(cast.head, NOW)), list(past(cast.head, NOW))) == ([], [found])
    assert deadlines_for(cast.head, NOW) == []
    with pytest.raises(Conflict):
        apply_transition(submission=found, name=TransitionName.START, actor=cast.officer, now=NOW)
    with pytest.raises(Refused, match="“Not expected” and cannot be changed"):
        save_answers(submission=found, changes=[AnswerChange("P1", 0, raw="1")], actor=cast.officer, now=NOW)
    with pytest.raises(Refused, match="nothing to chase"):
        chase(submission=found, text="Now.", actor=cast.reviewer, now=NOW)
    with pytest.raises(Conflict, match="not expected"):
        extend_submission(submission=found, due_at=NOW + 30 * DAY, note="", actor=cast.reviewer, now=NOW)
    keep_district(district=cast.north, actor=cast.administrator, now=NOW)
    assert (reread(submission).state, District.objects.get(pk=cast.north.pk).ends_on) == (state, None)


def test_nobody_is_reminded_of_a_report_let_go(cast: Cast, submission: Submission) -> None:
    close(cast, END_OF_PERIOD, [submission])
    factories.make_policy().rungs.create(offset=-1, audiences=["officers"])
    sweep_reminders(now=submission.cycle.due_at)
    assert set(OutgoingMail.objects.values_list("recipient__email", flat=True)) == {cast.south_officer.email}


def test_coverage_counts_what_is_expected(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    factories.approve(factories.submit(south_submission, cast.south_head), cast.approver)
    close(cast, END_OF_PERIOD, [submission])
    refresh_figures(cycle_id=submission.cycle_id, now=NOW)
    figure = CycleFigure.objects.get(indicator__code="P1")
    assert (figure.value_reported, figure.expected) == (1, 1)
    progress = dashboard(cast.approver, NOW).progress
    assert progress is not None
    assert (progress.approved, progress.total) == (1, 1)


def test_approved_report_reopened_and_let_go_still_counts(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    terms = factories.Terms(due_at=NOW + DAY)
    reopened = apply_transition(submission=submission, name="reopen", actor=cast.approver, note="x", terms=terms, now=NOW)
    close(cast, END_OF_PERIOD, [reopened])
    refresh_figures(cycle_id=submission.cycle_id, now=NOW)
    figure = CycleFigure.objects.get(indicator__code="P1")
    assert (figure.value_reported, figure.expected) == (1, 2)


def test_report_handed_in_meanwhile_and_another_districts_are_not_let_go(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    factories.submit(submission, cast.head)
    for chosen in (submission, south_submission):
        with pytest.raises(Refused, match="Choose again"):
            close(cast, END_OF_PERIOD, [chosen])
    assert District.objects.get(pk=cast.north.pk).ends_on is None


def test_closing_is_called_off_before_its_day_and_after(cast: Cast) -> None:
    for day in (timezone.localdate() + DAY, timezone.localdate(), END_OF_PERIOD):
        close(cast, day)
        with pytest.raises(Refused, match="is closed from"):
            close(cast, day - DAY)
        assert close(cast, day).ends_on == day
        assert keep_district(district=cast.north, actor=cast.administrator, now=timezone.now()).ends_on is None
    with pytest.raises(Conflict, match="is not closed"):
        keep_district(district=cast.north, actor=cast.administrator, now=timezone.now())


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_day_out_of_all_proportion_is_refused(cast: Cast, day: date) -> None:
    with pytest.raises(Refused, match="Give a day between"):
        close(cast, day)
    with pytest.raises(Refused, match="Give a day between"):
        open_district(**EAST, begins_on=day, joins=[], due_at=None, actor=cast.administrator, now=NOW)


def test_district_that_is_not_there_at_the_end_of_the_period_does_not_join(cast: Cast, cycle: Cycle) -> None:
    with pytest.raises(Refused, match="Eastgate is not there at the end of the period"):
        open_district(**EAST, begins_on=END_OF_PERIOD + DAY, joins=[cycle], due_at=None, actor=cast.administrator, now=NOW)
    east = open_district(**EAST, begins_on=END_OF_PERIOD, joins=[], due_at=None, actor=cast.administrator, now=NOW)
    District.objects.filter(pk=east.pk).update(begins_on=None, ends_on=END_OF_PERIOD)
    with pytest.raises(Refused, match="cannot join"):
        join_cycles(district=east, cycles=[cycle], due_at=None, actor=cast.administrator, now=NOW)
    assert codes(cycle) == ["north", "south"]


def test_closing_whose_tile_was_taken_is_not_called_off(cast: Cast) -> None:
    close(cast, timezone.localdate() + DAY)
    factories.make_district("east", grid_row=cast.north.grid_row, grid_column=cast.north.grid_column)
    with pytest.raises(Refused, match="place on the tile map"):
        keep_district(district=cast.north, actor=cast.administrator, now=timezone.now())


def test_district_ends_after_it_begins(cast: Cast) -> None:
    District.objects.filter(pk=cast.north.pk).update(begins_on=END_OF_PERIOD)
    with pytest.raises(Refused, match="The district reports from Tuesday 30 June 2026"):
        close(cast, END_OF_PERIOD)


def test_people_of_a_closed_district_read_on(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    close(cast, END_OF_PERIOD)
    assert may(cast.head, DistrictPermission.VIEW, cast.north.pk)
    assert list(past(cast.head, submission.cycle.locks_at + DAY)) == [submission]


@pytest.mark.parametrize("role", ["reviewer", "approver", "head"])
def test_only_administrators_add_and_close(cast: Cast, cycle: Cycle, role: str) -> None:
    actor = getattr(cast, role)
    with pytest.raises(NotAllowed):
        open_district(**EAST, joins=[], due_at=None, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        close_district(district=cast.north, first_day=END_OF_PERIOD, released=[], actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        keep_district(district=cast.north, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        join_cycles(district=cast.north, cycles=[cycle], due_at=None, actor=actor, now=NOW)
