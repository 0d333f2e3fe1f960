"""What every page has: its frame, its policy, its errors."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.content_security import POLICY
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
