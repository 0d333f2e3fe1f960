"""The language a person reads, from the sign-in page to the next mail, and the settings of one's own."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from districts.domain.accounts import ask_for_password_reset
from districts.domain.people import invite_member
from districts.domain.sending import send_due_mail
from districts.enums import DistrictRole
from districts.models import User
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CHINESE = "zh-hans"


def language_of(client: Client, path: str = "/settings/", **headers: str) -> str:
    return client.get(path, headers=headers).headers["Content-Language"]


def switch(client: Client, language: str) -> None:
    assert client.post("/i18n/setlang/", {"language": language, "next": "/settings/"}).headers["Location"] == "/settings/"


def test_language_before_signing_in_is_the_browsers(client: Client, cast: Cast) -> None:
    assert language_of(client, "/accounts/login/") == "en"
    assert language_of(client, "/accounts/login/", accept_language="zh-CN,zh;q=0.9") == CHINESE


def test_language_of_somebody_signed_in_is_the_persons_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert language_of(client, accept_language="zh-CN") == "en"


def test_switch_of_language_follows_the_person_to_another_browser(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    switch(client, CHINESE)
    assert language_of(client) == CHINESE
    other = Client()
    other.force_login(cast.officer)
    assert language_of(other) == CHINESE
    assert User.objects.get(pk=cast.south_officer.pk).language == "en"


def test_switch_of_language_before_signing_in_changes_nobody(client: Client, cast: Cast) -> None:
    switch(client, CHINESE)
    assert language_of(client, "/accounts/login/") == CHINESE
    assert set(User.objects.values_list("language", flat=True)) == {"en"}


@pytest.mark.parametrize("language", ["", "de", "zh", "zh-hant", "x" * 50])
def test_switch_to_a_language_that_the_portal_lacks_changes_nothing(client: Client, cast: Cast, language: str) -> None:
    client.force_login(cast.officer)
    switch(client, language)
    cast.officer.refresh_from_db()
    assert cast.officer.language == "en"


def test_bureaus_pages_have_the_switch_and_the_way_to_the_settings(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    page = client.get("/admin/").content.decode()
    assert 'action="/i18n/setlang/"' in page
    assert 'href="/settings/"' in page


def test_settings_keep_language_and_digest_and_answer_in_the_new_language(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    answer = client.post("/settings/", {"language": CHINESE, "daily_digest": "on", "full_name": "Forged"}, follow=True)
    cast.officer.refresh_from_db()
    assert (cast.officer.language, cast.officer.daily_digest, cast.officer.full_name) == (CHINESE, True, "North Officer")
    assert "个人设置已保存。" in answer.content.decode()


def test_settings_with_an_unknown_language_are_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert client.post("/settings/", {"language": "de"}).status_code == 422
    cast.officer.refresh_from_db()
    assert (cast.officer.language, cast.officer.daily_digest) == ("en", False)


def test_mail_is_in_its_recipients_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language=CHINESE)
    for user in (cast.officer, cast.south_officer):
        ask_for_password_reset(user=User.objects.get(pk=user.pk), now=NOW)
    send_due_mail(now=NOW + timedelta(minutes=1))
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        cast.officer.email: "设置新密码",
        cast.south_officer.email: "Set a new password",
    }


def test_invitation_is_in_the_language_of_who_invites(cast: Cast) -> None:
    cast.head.language = CHINESE
    cast.head.save()
    membership = invite_member(
        district=cast.north, email="new@example.org", full_name="新人", role=DistrictRole.OFFICER, actor=cast.head, now=NOW
    )
    assert membership.user.language == CHINESE
