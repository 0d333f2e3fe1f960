"""Practices over HTTP: marked in a report, endorsed in the bureau's pages, found, adopted, and shown where the district is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.domain.practices import Shared, endorse_practice, propose_practice
from reporting.enums.practices import PracticeTopic
from reporting.models import Practice, Submission
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.views.browser import as_user, parse, select, text_of

pytestmark = pytest.mark.django_db
TYPED = {"topic": "data", "title": "One licence", "summary": "Museums agree.", "contact": "Office"}


def endorsed(cast: Cast, title: str = "One licence") -> Practice:
    shared = Shared(PracticeTopic.DATA, title, "Museums agree.", "Office, 010")
    made = propose_practice(district=cast.north, shared=shared, actor=cast.officer, now=NOW)
    return endorse_practice(practice=made, actor=cast.approver, now=NOW)


def test_whole_way_from_a_report_to_another_district(cast: Cast, draft: Submission) -> None:
    officer, other, bureau = as_user(cast.officer), as_user(cast.south_officer), as_user(cast.approver)
    (mark,) = select(parse(officer.get(reverse("report", args=[draft.pk]))), 'a[href*="practices/new"][href$="question=plans"]')
    assert mark.get("href") == f"{reverse('practice_new')}?report={draft.pk}&question=plans"
    form = parse(officer.get(mark.get("href")))
    assert [area.text_content().strip() for area in select(form, 'textarea[name="summary"]')] == ["Build more."]
    assert [field.get("value") for field in select(form, 'input[name="report"]')] == [str(draft.pk)]
    sent = TYPED | {"district": cast.north.pk, "report": draft.pk}
    assert officer.post(reverse("practice_new"), sent | {"title": ""}).status_code == 422
    made = officer.post(reverse("practice_new"), sent)
    practice = Practice.objects.get()
    page = reverse("practice", args=[practice.pk])
    assert (made["Location"], practice.submission) == (page, draft)
    assert other.get(page).status_code == 404
    endorse = reverse("admin:reporting_practice_endorse", args=[practice.pk])
    assert "Museums agree." in text_of(bureau.get(endorse), "body")
    assert bureau.post(endorse)["Location"] == reverse("admin:reporting_practice_change", args=[practice.pk])
    assert "One licence" in text_of(other.get(reverse("practices"), {"q": "museums", "topic": "data"}))
    assert "No practice fits" in text_of(other.get(reverse("practices"), {"q": "nothing"}))
    assert "Contact: Office" in text_of(other.get(page))
    assert other.post(page, {"district": cast.north.pk, "note": ""}).status_code == 422
    assert other.post(page, {"district": cast.south.pk, "note": "In archives."})["Location"] == page
    assert "Southgate" in text_of(officer.get(page))
    assert "In archives." in text_of(officer.get(page))
    assert "adopted by 1 district" in text_of(officer.get(reverse("district", args=[cast.north.code])))
    assert other.post(page, {"district": cast.south.pk, "drop": "1"}).status_code == 302
    assert "No other district yet." in text_of(officer.get(page))


def test_report_of_another_district_is_not_taken(cast: Cast, draft: Submission) -> None:
    south = Submission.objects.get(district=cast.south, cycle=draft.cycle)
    form = parse(as_user(cast.officer).get(f"{reverse('practice_new')}?report={south.pk}&question=plans"))
    assert [area.text_content().strip() for area in select(form, 'textarea[name="summary"]')] == [""]
    as_user(cast.officer).post(reverse("practice_new"), TYPED | {"district": cast.north.pk, "report": south.pk})
    assert Practice.objects.get().submission is None


def test_change_of_what_moved_shows_both(cast: Cast) -> None:
    made = propose_practice(
        district=cast.north, shared=Shared(PracticeTopic.DATA, "A", "As it is.", "O"), actor=cast.officer, now=NOW
    )
    change = reverse("practice_change", args=[made.pk])
    assert as_user(cast.head).post(change, TYPED | {"summary": "The head's.", "version": 1}).status_code == 302
    late = as_user(cast.officer).post(change, TYPED | {"summary": "The officer's.", "version": 1})
    words = text_of(late)
    assert (late.status_code, "The head's." in words, "The officer's." in words) == (409, True, True)
    assert as_user(cast.officer).post(change, TYPED | {"summary": "Both.", "version": 2}).status_code == 302


def test_declined_and_withdrawn_stand_with_their_reasons(cast: Cast) -> None:
    made = endorsed(cast)
    withdraw = reverse("practice_withdraw", args=[made.pk])
    assert as_user(cast.head).post(withdraw, {"reason": ""}).status_code == 422
    assert as_user(cast.head).post(withdraw, {"reason": "It is over."}).status_code == 302
    assert "It is over." in text_of(as_user(cast.officer).get(reverse("practice", args=[made.pk])))
    assert "Not in the library" in text_of(as_user(cast.officer).get(reverse("practices")))
    assert as_user(cast.south_officer).get(reverse("practice", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("query", ["?topic=poetry", f"?q={'x' * 201}", f"?district={'x' * 21}"])
def test_search_that_cannot_be_is_refused(cast: Cast, query: str) -> None:
    assert as_user(cast.officer).get(reverse("practices") + query).status_code in {400, 422}


def test_library_asks_the_same_questions_at_one_row_and_at_three(cast: Cast) -> None:
    counts, client = [], as_user(cast.south_officer)
    client.get(reverse("practices"))
    for titles in (["One"], ["Two", "Three"]):
        for title in titles:
            endorsed(cast, title)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("practices"))
        counts.append(len(captured))
    assert counts == [12, 12]
