"""Writing answers. What was typed is kept; two people's different answers never clash; the same answer never changes silently."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed, Refused
from districts.models import User
from districts.queries.access import may
from reporting.enums import NUMERIC_KINDS, AnswerStatus, QuestionKind
from reporting.errors import AnswerClash, StaleAnswer
from reporting.models import Answer, Question, Revision, Submission
from reporting.queries.definitions import questionnaire
from reporting.queries.submissions import locked_submission
from reporting.validators.numbers import read_value

MAX_RAW = 20_000
_VALUE_FIELDS = ("raw", "number", "text", "choices", "date", "boolean", "status", "explanation")
_ONE_BY_ONE = 20
"""More new answers than this come from a workbook or a pasted table."""
_WRITTEN_FIELDS = (*_VALUE_FIELDS, "indicator", "version", "editor", "updated_by", "updated_at")


@dataclass(frozen=True)
class AnswerChange:
    """What a page sends for one question. `seen_version` is the version it showed (0: none yet), `editor` the page's own token.

    `raw` and `explanation` are None where the page did not touch them; `status` says not applicable or suppressed in place of a
    value, and is empty for a value.
    """

    question_key: str
    seen_version: int
    raw: str | None = None
    explanation: str | None = None
    status: str | None = None
    editor: str = ""


def save_answers(
    *,
    submission: Submission,
    changes: Sequence[AnswerChange],
    actor: User,
    now: datetime,
    right: DistrictPermission = DistrictPermission.FILE,
    ready: Mapping[str, Answer] | None = None,
) -> list[Answer]:
    """Write the changes, all or none, and give the answers as they now stand. `right` is another one for
    `reporting/domain/entering.py` alone, which says so in the report's history. `ready` are, by key, what `changed_answer` gave
    for these changes to whoever looked at them before: a change whose answer has gone on since then is refused as stale.

    Raises NotAllowed, Refused (not editable, locked, unknown question, too long) or StaleAnswer with both values of
    every answer that clashes. Of a page from before the report went over to a newer version, what is still asked is saved, and
    Refused says what is not.
    """
    with transaction.atomic():
        saving = _Saving(editable_revision(submission, actor, now, right), actor, now, ready or {})
        for change in changes:
            saving.take(change)
        if saving.clashes:
            raise _stale(*saving.clashes)
        _write(list(saving.written.values()))
    if saving.gone:
        raise Refused(_gone(saving.gone))
    return saving.saved


class _Saving:
    """The changes of one save, sorted by what becomes of each. Nothing is written here."""

    def __init__(self, revision: Revision, actor: User, now: datetime, ready: Mapping[str, Answer]) -> None:
        self.saved: list[Answer] = []
        self.written: dict[str, Answer] = {}
        self.clashes: list[AnswerClash] = []
        self.gone: list[str] = []
        self._revision, self._actor, self._now, self._ready = revision, actor, now, ready
        self._asked = {question.key: question for question in questionnaire(revision.definition_version_id).entered}
        stored = revision.answers.filter(row_key="").select_related("updated_by")
        self._stored = {answer.question_key: answer for answer in stored}

    def take(self, change: AnswerChange) -> None:
        key = change.question_key
        try:
            answer = _answer_to_save(self._revision, self._asked, self._stored, change, self._ready.get(key))
        except StaleAnswer as stale:
            self.clashes += stale.clashes
        except _NotAskedSinceMove as left:
            self.gone.append(str(left))
        else:
            if answer is not self._stored.get(key):
                answer.updated_by, answer.updated_at = self._actor, self._now
                self.written[key] = self._stored[key] = answer
            self.saved.append(answer)


def set_nil_return(*, submission: Submission, reason: str, actor: User, now: datetime) -> None:
    """Say that there is nothing to report this period, and why; a blank reason takes that back. Answers are kept either way."""
    with transaction.atomic():
        revision = editable_revision(submission, actor, now)
        revision.nil_reason = _clean(reason).strip()
        revision.save(update_fields=["nil_reason"])


def editable_revision(
    submission: Submission, actor: User, now: datetime, right: DistrictPermission = DistrictPermission.FILE
) -> Revision:
    """The working revision, its submission locked for this transaction; refuses where it cannot be written."""
    locked = locked_submission(submission.pk)
    if not may(actor, right, locked.district_id):
        raise NotAllowed(_("You may read this report and not fill it in."))
    if locked.is_locked(now):
        raise Refused(
            _("This report is locked since its closing time; nothing was saved. Ask your reviewer at the bureau for more time.")
        )
    if not locked.is_editable or locked.working_revision is None:
        raise Refused(
            _("This report is “%(state)s” and cannot be changed now; nothing was saved.") % {"state": locked.get_state_display()}
        )
    return locked.working_revision


def _write(answers: Sequence[Answer]) -> None:
    """All of them by two statements at most."""
    fresh, known = ([answer for answer in answers if (answer.pk is None) == is_fresh] for is_fresh in (True, False))
    if known:
        Answer.objects.bulk_update(known, _WRITTEN_FIELDS)
    if len(fresh) > _ONE_BY_ONE:
        Answer.objects.copy_in(fresh)
    else:
        Answer.objects.bulk_create(fresh)


def _answer_to_save(
    revision: Revision,
    asked: Mapping[str, Question],
    stored: Mapping[str, Answer],
    change: AnswerChange,
    ready: Answer | None = None,
) -> Answer:
    """The answer with its next version; the one that stands already where the change changes nothing."""
    question = asked.get(change.question_key)
    current = stored.get(change.question_key)
    if (question is None or (current is None and change.seen_version)) and (name := _name_before(revision, change.question_key)):
        raise _NotAskedSinceMove(name)
    if question is None:
        raise DomainError(_("There is no such question in this report."))
    if question.kind == QuestionKind.FILE:
        raise DomainError(_("“%(question)s” is answered with files, which are added there.") % {"question": question})
    is_ready = ready is not None and ready.revision_id == revision.pk
    answer = ready if ready and is_ready else changed_answer(revision, question, current, change)
    if current is not None and _same(current, answer):
        return current
    _refuse_stale(current, change)
    answer.version = (current.version if current else 0) + 1
    answer.editor = change.editor
    return answer


class _NotAskedSinceMove(Exception):
    """With the wording of a question of an earlier version, which the report does not ask any more, or in another way."""


def _name_before(revision: Revision, key: str) -> str:
    """How the question is called in the version of an earlier revision; blank where none has it."""
    earlier = revision.submission.revisions.exclude(definition_version=revision.definition_version_id)
    for version in earlier.order_by("-number").values_list("definition_version", flat=True):
        question = questionnaire(version).by_key.get(key)
        if question is not None:
            return question.text
    return ""


def _gone(names: Sequence[str]) -> str:
    return _(
        "The bureau has moved this report to a newer version of its form. It does not ask any more, or asks in another way: "
        "%(questions)s. What was given there before is kept in the report's history; answers to all other questions are saved. "
        "Reload the page."
    ) % {"questions": _("; ").join(names)}


def _refuse_stale(current: Answer | None, change: AnswerChange) -> None:
    """A page's own saves follow one another; anybody else's must have been seen."""
    if (current.version if current else 0) == change.seen_version:
        return
    if current and change.editor and current.editor == change.editor:
        return
    clash = AnswerClash(
        question_key=change.question_key,
        theirs=current.raw if current else "",
        their_version=current.version if current else 0,
        their_name=str(current.updated_by or "") if current else "",
        yours=change.raw or "",
    )
    raise _stale(clash)


def _stale(*clashes: AnswerClash) -> StaleAnswer:
    message = _("This answer was changed by somebody else since you opened the page. Choose which value stays.")
    return StaleAnswer(message, *clashes)


def changed_answer(revision: Revision, question: Question, current: Answer | None, change: AnswerChange) -> Answer:
    """The answer as it would be, not saved."""
    answer = Answer(
        pk=current.pk if current else None,
        revision=revision,
        district_id=revision.district_id,
        question_key=question.key,
        indicator=question.indicator,
        explanation=_clean(change.explanation if change.explanation is not None else current.explanation if current else ""),
    )
    answer.raw = _clean(change.raw if change.raw is not None else current.raw if current else "")
    status = change.status if change.status is not None else _withheld(current)
    if status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED}:
        answer.status = status
    elif status not in {"", AnswerStatus.REPORTED, AnswerStatus.MISSING}:
        raise DomainError(_("There is no such status of an answer."))
    else:
        _read(answer, question)
    return answer


def _withheld(current: Answer | None) -> str:
    return current.status if current and current.status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED} else ""


def _clean(text: str) -> str:
    if len(text) > MAX_RAW:
        raise Refused(
            _("The text has %(length)d characters; %(limit)d are possible. Nothing was saved.")
            % {"length": len(text), "limit": MAX_RAW}
        )
    return text.replace("\x00", "").replace("\r\n", "\n")


def _same(current: Answer, answer: Answer) -> bool:
    return all(getattr(current, field) == getattr(answer, field) for field in _VALUE_FIELDS)


def _read(answer: Answer, question: Question) -> None:
    """Fill the typed column from `raw`; leave the status at missing where it cannot be read."""
    if answer.raw.strip() and _READERS[question.kind](answer, question, answer.raw.strip()):
        answer.status = AnswerStatus.REPORTED


def _read_number(answer: Answer, question: Question, raw: str) -> bool:
    answer.number = read_value(raw, QuestionKind(question.kind), question.indicator.units if question.indicator else ())
    return answer.number is not None


def _read_text(answer: Answer, _question: Question, raw: str) -> bool:
    answer.text = raw
    return True


def _read_choices(answer: Answer, question: Question, raw: str) -> bool:
    chosen = raw.split("\n")
    if not set(chosen) <= set(question.choices):
        return False
    answer.choices = chosen
    return True


def _read_choice(answer: Answer, question: Question, raw: str) -> bool:
    return "\n" not in raw and _read_choices(answer, question, raw)


def _read_date(answer: Answer, _question: Question, raw: str) -> bool:
    try:
        answer.date = date.fromisoformat(raw)
    except ValueError:
        return False
    return True


def _read_yes_no(answer: Answer, _question: Question, raw: str) -> bool:
    answer.boolean = {"yes": True, "no": False}.get(raw)
    return answer.boolean is not None


_READERS: dict[str, Callable[[Answer, Question, str], bool]] = {
    **dict.fromkeys(NUMERIC_KINDS, _read_number),
    QuestionKind.TEXT: _read_text,
    QuestionKind.LONG_TEXT: _read_text,
    QuestionKind.CHOICE: _read_choice,
    QuestionKind.CHOICES: _read_choices,
    QuestionKind.DATE: _read_date,
    QuestionKind.YES_NO: _read_yes_no,
}
