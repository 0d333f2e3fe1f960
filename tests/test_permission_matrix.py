"""Every URL, method and role: what is answered, that a refusal changes nothing, and that nobody reads another's words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from districts.domain.sending import send_due_mail
from districts.models import OutgoingMail, User
from reporting.domain.morning import sweep_digests
from reporting.domain.reminders import sweep_reminders
from reporting.models import ReminderPolicy, ReminderRung
from tests.doorbell import ringing_at, tries
from tests.matrix import pieces
from tests.matrix.pages import ADMIN_PAGES, PORTAL_PAGES
from tests.matrix.rounds import expected, path_of, walk
from tests.matrix.urls import all_urls
from tests.matrix.visitor import Visitor, digest, forbidden_to, standing, words_in
from tests.matrix.world import BUREAU, BUREAU_ROLES, DRAFT, NORTH, NORTH_NUMBER, ROLES, SOUTH, SOUTH_NUMBER

pytestmark = pytest.mark.django_db
PAGES = PORTAL_PAGES | ADMIN_PAGES
URLS = all_urls()


@pytest.fixture(scope="module")
def visitor(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Visitor]:
    """One world for all tests of a worker; each request is undone by itself."""
    with standing(django_db_blocker) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def no_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with ringing_at(tmp_path_factory.mktemp("redis")) as redis:
        redis.stop()
        yield


def test_every_url_has_a_verdict_and_every_verdict_a_url() -> None:
    assert {key.partition("#")[0] for key in PAGES} == set(URLS)


def test_bureaus_pages_are_never_declared_open_to_others() -> None:
    others = [role for role in ROLES if role not in BUREAU_ROLES]
    codes = {page.codes(method)[role] for page in ADMIN_PAGES.values() for method in ("GET", "POST") for role in others}
    assert codes == {302, 403}


@pytest.mark.parametrize("key", sorted(PAGES))
def test_page_answers_each_role_as_declared(visitor: Visitor, key: str) -> None:
    page = PAGES[key]
    found, declared = walk(visitor, page, URLS[key.partition("#")[0]]), expected(page)
    wrong = {asked: (declared.statuses[asked], status) for asked, status in found.statuses.items()}
    assert {asked: codes for asked, codes in wrong.items() if codes[0] != codes[1]} == {}, "(declared, answered)"
    assert found.leaks == {}
    assert found.changed == declared.changed
    assert found.told_apart == set()


READ = {key: page for key, page in PAGES.items() if 200 in page.codes("GET").values() and key != "healthz"}


@pytest.mark.parametrize("key", sorted(READ))
def test_page_without_redis_answers_as_before(visitor: Visitor, no_redis: None, key: str) -> None:
    """For each role that may read it, and without asking for it."""
    path = path_of(READ[key], URLS[key.partition("#")[0]], visitor.world, "own")
    for role in [role for role, code in READ[key].codes("GET").items() if code == 200]:
        with tries() as connections:
            answer = visitor.ask(role, "GET", path)
        assert (answer.status, connections) == (200, []), role


@pytest.mark.parametrize(
    ("key", "role", "words"),
    [
        ("report", "observer", {NORTH, NORTH_NUMBER}),
        ("report_print", "officer", {NORTH, NORTH_NUMBER}),
        ("report_history", "head", {NORTH}),
        ("report_compare", "reviewer", {NORTH}),
        ("report_receipt", "approver", {NORTH}),
        ("report_scan", "observer", {NORTH}),
        ("report_scan", "reviewer", {NORTH}),
        ("report_workbook_download", "observer", {NORTH, NORTH_NUMBER}),
        ("report_workbook_download#approved", "reviewer", {NORTH, NORTH_NUMBER}),
        ("report_workbook_preview", "officer", {NORTH}),
        ("report_workbook_marked", "officer", {NORTH, NORTH_NUMBER}),
        ("report_file", "observer", {NORTH}),
        ("report_file#signed", "reviewer", {NORTH}),
        ("people", "head", {NORTH}),
        ("figures_of", "officer", {NORTH, NORTH_NUMBER}),
        ("figures_download", "officer", {NORTH_NUMBER}),
        ("figures_download#xlsx", "officer", {NORTH_NUMBER}),
        ("figures_download#xlsx", "administrator", {NORTH_NUMBER, SOUTH_NUMBER}),
        ("figures_of", "approver", {NORTH_NUMBER, SOUTH_NUMBER}),
        ("admin:reporting_job_change", "reviewer", {NORTH}),
        ("admin:reporting_job_result", "reviewer", {NORTH}),
        ("admin:reporting_job_results", "reviewer", {NORTH}),
        ("admin:reporting_cycle_table", "reviewer", {NORTH_NUMBER}),
        ("admin:reporting_cycle_table", "administrator", {NORTH_NUMBER, SOUTH_NUMBER}),
        ("admin:reporting_cycle_table#xlsx", "reviewer", {NORTH_NUMBER}),
        ("admin:reporting_cycle_table#xlsx", "approver", {NORTH_NUMBER, SOUTH_NUMBER}),
        ("admin:reporting_submission_change", "reviewer", {NORTH, DRAFT, NORTH_NUMBER}),
        ("admin:reporting_event_changelist", "approver", {NORTH, SOUTH, DRAFT}),
        ("report_history#checked", "head", {NORTH}),
        ("admin:reporting_submission_change#checked", "reviewer", {NORTH, DRAFT, NORTH_NUMBER}),
        ("admin:districts_outgoingmail_changelist", "reviewer", {NORTH}),
        ("admin:districts_outgoingmail_changelist", "administrator", {NORTH, SOUTH, BUREAU}),
        ("admin:reporting_adjustment_changelist", "administrator", {BUREAU}),
        *pieces.WORDS,
    ],
)
def test_words_reach_those_who_may_read_them(visitor: Visitor, key: str, role: str, words: set[str]) -> None:
    """Without this, a page that shows nothing would pass for one that keeps its secrets."""
    answer = visitor.ask(role, "GET", path_of(PAGES[key], URLS[key.partition("#")[0]], visitor.world, "own"))
    assert words_in(answer.text) == words


def whole(message: Any) -> str:
    """As it goes over the wire, and before it is encoded."""
    parts = [str(message.message()), message.subject, message.body, *(part.content for part in message.alternatives)]
    return "\n".join(str(part) for part in parts)


def test_mails_as_sent_keep_to_their_districts(visitor: Visitor) -> None:
    """All that the world caused and its reminders, through the sender: single ones and bundles."""
    world, later = visitor.world, visitor.world.now + timedelta(days=9, hours=12)
    audiences = ["officers", "heads", "reviewers"]
    ReminderRung.objects.create(policy_id=world.shared["policy"].pk, offset=-7, audiences=audiences)
    sweep_reminders(now=later)
    User.objects.update(date_joined=world.now - timedelta(days=9))
    ReminderPolicy.objects.update(quiet_until="00:00")
    sweep_digests(now=world.now)
    world.cast.officer.daily_digest = True
    world.cast.officer.save()
    send_due_mail(now=later + timedelta(days=3))
    people = {user.email: user for user in User.objects.all()}
    told: dict[str, set[str]] = {}
    for message in mail.outbox:
        (address,) = message.to
        text = whole(message)
        assert words_in(text) & forbidden_to(people[address], world) == set(), address
        told.setdefault(address, set()).update(word for word in (NORTH, SOUTH) if word in text)
    cast = world.cast
    assert {told[one.email] == {NORTH} for one in (cast.officer, cast.head)} == {True}
    assert {told[one.email] == {SOUTH} for one in (cast.south_officer, cast.south_head)} == {True}
    assert not OutgoingMail.objects.filter(state="due").exists()


def test_post_without_its_token_is_refused(visitor: Visitor) -> None:
    """Each page that somebody may post to, by who may."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for key, page in PAGES.items():
        able = [role for role, code in page.codes("POST").items() if code in {200, 302} and role != "anonymous"]
        if able:
            client.cookies["sessionid"] = visitor.world.sessions[able[-1]]
            response = client.post(path_of(page, URLS[key.partition("#")[0]], visitor.world, "own"))
            assert response.status_code == 403, key
    assert digest() == visitor.before
