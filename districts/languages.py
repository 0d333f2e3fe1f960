"""Which of two wordings a person reads. Names are kept in English and in Chinese, side by side, on the row they belong to."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def localised(text: str, text_zh: str) -> str:
    """The wording in the reader's language; English where there is no Chinese one."""
    return text_zh if text_zh and is_chinese() else text


class DistrictName(NamedTuple):
    """A name in both languages, and its first day; None: the district was always called so."""

    name: str
    name_zh: str
    first_day: date | None = None

    @property
    def label(self) -> str:
        return localised(self.name, self.name_zh)
