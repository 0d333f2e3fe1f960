"""Hostile and broken files: a clear refusal, within the memory and the time of the processor that are promised."""

import pytest

from reporting.workbooks import limits
from reporting.workbooks.child.answer import END, FAULT, FIELD, RECORD
from reporting.workbooks.reading import read_book
from tests.reporting.workbooks.conftest import Refuser
from tests.reporting.workbooks.hostile import HOSTILE
from tests.reporting.workbooks.measured import measured

MEMORY, SECONDS = 200_000_000, 5
_WAITED = limits.SECONDS
_EARLY = {"nothing", "a table as text", "a page", "an old workbook", "a workbook with a password", "11 MB"}
"""Told by their first bytes or their size, before a process starts."""
_LATE = {"a flag that is none", "a day that is none"}
"""Told by whoever hears the process."""


@pytest.mark.parametrize("name", sorted(name for name, (_make, said) in HOSTILE.items() if said))
def test_hostile_file_is_refused_in_words(name: str, refused: Refuser) -> None:
    make, said = HOSTILE[name]
    assert refused(make()) == said


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - _EARLY))
def test_hostile_file_costs_the_process_no_more_than_is_promised(name: str) -> None:
    make, said = HOSTILE[name]
    taken = measured(make())
    last = taken.said.split(RECORD)[-2].split(FIELD)[0]
    assert (last, taken.status, taken.left) == (FAULT if said and name not in _LATE else END, 0, False)
    assert taken.memory <= MEMORY
    assert taken.seconds <= limits.CPU_SECONDS


def test_limits_are_those_that_are_promised() -> None:
    assert limits.MEMORY_BYTES <= MEMORY
    assert limits.CPU_SECONDS < _WAITED <= SECONDS


def test_largest_workbook_that_may_be_is_read() -> None:
    make, _said = HOSTILE["a shared text of faces"]
    assert len(read_book(make()).sheets) == 1
