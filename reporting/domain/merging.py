"""Districts that go on as one."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.domain.districts import end_district, locked_district
from districts.domain.periods import day_in_words
from districts.errors import Refused
from districts.models import District, Succession, User
from reporting.domain.figures import mark_stale
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import OpenReports, TransitionName
from reporting.models import Cycle, Submission
from reporting.queries.districts import open_reports


def merge_districts(
    *,
    successor: District,
    predecessors: Collection[District],
    first_day: date,
    reports: OpenReports,
    actor: User,
    now: datetime,
) -> list[Succession]:
    """From the day on the predecessors are closed and their series go on in the successor's. Their open reports stay expected or
    are let go, as `reports` says. The same asked again changes nothing."""
    with transaction.atomic():
        heir = locked_district(successor, actor)
        _need_merger(heir, predecessors, first_day)
        made = [_succeed(one, heir, first_day, actor) for one in sorted(predecessors, key=lambda one: one.pk)]
        for one in made:
            for report in _let_go(one, reports):
                apply_transition(submission=report, name=TransitionName.RELEASE, actor=actor, terms=_merged(one), now=now)
        mark_series(first_day=first_day, now=now)
        return made


def _need_merger(heir: District, predecessors: Collection[District], first_day: date) -> None:
    if not predecessors:
        raise Refused(_("Choose at least one district that is merged into this one."))
    if heir in predecessors:
        raise Refused(_("A district cannot be merged into itself."))
    if heir.ends_on is not None and heir.ends_on <= first_day:
        words = {"district": heir, "day": day_in_words(heir.ends_on)}
        raise Refused(_("%(district)s is closed from %(day)s itself and cannot go on for others.") % words)
    if heir.begins_on is not None and heir.begins_on > first_day:
        raise Refused(
            _("The district reports from %(day)s. Merge others into it then or later.") % {"day": day_in_words(heir.begins_on)}
        )
    if _line_of(heir) & {one.pk for one in predecessors}:
        raise Refused(_("One of these districts goes on for this one already."))


def _line_of(heir: District) -> set[int]:
    """Who goes on for the district, and for that one, and so on."""
    next_of = dict(Succession.objects.values_list("predecessor", "successor"))
    line: set[int] = set()
    last = heir.pk
    while last in next_of:
        last = next_of[last]
        line.add(last)
    return line


def _succeed(predecessor: District, heir: District, first_day: date, actor: User) -> Succession:
    ended = end_district(district=predecessor, first_day=first_day, actor=actor)
    made, _created = Succession.objects.get_or_create(predecessor=ended, defaults={"successor": heir, "begins_on": first_day})
    if made.successor_id != heir.pk:
        raise Refused(_("%(district)s is merged into another district already.") % {"district": ended})
    return made


def _let_go(succession: Succession, reports: OpenReports) -> list[Submission]:
    if reports == OpenReports.STAY:
        return []
    owed = open_reports(succession.predecessor)
    if reports == OpenReports.ALL_GO:
        return list(owed)
    return [report for report in owed if report.cycle.period_value.ends_on >= succession.begins_on]


def _merged(succession: Succession) -> Terms:
    kept = {"district": names_kept(succession.predecessor), "successor": names_kept(succession.successor)}
    return Terms(closing=kept | {"day": str(succession.begins_on)})


def names_kept(district: District) -> list[str]:
    """Today's name in both languages, as an event keeps it."""
    name = district.name_on(timezone.localdate())
    return [name.name, name.name_zh]


def call_off_merger(*, district: District, now: datetime) -> None:
    """Where the district was to be merged into another one, it is not. Call inside the transaction that keeps the district."""
    for succession in Succession.objects.filter(predecessor=district):
        succession.delete()
        mark_series(first_day=succession.begins_on, now=now)


def mark_series(*, first_day: date, now: datetime) -> None:
    """The figures of every cycle whose period ends on the day or later do not follow any more."""
    for cycle in Cycle.objects.opened().order_by("pk"):
        if cycle.period_value.ends_on >= first_day:
            mark_stale(cycle=cycle, now=now)
