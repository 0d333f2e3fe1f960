"""A tile for each district where it lies, roughly, with a light or a shade and the number."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.pictures.canvas import Canvas, brief, shortened, wrapped
from reporting.pictures.marks import KINDS, draw_mark
from reporting.pictures.picture import WIDE, Column, Picture, Words

LIMIT = 200
"""More tiles than this are no map any more."""
_GAP = 6
_SMALL = 11


@dataclass(frozen=True)
class MapTile:
    """`light` of `marks.KINDS`, or blank; `shade` from 0 (least) to 4 (most) where a number is shown and no light; None where
    there is no number. Rows and columns count from 0."""

    row: int
    column: int
    label: str
    text: str
    light: str = ""
    light_words: str = ""
    shade: int | None = None


def tile_map(words: Words, tiles: Sequence[MapTile], value_header: str) -> Picture | None:
    """None where there are too many districts for a map, or none."""
    if not 0 < len(tiles) <= LIMIT:
        return None
    has_lights = any(tile.light for tile in tiles)
    columns = [Column(_("District")), Column(value_header, True), *([Column(_("Standing"))] if has_lights else [])]
    rows = [(tile.label, tile.text, *([tile.light_words] if has_lights else [])) for tile in tiles]
    return Picture(words, columns, rows, lambda width: _draw(tiles, width))


def _draw(tiles: Sequence[MapTile], width: int) -> Canvas:
    first_row, first_column = min(tile.row for tile in tiles), min(tile.column for tile in tiles)
    columns = max(tile.column for tile in tiles) - first_column + 1
    rows = max(tile.row for tile in tiles) - first_row + 1
    is_wide = width >= WIDE
    # A map of few columns would have enormous tiles if it were as wide as the page.
    across = min((width + _GAP) // columns, 128 if is_wide else 200) - _GAP
    down = 58 if is_wide else 62
    canvas = Canvas(width if not is_wide else columns * (across + _GAP) - _GAP, rows * (down + _GAP) - _GAP)
    for tile in tiles:
        _tile(canvas, tile, (tile.column - first_column) * (across + _GAP), (tile.row - first_row) * (down + _GAP), across, down)
    return canvas


def _tile(canvas: Canvas, tile: MapTile, x: int, y: int, across: int, down: int) -> None:
    canvas.rectangle(_kind(tile), x, y, across, down, radius=4)
    on = " p-on-dark" if tile.shade is not None and tile.shade >= 3 else ""
    inside = across - 2 * _GAP
    lines = wrapped(brief(tile.label), inside, _SMALL)
    for number, line in enumerate(lines):
        canvas.text(line, x + _GAP, y + 16 + 13 * number, kind=f"p-small{on}")
    if tile.light:
        draw_mark(canvas, tile.light, x + _GAP + 6, y + down - 12, 11)
    indent = _GAP + (18 if tile.light else 0)
    text = shortened(tile.text, across - indent - 2, 12)
    canvas.text(text, x + indent, y + down - 8, kind=f"p-tile-number{on}")


def _kind(tile: MapTile) -> str:
    if tile.light:
        return f"p-tile {KINDS.get(tile.light, 'p-none')}-tile"
    return "p-tile p-shade-none" if tile.shade is None else f"p-tile p-shade-{tile.shade}"
