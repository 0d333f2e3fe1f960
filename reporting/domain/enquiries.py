"""Questions of a district to the bureau while its report is its own, the bureau's answers, and the one mail to each side."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import DistrictPermission, DistrictRole
from districts.errors import Conflict, DomainError, NotAllowed
from districts.models import OutgoingMail, User
from districts.queries.access import may, permissions_on
from districts.queries.people import members_of, reviewers_of
from reporting.domain.capacity import Capacity, need_review
from reporting.domain.expected import need_expected
from reporting.domain.notices import report_link, submission_of
from reporting.domain.texts import need_words
from reporting.enums import EnquiryState
from reporting.models import Enquiry, EnquiryMessage, Question, Submission
from reporting.queries.enquiries import ASKERS, ASKING_STATES
from reporting.queries.submissions import asked_version, locked_submission

ASKED, ANSWERED = "enquiry", "enquiry_answered"


def ask_bureau(*, submission: Submission, question_key: str, text: str, actor: User, now: datetime) -> Enquiry:
    """Ask at a question of the report (blank: about the whole of it). Where a thread is open there, it goes on in that one.

    The reviewers get one mail when a thread begins. The same text by the same person again changes nothing.
    """
    with transaction.atomic():
        locked = _of_the_district(submission.pk, actor)
        question = _question(locked, question_key)
        words = need_words(text)
        # Locked, since the bureau may be answering or closing it at this moment.
        threads = locked.enquiries.select_for_update(of=("self",)).exclude(state=EnquiryState.CLOSED)
        at_question = {"question__key": question.key} if question else {"question": None}
        thread = threads.filter(**at_question).first()
        if thread is not None:
            _write(thread, words, actor, now, by_bureau=False)
            return thread
        thread = Enquiry.objects.create(
            submission=locked, district=locked.district, question=question, asked_by=actor, asked_at=now, latest_at=now
        )
        _write(thread, words, actor, now, by_bureau=False)
        _mail(ASKED, thread, reviewers_of([locked.district_id])[locked.district_id], now)
        return thread


def write_on(*, enquiry: Enquiry, text: str, actor: User, now: datetime) -> None:
    """The district's next message in an open thread."""
    with transaction.atomic():
        _of_the_district(enquiry.submission_id, actor)
        _write(_locked(enquiry), need_words(text), actor, now, by_bureau=False)


def answer_enquiry(*, enquiry: Enquiry, text: str, actor: User, now: datetime) -> None:
    """The bureau's message, at any time. With the first one of a thread who asked and the officers get a mail."""
    with transaction.atomic():
        capacity = need_review(actor, enquiry.district_id, _("Your role does not include answering this district."))
        thread = _locked(enquiry)
        is_first = thread.answered_at is None
        _write(thread, need_words(text), actor, now, by_bureau=True, capacity=capacity)
        if is_first:
            officers = members_of([thread.district_id], [DistrictRole.OFFICER])[thread.district_id]
            _mail(ANSWERED, thread, {person.pk: person for person in (thread.asked_by, *officers)}.values(), now)


def close_enquiry(*, enquiry: Enquiry, actor: User, now: datetime) -> None:
    """End a thread: the bureau at any time, the district while the report is its own. Nothing happens to a closed one."""
    with transaction.atomic():
        if not may(actor, DistrictPermission.REVIEW, enquiry.district_id):
            _of_the_district(enquiry.submission_id, actor)
        thread = _locked(enquiry)
        if thread.is_open:
            thread.state, thread.latest_at = EnquiryState.CLOSED, now
            thread.save(update_fields=["state", "latest_at"])


def _of_the_district(submission_pk: int, actor: User) -> Submission:
    """The report, locked, while the district's people may ask about it."""
    locked = locked_submission(submission_pk)
    if not ASKERS & permissions_on(actor, locked.district_id):
        raise NotAllowed(_("Only the officers and the head of the district ask the bureau about its report."))
    need_expected(locked)
    if locked.state not in ASKING_STATES:
        raise Conflict(
            _("The report is “%(state)s”: questions to the bureau are possible until it is submitted.")
            % {"state": locked.get_state_display()}
        )
    return locked


