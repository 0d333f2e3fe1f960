"""What is said where somebody asks about a report that the bureau does not expect."""

from django.utils.translation import gettext as _

from districts.errors import Conflict
from reporting.enums import SubmissionState
from reporting.models import Submission


def need_expected(submission: Submission) -> None:
    """Raises Conflict for a report that the bureau has released."""
    words = _(
        "The bureau does not expect this report: nothing is due and nothing can be asked here. Write to your contact there."
    )
    if submission.state == SubmissionState.RELEASED:
        raise Conflict(words)
