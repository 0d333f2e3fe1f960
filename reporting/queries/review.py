"""What the bureau sees of one report, and the queue of those that wait for it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import zip_longest

from django.db.models import F, Prefetch, Q

from districts.enums import DistrictPermission
from districts.models import User
from districts.queries.access import AnyUser, permissions_on
from reporting.enums import UNSUBMITTED_STATES, CommentState, EventKind, SubmissionState, TransitionName
from reporting.models import Comment, Event, Petition, Revision, Scan, Section, Submission
from reporting.models.submission import SubmissionQuerySet
from reporting.queries.checks import with_checks, with_second_person
from reporting.queries.enquiries import Thread, threads_of
from reporting.queries.key_tasks import ReportTask, report_tasks
from reporting.queries.petitions import ANSWERED_WITH, petitions_of
from reporting.queries.reports import ReportPage, report_page
from reporting.queries.revisions import signed_revisions
from reporting.queries.scans import scans_of
from reporting.transitions import TRANSITIONS

WAITING = (SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW)
"""The states in which it is the bureau's turn."""
BUREAU_STEPS = (TransitionName.BEGIN_REVIEW, TransitionName.RETURN, TransitionName.APPROVE, TransitionName.REOPEN)
"""The steps of a review."""
EXPECTATION_STEPS = (TransitionName.RELEASE, TransitionName.EXPECT)
"""Whether the bureau expects the report at all."""
_RELATED = ("cycle__definition", "cycle__definition_version", "district", "working_revision", "approved_revision")
_SENT = (CommentState.OPEN, CommentState.ADDRESSED)


@dataclass(frozen=True)
class Part:
    """A section in the page's own navigation: how many warnings, and comments that are not closed."""

    section: Section
    flags: int
    comments: int


@dataclass(frozen=True)
class SignedRevision:
    revision: Revision
    before: Revision | None
    """The signed revision that it can be compared with."""


@dataclass(frozen=True)
class ReviewPage:
    """A report as the bureau reads it: always a signed revision; None while the district has not signed one."""

    submission: Submission
    report: ReportPage
    revision: Revision | None
    revisions: tuple[Revision, ...]
    events: tuple[Event, ...]
    threads: tuple[Thread, ...]
    scans: tuple[Scan, ...]
    """Of the revision shown; the first one counts."""
    petitions: tuple[Petition, ...]
    tasks: tuple[ReportTask, ...]
    reader: User
    permissions: frozenset[DistrictPermission]
    previous: Submission | None
    next: Submission | None

    @cached_property
    def steps(self) -> frozenset[str]:
        """The steps that this person can ask for now."""
        return frozenset(
            name.value
            for name in (*BUREAU_STEPS, *EXPECTATION_STEPS)
            if self.submission.state in TRANSITIONS[name].sources and TRANSITIONS[name].permissions & self.permissions
        )

    @property
    def may_comment(self) -> bool:
        return self.submission.state == SubmissionState.IN_REVIEW and DistrictPermission.REVIEW in self.permissions

    @property
    def checks(self) -> list[Event]:
        """Who has checked the revision shown, first first."""
        shown = self.revision.pk if self.revision else None
        return [event for event in reversed(self.events) if event.kind == EventKind.CHECK and event.revision_id == shown]

    @property
    def may_check(self) -> bool:
        return self.may_comment and all(check.actor_id != self.reader.pk for check in self.checks)

    @property
    def awaits_check(self) -> bool:
        """Whether this person cannot approve it yet because nobody else has checked it."""
        others = [check for check in self.checks if check.actor_id != self.reader.pk]
        needed = self.submission.cycle.definition.needs_two_people and self.submission.state == SubmissionState.IN_REVIEW
        return needed and not others

    @property
    def may_extend(self) -> bool:
        return DistrictPermission.REVIEW in self.permissions and self.submission.state in UNSUBMITTED_STATES

    @property
    def may_chase(self) -> bool:
        return DistrictPermission.REVIEW in self.permissions and self.submission.state in UNSUBMITTED_STATES

    @property
    def answerable(self) -> frozenset[str]:
        """The kinds of request that this person answers."""
        return frozenset(kind.value for kind, permission in ANSWERED_WITH.items() if permission in self.permissions)

    @property
    def waits_for_reader(self) -> bool:
        """Whether a request waits that this person answers."""
        return any(petition.is_waiting and petition.kind in self.answerable for petition in self.petitions)

    @property
    def is_being_corrected(self) -> bool:
        """Whether the district works on a later revision than the one shown."""
        working = self.submission.working_revision
        return self.revision is not None and working is not None and working.pk != self.revision.pk

    @property
    def drafts(self) -> list[Comment]:
        return [comment for comment in self.all_comments if comment.state == CommentState.DRAFT]

    @property
    def all_comments(self) -> list[Comment]:
        return [*self.report.comments, *(comment for row in self.report.rows.values() for comment in row.comments)]

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                section.section,
                sum(len(row.findings) for row in section.rows) if self.revision else 0,
                sum(comment.state != CommentState.CLOSED for row in section.rows for comment in row.comments),
            )
            for section in self.report.sections
        ]

    @property
    def revision_pairs(self) -> list[SignedRevision]:
        return [SignedRevision(*pair) for pair in zip_longest(self.revisions, self.revisions[1:]) if pair[0]]

    @property
    def warnings(self) -> int:
        return len(self.report.findings)


