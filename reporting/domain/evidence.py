"""Evidence: the files that answer a question, added and removed while the report can be edited."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import User
from reporting.domain.answers import editable_revision
from reporting.domain.file_store import keep_file
from reporting.domain.scanner import refuse_infected
from reporting.enums import FileKind, QuestionKind
from reporting.models import EvidenceFile, Revision, Submission
from reporting.queries.definitions import questionnaire
from reporting.validators.files import file_kind, is_active, is_complete, shown_name

MAX_FILES = 10
"""At one question."""


def add_file(*, submission: Submission, question_key: str, name: str, content: bytes, actor: User, now: datetime) -> EvidenceFile:
    """Add a file to the answer; the same file again is the one that is there.

    Raises NotAllowed, DomainError (no such question) or Refused (the report cannot be edited, the file cannot be evidence, there
    are too many, or the scanner has not let it pass). Nothing is kept of a file that is refused.
    """
    with transaction.atomic():  # said first, and not only once the file was looked at
        _need_question(editable_revision(submission, actor, now), question_key)
    kind, digest = need_evidence(content), hashlib.sha256(content).hexdigest()
    refuse_infected(content)
    with transaction.atomic():
        revision = editable_revision(submission, actor, now)
        _need_question(revision, question_key)
        files = list(revision.files.all())
        same = [file for file in files if (file.question_key, file.sha256) == (question_key, digest)]
        if same:
            return same[0]
        _need_room(files, question_key, len(content))
        file = EvidenceFile(revision=revision, district_id=revision.district_id, question_key=question_key, kind=kind)
        file.name = shown_name(name) or f"{question_key}{kind.endings[0]}"
        file.size, file.sha256, file.added_by, file.added_at = len(content), digest, actor, now
        keep_file(file, content)
        file.save()
        return file


def remove_file(*, file: EvidenceFile, actor: User, now: datetime) -> None:
    """Take a file out of the working revision; signed revisions keep theirs. The bytes go later, once nothing needs them."""
    with transaction.atomic():
        revision = editable_revision(file.revision.submission, actor, now)
        if file.revision_id != revision.pk:
            raise Conflict(_("This file belongs to an earlier revision, which was signed with it."))
        revision.files.filter(pk=file.pk).delete()


def need_filer(permissions: frozenset[DistrictPermission]) -> None:
    if DistrictPermission.FILE not in permissions:
        raise NotAllowed(_("You may read this report and not fill it in."))


def file_too_large() -> str:
    """What is said of a file that is larger than evidence may be, here or before it was read."""
    return _("The file is too large: %(limit)d MB are possible.") % {"limit": settings.FILE_MAX_BYTES // 1024**2}


def _need_question(revision: Revision, key: str) -> None:
    question = questionnaire(revision.definition_version_id).by_key.get(key)
    if question is None or question.kind != QuestionKind.FILE:
        raise DomainError(_("There is no such question in this report."))


def need_evidence(content: bytes) -> FileKind:
    """What kind of file it is. Raises Refused for what cannot be evidence."""
    if not content:
        raise Refused(_("The file is empty. Choose another one."))
    if len(content) > settings.FILE_MAX_BYTES:
        raise Refused(file_too_large())
    kind = file_kind(content)
    if kind is None:
        raise Refused(
            _(
                "The file is no PDF, JPEG, PNG, Excel workbook (.xlsx) or Word document (.docx), whatever its name says. "
                "Save it as one of these."
            )
        )
    if is_active(content):
        raise Refused(_("The file has macros or programs in it. Save it without them, or as a PDF."))
    if not is_complete(kind, content):
        raise Refused(_("The file is incomplete: its end is missing. Save or copy it again."))
    return kind


def _need_room(files: list[EvidenceFile], key: str, size: int) -> None:
    if sum(file.question_key == key for file in files) >= MAX_FILES:
        raise Refused(
            _("There are %(limit)d files at this question; more are not possible. Remove one first.") % {"limit": MAX_FILES}
        )
    if sum(file.size for file in files) + size > settings.REPORT_FILES_MAX_BYTES:
        raise Refused(
            _("The files of a report may have %(limit)d MB together, and this one is too much. Remove others first.")
            % {"limit": settings.REPORT_FILES_MAX_BYTES // 1024**2}
        )
