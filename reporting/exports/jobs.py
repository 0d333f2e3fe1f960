"""The results of a job as a table: a row a file, or a row for each thing that is wrong in it."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from reporting.exports import Cell
from reporting.models import JobItem


def result_rows(items: Iterable[JobItem]) -> Iterator[list[Cell]]:
    yield [_("File"), _("District"), _("Outcome"), _("Sheet"), _("Cell"), _("What was found")]
    for item in items:
        district = item.submission.district_label if item.submission else ""
        head: list[Cell] = [item.name, district, item.get_state_display()]
        if item.message or not item.problems:
            yield [*head, "", "", item.message]
        for problem in item.problems:
            yield [*head, problem["sheet"], problem["cell"], problem["text"]]
