"""Filling in a district's draft from a workbook that the district sent to the bureau, which is not filing it.

Who reviews the district may do this while the district itself could, and nothing else of the district's: its people hand over
and sign. The report's history says who did it and from what, and the district gets a mail.
See docs/decisions/0026-workbooks-by-mail.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.models import OutgoingMail, User
from districts.queries.people import members_of
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.capacity import Capacity, need_review
from reporting.domain.events import record_event
from reporting.domain.notices import report_link, submission_of
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import EventKind, SubmissionState, TransitionName
from reporting.models import Answer, Submission
from reporting.queries.submissions import locked_submission

KIND = "entered"
_OTHERS = gettext_lazy("Only who reviews the district brings its workbook in.")


def begin_for_district(*, submission: Submission, workbook: str, actor: User, now: datetime) -> Submission:
    """Start a report that the district has not started, to fill it in; leave one that was begun. Gives it as it stands.

    Raises NotAllowed or Refused (not open yet, locked).
    """
    with transaction.atomic():
        need_review(actor, submission.district_id, _OTHERS)
        if submission.state == SubmissionState.NOT_STARTED:  # if it was begun meanwhile, the step changes nothing
            return apply_transition(
                submission=submission, name=TransitionName.START, actor=actor, now=now, terms=Terms(workbook=workbook)
            )
        return locked_submission(submission.pk)


def enter_for_district(
    *,
    submission: Submission,
    changes: Sequence[AnswerChange],
    workbook: str,
    actor: User,
    now: datetime,
    ready: Mapping[str, Answer] | None = None,
) -> list[Answer]:
    """Save the changes, all or none, as the district's own page does, with an event and a mail to its officers and head.
    `ready` is for `save_answers`.

    No change leaves no trace. Raises NotAllowed, Refused (not editable, locked) or StaleAnswer (the district changed an answer
    since the workbook was downloaded).
    """
    if not changes:
        return []
    with transaction.atomic():
        capacity = need_review(actor, submission.district_id, _OTHERS)
        right = DistrictPermission.REVIEW
        saved = save_answers(submission=submission, changes=changes, actor=actor, now=now, right=right, ready=ready)
        _tell(submission, workbook, len(saved), capacity, actor, now)
        return saved


def _tell(submission: Submission, workbook: str, answers: int, capacity: Capacity, actor: User, now: datetime) -> None:
    said = {"workbook": workbook, "answers": answers}
    record_event(submission=submission, kind=EventKind.ENTER, actor=actor, now=now, data=said | capacity)
    people = members_of([submission.district_id], (DistrictRole.OFFICER, *HEAD_ROLES))
    queue_mail(
        kind=KIND,
        recipients=people[submission.district_id],
        about=f"submission:{submission.pk}",
        instant=now,
        district=submission.district,
        context={"submission": submission.pk, "actor": actor.pk, **said},
        now=now,
    )


def _compose(mail: OutgoingMail, _now: datetime) -> Letter | None:
    submission = submission_of(mail)
    if submission is None:
        return None
    count = mail.context["answers"]
    filled = ngettext(
        "The bureau has filled in %(count)d answer of your report from the workbook “%(file)s” that you sent.",
        "The bureau has filled in %(count)d answers of your report from the workbook “%(file)s” that you sent.",
        count,
    )
    return Letter(
        subject=_("Filled in from your workbook: %(district)s, %(report)s")
        % {"district": submission.district_label, "report": submission.cycle},
        paragraphs=[
            filled % {"count": count, "file": mail.context["workbook"]},
            _("Nothing is handed over yet. Look the report through, correct it where needed, and hand it over for signature."),
        ],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def register_entering() -> None:
    register(Kind(KIND, gettext_lazy("Report filled in from a workbook"), _compose))
