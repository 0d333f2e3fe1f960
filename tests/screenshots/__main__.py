"""`python -m tests.screenshots [name ...]`: load the demonstration, serve it, and write docs/images, or some of them."""

import os
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.screenshots.settings"
django.setup()

from django.conf import settings  # noqa: E402 (Django comes first)

from reporting.demo.loader import load_demo  # noqa: E402
from tests.bench.database import throw_away  # noqa: E402
from tests.browser.chromium import chromium  # noqa: E402
from tests.running import Machine  # noqa: E402
from tests.screenshots.pictures import PICTURES, take, window_of  # noqa: E402
from tests.screenshots.settings import SCREENSHOTS_AT  # noqa: E402


def main() -> None:
    wanted = [picture for picture in PICTURES if picture.name in sys.argv[1:] or not sys.argv[1:]]
    with throw_away("screenshots"):
        load_demo(now=SCREENSHOTS_AT - timedelta(minutes=10), say=lambda line: _say(f"  {line}"))
        windows = [window_of(picture) for picture in wanted]
        machine = Machine(settings.VAR_DIR, DJANGO_SETTINGS_MODULE="tests.screenshots.settings")
        try:
            machine.command("collectstatic", "--no-input", "--verbosity", "0")
            address = machine.web()
            with chromium() as browser:
                for window in windows:
                    take(browser, address, window)
                    _say(f"  {window.picture.path.name}: {window.picture.path.stat().st_size // 1000} kB")
        finally:
            machine.stop()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
