"""The canonical form of a signed report, its digest, and the chain of digests.

`content_digest` is what a signer sees and confirms: SHA-256 over the canonical JSON (keys sorted, no blanks, UTF-8) of
`canonical_content`. `receipt_digest` binds it to the signature and to the receipt before: SHA-256 over the canonical JSON of
content digest, previous digest, receipt number, signer, statement and the signing instant in UTC with microseconds. A receipt
that an acting head signed has a format of its own, which says so; all others are as they always were.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal

from reporting.models import Answer, EvidenceFile, KeyTaskUpdate, Revision, Submission

FORMAT = 1
FORMAT_OF_ACTING = 2
FORMAT_OF_FILES = 3
FORMAT_OF_TASKS = 4


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(number: Decimal | None) -> str | None:
    """Without trailing zeros or exponent, so that 1.50 read back as 1.500000 is the same text."""
    if number is None:
        return None
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _answer(answer: Answer) -> list[object]:
    return [
        answer.question_key,
        answer.row_key,
        answer.status,
        answer.raw,
        _plain(answer.number),
        answer.text,
        answer.choices,
        answer.date.isoformat() if answer.date else None,
        answer.boolean,
        answer.explanation,
    ]


def canonical_content(
    submission: Submission,
    revision: Revision,
    answers: Iterable[Answer],
    files: Iterable[EvidenceFile],
    tasks: Iterable[KeyTaskUpdate] = (),
) -> dict[str, object]:
    """What the report says, in one order: answers sorted by question and row key, computed values among them; then its files by
    question and content, and what it says of key tasks by their numbers. A report without files or tasks is of the format that
    there was before there were any."""
    rows = sorted((_answer(answer) for answer in answers), key=lambda row: (row[0], row[1]))
    evidence = sorted([file.question_key, file.sha256, file.size, file.kind, file.name] for file in files)
    given: dict[str, object] = {"format": FORMAT_OF_FILES, "files": evidence} if evidence else {"format": FORMAT}
    told = sorted([task.party_id, task.progress, task.text] for task in tasks)
    if told:
        given |= {"format": FORMAT_OF_TASKS, "tasks": told}
    return given | {
        "definition": submission.cycle.definition.slug,
        "definition_version": revision.definition_version.number,
        "period": submission.cycle.period,
        "district": submission.district.code,
        "revision": revision.number,
        "nil_reason": revision.nil_reason,
        "answers": rows,
    }


def content_digest(
    submission: Submission,
    revision: Revision,
    answers: Iterable[Answer],
    files: Iterable[EvidenceFile],
    tasks: Iterable[KeyTaskUpdate] = (),
) -> str:
    """64 hexadecimal digits: the version that a signer saw."""
    return _digest(canonical_content(submission, revision, answers, files, tasks))


def receipt_digest(revision: Revision, content: str) -> str:
    """The digest of a signed revision, from its signature fields and the digest of its content."""
    if revision.signed_at is None:
        raise ValueError("A receipt is made of a signed revision.")
    signature: dict[str, object] = {
        "format": FORMAT,
        "content": content,
        "previous": revision.previous_digest,
        "receipt": revision.receipt_number,
        "signed_at": revision.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "signed_by": revision.signed_by_id,
        "signed_name": revision.signed_name,
        "statement": revision.statement,
    }
    if revision.signed_acting:
        signature |= {"format": FORMAT_OF_ACTING, "acting": True}
    return _digest(signature)


def receipt_number(submission: Submission, revision: Revision) -> str:
    """Such as 2026-S1-110105-digital-economy-2: period, district, definition and revision."""
    return f"{submission.cycle.period}-{submission.district.code}-{submission.cycle.definition.slug}-{revision.number}"
