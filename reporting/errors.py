"""What reporting refuses beyond the general refusals of `districts.errors`."""

from dataclasses import dataclass

from districts.errors import Conflict, Text


@dataclass(frozen=True)
class AnswerClash:
    """Both values of an answer that somebody else changed since it was shown."""

    question_key: str
    theirs: str
    their_version: int
    their_name: str
    yours: str


class StaleAnswer(Conflict):
    """The same answer, or several, was changed by somebody else; nothing was overwritten and nothing saved."""

    def __init__(self, message: Text, *clashes: AnswerClash) -> None:
        super().__init__(message)
        self.clashes = clashes

    @property
    def clash(self) -> AnswerClash:
        """The first of the clashes."""
        return self.clashes[0]
