"""Hostile and broken files: a clear refusal, within the memory and the time of the processor that are promised."""

import pytest

from districts.errors import Refused
from reporting.workbooks import limits
from reporting.workbooks.child.answer import FAULT, RECORD
from reporting.workbooks.decoding import Decoder
from reporting.workbooks.reading import read_book
from tests.reporting.workbooks.conftest import Refuser
from tests.reporting.workbooks.hostile import HOSTILE
from tests.reporting.workbooks.measured import measured

MEMORY, SECONDS = 200_000_000, 5
_WAITED = limits.SECONDS
PROMISED = ("one cell at XFD1048576", "a text of 400 MB", "a million rows", "archives in archives", "a billion laughs")
"""Those that the project was asked to withstand."""
HERE = ("nothing", "a table as text", "a page", "an old workbook", "a workbook with a password", "11 MB")
"""Told by their first bytes or their size, before a process starts."""
HEARD = ("a flag that is none", "a day that is none")
"""Told by whoever hears the process."""
BY_PROCESS = sorted(name for name, (_make, said) in HOSTILE.items() if said and name not in HERE + HEARD)


@pytest.mark.parametrize("name", PROMISED + HERE + HEARD)
def test_hostile_file_is_refused_in_words(name: str, refused: Refuser) -> None:
    make, said = HOSTILE[name]
    assert refused(make()) == said


@pytest.mark.parametrize("name", BY_PROCESS)
def test_process_refuses_hostile_file_within_its_limits_and_leaves_nothing(name: str) -> None:
    make, said = HOSTILE[name]
    taken = measured(make())
    assert (refusal_in(taken.said), taken.status, taken.left) == (said, 0, False)
    assert taken.memory <= MEMORY
    assert taken.seconds <= limits.CPU_SECONDS


def test_largest_text_that_may_be_is_read_within_the_limits() -> None:
    make, _said = HOSTILE["a shared text of faces"]
    assert len(read_book(make()).sheets) == 1
    assert measured(make()).memory <= MEMORY


def test_limits_are_those_that_are_promised() -> None:
    assert limits.MEMORY_BYTES <= MEMORY
    assert limits.CPU_SECONDS < _WAITED <= SECONDS


def refusal_in(said: str) -> str:
    """What a person is told of the process's last record."""
    last = said.split(RECORD)[-2]
    assert last.startswith(FAULT)
    with pytest.raises(Refused) as caught:
        Decoder().take((last + RECORD).encode())
    (message,) = caught.value.messages
    return str(message)
