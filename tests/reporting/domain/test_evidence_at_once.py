"""Several people, or a double click, at the files of one report; and the sweep while somebody adds."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from districts.errors import Refused
from districts.models import User
from reporting.domain.evidence import MAX_FILES, add_file, remove_file
from reporting.domain.file_store import drop_unused_files
from reporting.models import EvidenceFile, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_cycle, make_version
from tests.files import PNG, pdf
from tests.reporting.domain.states import bring_to, do, reread
from tests.reporting.domain.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drafts(cast: Cast, disk: Path) -> tuple[Submission, Submission]:
    """Two reports of one district."""
    version = make_version(files=True)
    cycles = [make_cycle(version, period, opened_by=cast.administrator) for period in ("2026-S1", "2025-S1")]
    first, second = (cycle.submissions.get(district=cast.north) for cycle in cycles)
    for submission in (first, second):
        bring_to("draft", submission, cast)
    return reread(first), reread(second)


def adding(submission: Submission, actor: User, content: bytes = PNG) -> Callable[[], EvidenceFile]:
    fields: dict[str, Any] = {"question_key": "papers", "name": "a.png", "content": content}
    return partial(add_file, submission=submission, actor=actor, now=NOW, **fields)


def stored(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file()]


def test_file_that_is_sent_many_times_at_once_is_one(cast: Cast, drafts: tuple[Submission, Submission], disk: Path) -> None:
    outcomes = at_once([adding(drafts[0], person) for person in (cast.officer, cast.head)] * 4)
    assert {type(outcome) for outcome in outcomes} == {EvidenceFile}
    assert (EvidenceFile.objects.count(), [path.read_bytes() for path in stored(disk)]) == (1, [PNG])


def test_limit_holds_for_files_that_come_at_once(cast: Cast, drafts: tuple[Submission, Submission]) -> None:
    for number in range(MAX_FILES - 2):
        adding(drafts[0], cast.officer, pdf(str(number)))()
    outcomes = at_once([adding(drafts[0], cast.officer, pdf(f"late {number}")) for number in range(6)])
    assert Counter(type(outcome) for outcome in outcomes) == {EvidenceFile: 2, Refused: 4}
    assert EvidenceFile.objects.count() == MAX_FILES


def test_same_content_in_two_reports_at_once_is_stored_whole(
    cast: Cast, drafts: tuple[Submission, Submission], disk: Path
) -> None:
    large = pdf("x" * 3_000_000)
    outcomes = at_once([adding(draft, cast.officer, large) for draft in drafts])
    assert {type(outcome) for outcome in outcomes} == {EvidenceFile}
    assert (EvidenceFile.objects.count(), [path.read_bytes() for path in stored(disk)]) == (2, [large])


def test_file_comes_before_the_hand_over_or_not_at_all(cast: Cast, drafts: tuple[Submission, Submission]) -> None:
    draft = drafts[0]
    both: list[Callable[[], object]] = [adding(draft, cast.officer), partial(do, draft, "hand_over", cast.officer)]
    outcomes = at_once(both)
    assert reread(draft).state == "awaiting_signature"
    assert EvidenceFile.objects.count() == sum(isinstance(outcome, EvidenceFile) for outcome in outcomes)
    assert {type(outcome) for outcome in outcomes} <= {EvidenceFile, Submission, Refused}


def test_sweep_never_takes_a_file_that_is_being_added_again(
    cast: Cast, drafts: tuple[Submission, Submission], disk: Path
) -> None:
    """A file that nobody needed for days comes again in the moment in which it is swept: whoever is first, it is there."""
    for _round in range(5):
        (path,) = [disk / add().stored_as for add in [adding(drafts[0], cast.officer)]]
        remove_file(file=EvidenceFile.objects.get(), actor=cast.officer, now=NOW)
        then = (timezone.now() - timedelta(days=3)).timestamp()
        os.utime(path, (then, then))
        both: list[Callable[[], object]] = [adding(drafts[0], cast.officer), partial(drop_unused_files, now=timezone.now())]
        at_once(both)
        assert (EvidenceFile.objects.count(), path.read_bytes()) == (1, PNG)
        remove_file(file=EvidenceFile.objects.get(), actor=cast.officer, now=NOW)
