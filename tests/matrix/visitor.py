"""Asks a page as somebody, undoes what it did, and says what was answered, what was written and what was let out."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.contrib.messages import get_messages
from django.core import mail as django_mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from lxml import html
from pytest_django.plugin import DjangoDbBlocker

from districts.domain.letters import compose, render
from districts.models import OutgoingMail, User
from tests.matrix.pieces import plant
from tests.matrix.verdicts import OUTSIDE, SIGNED_OUT
from tests.matrix.world import BUREAU, DISTRICT_ROLES, DRAFT, NORTH, NORTH_NUMBER, SOUTH, SOUTH_NUMBER, World, build_world

_UNCOUNTED = {"django_session", "portal_cache"}
_READS = ("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ")
_CHANGING = re.compile(r'(?<=value=")[A-Za-z0-9]{64}(?=")|csrftoken=\S+|\b[0-9a-f]{32}\b')
"""What differs between two answers that say the same: tokens."""

_WORDS = frozenset({NORTH, SOUTH, DRAFT, BUREAU, NORTH_NUMBER, SOUTH_NUMBER})
_OF_SOUTH = frozenset({SOUTH, SOUTH_NUMBER})
_FORBIDDEN: dict[str, frozenset[str]] = {
    **dict.fromkeys((*SIGNED_OUT, *OUTSIDE), _WORDS),
    **dict.fromkeys(DISTRICT_ROLES, _OF_SOUTH | {DRAFT, BUREAU}),
    "reviewer": _OF_SOUTH | {BUREAU},
    "approver": frozenset({BUREAU}),
    "administrator": frozenset(),
}
"""What a role must never read."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    """Body, headers and the messages for the next page."""
    leaks: frozenset[str]
    changed: bool
    """Whether any table but sessions and rate limits is different afterwards."""
    seen: Any = None
    """What `look` found before the request was undone."""

    def masked(self, *values: object) -> str:
        """The answer without what was asked for and without tokens."""
        text = _CHANGING.sub("TOKEN", self.text)
        for value in values:
            text = re.sub(rf"(?<![\w]){re.escape(str(value))}(?![\w])", "ID", text)
        return text


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator["Visitor"]:
    """A world that is built once and undone at the end; the log is spared thousands of refusals."""
    logging.disable(logging.WARNING)
    with blocker.unblock(), transaction.atomic():
        world = build_world()
        plant(world)
        yield Visitor(world)
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


class Visitor:
    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client(raise_request_exception=False)
        self.before = digest()
        self.last_mail = OutgoingMail.objects.latest("pk").pk

    def ask(
        self, role: str, method: str, path: str, body: Mapping[str, Any] | None = None, look: Callable[[], Any] = lambda: None
    ) -> Answer:
        self.client.cookies.clear()
        if role in self.world.sessions:
            self.client.cookies["sessionid"] = self.world.sessions[role]
        with transaction.atomic():
            writes = _Writes()
            with connection.execute_wrapper(writes):
                response = self._send(method, path, body or {})
            answer = replace(self._answer(role, response, wrote=bool(writes.found) and method != "GET"), seen=look())
            transaction.set_rollback(True)
        return answer

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        return self.client.post(path, body) if method == "POST" else self.client.generic(method, path)

    def form(self, path: str) -> dict[str, Any]:
        """The fields of a page of the bureau's as its administrator's browser would send them."""
        page = html.document_fromstring(self.ask("administrator", "GET", path).text)
        (form,) = [form for form in page.forms if form.get("id", "").endswith("_form") and form.method == "POST"]
        return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}

    def _answer(self, role: str, response: Any, *, wrote: bool) -> Answer:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        said = [str(message) for message in get_messages(response.wsgi_request)] if hasattr(response, "wsgi_request") else []
        head = "\n".join(f"{name}: {value}" for name, value in response.items() if name not in {"Expires", "Content-Length"})
        text = "\n".join([_unpacked(content), head, *said])
        leaks = found_in(text, role)
        changed = False
        if wrote:
            changed = digest() != self.before
            leaks |= self._leaks_of_mails() if changed else frozenset()
        return Answer(response.status_code, text, leaks, changed)

    def _leaks_of_mails(self) -> frozenset[str]:
        """In the mails that the request caused, each as its own recipient gets it; none goes out around the outbox."""
        assert not django_mail.outbox
        leaks: set[str] = set()
        for mail in OutgoingMail.objects.filter(pk__gt=self.last_mail).select_related("recipient"):
            leaks |= words_in(text_of(mail)) & forbidden_to(mail.recipient, self.world)
        return frozenset(leaks)


class _Writes:
    """Notes the statements that could have changed something, so that tables are compared after these alone."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.startswith(_READS) and not any(f'"{name}"' in sql for name in _UNCOUNTED):
            self.found.append(sql)
        return execute(sql, params, many, context)


def _unpacked(content: bytes) -> str:
    """The text of a page, or of all parts of a workbook."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with ZipFile(BytesIO(content)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def words_in(text: str) -> frozenset[str]:
    """The world's words that the text holds; numbers with any grouping."""
    plain = re.sub(r"(?<=\d)[,\u00a0\u202f](?=\d)", "", text)
    return frozenset(word for word in _WORDS if word in plain)


def found_in(text: str, role: str) -> frozenset[str]:
    """The words that the role must not read and the text holds."""
    return words_in(text) & _FORBIDDEN[role]


def text_of(mail: OutgoingMail) -> str:
    letter = compose(mail, timezone.now())
    if letter is None:
        return ""
    rendered = render([letter], mail)
    return f"{rendered.subject}\n{rendered.text}\n{rendered.html}"


def forbidden_to(user: User, world: World) -> frozenset[str]:
    """What the recipient of a mail must not read. The south's people are the north's with the words exchanged."""
    for role in ("outsider", *DISTRICT_ROLES, "reviewer", "approver", "administrator"):
        if user == getattr(world.cast, role):
            return _FORBIDDEN[role]
        if user == getattr(world.cast, f"south_{role}", None):
            return (_FORBIDDEN[role] - _OF_SOUTH) | {NORTH, NORTH_NUMBER}
    return _WORDS


def digest() -> str:
    """Of every table's rows."""
    tables = sorted(set(connection.introspection.table_names()) - _UNCOUNTED)
    parts = [f"SELECT '{name}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{name}\" t" for name in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return repr(sorted(cursor.fetchall()))
