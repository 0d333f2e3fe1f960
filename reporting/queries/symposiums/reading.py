"""Symposiums as each side sees them: the agenda with its clock times, answers, conclusions, and the pack."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from districts.enums import DistrictPermission
from districts.models import District, Profile
from districts.queries.access import AnyUser, district_ids_for, is_bureau_administrator, works_at_bureau
from districts.queries.profiles import profiles_in_force
from reporting.enums import QuestionKind
from reporting.enums.symposiums import Attending, Priority, SymposiumState
from reporting.models import (
    AgendaItem,
    Answer,
    Attendance,
    Conclusion,
    CycleFigure,
    KeyTask,
    Practice,
    Question,
    Submission,
    Symposium,
)
from reporting.queries.key_tasks import Standing, open_standings
from reporting.queries.practices import endorsed_of
from reporting.queries.targets import TargetStanding, standings_of


@dataclass(frozen=True)
class Timed:
    """An item with the clock times that it takes."""

    item: AgendaItem
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Reply:
    district: District
    attendance: Attendance | None

    @property
    def comes(self) -> bool:
        return self.attendance is not None and self.attendance.answer != Attending.NO


@dataclass(frozen=True)
class DistrictPage:
    """One district in the pack: its profile, targets against results, what its approved report says in words, and its open key
    tasks, and its endorsed practices."""

    submission: Submission
    profile: Profile | None
    targets: list[TargetStanding]
    texts: list[tuple[str, str]]
    tasks: list[Standing]
    practices: list[Practice]


def symposiums_for(user: AnyUser) -> QuerySet[Symposium]:
    """Those that districts were invited to: of a district's people the own, at the bureau all. What is planned is the
    administrators' alone."""
    rows = Symposium.objects.select_related("cycle__definition")
    if is_bureau_administrator(user):
        return rows
    if works_at_bureau(user):
        return rows.exclude(state=SymposiumState.PLANNED)
    own = district_ids_for(user, DistrictPermission.VIEW)
    invited = Submission.objects.filter(district__in=own).values("cycle")
    return rows.filter(cycle__in=invited).exclude(state=SymposiumState.PLANNED)


def timed_agenda(symposium: Symposium) -> list[Timed]:
    at, found = symposium.starts_at, []
    for item in symposium.agenda.select_related("speaker"):
        ends = at + timedelta(minutes=item.minutes)
        found.append(Timed(item, at, ends))
        at = ends
    return found


def invited_districts(symposium: Symposium) -> QuerySet[District]:
    """Those that report in its cycle."""
    expected = Submission.objects.filter(cycle=symposium.cycle_id).exclude(state="released")
    return District.objects.filter(pk__in=expected.values("district")).order_by("code")


def replies(symposium: Symposium) -> list[Reply]:
    answered = {one.district_id: one for one in symposium.attendances.select_related("district", "answered_by")}
    return [Reply(district, answered.get(district.pk)) for district in invited_districts(symposium)]


def unanswered(symposium: Symposium) -> QuerySet[District]:
    """The invited districts that have not said whether somebody comes."""
    answered = Attendance.objects.filter(symposium=symposium)
    return invited_districts(symposium).exclude(pk__in=answered.values("district"))


def conclusions_by_priority(symposium: Symposium) -> list[tuple[str, list[Conclusion]]]:
    """(name of the group, its conclusions with their items), groups without any left out."""
    rows = list(symposium.conclusions.prefetch_related("items__lead", "items__co_leads", "items__task"))
    grouped = [(str(Priority(group).label), [one for one in rows if one.group == group]) for group in Priority.values]
    return [(name, found) for name, found in grouped if found]


def headline_figures(symposium: Symposium) -> list[CycleFigure]:
    return list(CycleFigure.objects.filter(cycle=symposium.cycle_id).select_related("indicator").order_by("indicator__code"))


def district_pages(symposium: Symposium, now: datetime, districts: Iterable[int] | None = None) -> list[DistrictPage]:
    """Of the approved reports of the cycle. Seventeen queries at most, whatever their number."""
    seen = Q() if districts is None else Q(district__in=list(districts))
    reports = Submission.objects.filter(seen, cycle=symposium.cycle_id, approved_revision__isnull=False)
    ordered = list(reports.select_related("district", "cycle__definition", "approved_revision").order_by("district__code"))
    versions = {report.approved_revision.definition_version_id for report in ordered if report.approved_revision}
    asked = Question.objects.filter(section__version__in=versions, kind=QuestionKind.LONG_TEXT).order_by(
        "section__position", "position"
    )
    names: dict[str, str] = {}
    for question in asked:
        names.setdefault(question.key, question.text)
    answers: dict[int, dict[str, str]] = {}
    written = Answer.objects.filter(
        revision__in=[report.approved_revision_id for report in ordered], question_key__in=list(names)
    )
    for answer in written:
        answers.setdefault(answer.revision_id, {})[answer.question_key] = answer.text or answer.raw
    told = [report.district_id for report in ordered]
    tasks, profiles = open_standings(told, now), profiles_in_force([report.district for report in ordered])
    targets, practices = standings_of(symposium.cycle, told, city=False), list(endorsed_of(told))
    return [
        DistrictPage(
            report,
            profiles.get(report.district_id),
            [one for one in targets if one.row.district_id == report.district_id],
            [
                (name, answers.get(report.approved_revision_id or 0, {}).get(key, ""))
                for key, name in names.items()
                if answers.get(report.approved_revision_id or 0, {}).get(key)
            ],
            [one for one in tasks if any(party.district_id == report.district_id for party in one.parties)],
            [one for one in practices if one.district_id == report.district_id],
        )
        for report in ordered
    ]


def tasks_of(symposium: Symposium) -> QuerySet[KeyTask]:
    return KeyTask.objects.filter(action_item__conclusion__symposium=symposium)
