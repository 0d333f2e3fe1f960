"""What a first visit fetches: bytes as sent and requests, counted by Chromium in front of gunicorn, as production serves."""

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser

from districts.enums import DistrictRole
from districts.models import User
from reporting.demo.loader import load_demo
from reporting.enums import SubmissionState
from reporting.models import Submission
from tests.bench.harness import Figure
from tests.browser.chromium import chromium, session_of, sit_down
from tests.running import Machine

KILOBYTES, REQUESTS = 150, 8


def measure() -> list[Figure]:
    """kB (1,000 bytes, as sent: compressed, with headers) of each page in an empty browser; `ratio` is to 150 kB."""
    load_demo(now=timezone.now(), say=lambda _line: None)
    report = Submission.objects.filter(state=SubmissionState.DRAFT).earliest("pk")
    officer = User.objects.get(memberships__district=report.district_id, memberships__role=DistrictRole.OFFICER)
    session = session_of(officer)
    machine = Machine(settings.VAR_DIR, DJANGO_SETTINGS_MODULE="portal.settings")
    try:
        machine.command("collectstatic", "--no-input", "--verbosity", "0")
        address = machine.web()
        with chromium() as browser:
            return [
                _figure(name, *visit(browser, session, address, path))
                for name, path in (("weight_home", "/"), ("weight_report", f"/reports/{report.pk}/"))
            ]
    finally:
        machine.stop()


def visit(browser: Browser, session: str, address: str, path: str) -> tuple[int, int]:
    """(bytes, requests) of the page and of all it loads."""
    context = browser.new_context(base_url=address)
    sit_down(context, session, address)
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    network.send("Network.enable")
    response = page.goto(path, wait_until="networkidle")
    context.close()
    if response is None or response.status != 200:
        raise RuntimeError(f"{path} did not answer 200")
    return sum(sizes), len(sizes)


def _figure(name: str, size: int, requests: int) -> Figure:
    value = size / 1000
    verdict = "reached" if value <= KILOBYTES and requests <= REQUESTS else "NOT REACHED"
    note = f"first visit: {requests} requests; to reach: {KILOBYTES} kB, {REQUESTS} requests: {verdict}"
    return Figure(name, round(value, 1), "kB", KILOBYTES, round(value / KILOBYTES, 3), note)
