"""Texts that people write to one another: never empty, never endless."""

import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from districts.errors import Refused

MAX_TEXT = 5_000
MAX_FILE_NAME = 150


def without_margins(text: str) -> str:
    """The text without what nobody sees: blanks around it, and NUL."""
    return text.replace("\x00", "").strip()


def need_words(text: str, missing: str = "") -> str:
    """The text as it is kept. Raises Refused where it says nothing (in the words of `missing`) or is too long."""
    cleaned = without_margins(text)
    if not cleaned:
        raise Refused(missing or _("Write something first."))
    return within_limit(cleaned)


def within_limit(text: str) -> str:
    """The text as it is kept, if there is any. Raises Refused where it is too long."""
    cleaned = without_margins(text)
    if len(cleaned) > MAX_TEXT:
        raise Refused(
            _("The text has %(length)d characters; %(limit)d are possible. Nothing was saved.")
            % {"length": len(cleaned), "limit": MAX_TEXT}
        )
    return cleaned


def file_name(name: str) -> str:
    """A file's name as it is shown, to tell files apart: printable, not too long, and never a path."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-MAX_FILE_NAME:]
