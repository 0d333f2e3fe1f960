"""What a report's page sends, question by question, and what it shows again where that was not saved.

For each question that was on the page there is a `seen-KEY`: the answer's version and a fingerprint of what the page showed. An
answer that nobody touched is therefore no change, however old the page is.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from districts.errors import DomainError, Refused
from reporting.domain.answers import AnswerChange
from reporting.enums import AnswerStatus
from reporting.models import Answer

MINE, THEIRS = "mine", "theirs"
_WITHHELD = frozenset({AnswerStatus.NOT_APPLICABLE.value, AnswerStatus.SUPPRESSED.value})
_EDITOR_LENGTH = 32
_PARTS = frozenset({"seen", "answer", "explanation", "status"})
_UNREADABLE = frozenset("\x00\ufffd")
"""What stands where bytes were no UTF-8, and what PostgreSQL cannot hold."""


@dataclass(frozen=True)
class Typed:
    """One question as a page sent it. `choice` settles a clash: the person's own answer, or theirs, of `their_version`."""

    key: str
    seen: str
    raw: str
    explanation: str
    status: str
    choice: str = ""
    their_version: str = ""

    @property
    def is_touched(self) -> bool:
        return self.choice == MINE or _fingerprint(self.raw, self.explanation, self.status) != self.seen.partition(".")[2]

    @property
    def seen_version(self) -> int:
        version = self.their_version if self.choice == MINE else self.seen.partition(".")[0]
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            raise _damaged()
        return int(version)


def typed_answers(post: QueryDict) -> dict[str, Typed]:
    """By question key, in the order of the page. An answer without its `seen-KEY` is here too, to be refused as damaged."""
    names = (name.partition("-") for name in post)
    return {key: _typed(post, key) for part, _dash, key in names if part in _PARTS}


def changes_of(typed: Collection[Typed], editor: str) -> list[AnswerChange]:
    """The answers that the person touched, and still wants. Raises DomainError where the page or a text is damaged."""
    if not typed or "\x00" in editor:
        raise _damaged()
    changes = _touched(typed, editor)
    if any(_UNREADABLE & {*(change.raw or ""), *(change.explanation or "")} for change in changes):
        raise Refused(_("The text holds a damaged character (often shown as “�”). Type it again; nothing was saved."))
    return changes


def _damaged() -> DomainError:
    return DomainError(_("This page is damaged or out of date. Reload it and try again; nothing was saved."))


def _touched(typed: Iterable[Typed], editor: str) -> list[AnswerChange]:
    return [
        AnswerChange(
            question_key=one.key,
            seen_version=one.seen_version,
            raw=one.raw,
            explanation=one.explanation,
            status=one.status,
            editor=editor[:_EDITOR_LENGTH],
        )
        for one in typed
        if one.choice != THEIRS and one.is_touched
    ]


def seen_token(answer: Answer | None) -> str:
    """The version of an answer and the fingerprint of what a page shows of it."""
    version = answer.version if answer else 0
    return f"{version}.{_fingerprint(*shown(answer))}"


def shown(answer: Answer | None) -> tuple[str, str, str]:
    """(as typed, explanation, status) as the page's fields hold them; the status is blank where there is a value."""
    if answer is None:
        return "", "", ""
    return answer.raw, answer.explanation, answer.status if answer.status in _WITHHELD else ""


def _typed(post: QueryDict, key: str) -> Typed:
    values: Mapping[str, str] = {
        name: post.get(f"{name}-{key}", "") for name in ("seen", "explanation", "status", "choice", "theirs")
    }
    return Typed(
        key=key,
        seen=values["seen"],
        raw=_lines("\n".join(post.getlist(f"answer-{key}"))),
        explanation=_lines(values["explanation"]),
        status=values["status"],
        choice=values["choice"],
        their_version=values["theirs"],
    )


def _lines(text: str) -> str:
    """Browsers send CR LF."""
    return text.replace("\r\n", "\n")


def _fingerprint(raw: str, explanation: str, status: str) -> str:
    return hashlib.sha256(f"{raw}\x00{explanation}\x00{status}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
