"""What every page has: its frame, its policy, its errors."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.content_security import POLICY
from reporting.domain.submissions import apply_transition
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

_TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nothing/"])
def test_pages_carry_a_strict_policy_and_the_admin_keeps_its_own(db: None, path: str) -> None:
    assert Client().get(path)["Content-Security-Policy"] == POLICY
    assert "Content-Security-Policy" not in Client().get(reverse("admin:index"))


def test_templates_hold_no_inline_scripts_or_styles() -> None:
    pages = [path for path in _TEMPLATES.rglob("*.html") if not {"admin", "emails"} & set(path.relative_to(_TEMPLATES).parts)]
    bad = [
        path.name
        for path in pages
        for text in [path.read_text()]
        if " style=" in text or "<script>" in text or " onclick" in text
    ]
    assert (len(pages) > 40, bad) == (True, [])


@pytest.mark.parametrize("demo", [True, False])
def test_every_page_of_a_demonstration_says_so(db: None, settings: Any, demo: bool) -> None:
    settings.PORTAL_DEMO = demo
    for path in ["/accounts/login/", "/nothing/"]:
        assert ("district figures are synthetic" in Client().get(path).content.decode()) is demo


def test_frame_names_the_person_and_signs_out_by_post(cast: Cast) -> None:
    client = as_user(cast.head)
    page = client.get("/")
    assert "North Head Northgate · Head" in text_of(page, ".person-name")
    (form,) = [form for form in select(parse(page), "form") if form.get("action") == "/accounts/logout/"]
    assert form.get("method") == "post"
    assert select(parse(page), "a.skip")[0].get("href") == "#main"
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_sign_in_by_mail_address(cast: Cast) -> None:
    client = Client()
    wrong = client.post("/accounts/login/", {"login": "north-head@example.org", "password": "wrong"})
    assert (wrong.status_code, "not correct" in text_of(wrong)) == (200, True)
    right = client.post("/accounts/login/", {"login": "North-Head@example.org", "password": "correct horse battery"})
    assert (right.status_code, right["Location"]) == (302, "/")


def test_missing_page_says_so_with_a_way_back(db: None) -> None:
    response = Client().get("/nothing/")
    assert (response.status_code, "There is nothing here" in text_of(response)) == (404, True)


def test_damaged_request_is_answered_in_the_frame(cast: Cast, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    client = as_user(cast.head)
    response = client.post("/settings/", {"a": 1, "b": 2, "c": 3})
    assert (response.status_code, "could not be read" in text_of(response)) == (400, True)
    assert "North Head" in text_of(response, ".person-name")


def test_request_for_another_host_is_answered_without_the_frame(db: None) -> None:
    response = Client(headers={"host": "elsewhere.example"}).get("/")
    assert (response.status_code, "could not be read" in text_of(response)) == (400, True)
    assert select(parse(response), "header") == []


def test_too_many_attempts_to_sign_in_are_answered_in_the_frame(db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    wrong = {"login": "nobody@example.org", "password": "wrong"}
    answers = [Client().post("/accounts/login/", wrong) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "Too many attempts" in text_of(answers[1])
    assert select(parse(answers[1]), "a.brand") != []


def _fetched(page: Any) -> list[str]:
    """What a browser asks for after the page itself, in the order of the page; a drawing of the sprite asks for the sprite."""
    wanted = [
        (one.get("src") or one.get("href") or "").split("#")[0]
        for one in parse(page).xpath("//link | //script | //*[name()='use']")
    ]
    return list(dict.fromkeys(one for one in wanted if not one.startswith("data:")))


def test_first_visit_asks_for_eight_things_at_most(cast: Cast) -> None:
    now = timezone.now()
    cycle = factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=now - timedelta(hours=1))
    report = cycle.submissions.get(district=cast.north)
    apply_transition(submission=report, name="start", actor=cast.officer, now=now)
    client, frame = as_user(cast.officer), ["/static/portal/tokens.css", "/static/portal/portal.css"]
    forms, drawings = "/static/portal/forms.js", "/static/portal/icons.svg"
    assert _fetched(client.get("/")) == [*frame, "/static/portal/home.css", forms, drawings]
    assert _fetched(client.get(f"/reports/{report.pk}/")) == [
        *frame,
        "/static/portal/report.css",
        forms,
        "/static/django_htmx/htmx-2.min.js",
        "/static/portal/report.js",
        drawings,
    ]


def test_favicon_is_the_drawing_itself(db: None) -> None:
    (icon,) = select(parse(Client().get("/accounts/login/")), "link[rel=icon]")
    drawing = (Path(settings.BASE_DIR) / "portal/static/portal/favicon.svg").read_text()
    assert unquote(icon.get("href")) == f"data:image/svg+xml,{drawing}"


def test_pages_go_out_compressed_where_the_browser_takes_that(db: None) -> None:
    plain = Client().get("/accounts/login/")
    packed = Client().get("/accounts/login/", headers={"Accept-Encoding": "gzip"})
    assert (packed["Content-Encoding"], "Accept-Encoding" in packed["Vary"]) == ("gzip", True)
    assert "Content-Encoding" not in plain
    assert text_of(plain, "h1") in gzip.decompress(packed.content).decode()
    assert len(packed.content) < len(plain.content) / 2
