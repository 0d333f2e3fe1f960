"""Words for the rehearsal of a template: one of everything that a document can have."""

from decimal import Decimal

from reporting.documents.content import Words
from reporting.enums.symposiums import DocumentKind
from reporting.pictures import Bullet, Picture, bullet_bars
from reporting.pictures import Words as PictureWords

_FRAME = dict.fromkeys(("title", "period", "when", "place", "chair", "source", "as_of", "synthetic"), "…")
_TEXT: Words = {"title": "…", "paragraphs": ["…"]}
_DISTRICT: Words = {
    "name": "…",
    "profile": {"positioning": "…", "industries": "…", "path": ["…"]},
    "targets": [dict.fromkeys(("name", "target", "result", "gap", "light"), "…")],
    "texts": [_TEXT],
    "tasks": [dict.fromkeys(("title", "deadline", "progress", "standing"), "…")],
}
_BRIEFING: Words = {
    "figures": [dict.fromkeys(("name", "unit", "value", "growth", "coverage"), "…")],
    "problems": ["…"],
    "districts": [_DISTRICT],
}
_MINUTES: Words = {
    "attendees": [dict.fromkeys(("district", "person", "note"), "…")],
    "reports": [{"name": "…", "paragraphs": ["…"]}],
    "assessment": ["…"],
    "conclusions": [{"group": "…", "texts": ["…"]}],
    "items": [dict.fromkeys(("title", "lead", "co_leads", "deliverable", "deadline"), "…")],
}


def sample_of(kind: DocumentKind) -> Words:
    numbers = [dict.fromkeys(("place", "name", "shown"), "…")]
    return {**_FRAME, "numbers": numbers, **(_BRIEFING if kind == DocumentKind.BRIEFING else _MINUTES)}


def sample_pictures(kind: DocumentKind) -> list[Picture]:
    if kind != DocumentKind.BRIEFING:
        return []
    bullet = Bullet("…", Decimal(1), Decimal(2), "1", "2", "red", "…")
    return [bullet_bars(PictureWords("…", "%", "…"), [bullet])]


def names_of(kind: DocumentKind) -> list[str]:
    """What a template can name at its outermost."""
    return [*sample_of(kind), *(["pictures"] if kind == DocumentKind.BRIEFING else [])]
