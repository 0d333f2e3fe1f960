"""What every step on a key task shares: the task locked, who took it, and its line in the history."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from reporting.domain.capacity import Capacity, need_any
from reporting.enums.key_tasks import KeyTaskStep, PartyRole
from reporting.models import KeyTask, KeyTaskRecord


def locked_task(pk: int) -> KeyTask:
    KeyTask.objects.select_for_update().values_list("pk").get(pk=pk)
    return KeyTask.objects.get(pk=pk)


def record(
    task: KeyTask,
    step: KeyTaskStep,
    *,
    actor: User,
    now: datetime,
    note: str = "",
    district: District | None = None,
    wanted: date | None = None,
    capacity: Capacity | None = None,
) -> KeyTaskRecord:
    """Append it to the task's history."""
    deputy_of = str((capacity or {}).get("deputy_of", ""))
    more = {"district": district, "wanted": wanted, "deputy_of": deputy_of}
    return KeyTaskRecord.objects.create(task=task, step=step, note=note, actor=actor, at=now, **more)


AGAIN = timedelta(minutes=10)
"""Within it the same words are a second press of the button, and later a step of its own."""


def is_repeated(task: KeyTask, step: KeyTaskStep, actor: User, note: str, since: datetime | None = None) -> bool:
    """Whether the latest step (after `since`) was this one by the same person in the same words (double click)."""
    latest = task.records.first()
    if latest is None or (since is not None and latest.at <= since):
        return False
    return (latest.step, latest.actor_id, latest.note) == (step, actor.pk, note)


def need_bureau(task: KeyTask, actor: User) -> Capacity:
    """The capacity in which the person decides on the task. Raises NotAllowed for who does not."""
    lead = task.parties.get(role=PartyRole.LEAD)
    if is_bureau_administrator(actor):
        return {}
    refusal = _("Only the bureau's approvers of the lead district decide on a key task.")
    return need_any(actor, lead.district_id, {DistrictPermission.APPROVE}, refusal)


def need_open(task: KeyTask) -> None:
    if not task.is_open:
        raise Conflict(_("This task is “%(state)s” and stays as it is.") % {"state": task.get_state_display()})
