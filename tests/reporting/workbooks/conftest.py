from collections.abc import Callable

import pytest

from districts.errors import Refused
from reporting.models import Submission
from reporting.workbooks import limits
from reporting.workbooks.reading import read_book
from tests import factories
from tests.conftest import Cast
from tests.reporting.workbooks.every_kind import GIVEN, make_every_kind

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


@pytest.fixture
def report(cast: Cast) -> Submission:
    """Of every kind of question, begun, without answers; the other district has all of them."""
    cycle = factories.make_cycle(make_every_kind(), opened_by=cast.administrator)
    factories.fill(cycle.submissions.get(district=cast.south), cast.south_officer, GIVEN | {"line": "Southgate's"})
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, {})
    return submission