def _question(submission: Submission, key: str) -> Question | None:
    if not key:
        return None
    question = Question.objects.filter(section__version=asked_version(submission), key=key).first()
    if question is None:
        raise DomainError(_("There is no such question in this report."))
    return question


def _locked(enquiry: Enquiry) -> Enquiry:
    Enquiry.objects.select_for_update().values_list("pk").get(pk=enquiry.pk)
    return Enquiry.objects.select_related("submission__cycle__definition", "district", "asked_by", "question").get(pk=enquiry.pk)


def _write(thread: Enquiry, words: str, actor: User, now: datetime, *, by_bureau: bool, capacity: Capacity | None = None) -> None:
    latest = thread.messages.order_by("-at", "-pk").first()
    if latest is not None and (latest.author_id, latest.by_bureau, latest.text) == (actor.pk, by_bureau, words):
        return
    if not thread.is_open:
        raise Conflict(_("This question was closed meanwhile. If something is still open, ask again."))
    EnquiryMessage.objects.create(
        enquiry=thread,
        district_id=thread.district_id,
        author=actor,
        by_bureau=by_bureau,
        deputy_of=str((capacity or {}).get("deputy_of", "")),
        text=words,
        at=now,
    )
    thread.state = EnquiryState.ANSWERED if by_bureau else EnquiryState.WAITING
    thread.answered_at = thread.answered_at or (now if by_bureau else None)
    thread.latest_at = now
    thread.save(update_fields=["state", "answered_at", "latest_at"])


def _mail(kind: str, thread: Enquiry, people: Iterable[User], now: datetime) -> None:
    queue_mail(
        kind=kind,
        recipients=people,
        about=f"enquiry:{thread.pk}",
        instant=thread.asked_at,
        district=thread.district,
        context={"submission": thread.submission_id, "enquiry": thread.pk},
        now=now,
    )


def _thread_of(mail: OutgoingMail) -> Enquiry | None:
    """What the mail is about, while its recipient may still see it."""
    if submission_of(mail) is None:
        return None
    found = Enquiry.objects.select_related("submission__cycle__definition", "district", "question__indicator")
    return found.get(pk=mail.context["enquiry"])


def _facts(thread: Enquiry) -> list[tuple[str, str]]:
    return [(_("Report"), str(thread.submission.cycle)), (_("Question"), thread.about)]


def _compose_asked(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where somebody was faster."""
    thread = _thread_of(mail)
    if thread is None or thread.state != EnquiryState.WAITING or thread.answered_at:
        return None
    names = {"district": thread.submission.district_label, "report": thread.submission.cycle}
    return Letter(
        subject=_("Question to the bureau: %(district)s, %(report)s") % names,
        paragraphs=[_("%(district)s asks the bureau about its report and waits for an answer.") % names],
        facts=_facts(thread),
        quotes=_quotes(thread, by_bureau=False),
        link=f"{settings.PORTAL_URL}/admin/reporting/enquiry/{thread.pk}/change/",
        link_text=_("Answer the question"),
    )


def _compose_answered(mail: OutgoingMail, _now: datetime) -> Letter | None:
    thread = _thread_of(mail)
    if thread is None:
        return None
    names = {"district": thread.submission.district_label, "report": thread.submission.cycle}
    return Letter(
        subject=_("The bureau has answered: %(district)s, %(report)s") % names,
        paragraphs=[
            _("The bureau has answered a question of your district. Later messages stand on the page and are not mailed.")
        ],
        facts=_facts(thread),
        quotes=_quotes(thread, by_bureau=True),
        link=report_link(thread.submission, f"questions/{thread.pk}/"),
        link_text=_("Open the question"),
    )


def _quotes(thread: Enquiry, *, by_bureau: bool) -> list[tuple[str, str]]:
    """The first message of the one side."""
    first = thread.messages.filter(by_bureau=by_bureau).select_related("author").first()
    return [(str(first.author), first.text)] if first else []


def register_enquiries() -> None:
    register(
        Kind(ASKED, gettext_lazy("Question to the bureau"), _compose_asked),
        Kind(ANSWERED, gettext_lazy("Answer of the bureau"), _compose_answered),
    )
