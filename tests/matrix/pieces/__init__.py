"""What single nouns bring to the world and to the tables of pages, a module each: `plant`, PORTAL, ADMIN, WORDS."""

from datetime import timedelta
from typing import Any

from districts.domain.accounts import ask_for_password_reset
from districts.models import OutgoingMail
from tests.matrix.pieces import key_tasks, practices, profiles, publication, publicity, symposiums, targets
from tests.matrix.verdicts import Page
from tests.matrix.world import BUREAU, World

_PIECES: tuple[Any, ...] = (key_tasks, practices, profiles, publication, publicity, symposiums, targets)
"""The modules. Each gives `plant(world)`, which adds rows to the tenants and to what is shared, and the pages that show them."""

PORTAL: dict[str, Page] = {key: page for piece in _PIECES for key, page in piece.PORTAL.items()}
ADMIN: dict[str, Page] = {key: page for piece in _PIECES for key, page in piece.ADMIN.items()}
WORDS: list[tuple[str, str, set[str]]] = [row for piece in _PIECES for row in piece.WORDS]
"""(key of a page, role, the world's words that it must read there)."""


def plant(world: World) -> None:
    for piece in _PIECES:
        piece.plant(world)
    # The bureau's own mail is the latest one, as in the world before, so that lists begin with it.
    ask_for_password_reset(user=world.cast.administrator, now=world.now + timedelta(seconds=1))
    OutgoingMail.objects.filter(district=None).update(text_body=f"{BUREAU} mail", subject=f"{BUREAU} mail")
