"""Which mails a step in a submission's life causes."""

from datetime import datetime

from districts.models import User
from reporting.models import Submission


def notify(*, submission: Submission, name: str, actor: User, now: datetime) -> None:
    """Write the mails of a step, in its transaction."""
