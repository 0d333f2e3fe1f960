"""People: invited, changed, removed, by who may and nobody else; the link in the mail and nowhere else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse

from districts.domain.people import (
    change_member_role,
    invite_member,
    invite_to_bureau,
    remove_bureau_role,
    remove_member,
    set_active,
    set_bureau_role,
)
from districts.domain.sending import send_due_mail
from districts.enums import BureauRoleName, DistrictPermission, DistrictRole, Scope
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import Membership, OutgoingMail, User
from districts.queries.access import may, permissions_on
from tests.conftest import Cast
from tests.factories import NOW, PASSWORD, make_user
from tests.smtp import Post, start


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    received = Post()
    controller: Controller = start(received)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield received
    controller.stop()


def signed_in(user: User) -> Client:
    client = Client()
    assert client.login(email=user.email, password=PASSWORD)
    return client


def body(post: Post, number: int = -1) -> str:
    part = post.received[number].get_body(("plain",))
    assert part is not None
    return part.get_content()


def invite(cast: Cast, actor: User, email: str = "new@example.org", role: DistrictRole = DistrictRole.OFFICER) -> Membership:
    return invite_member(district=cast.north, email=email, full_name="New Person", role=role, actor=actor, now=NOW)


def test_invited_person_chooses_a_password_by_the_mailed_link_and_signs_in(cast: Cast, post: Post) -> None:
    invite(cast, cast.head)
    assert send_due_mail(now=NOW) == 1
    assert post.recipients == [["new@example.org"]]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", body(post))
    assert link is not None
    client = Client()
    page = client.get(link[1], follow=True)
    changed = client.post(page.redirect_chain[-1][0], {"password1": "a long enough phrase", "password2": "a long enough phrase"})
    assert changed.status_code == 302
    assert client.login(email="new@example.org", password="a long enough phrase")
    assert client.get("/").status_code == 200
    again = Client().get(link[1], follow=True)
    assert "password1" not in again.content.decode()
    mail = OutgoingMail.objects.get(kind="invitation")
    assert (mail.text_body, mail.html_body) == ("", "")
    assert "key" not in str(mail.context)


def test_password_reset_answers_alike_for_known_and_unknown_and_never_keeps_the_link(cast: Cast, post: Post) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}) for email in (cast.officer.email, "nobody@example.org")
    ]
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient, mail.text_body, mail.context) == ("password_reset", cast.officer, "", {})
    assert send_due_mail(now=mail.due_at) == 1
    assert "/accounts/password/reset/key/" in body(post)
    mail.refresh_from_db()
    assert (mail.state, mail.text_body, mail.html_body, mail.subject) == ("sent", "", "", "Set a new password")


def test_sign_up_is_closed_and_pages_for_addresses_do_not_exist(db: None) -> None:
    closed = Client().post("/accounts/signup/", {"email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert closed.status_code == 200
    assert not User.objects.filter(email="a@example.org").exists()
    assert Client().get("/accounts/email/").status_code == 404
    assert Client().get("/accounts/confirm-email/").status_code == 404


def test_sign_in_with_wrong_passwords_is_slowed_down_without_redis(cast: Cast, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client = Client()
    texts = [client.post("/accounts/login/", {"login": cast.head.email, "password": "wrong"}).content.decode() for _ in range(6)]
    assert "Too many failed login attempts" not in texts[0]
    assert "Too many failed login attempts" in texts[-1]
    assert "Too many" in client.post("/accounts/login/", {"login": cast.head.email, "password": PASSWORD}).content.decode()


def test_head_manages_officers_and_observers_of_the_own_district_only(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        invite(cast, cast.head, role=DistrictRole.HEAD)
    for stranger in (cast.officer, cast.observer, cast.south_head, cast.reviewer, cast.approver, cast.outsider):
        with pytest.raises(NotAllowed):
            invite(cast, stranger)
    own_head = Membership.objects.get(user=cast.head)
    with pytest.raises(NotAllowed):
        remove_member(membership=own_head, actor=cast.head)
    south_officer = Membership.objects.get(user=cast.south_officer)
    with pytest.raises(NotAllowed):
        remove_member(membership=south_officer, actor=cast.head)
    assert not User.objects.filter(email="new@example.org").exists()
    assert OutgoingMail.objects.count() == 0


def test_role_changed_and_removed_take_effect_on_the_grants_at_once(cast: Cast) -> None:
    membership = Membership.objects.get(user=cast.officer)
    change_member_role(membership=membership, role=DistrictRole.OBSERVER, actor=cast.head)
    assert permissions_on(cast.officer, cast.north.pk) == {DistrictPermission.VIEW}
    remove_member(membership=membership, actor=cast.head)
    assert permissions_on(cast.officer, cast.north.pk) == frozenset()
    with pytest.raises(Conflict):
        remove_member(membership=membership, actor=cast.head)


def test_known_person_invited_to_a_second_district_gets_a_notice_and_keeps_the_first(cast: Cast) -> None:
    invite(cast, cast.head, email="SOUTH-officer@example.org")
    assert permissions_on(cast.south_officer, cast.north.pk) == {DistrictPermission.VIEW, DistrictPermission.FILE}
    assert permissions_on(cast.south_officer, cast.south.pk) == {DistrictPermission.VIEW, DistrictPermission.FILE}
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient, mail.district) == ("notice_of_role", cast.south_officer, cast.north)


def test_invitation_of_members_bureau_people_and_inactive_people_is_refused(cast: Cast) -> None:
    inactive = make_user("inactive", is_active=False)
    for email in (cast.officer.email, cast.reviewer.email, inactive.email):
        with pytest.raises(Refused):
            invite(cast, cast.head, email=email)
    assert OutgoingMail.objects.count() == 0


def test_bureau_role_is_given_changed_and_removed_by_administrators_only(cast: Cast) -> None:
    role = invite_to_bureau(
        email="colleague@example.org",
        full_name="Colleague",
        role=BureauRoleName.REVIEWER,
        scope=Scope.LISTED,
        districts=[cast.south],
        actor=cast.administrator,
        now=NOW,
    )
    assert may(role.user, DistrictPermission.REVIEW, cast.south.pk)
    assert not may(role.user, DistrictPermission.REVIEW, cast.north.pk)
    set_bureau_role(user=role.user, role=BureauRoleName.APPROVER, scope=Scope.ALL, districts=[], actor=cast.administrator)
    assert may(role.user, DistrictPermission.APPROVE, cast.north.pk)
    for stranger in (cast.approver, cast.reviewer, cast.head):
        with pytest.raises(NotAllowed):
            remove_bureau_role(bureau_role=role, actor=stranger)
    remove_bureau_role(bureau_role=role, actor=cast.administrator)
    assert permissions_on(User.objects.get(pk=role.user_id), cast.south.pk) == frozenset()
    with pytest.raises(Refused, match="works for a district"):
        set_bureau_role(user=cast.head, role=BureauRoleName.REVIEWER, scope=Scope.ALL, districts=[], actor=cast.administrator)


def test_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Refused, match="last bureau administrator"):
        remove_bureau_role(bureau_role=cast.administrator.bureau_role, actor=cast.administrator)
    with pytest.raises(Refused, match="own access"):
        set_active(user=cast.administrator, is_active=False, actor=cast.administrator)


def test_deactivated_person_is_refused_at_the_next_request(cast: Cast) -> None:
    client = signed_in(cast.officer)
    assert client.get("/").status_code == 200
    set_active(user=cast.officer, is_active=False, actor=cast.administrator)
    assert client.get("/").status_code == 302


def test_people_page_lists_the_own_district_and_nobody_of_another(cast: Cast) -> None:
    page = signed_in(cast.head).get(reverse("people")).content.decode()
    assert "north-officer@example.org" in page
    assert "south-officer@example.org" not in page
    assert signed_in(cast.officer).get(reverse("people")).status_code == 403


def test_people_page_invites_changes_and_removes(cast: Cast) -> None:
    client = signed_in(cast.head)
    form = {"email": "new@example.org", "full_name": "New Person", "role": "observer"}
    assert client.post(reverse("people_invite", args=["north"]), form).status_code == 302
    refused = client.post(reverse("people_invite", args=["north"]), form)
    assert refused.status_code == 422
    assert "change the role instead" in refused.content.decode()
    forged = client.post(reverse("people_invite", args=["north"]), {**form, "email": "x@example.org", "role": "head"})
    assert forged.status_code == 422
    assert not User.objects.filter(email="x@example.org").exists()
    assert client.post(reverse("people_invite", args=["south"]), form).status_code == 404
    membership = Membership.objects.get(user__email="new@example.org")
    assert client.get(reverse("people_role", args=[membership.pk])).status_code == 200
    assert client.post(reverse("people_role", args=[membership.pk]), {"role": "officer"}).status_code == 302
    membership.refresh_from_db()
    assert membership.role == DistrictRole.OFFICER
    assert client.get(reverse("people_remove", args=[membership.pk])).status_code == 200
    assert client.post(reverse("people_remove", args=[membership.pk])).status_code == 302
    assert client.post(reverse("people_remove", args=[membership.pk])).status_code == 404
    foreign = Membership.objects.get(user=cast.south_officer)
    assert client.post(reverse("people_remove", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("people_remove", args=[Membership.objects.get(user=cast.head).pk])).status_code == 403
    assert (
        signed_in(cast.officer).get(reverse("people_remove", args=[Membership.objects.get(user=cast.observer).pk])).status_code
        == 403
    )
