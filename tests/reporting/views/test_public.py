"""The public pages over HTTP: from an approved half-year to a released bulletin, and nothing a second before."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.domain.releases import ReleaseText, prepare_release, schedule_release, show_internally
from reporting.enums.publication import Detail
from reporting.models import Bulletin, Cycle, Indicator, Release, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(cast: Cast, draft: Submission) -> Cycle:
    signed = factories.submit(draft, cast.head, now=timezone.now())
    for name in ("begin_review", "approve"):
        actor = cast.reviewer if name == "begin_review" else cast.approver
        factories.apply_transition(submission=signed, name=name, actor=actor, now=timezone.now())
    return draft.cycle


def released(cycle: Cycle, cast: Cast, seconds: float = 0) -> Release:
    now = timezone.now()
    release = prepare_release(
        cycle=cycle,
        text=ReleaseText("First half-year", "上半年"),
        indicators=list(Indicator.objects.filter(code__in=["P1", "P2"])),
        detail=Detail.DISTRICTS,
        actor=cast.administrator,
        now=now,
    )
    show_internally(item=release, actor=cast.administrator)
    return schedule_release(item=release, at=now + timedelta(seconds=seconds), actor=cast.administrator, now=now)


def test_whole_way_from_an_approved_half_year_to_a_released_bulletin(cast: Cast, approved: Cycle) -> None:
    administrator, public = as_user(cast.administrator), Client()
    indicators = list(Indicator.objects.filter(code__in=["P1", "P2"]).values_list("pk", flat=True))
    typed: dict[str, Any] = {"cycle": approved.pk, "title": "First half-year", "detail": "districts", "indicators": indicators}
    made = administrator.post(reverse("admin:reporting_release_add"), typed)
    release = Release.objects.get()
    assert made["Location"] == reverse("admin:reporting_release_change", args=[release.pk])
    shown = administrator.get(made["Location"])
    assert "fewer than three units" in text_of(shown, "body")
    page = reverse("public_release", args=[release.pk])
    assert public.get(page).status_code == 404
    bulletin = {"number": "2026-1", "issuer": "Bureau", "day": "2026-08-30", "headline": "Growth", "body": "One.\n\nTwo."}
    assert administrator.post(reverse("admin:reporting_bulletin_add"), bulletin | {"release": release.pk}).status_code == 302
    told = Bulletin.objects.get()
    for item, name in ((release, "release"), (told, "bulletin")):
        for step in ("internal", "release"):
            url = reverse(f"admin:reporting_{name}_step", args=[item.pk, step])
            assert administrator.get(url).status_code == 200
            assert administrator.post(url, {"at": ""}).status_code == 302, (name, step)
    assert "First half-year" in text_of(public.get(page))
    told_page = public.get(reverse("public_bulletin", args=[told.pk]))
    assert [p.text_content() for p in select(parse(told_page), ".prose p")] == ["One.", "Two."]
    assert "Growth" in public.get(reverse("public_feed")).content.decode()


def test_a_second_before_its_instant_nothing_shows_anywhere(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast, seconds=60)
    pages = [reverse(name) for name in ("public", "public_bulletins", "public_indicators", "public_feed")]
    own = [reverse("public_release", args=[release.pk]), reverse("public_download", args=[release.pk, "csv"])]
    for client in (Client(), as_user(cast.head), as_user(cast.outsider)):
        assert [client.get(page).status_code for page in own] == [404, 404]
        for page in pages:
            response = client.get(page)
            assert "First half-year" not in response.content.decode()
            assert int(response["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 60
    Release.objects.filter(pk=release.pk).update(released_at=timezone.now())  # its instant comes; nothing has run
    assert [Client().get(page).status_code for page in own] == [200, 200]
    assert "First half-year" in Client().get(pages[0]).content.decode()


def test_hidden_figures_are_in_no_page_and_no_file(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast)
    hidden = {str(row.value.normalize()) for row in release.figures.all() if row.is_hidden and row.value}
    assert hidden
    for name, more in (("public_release", []), ("public_download", ["csv"]), ("public_download", ["xlsx"])):
        text = Client().get(reverse(name, args=[release.pk, *more])).content.decode("utf-8", "replace")
        assert not any(value in text for value in hidden), name
    assert not any(value in Client().get(reverse("public")).content.decode() for value in hidden)
    lines = Client().get(reverse("public_download", args=[release.pk, "csv"])).content.decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[:3] == ["CITY", "The city", "P1"]
    assert lines[1].split(",")[-3:] == ["Q", "A", "1"]


def test_page_is_known_again_and_kept_for_minutes(cast: Cast, approved: Cycle) -> None:
    released(approved, cast)
    first = Client().get(reverse("public"))
    assert "max-age=300" in first["Cache-Control"]
    assert "sessionid" not in first.cookies
    again = Client().get(reverse("public"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_language_is_chosen_without_an_account(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast)
    client, page = Client(), reverse("public_release", args=[release.pk])
    assert client.get(page, {"language": "zh-hans"}).status_code == 302
    assert "上半年" in text_of(client.get(page))
    assert client.get(page, {"language": "xx"}).status_code == 200


@pytest.mark.parametrize("query", [{"indicator": "none"}, {"indicator": "\x00"}, {"page": "x"}, {"page": "9" * 40}])
def test_odd_questions_are_answered(cast: Cast, approved: Cycle, query: dict[str, str]) -> None:
    release = released(approved, cast)
    assert Client().get(reverse("public_release", args=[release.pk]), query).status_code == 200
    assert Client().get(reverse("public_bulletins"), query).status_code == 200


def test_public_page_asks_the_same_number_of_questions_whatever_is_released(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast)
    counts = []
    for name, args in (("public", []), ("public_release", [release.pk])):
        with CaptureQueriesContext(connection) as captured:
            Client().get(reverse(name, args=args))
        counts.append(len(captured))
    assert counts == [5, 11]


def test_release_of_many_districts_is_shown_in_pages_without_a_map(
    cast: Cast, approved: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = released(approved, cast)
    page, rows = (
        reverse("public_release", args=[release.pk]),
        release.figures.filter(indicator__code="P1", district__isnull=False),
    )
    names = [row.district_label for row in rows.order_by("district__code")]
    whole = Client().get(page)
    assert [name for name in names if name in text_of(whole)] == names == ["Northgate", "Southgate"]
    assert "By district: Indicator P1" in text_of(whole)
    monkeypatch.setattr("reporting.views.public.pages._ROWS_ON_A_PAGE", 1)
    for number, (shown, other) in enumerate((names, names[::-1]), start=1):
        told = text_of(Client().get(f"{page}?page={number}&indicator=P1"))
        assert (shown in told, other in told, "The city" in told, f"Page {number} of 2" in told) == (True, False, True, True)
        assert "By district" not in told


def test_restated_figures_stand_beside_the_earlier_vintage(cast: Cast, approved: Cycle) -> None:
    first = released(approved, cast)
    now = timezone.now()
    second = prepare_release(
        cycle=approved,
        text=ReleaseText("Corrected", reason="A typing error."),
        indicators=list(Indicator.objects.filter(code="P1")),
        detail=Detail.DISTRICTS,
        actor=cast.administrator,
        now=now,
    )
    show_internally(item=second, actor=cast.administrator)
    schedule_release(item=second, at=now, actor=cast.administrator, now=now)
    old, new = (Client().get(reverse("public_release", args=[one.pk])) for one in (first, second))
    assert "There is a newer vintage" in text_of(old)
    assert "A typing error." in text_of(new)
    assert "There is a newer vintage" not in text_of(new)
