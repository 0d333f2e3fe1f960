"""The stamped scans of reports, and who may attach one."""

from django.db.models import Exists, OuterRef, QuerySet

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser
from reporting.enums import SubmissionState
from reporting.models import Revision, Scan, Submission

ATTACHERS = frozenset({DistrictPermission.FILE, DistrictPermission.SIGN})
"""Whoever holds one of these on a district attaches its scans."""
ATTACHING_STATES = frozenset({SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW, SubmissionState.APPROVED})
"""While the latest revision is a signed one; a stamp may come after the lock."""


def may_attach(revision: Revision, submission: Submission, permissions: frozenset[DistrictPermission]) -> bool:
    is_latest = revision.pk == submission.working_revision_id
    return is_latest and submission.state in ATTACHING_STATES and bool(ATTACHERS & permissions)


def scans_of(revision: Revision) -> list[Scan]:
    """Latest first: the first one counts, the others were replaced by it."""
    return list(revision.scans.select_related("uploaded_by"))


def scans_for(user: AnyUser, submission: Submission) -> QuerySet[Scan]:
    """Those of the report, where the person may see its district."""
    return Scan.objects.for_user(user).filter(revision__submission=submission)


def with_scan_marks(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """Adds `has_scan`."""
    return revisions.annotate(has_scan=Exists(Scan.objects.filter(revision=OuterRef("pk"))))