def reviewable(user: AnyUser) -> SubmissionQuerySet:
    """The reports of the person's portfolio, with what a review needs."""
    return (
        Submission.objects.for_user(user, DistrictPermission.REVIEW)
        .filter(cycle__opened_at__isnull=False)
        .select_related(*_RELATED)
    )


def with_list_columns(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """What a row of the list shows: due and lock, and, read for the rows shown only, the working revision, `sent_comments`
    and `checks`."""
    sent = Comment.objects.filter(state__in=_SENT).only("pk", "submission_id")
    return (
        with_checks(submissions)
        .with_deadlines()
        .select_related(None)
        .select_related("cycle__definition", "district")
        .prefetch_related("working_revision", Prefetch("comments", queryset=sent, to_attr="sent_comments"))
    )


def queue(user: AnyUser) -> SubmissionQuerySet:
    """What waits for the bureau, longest first, with `awaits_check`."""
    waiting = with_second_person(reviewable(user).filter(state__in=WAITING), user)
    return waiting.order_by("working_revision__signed_at", "pk")


def overdue(user: AnyUser, now: datetime) -> SubmissionQuerySet:
    """What districts of the person's portfolio owe past its due time and can still hand in, longest overdue first."""
    owed = reviewable(user).unsubmitted().with_deadlines().filter(Q(due__lt=now, lock__gte=now))
    return owed.order_by(F("due"), "district__code", "pk")


def neighbours(user: AnyUser, submission: Submission) -> tuple[Submission | None, Submission | None]:
    """The reports before and after this one in the queue; for one that is not in it, none before and the queue's first."""
    waiting = queue(user).exclude(pk=submission.pk)
    signed_at = submission.working_revision.signed_at if submission.working_revision else None
    if submission.state not in WAITING or signed_at is None:
        return None, waiting.first()
    earlier = Q(working_revision__signed_at__lt=signed_at) | Q(working_revision__signed_at=signed_at, pk__lt=submission.pk)
    return waiting.filter(earlier).reverse().first(), waiting.exclude(earlier).first()


def review_page(submission: Submission, user: User) -> ReviewPage:
    """One report from `reviewable`, in a constant number of queries."""
    revisions = tuple(signed_revisions(submission))
    shown = revisions[0] if revisions else None
    previous, following = neighbours(user, submission)
    return ReviewPage(
        submission=submission,
        report=report_page(submission, revision=shown, with_drafts=True),
        revision=shown,
        revisions=revisions,
        events=tuple(submission.events.select_related("actor", "revision").order_by("-at", "-pk")),
        threads=tuple(threads_of(submission)),
        scans=tuple(scans_of(shown)) if shown else (),
        petitions=tuple(petitions_of(submission)),
        tasks=tuple(report_tasks(submission, shown, shown.signed_at)) if shown and shown.signed_at else (),
        reader=user,
        permissions=permissions_on(user, submission.district_id),
        previous=previous,
        next=following,
    )


def comments_at(submission: Submission, question_key: str) -> list[Comment]:
    """All comments at one question (blank: on the whole report), the bureau's drafts among them."""
    return list(submission.comments.filter(question_key=question_key).select_related("author", "replied_by"))


def bulk_candidates(user: AnyUser, pks: list[int]) -> list[Submission]:
    """The chosen reports of the person's portfolio, in the order of their districts; others are as if they were not there."""
    return list(reviewable(user).filter(pk__in=pks).order_by("cycle__due_at", "district__code", "pk"))
