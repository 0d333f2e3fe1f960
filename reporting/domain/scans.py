"""Attaching the stamped scan of a signed report."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.enums import DistrictPermission
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.capacity import Capacity, need_any
from reporting.domain.events import record_event
from reporting.domain.scanner import refuse_infected
from reporting.enums import EventKind, FileKind
from reporting.models import Revision, Scan, Submission
from reporting.queries.scans import ATTACHERS, ATTACHING_STATES, scans_of
from reporting.queries.submissions import locked_submission
from reporting.validators.files import shown_name
from reporting.validators.scans import ENDINGS, is_whole, scan_kind

MAX_SCANS = 20
"""Of one revision: replaced ones are kept."""
_OTHERS = gettext_lazy("Only the officers and the head of the district attach the stamped scan.")


def attach_scan(*, revision: Revision, name: str, content: bytes, actor: User, now: datetime) -> Scan:
    """Attach a file to the signed revision; it replaces the one that is there, which is kept. The same file again is that one.

    Raises NotAllowed, Conflict (the report is not signed, or a later revision is) or Refused (the file cannot be a scan).
    """
    with transaction.atomic():  # said first, and not only once the file was looked at
        _attachable(revision, actor)
    kind, digest = _need_scan(name, content), hashlib.sha256(content).hexdigest()
    refuse_infected(content)
    with transaction.atomic():
        locked, capacity = _attachable(revision, actor)
        before = scans_of(revision)
        if before and before[0].sha256 == digest:
            return before[0]
        if len(before) >= MAX_SCANS:
            raise Refused(
                _("This revision has had %(limit)d scans already. Ask your reviewer what is missing.") % {"limit": MAX_SCANS}
            )
        scan = Scan(revision=revision, district_id=locked.district_id, kind=kind, name=shown_name(name), content=content)
        scan.size, scan.sha256, scan.uploaded_by, scan.uploaded_at = len(content), digest, actor, now
        scan.save()
        record_event(
            submission=locked,
            kind=EventKind.SCAN,
            actor=actor,
            now=now,
            note=scan.name,
            data=capacity,
            revision_id=revision.pk,
        )
        return scan


def _attachable(revision: Revision, actor: User) -> tuple[Submission, Capacity]:
    """The report, locked for this transaction, and the capacity in which the person attaches a scan to its revision."""
    locked = locked_submission(revision.submission_id)
    capacity = need_any(actor, locked.district_id, ATTACHERS, _OTHERS)
    _need_signed(locked, revision)
    return locked, capacity


def need_attacher(permissions: frozenset[DistrictPermission]) -> None:
    if not ATTACHERS & permissions:
        raise NotAllowed(_OTHERS)


def too_large() -> str:
    """What is said of a file that is larger than a scan may be, here or before it was read."""
    limit = settings.SCAN_MAX_BYTES // 1024**2
    return _("The file is too large: %(limit)d MB are possible. Scan in grey, or at 200 dots per inch.") % {"limit": limit}


def _need_signed(locked: Submission, revision: Revision) -> None:
    if locked.state not in ATTACHING_STATES:
        raise Conflict(
            _("The report is “%(state)s”: its stamped scan is attached once it is signed and submitted.")
            % {"state": locked.get_state_display()}
        )
    if locked.working_revision_id != revision.pk:
        raise Conflict(_("A later revision was signed meanwhile. Attach the scan to that one."))


def _need_scan(name: str, content: bytes) -> FileKind:
    if not content:
        raise Refused(_("The file is empty. Choose the scan itself."))
    if len(content) > settings.SCAN_MAX_BYTES:
        raise Refused(too_large())
    if not name.lower().endswith(ENDINGS):
        raise Refused(_("The name of the file has to end in .pdf, .jpg, .jpeg or .png."))
    kind = scan_kind(content)
    if kind is None:
        raise Refused(_("The file is no PDF, JPEG or PNG, whatever its name says. Save the scan as one of these."))
    if not is_whole(kind, content):
        raise Refused(_("The file is incomplete: its end is missing. Scan or copy it again."))
    return kind
