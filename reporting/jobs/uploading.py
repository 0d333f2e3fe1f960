"""Reading one workbook that a district sent to the bureau, and filling in the district's draft with it: all of it, or nothing.

What the district's draft holds beside the workbook is not told: the bureau reads it once it is signed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from districts.enums import DistrictPermission
from districts.errors import DomainError, Refused
from reporting.domain.entering import begin_for_district, enter_for_district
from reporting.enums import ItemState
from reporting.errors import StaleAnswer
from reporting.jobs.running import Halted, Outcome
from reporting.models import Job, JobItem, Submission
from reporting.queries.findings import findings_of
from reporting.workbooks.cells import Book
from reporting.workbooks.identity import Identity, Seen, identity_of
from reporting.workbooks.marking import Mark, marked_copy
from reporting.workbooks.preview import Preview, preview_of
from reporting.workbooks.reading import read_book


def read_workbook(job: Job, item: JobItem, now: datetime) -> Outcome:
    """Raises Refused where the file is none of ours, or of none of the person's reports; Halted where its content is refused."""
    book = read_book(bytes(item.content or b""))
    identity = identity_of(book)
    file = _File(job, item, book, identity, _report(job, identity))
    try:
        return file.enter(now)
    except DomainError as refusal:
        raise Halted(file.outcome(ItemState.REFUSED, "\n".join(map(str, refusal.messages)))) from refusal


def _report(job: Job, identity: Identity) -> Submission:
    """The report that the workbook is of. That of somebody else's district answers like one that is not there."""
    own = Submission.objects.for_user(job.actor, DistrictPermission.REVIEW)
    found = own.filter(pk=identity.submission, district=identity.district, cycle=job.cycle_id).first()
    if found is None:
        raise Refused(_("This workbook is of no report of your districts in %(cycle)s. Nothing was read.") % {"cycle": job.cycle})
    return found


@dataclass(frozen=True)
class _File:
    """A workbook that was read, of a report of the person's."""

    job: Job
    item: JobItem
    book: Book
    identity: Identity
    report: Submission

    def enter(self, now: datetime) -> Outcome:
        given: dict[str, Any] = {"workbook": self.item.name, "actor": self.job.actor, "now": now}
        begun = begin_for_district(submission=self.report, **given)
        preview = preview_of(self.book, begun)
        if preview.problems:
            raise Halted(
                self._refused(_("Nothing was saved: correct the cells and send the workbook again."), _problems(preview))
            )
        if not preview.changes and self.report.working_revision_id is None:
            raise Refused(_("Nothing is filled in in this workbook."))
        try:
            saved = enter_for_district(submission=begun, changes=preview.changes, ready=preview.content.answers, **given)
        except StaleAnswer as stale:
            keys = [clash.question_key for clash in stale.clashes]
            raise Halted(
                self._refused(_("Nothing was saved: the district has gone on with its report."), _clashes(preview, keys))
            ) from stale
        if not saved:
            return self.outcome(ItemState.DONE, _("Nothing in this workbook differs from the report."))
        words = ngettext("%(count)d answer was saved.", "%(count)d answers were saved.", len(saved)) % {"count": len(saved)}
        return self.outcome(ItemState.DONE, words, list(_findings(preview, self.identity)))

    def outcome(self, state: ItemState, message: str, marks: Sequence[Mark] = ()) -> Outcome:
        """With a marked copy where there is something to mark; the file itself is not needed any more."""
        fields = {
            "submission": self.report,
            "district_id": self.report.district_id,
            "content": None,
            "marked": marked_copy(self.book, marks) if marks else None,
        }
        return Outcome(state, message, [_stored(mark) for mark in marks], fields)

    def _refused(self, message: str, marks: Iterator[Mark]) -> Outcome:
        return self.outcome(ItemState.REFUSED, message, list(marks))


def _problems(preview: Preview) -> Iterator[Mark]:
    asked = preview.content.questionnaire.by_key
    for problem in preview.problems:
        yield Mark(problem.place, problem.sentence(asked.get(problem.question_key)))


def _clashes(preview: Preview, keys: Sequence[str]) -> Iterator[Mark]:
    """Without what the district has now."""
    for key in keys:
        yield Mark(
            preview.places.get(key),
            _("The district has changed this answer since the workbook was downloaded. Ask the district."),
        )


def _findings(preview: Preview, identity: Identity) -> Iterator[Mark]:
    """Of the checks, over what the workbook itself shows; what it leaves blank the district may have filled in."""
    changed = {change.question_key for change in preview.changes}
    unseen = Seen(0)
    shown = {
        key: answer
        for key, answer in preview.content.answers.items()
        if key in changed or answer.version == identity.seen.get(key, unseen).version
    }
    numbers = preview.content.questionnaire.numbers(shown)
    for finding in findings_of(replace(preview.content, answers=shown, numbers=numbers)):
        if finding.rule != "required":
            words = f"{finding.question}: {finding.message}"
            yield Mark(preview.places.get(finding.question.key), words, is_hard=finding.is_hard)


def _stored(mark: Mark) -> dict[str, str]:
    place = mark.place
    return {
        "sheet": place.sheet if place else "",
        "cell": f"{get_column_letter(place.column)}{place.row}" if place else "",
        "text": mark.message,
    }
