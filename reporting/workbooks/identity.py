"""Which report a workbook is of, and what it showed: signed, so that a file edited by hand is not taken for one of ours.

A signed workbook gives nobody a right: whose report may be read and written is judged at the report's own address.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from reporting.models import Answer, Question, Revision, Submission
from reporting.workbooks.cells import Book, Cell
from reporting.workbooks.kinds import cell_value, clean, fits, meaning_of, raw_of

MARK = "portal:workbook"
"""Stands in the hidden sheet; the signed text begins in the cell to its right and goes on below."""
_SALT = "reporting.workbook"
_CHUNK = 30_000
_WITHHELD = frozenset({"not_applicable", "suppressed"})


@dataclass(frozen=True)
class Seen:
    """What the workbook showed of a question: the answer's version, and fingerprints of value, status and explanation."""

    version: int
    value: str = ""
    status: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Identity:
    """`revision` is 0 for the workbook of a report that was not begun."""

    submission: int
    district: int
    cycle: int
    definition_version: int
    revision: int
    seen: Mapping[str, Seen]


def identity_for(submission: Submission, revision: Revision | None, shown: Mapping[str, Seen]) -> Identity:
    version = revision.definition_version_id if revision else submission.cycle.definition_version_id
    return Identity(
        submission.pk, submission.district_id, submission.cycle_id, version, revision.number if revision else 0, shown
    )


def seen_of(question: Question, answer: Answer | None) -> Seen:
    """As it is read from a workbook in which nobody changed anything."""
    if answer is None:
        return Seen(0)
    value = cell_value(question, answer.raw) if fits(clean(answer.raw)) else None
    shown = raw_of(question, Cell(value, "General", formula=False))
    status = answer.status if answer.status in _WITHHELD else ""
    return Seen(answer.version, print_of(meaning_of(question, str(shown))), status, print_of(clean(answer.explanation).strip()))


def print_of(meaning: str) -> str:
    return hashlib.sha256(meaning.encode("utf-8", "surrogatepass")).hexdigest()[:12] if meaning else ""


def signed_lines(identity: Identity) -> list[str]:
    """The signed text, cut to what cells hold."""
    seen = {key: [one.version, one.value, one.status, one.explanation] for key, one in identity.seen.items()}
    head = [identity.submission, identity.district, identity.cycle, identity.definition_version, identity.revision]
    text = signing.Signer(salt=_SALT).sign_object([head, seen], compress=True)
    return [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]


def identity_of(book: Book) -> Identity:
    """Which report the workbook is of, as it was downloaded. Raises Refused where that is missing or was changed."""
    text = _signed_text(book)
    if text is None:
        raise Refused(
            _(
                "This is not a workbook of the portal, or its hidden sheet was deleted. "
                "Download the report's workbook and fill in that one."
            )
        )
    try:
        (submission, district, cycle, version, revision), seen = signing.Signer(salt=_SALT).unsign_object(text)
    except signing.BadSignature as error:
        raise Refused(
            _("The hidden sheet of this workbook was changed. Download a new workbook and copy your values into it.")
        ) from error
    return Identity(submission, district, cycle, version, revision, {key: Seen(*values) for key, values in seen.items()})


def _signed_text(book: Book) -> str | None:
    for sheet in book.sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.value == MARK:
                lines = []
                while isinstance(line := getattr(sheet.cells.get((row, column + 1)), "value", None), str):
                    lines.append(line.strip())
                    row += 1  # noqa: PLW2901 (down the column)
                return "".join(lines)
    return None


def need_identity(identity: Identity, submission: Submission) -> None:
    """Refuse the workbook of another district, cycle, version or revision, and say what to do."""
    report = {"report": str(submission.cycle), "district": submission.district_label}
    if identity.district != submission.district_id:
        raise Refused(
            _(
                "This workbook belongs to another district than %(district)s. Upload it at its own report; "
                "nothing was read from it."
            )
            % report
        )
    if identity.cycle != submission.cycle_id or identity.submission != submission.pk:
        raise Refused(
            _(
                "This workbook belongs to another report than %(report)s. Download the workbook of this report "
                "and fill in that one."
            )
            % report
        )
    revision = submission.working_revision
    version = revision.definition_version_id if revision else submission.cycle.definition_version_id
    if identity.definition_version != version:
        raise Conflict(
            _(
                "The questions of this report have changed since this workbook was downloaded. "
                "Download a new one and copy your values into it."
            )
        )
    number = revision.number if revision else 0
    if identity.revision != number and not (identity.revision == 0 and number == 1):
        raise Conflict(
            _(
                "This workbook is of revision %(theirs)d, and the report is at revision %(number)d now. Download a new "
                "workbook and copy into it what is still to be changed."
            )
            % {"theirs": identity.revision, "number": number}
        )
    if revision is not None and revision.is_nil:
        raise Conflict(_("This report is a nil return. Take that back on its page first; then the workbook can be uploaded."))
