"""Mails that let somebody in: invitation and password reset. The link is made at sending, and is neither stored nor shown."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.models import OutgoingMail, User


def ask_for_password_reset(*, user: User, now: datetime) -> None:
    queue_mail(kind="password_reset", recipients=[user], about=f"user:{user.pk}", instant=now, now=now)


def entrance_link(user: User) -> str:
    """A link that sets a password once, for as long as PASSWORD_RESET_TIMEOUT says."""
    token = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
    return f"{settings.PORTAL_URL}{path}"


def _days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def _reset(mail: OutgoingMail, _now: datetime) -> Letter:
    return Letter(
        subject=_("Set a new password"),
        paragraphs=[
            _("Somebody, probably you, asked for a new password for your account on the reporting portal."),
            _("The link works once, for %(days)d days. If it was not you, do nothing: your password stays as it is.")
            % {"days": _days()},
        ],
        link=entrance_link(mail.recipient),
        link_text=_("Set a new password"),
    )


def _where(mail: OutgoingMail) -> str:
    return str(mail.district) if mail.district else _("the bureau")


def _invitation(mail: OutgoingMail, _now: datetime) -> Letter | None:
    if mail.recipient.has_usable_password():
        return None
    return Letter(
        subject=_("Your account on the reporting portal"),
        paragraphs=[
            _("You were invited to the reporting portal, to work for %(where)s.") % {"where": _where(mail)},
            _("Sign in with this e-mail address. Choose a password first; the link works once, for %(days)d days.")
            % {"days": _days()},
        ],
        link=entrance_link(mail.recipient),
        link_text=_("Choose a password"),
    )


def _notice_of_role(mail: OutgoingMail, _now: datetime) -> Letter:
    return Letter(
        subject=_("You now work for %(where)s on the reporting portal") % {"where": _where(mail)},
        paragraphs=[
            _("Your account on the reporting portal was given a role: you now work for %(where)s.") % {"where": _where(mail)}
        ],
        link=settings.PORTAL_URL,
        link_text=_("Open the portal"),
    )


def register_account_mails() -> None:
    register(
        Kind("password_reset", gettext_lazy("Password reset"), _reset, is_secret=True),
        Kind("invitation", gettext_lazy("Invitation"), _invitation, is_secret=True),
        Kind("notice_of_role", gettext_lazy("Notice of a role"), _notice_of_role),
    )
