"""The texts for people in the sources: what gettext's own tools would find in Python files and templates."""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
_PYTHON = ("portal", "districts", "reporting")
_TEMPLATES = ("templates",)
_KINDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ("msgid",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("msgid", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "msgid")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "msgid", "plural")),
}
"""Each function of gettext, and what its arguments are."""
_LITERAL = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
_CALL = re.compile(rf"\b(?P<name>{'|'.join(_KINDS)})\((?P<arguments>\s*u?(?:{_LITERAL})(?:\s*,\s*u?(?:{_LITERAL}))*)")
_COMMENT = re.compile(r"#\s*(Translators:.*)")


class ExtractionError(ValueError):
    """A call of gettext whose text is not a literal, so that nobody could translate it."""


@dataclass(frozen=True)
class Message:
    msgid: str
    plural: str = ""
    context: str | None = None
    comment: str = ""

    @property
    def key(self) -> tuple[str, str | None]:
        return self.msgid, self.context


def messages_of_project(project: Path = PROJECT) -> dict[tuple[str, str | None], Message]:
    """Every message once; one that is said with a plural anywhere has it, and comments are gathered."""
    found: dict[tuple[str, str | None], Message] = {}
    for message in _all(project):
        known = found.get(message.key, message)
        comments = sorted({*filter(None, [*known.comment.splitlines(), *message.comment.splitlines()])})
        found[message.key] = Message(message.msgid, known.plural or message.plural, message.context, "\n".join(comments))
    return found


def _all(project: Path) -> Iterator[Message]:
    for path in _files(project, _PYTHON, ".py"):
        if "migrations" not in path.parts:
            yield from messages_of_python(path.read_text(encoding="utf-8"), str(path))
    for path in [*_files(project, _TEMPLATES, ".html"), *_files(project, _TEMPLATES, ".txt")]:
        yield from messages_of_template(path.read_text(encoding="utf-8"), str(path))


def _files(project: Path, folders: Iterable[str], suffix: str) -> list[Path]:
    return sorted(path for folder in folders for path in (project / folder).rglob(f"*{suffix}"))


def messages_of_python(source: str, origin: str) -> Iterator[Message]:
    """Raises ExtractionError where a text is put together before it is translated."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source, origin)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        kinds = _KINDS.get(name)
        if kinds is None:
            continue
        texts = [argument.value for argument in node.args[: len(kinds)] if isinstance(argument, ast.Constant)]
        if len(texts) != len(kinds) or not all(isinstance(text, str) for text in texts):
            raise ExtractionError(f"{origin}:{node.lineno}: {name}() needs literal texts")
        yield _message(kinds, [str(text) for text in texts], _comment_above(lines, node.lineno))


def messages_of_template(source: str, origin: str) -> Iterator[Message]:
    python = templatize(source, origin=os.path.relpath(origin, PROJECT))
    for call in _CALL.finditer(python):
        texts = [str(ast.literal_eval(literal)) for literal in re.findall(_LITERAL, call["arguments"])]
        kinds = _KINDS[call["name"]]
        yield _message(kinds, texts[: len(kinds)], "")


def _message(kinds: tuple[str, ...], texts: list[str], comment: str) -> Message:
    return Message(**dict(zip(kinds, texts, strict=True)), comment=comment)


def _comment_above(lines: list[str], number: int) -> str:
    match = _COMMENT.search(lines[number - 2]) if number > 1 else None
    return match[1].strip() if match else ""
