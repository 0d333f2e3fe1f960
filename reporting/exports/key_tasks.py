"""The supervision register as a table: a row a task."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.exports import Cell
from reporting.queries.key_tasks import Standing


def register_rows(standings: Iterable[Standing]) -> Iterator[list[Cell]]:
    """Days as `2026-11-27`, which sorts and which every spreadsheet reads; progress in per cent."""
    yield [
        _("Key task"),
        pgettext("of a task", "Source"),
        _("Reference"),
        _("Lead"),
        _("Co-leads"),
        _("Deliverable"),
        _("Assigned"),
        _("Deadline"),
        _("State"),
        _("Standing"),
        _("Progress (%)"),
        _("What was done"),
        _("Told"),
        _("Closed"),
    ]
    for one in standings:
        task, told = one.task, one.told
        yield [
            task.title,
            task.get_source_display(),
            task.reference,
            str(one.lead.district),
            _(", ").join(str(party.district) for party in one.co_leads),
            task.deliverable,
            date_format(timezone.localdate(task.assigned_at), "Y-m-d"),
            date_format(task.deadline, "Y-m-d"),
            task.get_state_display(),
            str(one.signal.label) if task.is_open else "",
            one.progress,
            told.text if told else "",
            date_format(timezone.localdate(told.at), "Y-m-d") if told else "",
            date_format(timezone.localdate(task.closed_at), "Y-m-d") if task.closed_at else "",
        ]
