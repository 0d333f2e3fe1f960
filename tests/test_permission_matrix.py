"""Every URL, method and role: what is answered, that a refusal changes nothing, and that nobody reads another's words."""

import time
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.doorbell import ringing_at
from tests.matrix.admin_pages import ADMIN_PAGES
from tests.matrix.portal_pages import PORTAL_PAGES
from tests.matrix.rounds import expected, path_of, walk
from tests.matrix.urls import all_urls
from tests.matrix.visitor import Visitor, standing, words_in
from tests.matrix.world import BUREAU, DRAFT, NORTH, NORTH_NUMBER, SOUTH, SOUTH_NUMBER

pytestmark = pytest.mark.django_db
PAGES = PORTAL_PAGES | ADMIN_PAGES
URLS = all_urls()
AT_ONCE = 2.0
"""Seconds."""


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
    """For each role that may read it, and at once."""
    path = path_of(READ[key], URLS[key.partition("#")[0]], visitor.world, "own")
    for role in [role for role, code in READ[key].codes("GET").items() if code == 200]:
        begun = time.monotonic()
        answer = visitor.ask(role, "GET", path)
        assert (answer.status, time.monotonic() - begun < AT_ONCE) == (200, True), role


@pytest.mark.parametrize(
    ("key", "role", "words"),
    [
        ("report", "observer", {NORTH, NORTH_NUMBER}),
        ("report_print", "officer", {NORTH, NORTH_NUMBER}),
        ("report_history", "head", {NORTH}),
        ("report_compare", "reviewer", {NORTH}),
        ("report_receipt", "approver", {NORTH}),
        ("people", "head", {NORTH}),
        ("figures_of", "officer", {NORTH, NORTH_NUMBER}),
        ("figures_download", "officer", {NORTH_NUMBER}),
        ("figures_of", "approver", {NORTH_NUMBER, SOUTH_NUMBER}),
        ("admin:reporting_submission_change", "reviewer", {NORTH, DRAFT, NORTH_NUMBER}),
        ("admin:reporting_event_changelist", "approver", {NORTH, SOUTH}),
        ("admin:districts_outgoingmail_changelist", "reviewer", {NORTH}),
        ("admin:districts_outgoingmail_changelist", "administrator", {NORTH, SOUTH, BUREAU}),
        ("admin:reporting_adjustment_changelist", "administrator", {BUREAU}),
    ],
)
def test_words_reach_those_who_may_read_them(visitor: Visitor, key: str, role: str, words: set[str]) -> None:
    """Without this, a page that shows nothing would pass for one that keeps its secrets."""
    answer = visitor.ask(role, "GET", path_of(PAGES[key], URLS[key], visitor.world, "own"))
    assert words_in(answer.text) == words
