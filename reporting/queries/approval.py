"""What reports in review need before they are returned or approved, for the steps and for the pages that say it before."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext as _

from districts.models import User
from reporting.enums import CommentState
from reporting.models import Comment, Submission
from reporting.queries.checks import awaiting_check


def approval_problems(submissions: Collection[Submission], user: User) -> dict[int, list[str]]:
    """By report, every reason that stands in the way; two queries."""
    texts = {
        CommentState.OPEN: _("A comment is still open: return the report, or delete the comment."),
        CommentState.DRAFT: _("It has comments that were not sent: return the report with them, or have them deleted."),
    }
    pks = [submission.pk for submission in submissions]
    found: dict[int, set[str]] = defaultdict(set)
    for pk, state in Comment.objects.filter(submission__in=pks, state__in=texts).values_list("submission", "state"):
        found[pk].add(state)
    unchecked = awaiting_check(pks, user)
    second = _("This report needs two people: somebody else has to mark it as checked before you can approve it.")
    return {pk: [text for state, text in texts.items() if state in found[pk]] + [second] * (pk in unchecked) for pk in pks}


def has_comments(submission: Submission) -> bool:
    """Whether the report can be returned with the comments that it has."""
    return submission.comments.filter(state__in=[CommentState.DRAFT, CommentState.OPEN]).exists()
