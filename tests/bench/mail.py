"""1,000 mails of the outbox to a local SMTP server, against a loop of smtplib over one connection."""

import smtplib
import subprocess
import sys
from email.message import EmailMessage

from django.conf import settings

from districts.domain.mail import NewMail, queue_mails
from districts.domain.sending import send_due_mail
from districts.models import OutgoingMail
from tests import factories
from tests.bench import data
from tests.bench.harness import Figure, in_turns
from tests.bench.ports import free_port, wait_for_port

MAILS = 1000
_SERVER = """
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

async def main():
    await asyncio.get_running_loop().create_server(lambda: SMTP(Sink(), hostname="localhost"), "127.0.0.1", int(sys.argv[1]))
    await asyncio.Event().wait()

asyncio.run(main())
"""


def measure() -> Figure:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)])
    try:
        wait_for_port(port)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return _measure(port)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _measure(port: int) -> Figure:
    people = [factories.make_user(f"reader-{number}") for number in range(10)]

    def fill() -> None:
        OutgoingMail.objects.all().delete()
        queue_mails((NewMail("notice_of_role", people[n % 10], f"bench:{n}", data.NOW) for n in range(MAILS)), now=data.NOW)

    def sweep() -> None:
        if send_due_mail(now=data.NOW, seconds=600) != MAILS:
            raise RuntimeError("Not every mail was sent.")

    def loop() -> None:
        text = "Your account on the reporting portal was given a role. " * 5
        with smtplib.SMTP("127.0.0.1", port) as link:
            for n in range(MAILS):
                message = EmailMessage()
                message["Subject"], message["From"], message["To"] = "A role", settings.DEFAULT_FROM_EMAIL, people[n % 10].email
                message.set_content(text)
                message.add_alternative(f"<p>{text}</p>" * 20, subtype="html")
                link.send_message(message)

    return in_turns(
        "mail", sweep, loop, rounds=3, before=fill, note="1,000 mails, text and HTML, against smtplib over one connection"
    )
