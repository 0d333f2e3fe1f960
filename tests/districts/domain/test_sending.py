"""The outbox against a real SMTP server: once, late, refused, away, and back."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.test import Client

from districts.domain.letters import KINDS, Kind, Letter, register
from districts.domain.mail import NewMail, queue_mail, queue_mails, resend_mail
from districts.domain.sending import LEASE, claim, send_due_mail
from districts.enums import MailState
from districts.errors import NotAllowed, Refused
from districts.models import OutgoingMail, User
from tests.conftest import Cast
from tests.factories import NOW
from tests.smtp import Post, free_port, start


def _hello(mail: OutgoingMail, _now: datetime) -> Letter:
    return Letter(subject=f"Hello {mail.context.get('word', '')}", paragraphs=["{{ recipient.password }} <b>&"])


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    register(
        Kind("hello", "Hello", _hello),
        Kind("bundled", "Bundled", _hello, may_bundle=True),
        Kind("gone", "Gone", lambda _m, _n: None),
    )
    yield
    for name in ("hello", "bundled", "gone"):
        del KINDS[name]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post, settings: Any) -> Iterator[Controller]:
    controller = start(post)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield controller
    controller.stop()


def write(recipient: User, kind: str = "hello", about: str = "x", **context: object) -> OutgoingMail:
    queue_mail(kind=kind, recipients=[recipient], about=about, instant=NOW, now=NOW, context=context)
    return OutgoingMail.objects.get(kind=kind, recipient=recipient, dedupe_key__contains=f"|{about}|")


def states() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def test_mail_written_twice_and_swept_twice_arrives_once(cast: Cast, post: Post, server: Controller) -> None:
    mail = write(cast.officer)
    write(cast.officer)
    assert send_due_mail(now=NOW) == 1
    assert send_due_mail(now=NOW) == 0
    assert post.recipients == [["north-officer@example.org"]]
    received = post.received[0]
    mail.refresh_from_db()
    assert received["Message-ID"] == f"<{mail.message_id}@localhost>"
    assert (mail.state, mail.address, mail.subject) == (MailState.SENT, "north-officer@example.org", "Hello")
    text, html = received.get_body(("plain",)), received.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "{{ recipient.password }} <b>&" in text.get_content()
    assert "{{ recipient.password }} &lt;b&gt;&amp;" in html.get_content()


def test_many_mails_go_over_one_connection_to_one_recipient_each(cast: Cast, post: Post, server: Controller) -> None:
    people = [cast.officer, cast.head, cast.south_officer]
    queue_mails([NewMail("hello", person, f"x{n}", NOW) for n in range(20) for person in people], now=NOW)
    assert send_due_mail(now=NOW) == 60
    assert post.connections == 1
    assert {len(recipients) for recipients in post.recipients} == {1}
    assert set(states()) == {MailState.SENT}


def test_temporary_refusal_is_tried_again_under_the_same_message_id(cast: Cast, post: Post, server: Controller) -> None:
    mail = write(cast.officer)
    post.answer = lambda _r: "451 later"
    assert send_due_mail(now=NOW) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.last_error) == (MailState.DUE, 1, "451 later")
    assert send_due_mail(now=NOW + timedelta(seconds=59)) == 0
    post.answer = lambda _r: "250 OK"
    assert send_due_mail(now=NOW + timedelta(seconds=60)) == 1
    assert post.received[0]["Message-ID"] == f"<{mail.message_id}@localhost>"


def test_permanent_refusal_fails_and_the_others_are_sent(cast: Cast, post: Post, server: Controller) -> None:
    failing, other = write(cast.officer), write(cast.head)
    post.answer = lambda recipient: "550 no such person" if "officer" in recipient else "250 OK"
    assert send_due_mail(now=NOW) == 1
    failing.refresh_from_db()
    other.refresh_from_db()
    assert (failing.state, failing.last_error, other.state) == (MailState.FAILED, "550 no such person", MailState.SENT)


def test_permanent_refusal_is_shown_to_the_bureau_with_the_servers_words(cast: Cast, post: Post, server: Controller) -> None:
    queue_mails([NewMail("hello", cast.officer, "x", NOW, district=cast.north)], now=NOW)
    post.answer = lambda _recipient: "550 no such person"
    send_due_mail(now=NOW)
    mail, pages = OutgoingMail.objects.get(), {}
    for person in (cast.administrator, cast.reviewer, cast.south_reviewer):
        client = Client()
        client.force_login(person)
        for name, url in {"board": "/admin/", "mail": f"/admin/districts/outgoingmail/{mail.pk}/change/"}.items():
            response = client.get(url)
            pages[person.full_name, name] = response.status_code == 200 and "550 no such person" in response.content.decode()
    seen = {key for key, found in pages.items() if found}
    assert seen == {("Administrator", "board"), ("Administrator", "mail"), ("Reviewer", "board"), ("Reviewer", "mail")}


@pytest.fixture
def silent(settings: Any) -> Iterator[int]:
    """A port at which connections are taken and nobody says anything."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]
        yield settings.EMAIL_PORT


