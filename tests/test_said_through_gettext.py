"""Every text for people goes through gettext: in templates, and where Python gives words to a page, a form or a mail."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
_SAID = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
_CLASSES = re.compile(r"{%\s*block bodyclass\s*%}.*?{%\s*endblock\s*%}")
_CODE = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:title|aria-label|aria-description|placeholder|alt|data-label|data-confirm)="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&#?\w+;")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ATTRIBUTES_ALONE = {"_autosave.html", "_described.html"}
"""Fragments that stand inside a tag."""
_TEMPLATES = sorted(path for path in (PROJECT / "templates").rglob("*.*") if path.name not in _ATTRIBUTES_ALONE)
_PYTHON = sorted(
    path
    for app in ("portal", "districts", "reporting")
    for path in (PROJECT / app).rglob("*.py")
    if "migrations" not in path.parts
)
_FOR_PEOPLE = {
    "verbose_name",
    "verbose_name_plural",
    "help_text",
    "label",
    "description",
    "title",
    "subject",
    "link_text",
    "heading",
}
"""Keyword arguments whose text a person reads."""
_REFUSALS = {
    "Refused",
    "NotAllowed",
    "Conflict",
    "DomainError",
    "ValidationError",
    "PermissionDenied",
    "ExpressionError",
    "StaleAnswer",
}
_TOLD = {"success", "error", "warning", "info"}
_UNSEEN = frozenset(
    {
        "The row, in lists of tasks or practices.",
        "The open page that wrote it last: a page's own saves never clash with each other.",
        "Value less base over the units with both; of a rate in percentage points.",
        "The due time in force at the first signature: late is late for ever.",
    }
)
"""Notes on columns that no form has."""
_OPERATORS = ("management", "demo", "embedded", "api")
"""What is said to whoever runs a command, or writes a program, is English."""


def _bare(template: str) -> set[str]:
    """Words that the template says without gettext."""
    text = _CODE.sub(" ", _CLASSES.sub(" ", _SAID.sub(" ", template)))
    found = " ".join([*_ATTRIBUTE.findall(text), _ENTITY.sub(" ", _TAG.sub(" ", text))])
    return set(_LETTERS.findall(found))


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_template_says_nothing_without_gettext(path: Path) -> None:
    assert _bare(path.read_text(encoding="utf-8")) == set()


_LANGUAGES_DATE = {"DATE_FORMAT", "YEAR_MONTH_FORMAT", "c", "Y-m-d H:i:s"}
"""As each language writes it, and two that are the same in all: for machines, and of a protocol."""


def test_templates_write_no_date_in_the_order_of_one_language() -> None:
    written = {
        (path.name, form) for path in _TEMPLATES for form in re.findall(r'date:"([^"]*)"', path.read_text(encoding="utf-8"))
    }
    assert {(name, form) for name, form in written if form not in _LANGUAGES_DATE} == set()
    assert {form for _name, form in written} == _LANGUAGES_DATE


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Sign</p>", {"Sign"}),
        ('<a title="Sign here" class="button">{{ name }}</a>', {"Sign", "here"}),
        ('<p>{% translate "Sign" %} {# here #}&nbsp;<b data-label="{{ label }}">–</b></p>', set()),
        ("{% blocktranslate %}Sign{% endblocktranslate %} 签发", {"签发"}),
    ],
)
def test_words_without_gettext_are_found(template: str, found: set[str]) -> None:
    assert _bare(template) == found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _bare_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        given = [keyword.value for keyword in call.keywords if keyword.arg in _FOR_PEOPLE]
        name = _name(call.func)
        if name in _REFUSALS:
            given += call.args
        if name in _TOLD and isinstance(call.func, ast.Attribute) and _name(call.func.value) == "messages":
            given += call.args[1:]
        yield from ((node.lineno, ast.unparse(node)) for node in given if _is_words(node))


def _is_words(node: ast.expr) -> bool:
    """Text that is written out here, bare or put together."""
    if isinstance(node, ast.JoinedStr):
        return any(_is_words(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _is_words(node.left) or _is_words(node.right)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value not in _UNSEEN
        and bool(_LETTERS.search(node.value))
    )


@pytest.mark.parametrize("path", _PYTHON, ids=lambda path: str(path.relative_to(PROJECT)))
def test_python_says_nothing_to_people_without_gettext(path: Path) -> None:
    if not set(_OPERATORS) & set(path.parts):
        assert list(_bare_calls(ast.parse(path.read_text(encoding="utf-8")))) == []
