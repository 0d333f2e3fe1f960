"""One report, walked through its life by the people who would do it, at instants of the past."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from districts.enums import BureauRoleName, DistrictRole
from districts.models import User
from reporting.demo import narratives
from reporting.demo.numbers import pick
from reporting.demo.people import Cast
from reporting.demo.scans import stamped_page
from reporting.demo.series import Values
from reporting.demo.tables import surprises
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.checking import mark_checked
from reporting.domain.comments import address_comment, draft_comment
from reporting.domain.enquiries import answer_enquiry, ask_bureau
from reporting.domain.evidence import add_file
from reporting.domain.petitions import ask_correction, ask_extension, refuse_petition
from reporting.domain.review import Read
from reporting.domain.scans import attach_scan
from reporting.domain.submissions import Terms, apply_transition, current_digest
from reporting.enums import AnswerStatus, CommentState, TransitionName
from reporting.models import Submission
from reporting.queries.content import Finding
from reporting.queries.reports import blocking_findings

_NOT_EVERYWHERE = "E01"
_SYNTHETIC = "Made up for the demonstration: not a document of any district."


class Walk:
    """Takes the steps through the domain. Only `announced` ones, and questions and requests to the bureau, write mail:
    nobody is to hear today of a step of last year."""

    def __init__(self, submission: Submission, cast: Cast) -> None:
        self.submission = submission
        self.period = submission.cycle.period_value
        self.code = submission.district.code
        self._cast = cast
        self._versions: dict[str, int] = {}

    def _member(self, role: str) -> User:
        return self._cast.members[self.code, role]

    def _step(self, name: TransitionName, actor: User, at: datetime, **more: Any) -> None:
        announced = more.pop("announced", False)
        self.submission = apply_transition(submission=self.submission, name=name, actor=actor, now=at, announce=announced, **more)

    def start(self, at: datetime) -> None:
        self._step(TransitionName.START, self._member(DistrictRole.OFFICER), at)

    def enter(self, values: Values, texts: Mapping[str, str], at: datetime) -> None:
        """Answer everything, in the way this district types numbers."""
        grouped = pick(2, "typing", self.code) == 1
        raws = {key: f"{value:,}" if grouped else str(value) for key, value in values.items()} | dict(texts)
        self.type(raws, at)
        if _NOT_EVERYWHERE not in values:
            reason = narratives.not_applicable()
            self._save([self._change(_NOT_EVERYWHERE, status=AnswerStatus.NOT_APPLICABLE, explanation=reason)], at)

    def type(self, raws: Mapping[str, str], at: datetime) -> None:
        """Give some answers as typed."""
        self._save([self._change(key, raw=raw) for key, raw in raws.items()], at)

    def correct(self, raws: Mapping[str, str], at: datetime) -> None:
        """Replace answers, and take back what was explained about them."""
        self._save([self._change(key, raw=raw, explanation="") for key, raw in raws.items()], at)

    def explain(self, at: datetime) -> None:
        """Explain every soft finding; a hard one is left for `hand_over` to refuse."""
        soft = {finding.question.key: finding for finding in self._findings() if not finding.is_hard}
        self._save([self._change(key, explanation=self._explanation(finding)) for key, finding in soft.items()], at)

    def _findings(self) -> list[Finding]:
        revision = self.submission.working_revision
        return blocking_findings(self.submission, revision) if revision else []

    def _explanation(self, finding: Finding) -> str:
        causes = (
            surprise.explanation
            for surprise in surprises()
            if (surprise.code, surprise.indicator) == (self.code, finding.question.key) and surprise.since <= self.period
        )
        return narratives.explanation(self.period, self.code, finding, next(causes, None))

    def _change(self, key: str, **fields: Any) -> AnswerChange:
        return AnswerChange(key, self._versions.get(key, 0), **fields)

    def _save(self, changes: list[AnswerChange], at: datetime) -> None:
        officer = self._member(DistrictRole.OFFICER)
        saved = save_answers(submission=self.submission, changes=changes, actor=officer, now=at)
        self._versions |= {answer.question_key: answer.version for answer in saved}

    def add_minutes(self, at: datetime) -> None:
        """A document that the text refers to."""
        lines = [f"District: {self.submission.district_name}", "Minutes of the working group on the digital economy"]
        page = stamped_page([*lines, f"Period: {self.period}", _SYNTHETIC])
        officer, name = self._member(DistrictRole.OFFICER), f"Working group minutes {self.period}.pdf"
        add_file(submission=self.submission, question_key="documents", name=name, content=page, actor=officer, now=at)

    def hand_over(self, at: datetime) -> None:
        self._step(TransitionName.HAND_OVER, self._member(DistrictRole.OFFICER), at)

    def sign(self, at: datetime, *, announced: bool = False) -> None:
        terms = Terms(seen_digest=current_digest(self.submission), statement_accepted=True)
        self._step(TransitionName.SIGN, self._member(DistrictRole.HEAD), at, terms=terms, announced=announced)

    def recall(self, at: datetime) -> None:
        self._step(TransitionName.RECALL, self._member(DistrictRole.HEAD), at)

    def begin_review(self, at: datetime) -> None:
        self._step(TransitionName.BEGIN_REVIEW, self._cast.reviewers[self.code], at)

    def comment(self, question_key: str, text: str, at: datetime) -> None:
        reviewer = self._cast.reviewers[self.code]
        draft_comment(submission=self.submission, question_key=question_key, text=text, actor=reviewer, now=at)

    def ask(self, question_key: str, text: str, at: datetime) -> None:
        """Ask the bureau, which gets its mail."""
        officer = self._member(DistrictRole.OFFICER)
        ask_bureau(submission=self.submission, question_key=question_key, text=text, actor=officer, now=at)

    def answer_question(self, text: str, at: datetime) -> None:
        """The reviewer answers what the district asked last."""
        enquiry = self.submission.enquiries.latest("asked_at", "pk")
        answer_enquiry(enquiry=enquiry, text=text, actor=self._cast.reviewers[self.code], now=at)

    def ask_for_time(self, due_at: datetime, why: str, at: datetime) -> None:
        ask_extension(submission=self.submission, due_at=due_at, why=why, actor=self._member(DistrictRole.OFFICER), now=at)

    def ask_to_correct(self, what: str, why: str, at: datetime) -> None:
        ask_correction(submission=self.submission, what=what, why=why, actor=self._member(DistrictRole.HEAD), now=at)

    def refuse(self, reason: str, at: datetime) -> None:
        """The approver refuses what the district asked for last."""
        petition = self.submission.petitions.latest("asked_at", "pk")
        refuse_petition(petition=petition, reason=reason, actor=self._cast.bureau[BureauRoleName.APPROVER], now=at)

    def check(self, note: str, at: datetime) -> None:
        read = Read(self.submission, self.submission.working_revision_id)
        mark_checked(read=read, note=note, actor=self._cast.reviewers[self.code], now=at)

    def send_back(self, at: datetime, due_at: datetime, *, announced: bool = False) -> None:
        reviewer = self._cast.reviewers[self.code]
        self._step(TransitionName.RETURN, reviewer, at, terms=Terms(due_at=due_at), announced=announced)

    def address(self, question_key: str, reply: str, at: datetime) -> None:
        """Answer the open comment at a question."""
        comment = self.submission.comments.get(question_key=question_key, state=CommentState.OPEN)
        address_comment(comment=comment, reply=reply, actor=self._member(DistrictRole.OFFICER), now=at)

    def approve(self, at: datetime, *, announced: bool = False) -> None:
        self._step(TransitionName.APPROVE, self._cast.bureau[BureauRoleName.APPROVER], at, announced=announced)

    def attach_scan(self, at: datetime) -> None:
        """The signed report on paper, with the district's seal."""
        revision = self.submission.working_revision
        if revision is None or revision.signed_at is None:
            raise ValueError("A stamped scan is one of a signed report.")
        day = timezone.localtime(revision.signed_at).date()
        facts = [f"District: {self.submission.district_name}", f"Period: {self.period}", f"Receipt: {revision.receipt_number}"]
        page = stamped_page([self.submission.cycle.definition.name, *facts, f"Signed: {revision.signed_name}, {day}", _SYNTHETIC])
        name = f"{self.period}-{self.code}.pdf"
        attach_scan(revision=revision, name=name, content=page, actor=self._member(DistrictRole.OFFICER), now=at)

    def reopen(self, at: datetime, due_at: datetime, reason: str) -> None:
        approver = self._cast.bureau[BureauRoleName.APPROVER]
        self._step(TransitionName.REOPEN, approver, at, note=reason, terms=Terms(due_at=due_at))