def test_server_that_says_nothing_is_given_up_in_time_and_nothing_is_lost(
    cast: Cast, post: Post, silent: int, settings: Any
) -> None:
    mails = [write(cast.officer, about=f"x{n}") for n in range(3)]
    assert send_due_mail(now=NOW) == 0
    mails[0].refresh_from_db()
    assert (mails[0].tries, mails[0].last_error[-9:]) == (1, "timed out")
    assert states() == [MailState.DUE] * 3
    controller = start(post)
    settings.EMAIL_PORT = controller.port
    try:
        assert send_due_mail(now=NOW + timedelta(minutes=1)) == 3
    finally:
        controller.stop()
    assert [received["Message-ID"] for received in post.received] == [f"<{mail.message_id}@localhost>" for mail in mails]


def test_server_that_takes_the_mail_and_answers_too_late_gets_it_again_under_the_same_message_id(
    cast: Cast, post: Post, server: Controller, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    given_up = Event()

    def answer_late(_recipient: str) -> str:
        given_up.wait(30)
        return "250 OK"

    write(cast.officer)
    post.answer = answer_late
    assert send_due_mail(now=NOW) == 0
    given_up.set()
    assert states() == [MailState.DUE]
    assert send_due_mail(now=NOW + timedelta(minutes=1)) == 1
    assert len(post.received) == 2
    assert len({received["Message-ID"] for received in post.received}) == 1


def test_server_away_keeps_everything_and_sends_it_later(cast: Cast, post: Post, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    queue_mails([NewMail("hello", cast.officer, f"x{n}", NOW) for n in range(3)], now=NOW)
    assert send_due_mail(now=NOW) == 0
    assert states() == [MailState.DUE] * 3
    controller = start(post, settings.EMAIL_PORT)
    try:
        assert send_due_mail(now=NOW + timedelta(days=3)) == 3
    finally:
        controller.stop()
    assert states() == [MailState.SENT] * 3


def test_lease_of_a_killed_sender_runs_out_and_the_mail_is_sent(cast: Cast, post: Post, server: Controller) -> None:
    write(cast.officer)
    assert len(claim(now=NOW)) == 1
    assert send_due_mail(now=NOW + LEASE) == 0
    assert send_due_mail(now=NOW + LEASE + timedelta(seconds=1)) == 1


def test_late_sender_does_not_mark_a_mail_that_another_one_took_over(cast: Cast, post: Post, server: Controller) -> None:
    mail = write(cast.officer)
    claim(now=NOW)
    later = NOW + LEASE + timedelta(seconds=1)
    assert [taken.pk for taken in claim(now=later)] == [mail.pk]
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING


def test_inactive_recipient_and_mail_without_reason_are_superseded(cast: Cast, post: Post, server: Controller) -> None:
    write(cast.officer)
    write(cast.head, kind="gone")
    cast.officer.is_active = False
    cast.officer.save()
    assert send_due_mail(now=NOW) == 0
    assert states() == [MailState.SUPERSEDED] * 2
    assert post.received == []


def test_bundle_goes_to_who_asked_for_one_mail_and_to_nobody_else(cast: Cast, post: Post, server: Controller) -> None:
    cast.officer.daily_digest = True
    cast.officer.save()
    for person in (cast.officer, cast.south_officer):
        for word in ("one", "two"):
            write(person, kind="bundled", about=word, word=word)
    assert send_due_mail(now=NOW) == 3
    subjects = {(recipients[0], message["Subject"]) for recipients, message in zip(post.recipients, post.received, strict=True)}
    assert subjects == {
        ("north-officer@example.org", "Hello one, and 1 more"),
        ("south-officer@example.org", "Hello one"),
        ("south-officer@example.org", "Hello two"),
    }


def test_mail_that_cannot_be_composed_fails_and_holds_nothing_up(cast: Cast, post: Post, server: Controller) -> None:
    def broken(_mail: OutgoingMail, _now: datetime) -> Letter:
        raise KeyError("word")

    register(Kind("hello", "Hello", broken))
    write(cast.officer)
    write(cast.head, kind="bundled")
    assert send_due_mail(now=NOW) == 1
    assert sorted(states()) == [MailState.FAILED, MailState.SENT]


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed"), SoftTimeLimitExceeded()], ids=type)
def test_mail_being_composed_when_the_run_ends_is_no_failed_one_and_is_sent_later(
    cast: Cast, post: Post, server: Controller, error: Exception
) -> None:
    """The database goes away, or the task's time is up."""
    ends = [error]

    def composed(_mail: OutgoingMail, _now: datetime) -> Letter:
        if ends:
            raise ends.pop()
        return Letter("Hello", ["Here it is."])

    register(Kind("hello", "Hello", composed))
    write(cast.officer)
    with pytest.raises(type(error)):
        send_due_mail(now=NOW)
    assert (states(), send_due_mail(now=NOW + LEASE)) == ([MailState.SENDING], 0)
    assert send_due_mail(now=NOW + LEASE + timedelta(seconds=1)) == 1
    assert (states(), len(post.received)) == ([MailState.SENT], 1)


def test_resend_writes_a_new_row_and_is_refused_on_the_way(cast: Cast, post: Post, server: Controller) -> None:
    mail = write(cast.officer)
    with pytest.raises(Refused):
        resend_mail(mail=mail, actor=cast.administrator, now=NOW)
    send_due_mail(now=NOW)
    with pytest.raises(NotAllowed):
        resend_mail(mail=mail, actor=cast.reviewer, now=NOW)
    resend_mail(mail=mail, actor=cast.administrator, now=NOW)
    assert send_due_mail(now=NOW) == 1
    assert len({message["Message-ID"] for message in post.received}) == 2
