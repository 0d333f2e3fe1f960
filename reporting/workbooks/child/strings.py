"""The texts that cells share, and what is a text of a cell at all."""

from __future__ import annotations

from reporting.workbooks import limits
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.markup import Attributes, Reader
from reporting.workbooks.child.texts import clean


class RichText(Reader):
    """Puts a text of several runs together; how it is pronounced is not a part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self._sounds = False
        self.at("t", self.begin_text, self._end_run)
        self.at("rPh", self._begin_sounds, self._end_sounds)

    def whole(self) -> str:
        text = clean("".join(self.runs))
        self.runs.clear()
        return text

    def _end_run(self) -> None:
        if not self._sounds:
            self.runs.append(self.taken())

    def _begin_sounds(self, _attributes: Attributes) -> None:
        self._sounds = True

    def _end_sounds(self) -> None:
        self._sounds = False


class SharedStrings(RichText):
    """`texts` has them by their numbers, as cells write them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._length = 0
        self.at("si", self._begin, self._end)

    def _begin(self, _attributes: Attributes) -> None:
        self.runs.clear()

    def _end(self) -> None:
        text = self.whole()
        self._length += len(text)
        if self._length > limits.TEXT:
            raise Fault("text")
        if len(self.texts) == limits.SHARED_TEXTS:
            raise Fault("complicated")
        self.texts[str(len(self.texts))] = text
