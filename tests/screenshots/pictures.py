"""Which pictures there are: whose window shows which page, and how wide it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from playwright.sync_api import Browser

from districts.models import User
from reporting.demo.people import DOMAIN
from reporting.models import Cycle, DefinitionVersion, Release, Submission, Symposium
from tests.browser.chromium import session_of, sit_down
from tests.screenshots.palette import with_palette

FOLDER = Path(settings.BASE_DIR) / "docs" / "images"
PHONE = (390, 844)


@dataclass(frozen=True)
class Picture:
    """`who` is blank for a page without sign-in; `at` is what the page is scrolled to, where that is not its top."""

    name: str
    who: str
    page: Callable[[], str]
    size: tuple[int, int] = (1280, 860)
    language: str = "en"
    at: str = ""

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.png"


def report(code: str, url: str = "report") -> str:
    """The district's report of the open cycle."""
    return reverse(url, args=[Submission.objects.filter(district__code=code).latest("cycle__due_at").pk])


def last_report(code: str, url: str) -> str:
    """The one before it, which is approved."""
    return reverse(url, args=[Submission.objects.filter(district__code=code).order_by("-cycle__due_at")[1].pk])


def last_figures() -> str:
    latest = Cycle.objects.aggregate(due=Max("due_at"))["due"]
    return reverse("figures_of", args=[Cycle.objects.exclude(due_at=latest).latest("due_at").pk])


def definition() -> str:
    """The version that the demonstration's reports follow."""
    return reverse("admin:reporting_definitionversion_change", args=[DefinitionVersion.objects.latest("number").pk])


def symposium() -> str:
    return reverse("admin:reporting_symposium_change", args=[Symposium.objects.latest("starts_at").pk])


def released() -> str:
    return reverse("public_release", args=[Release.objects.filter(stage="scheduled").latest("released_at").pk])


PICTURES = (
    Picture("report", "officer.haidian", lambda: report("110108")),
    Picture("report-phone", "head.haidian", lambda: report("110108"), size=PHONE, language="zh-hans"),
    Picture("sign", "head.shunyi", lambda: report("110113", "report_sign"), at=".signing"),
    Picture("receipt", "officer.haidian", lambda: last_report("110108", "report_receipt"), size=(768, 1100)),
    Picture("dashboard", "administrator.bureau", lambda: reverse("admin:index")),
    Picture("review", "reviewer.bureau", lambda: report("110106", "admin:reporting_submission_change")),
    Picture("workbook", "officer.haidian", lambda: report("110108", "report_workbook"), size=(768, 560)),
    Picture("definition", "administrator.bureau", definition),
    Picture("indicators", "officer.haidian", lambda: reverse("indicators") + "?q=A13", size=(1280, 720)),
    Picture("calendar", "reviewer.bureau", lambda: reverse("calendar"), size=(1280, 720)),
    Picture("figures", "officer.haidian", last_figures),
    Picture("targets", "officer.haidian", lambda: reverse("targets"), size=(1280, 720)),
    Picture("tasks", "administrator.bureau", lambda: reverse("admin:reporting_keytask_timeline"), size=(1280, 720)),
    Picture("symposium", "administrator.bureau", symposium, size=(1280, 760)),
    Picture("public", "", released, size=(1280, 900)),
)


@dataclass(frozen=True)
class Window:
    """A picture's page, looked up, and the session of who opens it; blank for nobody's."""

    picture: Picture
    path: str
    session: str


def window_of(picture: Picture) -> Window:
    """The person reads the picture's language from here on."""
    if not picture.who:
        return Window(picture, picture.page(), "")
    person = User.objects.get(email=f"{picture.who}@{DOMAIN}")
    User.objects.filter(pk=person.pk).update(language=picture.language)
    return Window(picture, picture.page(), session_of(person))


def take(browser: Browser, address: str, window: Window) -> None:
    width, height = window.picture.size
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce")
    if window.session:
        sit_down(context, window.session, address)
    page = context.new_page()
    response = page.goto(window.path, wait_until="networkidle")
    if response is None or response.status != 200:
        raise RuntimeError(f"{window.picture.name}: {page.url} did not answer 200")
    if window.picture.at:
        page.locator(window.picture.at).evaluate("one => one.scrollIntoView({block: 'end'})")
    window.picture.path.write_bytes(with_palette(page.screenshot(animations="disabled")))
    context.close()
