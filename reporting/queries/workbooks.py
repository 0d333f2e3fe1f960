"""Uploaded workbooks that wait for their confirmation: each for who uploaded it alone."""

from datetime import datetime

from django.db.models import QuerySet

from districts.enums import DistrictPermission
from districts.models import User
from reporting.models import Submission, WorkbookUpload


def uploads_of(user: User, submission: Submission, now: datetime) -> "QuerySet[WorkbookUpload]":
    """The person's own uploads for the report that have not expired, latest first, without the files; none for who may not
    fill the report in any more."""
    own = WorkbookUpload.objects.for_user(user, DistrictPermission.FILE).filter(
        submission=submission, uploaded_by=user, expires_at__gt=now
    )
    return own.select_related("revision").defer("content")
