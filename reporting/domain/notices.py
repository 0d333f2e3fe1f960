"""The mails that a step in a submission's life causes, written in its transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.models import OutgoingMail, User
from districts.queries.access import may
from districts.queries.people import members_of, reviewers_of
from reporting.enums import CommentState, TransitionName
from reporting.models import Revision, Submission


def notify(*, submission: Submission, name: str, actor: User, now: datetime) -> None:
    """Write the mails of a step; most steps have none."""
    revision = submission.working_revision
    for kind, audience in _MAILS.get(name, ()):
        queue_mail(
            kind=kind,
            recipients=audience(submission),
            about=f"submission:{submission.pk}",
            instant=now,
            district=submission.district,
            context={"submission": submission.pk, "revision": revision.pk if revision else None, "actor": actor.pk},
            now=now,
        )


def _reviewers(submission: Submission) -> list[User]:
    return reviewers_of([submission.district_id])[submission.district_id]


def _officers_and_heads(submission: Submission) -> list[User]:
    return members_of([submission.district_id], (DistrictRole.OFFICER, *HEAD_ROLES))[submission.district_id]


_MAILS: dict[str, tuple[tuple[str, Callable[[Submission], list[User]]], ...]] = {
    TransitionName.SIGN: (("submitted", _reviewers), ("receipt", _officers_and_heads)),
    TransitionName.RETURN: (("returned", _officers_and_heads),),
    TransitionName.APPROVE: (("approved", _officers_and_heads),),
    TransitionName.REOPEN: (("reopened", _officers_and_heads),),
}


def when(instant: datetime) -> str:
    """Friday 27 November 2026, 18:00, in the portal's zone and the reader's language."""
    return date_format(timezone.localtime(instant), _("l j F Y, H:i"))


def report_link(submission: Submission, page: str = "") -> str:
    return f"{settings.PORTAL_URL}/reports/{submission.pk}/{page}"


def submission_of(mail: OutgoingMail) -> Submission | None:
    """The submission that the mail is about, while its recipient may still see it."""
    found = Submission.objects.select_related("cycle__definition", "district", "working_revision").filter(
        pk=mail.context["submission"]
    )
    submission = found.first()
    if submission is None or not may(mail.recipient, DistrictPermission.VIEW, submission.district_id):
        return None
    return submission


def _about(compose: Callable[[Submission, OutgoingMail], Letter]) -> Callable[[OutgoingMail, datetime], Letter | None]:
    def letter(mail: OutgoingMail, _now: datetime) -> Letter | None:
        submission = submission_of(mail)
        return None if submission is None else compose(submission, mail)

    return letter


def _revision_of(mail: OutgoingMail) -> Revision:
    return Revision.objects.get(pk=mail.context["revision"])


def _subject(submission: Submission) -> dict[str, Any]:
    return {"district": submission.district_label, "report": submission.cycle}


def _receipt_facts(revision: Revision) -> list[tuple[str, str]]:
    facts = [(_("Receipt"), revision.receipt_number or ""), (_("Signed by"), revision.signer)]
    if revision.signed_at:
        facts.append((_("Signed"), when(revision.signed_at)))
    return [*facts, (_("Digest (SHA-256)"), revision.digest)]


def _submitted(submission: Submission, mail: OutgoingMail) -> Letter:
    link = f"{settings.PORTAL_URL}/admin/reporting/submission/{submission.pk}/change/"
    return Letter(
        subject=_("Submitted: %(district)s, %(report)s") % _subject(submission),
        paragraphs=[_("%(district)s has signed and submitted its report. It waits for review.") % _subject(submission)],
        facts=_receipt_facts(_revision_of(mail)),
        link=link,
        link_text=_("Open the report for review"),
    )


def _receipt(submission: Submission, mail: OutgoingMail) -> Letter:
    return Letter(
        subject=_("Receipt: %(district)s, %(report)s") % _subject(submission),
        paragraphs=[_("The report was signed and has reached the bureau. Keep this receipt.")],
        facts=_receipt_facts(_revision_of(mail)),
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def _returned(submission: Submission, _mail: OutgoingMail) -> Letter:
    comments = submission.comments.filter(state__in=[CommentState.OPEN, CommentState.ADDRESSED]).select_related("author")
    return Letter(
        subject=_("Returned: %(district)s, %(report)s, due %(due)s")
        % {**_subject(submission), "due": when(submission.due_in_force)},
        paragraphs=[
            _("The bureau has returned the report. Answer each comment, correct what is needed, and submit it again."),
        ],
        facts=[(_("New due time"), when(submission.due_in_force))],
        quotes=[(_question_text(submission, comment.question_key), comment.text) for comment in comments],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def _question_text(submission: Submission, key: str) -> str:
    revision = submission.working_revision
    if not key or revision is None:
        return _("The whole report")
    questions = revision.definition_version.sections.filter(questions__key=key)
    section = questions.first()
    question = section.questions.select_related("indicator").filter(key=key).first() if section else None
    return question.text if question else key


def _approved(submission: Submission, mail: OutgoingMail) -> Letter:
    return Letter(
        subject=_("Approved: %(district)s, %(report)s") % _subject(submission),
        paragraphs=[_("The bureau has approved the report. It now counts in the city's totals.")],
        facts=_receipt_facts(_revision_of(mail)),
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def _reopened(submission: Submission, _mail: OutgoingMail) -> Letter:
    event = submission.events.filter(kind=TransitionName.REOPEN).first()
    return Letter(
        subject=_("Reopened: %(district)s, %(report)s, due %(due)s")
        % {**_subject(submission), "due": when(submission.due_in_force)},
        paragraphs=[
            _("The bureau has reopened the approved report. What was approved counts until the corrected report is approved."),
        ],
        facts=[(_("New due time"), when(submission.due_in_force))],
        quotes=[(_("Reason"), event.note)] if event else [],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def register_notices() -> None:
    register(
        Kind("submitted", gettext_lazy("Report submitted"), _about(_submitted)),
        Kind("receipt", gettext_lazy("Receipt"), _about(_receipt)),
        Kind("returned", gettext_lazy("Report returned"), _about(_returned)),
        Kind("approved", gettext_lazy("Report approved"), _about(_approved)),
        Kind("reopened", gettext_lazy("Report reopened"), _about(_reopened)),
    )
