"""The symposium of 30 August 2024 on the first half of that year, with what was agreed and the tasks that came of it."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, User
from districts.queries.workdays import at_local
from reporting.demo.people import Cast
from reporting.domain.symposiums.planning import Meeting, answer_invitation, invite_districts, plan_symposium, share_pack
from reporting.domain.symposiums.results import (
    Item,
    add_action_item,
    add_conclusion,
    assess,
    assign_items,
    conclude_symposium,
    decide_problem,
    find_problems,
    hold_symposium,
    note_remarks,
)
from reporting.enums.symposiums import AgendaKind, Attending, Decision, Priority
from reporting.models import Cycle, Symposium

_PERIOD, _DAY, _SEED = "2024-S1", date(2024, 8, 30), 20240830
_CONCLUSIONS: tuple[tuple[Priority, str, tuple[tuple[str, str, str, str, int], ...]], ...] = (
    (
        Priority.COLLABORATION,
        "Districts share data and computing power across their borders, beginning with neighbours.",
        (("Joint data zone of two districts", "110105", "110112", "A signed plan and the first ten data sets", 75),),
    ),
    (
        Priority.STRATEGY,
        "Each district concentrates on what it is best at, and says by what it will be measured.",
        (
            ("Plan for large models in industry", "110108", "", "A plan with three pilot firms", 40),
            ("Measures for districts below the city's growth", "110101", "", "Measures with months and persons", 20),
        ),
    ),
    (
        Priority.COMMUNICATION,
        "What works is told: at the conference, by the news agency, and on television.",
        (("Six stories of firms in industrial parks", "110115", "110114", "Six published stories", 100),),
    ),
)


def hold(*, cast: Cast, now: datetime) -> None:
    cycle = Cycle.objects.filter(period=_PERIOD, locks_at__lt=now).first()
    if cycle is None or timezone.localdate(now) <= _DAY:
        return
    administrator = cast.bureau[BureauRoleName.ADMINISTRATOR]
    starts_at = at_local(_DAY, time(14, 0))
    before, after = starts_at - timedelta(days=16), starts_at + timedelta(hours=3)
    meeting = Meeting(
        "Symposium on the digital economy in the first half of 2024",
        starts_at,
        "Conference room 2 (demonstration)",
        "Director of the bureau",
        title_zh="2024年上半年数字经济工作座谈会",
    )
    symposium = plan_symposium(cycle=cycle, meeting=meeting, seed=_SEED, actor=administrator, now=before)
    symposium = invite_districts(symposium=symposium, actor=administrator, now=before, announce=False)
    _answer(symposium, cast, before + timedelta(days=3))
    _find(symposium, administrator, starts_at - timedelta(days=1))
    if cycle.figures_are_open(now):
        share_pack(symposium=symposium, actor=administrator, now=now)
    hold_symposium(symposium=symposium, actor=administrator, now=after)
    _agree(symposium, administrator, after, timezone.localdate(now))


def _answer(symposium: Symposium, cast: Cast, at: datetime) -> None:
    for number, item in enumerate(symposium.agenda.filter(kind=AgendaKind.SPEECH).select_related("speaker")):
        speaker = item.speaker
        head = cast.members.get((speaker.code, DistrictRole.HEAD)) if speaker else None
        if speaker is None or head is None:
            continue
        is_sent = number % 6 == 5
        answer, person = (Attending.DEPUTY, "Deputy head") if is_sent else (Attending.YES, "")
        given = {"answer": answer, "person": person, "note": ""}
        answer_invitation(symposium=symposium, district=speaker, actor=head, now=at, **given)


def _find(symposium: Symposium, administrator: User, at: datetime) -> None:
    find_problems(symposium=symposium, actor=administrator, now=at)
    for problem in symposium.problems.all():
        decision = Decision.DROPPED if problem.kind == "amended" else Decision.ACCEPTED
        decide_problem(problem=problem, decision=decision, text="", actor=administrator)


def _agree(symposium: Symposium, administrator: User, at: datetime, today: date) -> None:
    discussion = symposium.agenda.get(kind=AgendaKind.DISCUSSION)
    note_remarks(item=discussion, remarks="Most districts ask for common rules on data.", actor=administrator)
    text = "Growth of 7.8 per cent is solid and short of the year's target of 9 per cent; several districts are below it."
    assess(symposium=symposium, text=text, actor=administrator)
    districts = District.objects.in_bulk(field_name="code")
    for group, words, items in _CONCLUSIONS:
        conclusion = add_conclusion(symposium=symposium, group=group, text=words, actor=administrator)
        for title, lead, co_lead, deliverable, days in items:
            co_leads = [districts[co_lead]] if co_lead else []
            item = Item(title, districts[lead], deliverable, today + timedelta(days=days), co_leads)
            add_action_item(conclusion=conclusion, item=item, actor=administrator)
    assign_items(symposium=symposium, actor=administrator, now=at, announce=False)
    conclude_symposium(symposium=symposium, actor=administrator)
