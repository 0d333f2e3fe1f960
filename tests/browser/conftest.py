"""Chromium in front of the portal: windows of people, none of which may log an error or ask another host."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from districts.models import User
from reporting.models import Cycle
from tests import factories
from tests.browser.chromium import chromium, session_of, sit_down
from tests.conftest import Cast, make_cast
from tests.running import until


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as browser:
            yield browser
    except RuntimeError as error:
        pytest.exit(str(error), returncode=1)


@dataclass
class Desk:
    """Where people sit down: each window has a person's session, and is watched."""

    browser: Browser
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)
    refused: tuple[int, ...] = ()
    """Answers that a test asks for: Chromium logs each as an error."""

    def window(self, user: User | None = None, **options: Any) -> Page:
        context = self.browser.new_context(**{"base_url": self.address, "locale": "en-GB"} | options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if user is not None:
            sit_down(context, session_of(user), self.address)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("request", self._asked)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"{code} " in message.text for code in self.refused):
            self.errors.append(f"{message.location.get('url')}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.address).netloc:
            self.abroad.append(request.url)


class Counter:
    """How many requests the server is working on: a window that is closed does not end its own."""

    def __init__(self) -> None:
        self.lock, self.number = Lock(), 0

    def add(self, number: int) -> None:
        with self.lock:
            self.number += number

    def began(self, **_signal: object) -> None:
        self.add(1)

    def ended(self, **_signal: object) -> None:
        self.add(-1)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Iterator[Desk]:
    """Ends when the server is at rest, so that the tables can be emptied."""
    desk, working = Desk(browser, live_server.url), Counter()
    request_started.connect(working.began)
    request_finished.connect(working.ended)
    yield desk
    for context in desk.contexts:
        context.close()
    until(lambda: working.number <= 0, what="the end of the server's work")
    request_started.disconnect(working.began)
    request_finished.disconnect(working.ended)
    assert (desk.errors, desk.abroad) == ([], [])


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cycle(cast: Cast, now: datetime) -> Cycle:
    return factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=now - timedelta(hours=1))
