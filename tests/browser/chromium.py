"""The Chromium of this machine, and a person's session in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from districts.models import User

MISSING = """Chromium is needed, and none is on the PATH. Install it and run this again:
    Debian:  apt-get install chromium
    Ubuntu:  apt-get install chromium-browser
or name one: CHROMIUM=/path/to/chromium make ..."""
NAMES = ("chromium", "chromium-browser", "google-chrome")

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@contextmanager
def chromium() -> Iterator[Browser]:
    """RuntimeError, with what to install, where there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sit_down(context: BrowserContext, session: str, address: str) -> None:
    """The window is that of the session's person from here on."""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
