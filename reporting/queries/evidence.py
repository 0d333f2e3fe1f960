"""The files that answer the questions of a report."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from districts.queries.access import AnyUser
from reporting.models import EvidenceFile, Revision, Submission

Files = dict[str, tuple[EvidenceFile, ...]]
"""By question key, in the order in which they were added."""


def files_by_key(files: Iterable[EvidenceFile]) -> Files:
    found: dict[str, list[EvidenceFile]] = defaultdict(list)
    for file in files:
        found[file.question_key].append(file)
    return {key: tuple(each) for key, each in found.items()}


def files_for(user: AnyUser, submission: Submission, revisions: Collection[Revision]) -> QuerySet[EvidenceFile]:
    """Those of the report's given revisions, where the person may see its district."""
    own = EvidenceFile.objects.for_user(user).filter(revision__submission=submission, revision__in=revisions)
    return own.select_related("revision__submission")
