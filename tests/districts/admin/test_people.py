"""People in the admin: invited, given roles, ended, all by the domain."""

from django.urls import reverse

from districts.enums import DistrictPermission
from districts.models import BureauRole, Membership, OutgoingMail, User
from districts.queries.access import districts_for
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in

NEW = {"email": "new@example.org", "full_name": "New Person"}


def test_invited_to_a_district_with_grant_and_mail(cast: Cast) -> None:
    body = NEW | {"district": cast.north.pk, "role": "officer"}
    response = signed_in(cast.administrator).post(reverse("admin:districts_membership_add"), body)
    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert list(districts_for(user, DistrictPermission.FILE)) == [cast.north]
    assert OutgoingMail.objects.filter(recipient=user, kind="invitation").count() == 1


def test_invitation_that_the_domain_refuses_comes_back_as_typed(cast: Cast) -> None:
    body = {"email": cast.reviewer.email, "full_name": "Somebody", "district": cast.north.pk, "role": "officer"}
    before = Membership.objects.count()
    response = signed_in(cast.administrator).post(reverse("admin:districts_membership_add"), body)
    assert response.status_code == 422
    text = response.content.decode()
    assert "works at the bureau" in text
    assert cast.reviewer.email in text
    assert (Membership.objects.count(), OutgoingMail.objects.count()) == (before, 0)


def test_invitation_to_a_district_that_is_not_there_is_refused(cast: Cast) -> None:
    response = signed_in(cast.administrator).post(
        reverse("admin:districts_membership_add"), NEW | {"district": 999_999, "role": "officer"}
    )
    assert response.status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def test_role_is_changed_and_grants_follow(cast: Cast) -> None:
    membership = cast.observer.memberships.get()
    url = reverse("admin:districts_membership_change", args=[membership.pk])
    body = {"role": "officer", "user": cast.head.pk, "district": cast.south.pk}
    assert signed_in(cast.administrator).post(url, body).status_code == 302
    membership.refresh_from_db()
    assert (membership.role, membership.user, membership.district) == ("officer", cast.observer, cast.north)
    assert list(districts_for(cast.observer, DistrictPermission.FILE)) == [cast.north]


def test_membership_is_removed_with_its_grants(cast: Cast) -> None:
    membership = cast.officer.memberships.get()
    url = reverse("admin:districts_membership_delete", args=[membership.pk])
    assert signed_in(cast.administrator).get(url).status_code == 200
    assert signed_in(cast.administrator).post(url, {"post": "yes"}).status_code == 302
    assert not districts_for(cast.officer, DistrictPermission.VIEW).exists()


def test_bureau_role_with_its_portfolio(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    body = NEW | {"role": "reviewer", "scope": "listed", "districts": [cast.south.pk]}
    assert client.post(reverse("admin:districts_bureaurole_add"), body).status_code == 302
    role = BureauRole.objects.get(user__email="new@example.org")
    assert list(districts_for(role.user, DistrictPermission.REVIEW)) == [cast.south]
    url = reverse("admin:districts_bureaurole_change", args=[role.pk])
    assert client.post(url, {"role": "reviewer", "scope": "listed", "districts": []}).status_code == 422
    assert list(districts_for(role.user, DistrictPermission.REVIEW)) == [cast.south]
    assert client.post(url, {"role": "approver", "scope": "all", "districts": []}).status_code == 302
    assert set(districts_for(role.user, DistrictPermission.APPROVE)) == {cast.north, cast.south}


def test_last_administrator_stays(cast: Cast) -> None:
    role = cast.administrator.bureau_role
    client = signed_in(cast.administrator)
    response = client.post(reverse("admin:districts_bureaurole_delete", args=[role.pk]), {"post": "yes"}, follow=True)
    assert "last bureau administrator" in response.content.decode()
    change = reverse("admin:districts_bureaurole_change", args=[role.pk])
    assert client.post(change, {"role": "reviewer", "scope": "all"}).status_code == 422
    assert BureauRole.objects.get(pk=role.pk).role == "administrator"


def test_access_is_ended_and_given_back(cast: Cast) -> None:
    client, person = signed_in(cast.administrator), signed_in(cast.officer)
    end, restore = (reverse("admin:districts_user_step", args=[cast.officer.pk, step]) for step in ("end", "restore"))
    assert client.get(end).status_code == 200
    assert client.post(end).status_code == 302
    cast.officer.refresh_from_db()
    assert not cast.officer.is_active
    assert person.get("/").status_code == 302
    assert client.post(restore).status_code == 302
    cast.officer.refresh_from_db()
    assert cast.officer.is_active


def test_own_access_cannot_be_ended(cast: Cast) -> None:
    url = reverse("admin:districts_user_step", args=[cast.administrator.pk, "end"])
    assert signed_in(cast.administrator).post(url).status_code == 422


def test_people_pages_are_refused_to_reviewers(cast: Cast) -> None:
    client = signed_in(cast.reviewer)
    urls = [
        reverse("admin:districts_user_step", args=[cast.officer.pk, "end"]),
        reverse("admin:districts_user_change", args=[cast.officer.pk]),
        reverse("admin:districts_membership_add"),
        reverse("admin:districts_bureaurole_change", args=[cast.administrator.bureau_role.pk]),
    ]
    assert [client.post(url, NEW | {"role": "administrator", "scope": "all"}).status_code for url in urls] == [403] * 4
    cast.officer.refresh_from_db()
    assert cast.officer.is_active


def test_person_page_takes_no_forged_fields(cast: Cast) -> None:
    url = reverse("admin:districts_user_change", args=[cast.officer.pk])
    body = {
        "full_name": "Renamed",
        "language": "en",
        "is_superuser": "on",
        "is_active": "",
        "email": "x@example.org",
        "password": "x",
    }
    assert signed_in(cast.administrator).post(url, body).status_code == 302
    cast.officer.refresh_from_db()
    assert cast.officer.full_name == "Renamed"
    assert (cast.officer.is_superuser, cast.officer.is_active, cast.officer.email) == (False, True, "north-officer@example.org")


def test_people_cannot_be_filtered_by_their_password(cast: Cast) -> None:
    response = signed_in(cast.administrator).get(reverse("admin:districts_user_changelist"), {"password__startswith": "md5"})
    assert response.status_code == 400
