"""Where in a file of JSON something is, and what is wrong there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Path = tuple[str | int, ...]
"""Names and numbers from the outside in, counted from 0: `("sections", 2, "questions", 0, "kind")`."""
MOST_SHOWN = 200


def written(path: Sequence[str | int]) -> str:
    """`sections[2].questions[0].kind`; blank for the whole file."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


@dataclass(frozen=True)
class Problem:
    path: Path
    text: str

    def __str__(self) -> str:
        return f"{written(self.path)}: {self.text}" if self.path else self.text


def in_order_of_file(problems: Iterable[Problem], names: Sequence[str]) -> list[Problem]:
    """Each once, the parts of the file in the order of `names`, what concerns the whole of it first."""
    order = {name: position for position, name in enumerate(names)}

    def key(problem: Problem) -> list[tuple[int, int]]:
        return [(0, part) if isinstance(part, int) else (1, order.get(part, len(order))) for part in problem.path]

    return sorted(dict.fromkeys(problems), key=key)


def sentences(problems: Sequence[Problem]) -> list[str]:
    """What is shown of them: a file of rubbish is not answered with a page of megabytes."""
    shown = [str(problem) for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        shown.append(_("And %(number)d more.") % {"number": len(problems) - MOST_SHOWN})
    return shown


class Found:
    """The problems of a file as they are found, and which of its parts are sound so far."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = []
        self._unsound: set[Path] = set()
        for problem in problems:
            self.add(problem.path, problem.text)

    def add(self, path: Path, text: str) -> None:
        self.problems.append(Problem(path, text))
        self._unsound |= {path[:length] for length in range(len(path) + 1)}

    def is_sound(self, path: Path) -> bool:
        """Whether nothing is wrong with the part nor with anything in it."""
        return path not in self._unsound

    def entries(self, within: Mapping[str, Any], name: str, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """The objects of a list, each with its place; what is none has been said."""
        items = within.get(name, [])
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, Mapping):
                yield (*path, name, position), item

    def sound(self, item: Mapping[str, Any], path: Path, names: Mapping[str, str]) -> dict[str, Any]:
        """The fields that the item gives and with which nothing is wrong, by the model's names."""
        return {names[name]: item[name] for name in names if name in item and self.is_sound((*path, name))}
