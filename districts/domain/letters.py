"""What a kind of mail says, and when it is still worth sending.

Each kind is a row of `KINDS`; the apps that send mail add theirs when they are ready. What people wrote reaches a mail as a value
only: it is never expanded, and the HTML escapes it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from districts.models import OutgoingMail


@dataclass(frozen=True)
class Part:
    """A heading over lines with a link each; `link` leads to the others where the lines are not all."""

    title: str
    lines: list[tuple[str, str]]
    link: str = ""


class Attached(NamedTuple):
    """A file that goes with a mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Letter:
    """One mail in words: paragraphs, then facts (name and value), quotes (who or what, and the text), parts, and one link."""

    subject: str
    paragraphs: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    link: str = ""
    link_text: str = ""
    files: list[Attached] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """`label` is for the bureau's list. `compose` gives the letter in the recipient's language, None where it is not wanted.

    `is_secret`: it holds a link that lets somebody in, so its bodies are not kept. `may_bundle`: several that are due to one
    person at once go out as one mail, to the bureau's people and to those who asked for it.
    """

    name: str
    label: str | Promise
    compose: Callable[[OutgoingMail, datetime], Letter | None]
    is_secret: bool = False
    may_bundle: bool = False


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    KINDS.update({kind.name: kind for kind in kinds})


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    files: tuple[Attached, ...] = ()


def compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """The letter in the recipient's language; None where it should not go out any more."""
    if not mail.recipient.is_active:
        return None
    with translation.override(mail.recipient.language):
        return KINDS[mail.kind].compose(mail, now)


def render(letters: list[Letter], mail: OutgoingMail) -> Rendered:
    """One mail of one letter or of several, in the recipient's language."""
    with translation.override(mail.recipient.language):
        context = {
            "letters": letters,
            "recipient": mail.recipient,
            "portal_url": settings.PORTAL_URL,
            "portal_demo": settings.PORTAL_DEMO,
            "language": mail.recipient.language,
        }
        subject = letters[0].subject
        if len(letters) > 1:
            subject = translation.ngettext(
                "%(subject)s, and %(count)d more", "%(subject)s, and %(count)d more", len(letters) - 1
            ) % {
                "subject": subject,
                "count": len(letters) - 1,
            }
        text = render_to_string("emails/letter.txt", context)
        html, files = render_to_string("emails/letter.html", context), tuple(file for letter in letters for file in letter.files)
        return Rendered(" ".join(subject.split())[:300], text.strip() + "\n", html, files)
