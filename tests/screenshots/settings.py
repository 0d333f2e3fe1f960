"""The demonstration at one instant: its pages look the same whenever a picture is taken of them."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

os.environ.setdefault("SECRET_KEY", "screenshots-only-" + "x" * 50)
os.environ.setdefault("PORTAL_URL", "http://127.0.0.1")
os.environ.setdefault("EMAIL_URL", "smtp://127.0.0.1:1")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("PORTAL_DEMO", "1")

SCREENSHOTS_AT = datetime(2026, 8, 6, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Thursday in the weeks in which the first half-year is reported."""
timezone.now = lambda: SCREENSHOTS_AT  # before anything else has taken it

from portal.settings import *  # noqa: E402, F403 (the environment and the clock come first)
