"""Files that show how far a district is with a key task: added and removed while it is the district's turn."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.evidence import need_evidence
from reporting.domain.file_store import keep_file
from reporting.domain.key_tasks.records import locked_task, need_open
from reporting.domain.scanner import refuse_infected
from reporting.enums.key_tasks import WITH_DISTRICT
from reporting.models import KeyTask, KeyTaskFile, KeyTaskParty
from reporting.queries.key_tasks import updates_on
from reporting.validators.files import shown_name

MAX_FILES = 10
"""Of one district for one task."""


def add_task_file(*, party: KeyTaskParty, name: str, content: bytes, actor: User, now: datetime) -> KeyTaskFile:
    """The same file again is the one that is there. Raises NotAllowed, Conflict (it is the bureau's turn, or the task is closed)
    or Refused (the file cannot be evidence, there are too many, or the scanner has not let it pass)."""
    with transaction.atomic():  # said first, and not only once the file was looked at
        _need_turn(party, actor)
    kind, digest = need_evidence(content), hashlib.sha256(content).hexdigest()
    refuse_infected(content)
    with transaction.atomic():
        _need_turn(party, actor)
        same = party.files.filter(sha256=digest).first()
        if same is not None:
            return same
        if party.files.count() >= MAX_FILES:
            raise Refused(
                _("There are %(limit)d files at this task; more are not possible. Remove one first.") % {"limit": MAX_FILES}
            )
        file = KeyTaskFile(party=party, district_id=party.district_id, kind=kind, size=len(content), sha256=digest)
        file.name, file.added_by, file.added_at = shown_name(name) or f"evidence{kind.endings[0]}", actor, now
        keep_file(file, content)
        file.save()
        return file


def remove_task_file(*, file: KeyTaskFile, actor: User) -> None:
    """Take it away while it is the district's turn. The bytes go later. Raises NotAllowed or Conflict."""
    with transaction.atomic():
        _need_turn(file.party, actor)
        KeyTaskFile.objects.filter(pk=file.pk).delete()


def _need_turn(party: KeyTaskParty, actor: User) -> KeyTask:
    task = locked_task(party.task_id)
    if not updates_on(actor, party.district_id):
        raise NotAllowed(_("Only the officers and the head of the district add and remove its evidence."))
    need_open(task)
    if task.state not in WITH_DISTRICT:
        raise Conflict(_("The task is reported as done: its evidence stays as it is while the bureau looks at it."))
    return task
