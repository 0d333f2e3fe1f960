"""A real SMTP server for tests, which can be told to refuse."""

import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Post:
    """What arrived, and what the server answers: `answer(recipient)` gives an SMTP reply."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.connections = 0
        self.answer: Callable[[str], str] = lambda _recipient: "250 OK"

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        reply = self.answer(envelope.rcpt_tos[0])
        if reply.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.received.append(message_from_bytes(content, policy=policy.default))
            self.recipients.append(list(envelope.rcpt_tos))
        return reply


def start(post: Post, port: int = 0) -> Controller:
    """A running server; `.port` says where. The caller stops it."""
    controller = Controller(post, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    return controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
