"""allauth, closed to sign-up; its mails go through the outbox, and it never sends one itself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from districts.domain.accounts import ask_for_password_reset
from districts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        return False

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """The link in `context` is dropped: another one is made when the mail is sent."""
        ask_for_password_reset(user=user, now=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        raise RuntimeError(f"allauth wants to send {template_prefix}, which the portal does not use.")
