"""Key tasks of the demonstration, from the three-year action plan: one in every state and of every signal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, User
from reporting.demo.people import Cast
from reporting.demo.scans import stamped_page
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task, close_key_task, drop_key_task, send_back_key_task
from reporting.domain.key_tasks.evidence import add_task_file
from reporting.domain.key_tasks.extensions import ask_task_extension
from reporting.domain.key_tasks.progress import tell_progress
from reporting.enums.key_tasks import KeyTaskSource
from reporting.models import KeyTask

_PLAN = "Three-year action plan (made up)"


@dataclass(frozen=True)
class _Told:
    """A task, told in days from now: begun, due; what its lead says and when; how it ends."""

    lead: str
    title: str
    deliverable: str
    begins: int
    due: int
    progress: int
    said: str
    co_lead: str = ""
    end: str = ""


_TASKS = (
    _Told("110108", "Open training data for small firms", "40 open data sets", -300, 60, 70, "26 data sets are open."),
    _Told("110108", "Computing pool of three parks", "Shared scheduling", -200, 10, 85, "Two parks are connected."),
    _Told("110105", "Data exchange with the port", "A working exchange", -320, 20, 30, "Contracts are signed.", "110113"),
    _Told("110106", "Industrial internet in ten factories", "Ten factories connected", -260, -12, 80, "Eight are connected."),
    _Told("110102", "Sandbox for financial technology", "Rules and six pilots", -280, 90, 100, "All six run.", end="answered"),
    _Told("110112", "Digital twin of the city's new centre", "Twin of 20 km²", -340, -40, 100, "It is in use.", end="closed"),
    _Told("110114", "Data room for universities", "A room in use", -150, 25, 100, "The room stands.", end="sent_back"),
    _Told("110115", "Second supplier for sensors", "Two contracts", -200, -90, 20, "Offers were asked for.", end="dropped"),
    _Told("110112", "Charging network with open data", "600 points report", -120, 30, 55, "330 report.", end="asking"),
    _Told("110111", "Retraining for 2,000 workers", "2,000 certificates", -60, 240, 15, "300 have begun."),
)  # fmt: skip


def assign_tasks(*, cast: Cast, now: datetime) -> None:
    """Told without mail: nobody needs to hear today of what was assigned last year."""
    approver, districts = cast.bureau[BureauRoleName.APPROVER], District.objects.in_bulk(field_name="code")
    for told in _TASKS:
        begun, today = now + timedelta(days=told.begins), timezone.localdate(now)
        given = Assignment(
            title=told.title,
            lead=districts[told.lead],
            deliverable=told.deliverable,
            deadline=today + timedelta(days=told.due),
            source=KeyTaskSource.PLAN,
            co_leads=[districts[told.co_lead]] if told.co_lead else [],
            reference=_PLAN,
            begins_on=timezone.localdate(begun),
        )
        task = assign_key_task(assignment=given, actor=approver, now=begun, announce=False)
        _tell(task, told, cast.members[told.lead, DistrictRole.OFFICER], approver, now)


def _tell(task: KeyTask, told: _Told, officer: User, approver: User, now: datetime) -> None:
    lately = now - timedelta(days=45)
    tell_progress(party=task.parties.get(role="lead"), progress=told.progress, text=told.said, actor=officer, now=lately)
    if told.end in {"answered", "closed", "sent_back"}:
        name = f"{told.title}.pdf"
        page = stamped_page([told.title, told.said, "Made up for the demonstration."])
        add_task_file(party=task.parties.get(role="lead"), name=name, content=page, actor=officer, now=lately)
        answer_key_task(task=task, note=told.said, actor=officer, now=lately, announce=False)
    soon = lately + timedelta(days=3)
    if told.end == "closed":
        note = "Shown on site; the twin is used by two offices."
        close_key_task(task=task, note=note, actor=approver, now=soon, announce=False)
    if told.end == "sent_back":
        send_back_key_task(task=task, note="Nobody works in it yet: show its use.", actor=approver, now=soon, announce=False)
    if told.end == "dropped":
        note = "The city buys together from this year on."
        drop_key_task(task=task, note=note, actor=approver, now=soon, announce=False)
    if told.end == "asking":
        wanted, why = task.deadline + timedelta(days=60), "The grid company connects the last points in spring."
        ask_task_extension(task=task, wanted=wanted, why=why, actor=officer, now=now, announce=False)
