"""What single nouns bring to the world and to the tables of pages, a module each: `plant`, PORTAL, ADMIN, WORDS."""

from typing import Any

from tests.matrix.pieces import key_tasks, publication, publicity
from tests.matrix.verdicts import Page
from tests.matrix.world import World

_PIECES: tuple[Any, ...] = (key_tasks, publication, publicity)
"""The modules. Each gives `plant(world)`, which adds rows to the tenants and to what is shared, and the pages that show them."""

PORTAL: dict[str, Page] = {key: page for piece in _PIECES for key, page in piece.PORTAL.items()}
ADMIN: dict[str, Page] = {key: page for piece in _PIECES for key, page in piece.ADMIN.items()}
WORDS: list[tuple[str, str, set[str]]] = [row for piece in _PIECES for row in piece.WORDS]
"""(key of a page, role, the world's words that it must read there)."""


def plant(world: World) -> None:
    for piece in _PIECES:
        piece.plant(world)
