"""Whom to call: the page, and one's own telephone number."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from districts.enums import DistrictRole
from districts.models import User
from districts.queries.people import contacts_for
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def _page(client: Client, person: User) -> str:
    client.force_login(person)
    response = client.get("/contacts/")
    assert response.status_code == 200
    return response.content.decode()


def test_contacts_of_a_district_are_its_people_its_reviewer_and_the_desk(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.reviewer.pk).update(phone="010 5555 0123")
    ((found,), desk) = contacts_for(cast.officer)
    assert found.district == cast.north
    assert found.reviewers == [cast.reviewer]
    assert [member.user for member in found.members] == [cast.head, cast.officer, cast.observer]
    assert desk == [cast.administrator]
    text = _page(client, cast.officer)
    assert 'href="tel:01055550123"' in text
    assert cast.south_reviewer.email not in text
    assert cast.south_officer.email not in text
    assert cast.approver.email not in text


def test_contacts_leave_out_who_has_no_access_any_more(client: Client, cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.observer.pk, cast.reviewer.pk]).update(is_active=False)
    text = _page(client, cast.officer)
    assert cast.observer.email not in text
    assert cast.reviewer.email not in text
    assert cast.approver.email in text  # who reviews where no reviewer is left


def test_contacts_of_who_works_nowhere_are_empty(client: Client, cast: Cast) -> None:
    assert contacts_for(cast.outsider) == ([], [])
    text = _page(client, cast.outsider)
    assert "Nobody to call yet" in text
    assert cast.administrator.email not in text


def test_contacts_of_the_bureau_are_its_desk(cast: Cast) -> None:
    assert contacts_for(cast.reviewer) == ([], [cast.administrator])


def test_contacts_query_count_is_the_same_for_one_and_three_people(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.officer)
    for more in (0, 2):
        for number in range(more):
            factories.make_member(f"north-more-{number}", cast.north, DistrictRole.OBSERVER)
        with django_assert_num_queries(11):
            client.get("/contacts/")


def test_telephone_is_kept_and_seen_by_colleagues(client: Client, cast: Cast) -> None:
    client.force_login(cast.head)
    sent = {"language": "en", "phone": "+86 10 5555 0123"}
    assert client.post("/settings/", sent).status_code == 302
    assert "+86 10 5555 0123" in client.get("/settings/").content.decode()
    assert 'href="tel:+861055550123"' in _page(client, cast.officer)
    assert "0123" not in _page(client, cast.south_officer)


@pytest.mark.parametrize("phone", ["call me", "<b>1</b>", "1" * 41])
def test_telephone_that_is_none_is_refused_in_words(client: Client, cast: Cast, phone: str) -> None:
    client.force_login(cast.head)
    assert client.post("/settings/", {"language": "en", "phone": phone}).status_code == 422
    cast.head.refresh_from_db()
    assert cast.head.phone == ""
