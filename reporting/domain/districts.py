"""What changes with a district, and in its reports with it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.domain.district_rules import clean_name
from districts.domain.districts import add_district, end_district, give_name, keep_name, keep_open, locked_district
from districts.errors import NotAllowed, Refused
from districts.languages import DistrictName
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from districts.queries.successions import existed
from reporting.domain.cycles import new_submission
from reporting.domain.due_times import need_near
from reporting.domain.figures import mark_stale
from reporting.domain.merging import call_off_merger, names_kept
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import TransitionName
from reporting.models import Cycle, Submission
from reporting.queries.districts import joinable_cycles, open_reports, released_reports


def open_district(*, joins: Collection[Cycle], due_at: datetime | None, actor: User, now: datetime, **fields: Any) -> District:
    """A new district, which joins these open cycles; everybody whose scope is all districts gets it too."""
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes districts."))
    with transaction.atomic():
        district = add_district(**fields)
        join_cycles(district=district, cycles=joins, due_at=due_at, actor=actor, now=now)
        return district


def join_cycles(
    *, district: District, cycles: Collection[Cycle], due_at: datetime | None, actor: User, now: datetime
) -> list[Submission]:
    """A report in each of these open cycles, made as at their opening; gives the new ones. Where the due time of a cycle has
    passed the report has its own, `due_at`. Refused for a cycle that is not open."""
    with transaction.atomic():
        current = locked_district(district, actor)
        wanted = {cycle.pk for cycle in cycles} - set(current.submissions.values_list("cycle_id", flat=True))
        found = list(joinable_cycles(current, now).filter(pk__in=wanted).select_for_update(of=("self",)))
        if len(found) < len(wanted):
            raise Refused(_("A cycle that you chose is not open any more. Choose again."))
        reports = [_joining(cycle, current, due_at, now) for cycle in found]
        Submission.objects.bulk_create(reports)
        for cycle in found:
            mark_stale(cycle=cycle, now=now)
        return reports


def _joining(cycle: Cycle, district: District, due_at: datetime | None, now: datetime) -> Submission:
    if not existed(district, cycle.period_value.ends_on):
        words = {"district": district, "cycle": cycle}
        raise Refused(_("%(district)s is not there at the end of the period of %(cycle)s and cannot join it.") % words)
    report = new_submission(cycle=cycle, district=district)
    if cycle.due_at <= now:
        if due_at is None or due_at <= now:
            raise Refused(_("%(cycle)s was due already: give a due time in the future for this district.") % {"cycle": cycle})
        need_near(due_at, now)
        report.due_at = report.locks_at = due_at
    return report


def close_district(
    *, district: District, first_day: date, released: Collection[Submission], actor: User, now: datetime
) -> District:
    """From the day on no cycle asks the district for a period that ends later. Of its open reports those `released` are not
    expected any more; all others still are. Nothing is deleted."""
    with transaction.atomic():
        closed = end_district(district=district, first_day=first_day, actor=actor)
        _release(closed, released, actor, now)
        return closed


def _release(district: District, released: Collection[Submission], actor: User, now: datetime) -> None:
    owed = {report.pk: report for report in open_reports(district)}
    terms = Terms(closing={"district": names_kept(district), "day": str(district.ends_on)})
    for report in released:
        if report.pk not in owed:
            raise Refused(_("A report that you chose was handed in meanwhile. Choose again."))
        apply_transition(submission=report, name=TransitionName.RELEASE, actor=actor, terms=terms, now=now)


def keep_district(*, district: District, actor: User, now: datetime) -> District:
    """Call off a closing, past or to come; the reports of open cycles that are not expected are expected again."""
    with transaction.atomic():
        kept = keep_open(district=district, actor=actor)
        call_off_merger(district=kept, now=now)
        for report in released_reports(kept, now):
            apply_transition(submission=report, name=TransitionName.EXPECT, actor=actor, now=now)
        return kept


def rename_district(*, district: District, name: str, name_zh: str, first_day: date | None, actor: User) -> District:
    """From the day on the district has this name; without a day the latest name is corrected.

    Reports that were signed keep the name they were filed under; all others have the one in force at the end of their period.
    """
    with transaction.atomic():
        renamed = give_name(district=district, name=DistrictName(clean_name(name), clean_name(name_zh), first_day), actor=actor)
        _name_reports(renamed)
        return renamed


def keep_district_name(*, district: District, actor: User, now: datetime) -> District:
    """Call off a name that is still to come."""
    with transaction.atomic():
        kept = keep_name(district=district, actor=actor, now=now)
        _name_reports(kept)
        return kept


def _name_reports(district: District) -> None:
    unsigned = Submission.objects.select_for_update(of=("self",)).filter(district=district, first_signed_at=None)
    reports = list(unsigned.select_related("cycle"))
    for report in reports:
        report.district_name, report.district_name_zh, _first_day = district.name_on(report.cycle.period_value.ends_on)
    Submission.objects.bulk_update(reports, ["district_name", "district_name_zh"], batch_size=1000)
