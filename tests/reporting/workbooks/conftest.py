from collections.abc import Callable

import pytest

from districts.errors import Refused
from reporting.workbooks import limits
from reporting.workbooks.reading import read_book

Refuser = Callable[[bytes], str]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """How fast the machine is, and how busy, is not what these tests are about. The limit of the processor's time stays."""
    monkeypatch.setattr(limits, "SECONDS", 60)


@pytest.fixture
def refused() -> Refuser:
    """The one message with which a file is refused."""

    def message(content: bytes) -> str:
        with pytest.raises(Refused) as caught:
            read_book(content)
        (text,) = caught.value.messages
        return str(text)

    return message
