"""Recomputing every receipt: does each signed report still say what was signed, in an unbroken chain?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from reporting.domain.file_store import digest_of
from reporting.domain.receipts import content_digest, receipt_digest, receipt_number
from reporting.models import Revision

CHUNK = 200
"""Revisions in memory at a time, with their answers."""


@dataclass(frozen=True)
class Mismatch:
    submission_id: int
    submission: str
    receipt: str
    problem: str


@dataclass
class Verification:
    """`checked` counts the receipts looked at so far. `with_files`: read every file that was signed, too."""

    checked: int = 0
    with_files: bool = False

    def mismatches(self) -> Iterator[Mismatch]:
        """Every mismatch, as it is found; memory does not grow with the number of receipts."""
        signed = (
            Revision.objects.filter(signed_at__isnull=False)
            .select_related("submission__cycle__definition", "submission__district")
            .prefetch_related("answers", "files", "task_updates")
            .order_by("submission_id", "number")
            .iterator(chunk_size=CHUNK)
        )
        for _submission_id, revisions in groupby(signed, key=lambda revision: revision.submission_id):
            previous = ""
            for revision in revisions:
                self.checked += 1
                for problem in (*_problems(revision, previous), *(_lost_files(revision) if self.with_files else ())):
                    yield Mismatch(revision.submission_id, str(revision.submission), str(revision.receipt_number), problem)
                previous = revision.digest


def _problems(revision: Revision, previous: str) -> Iterator[str]:
    if revision.receipt_number != receipt_number(revision.submission, revision):
        yield _("the receipt number is not this report's")
    if revision.previous_digest != previous:
        yield _("the chain is broken: the digest of the receipt before is another one")
    content = content_digest(
        revision.submission, revision, revision.answers.all(), revision.files.all(), revision.task_updates.all()
    )
    if revision.digest != receipt_digest(revision, content):
        yield _("the digest is not that of what is stored")


def _lost_files(revision: Revision) -> Iterator[str]:
    for file in revision.files.all():
        found = digest_of(file)
        if found is None:
            yield _("the file “%(name)s” is not in the file store") % {"name": file}
        elif found != file.sha256:
            yield _("the file “%(name)s” is not the one that was signed") % {"name": file}
