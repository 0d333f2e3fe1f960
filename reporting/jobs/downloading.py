"""Writing the workbook of one district's report, as the bureau may read it.

The bureau reads what was signed, not what a district is writing: the workbook of a report that was never signed is blank, to be
filled in; that of a report that was signed holds the latest signed revision, to be read.
"""

from copy import copy
from datetime import datetime

from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Refused
from districts.queries.access import may
from reporting.enums import ItemState
from reporting.jobs.running import Outcome
from reporting.models import Job, JobItem, Submission
from reporting.queries.reports import report_page
from reporting.workbooks.writing import workbook_of

_READ = ("cycle__definition", "cycle__definition_version", "district", "working_revision")


def write_workbook(job: Job, item: JobItem, now: datetime) -> Outcome:
    submission = Submission.objects.select_related(*_READ).get(pk=item.submission_id or 0)
    if not may(job.actor, DistrictPermission.REVIEW, submission.district_id):
        raise Refused(_("This district is not in your portfolio any more."))
    signed = submission.revisions.filter(signed_at__isnull=False).order_by("-number").first()
    if signed is None:
        submission = copy(submission)
        submission.working_revision = None
    page = report_page(submission, revision=signed)
    is_open = signed is None and not submission.is_locked(now)
    return Outcome(ItemState.DONE, fields={"content": workbook_of(page, editable=is_open)})
