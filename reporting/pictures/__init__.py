"""Pictures of figures as inline SVG, in one style: bullet bars, tile map, trend, waterfall, timeline.

A picture knows words and numbers, and nothing of where they come from. Each has a title, units, a source and a twin as a table;
none tells anything by colour alone. It is drawn at two widths: `WIDE` for screens and documents, `NARROW` for telephones.
"""

from reporting.pictures.bullets import Bullet, bullet_bars
from reporting.pictures.picture import Column, Picture, Words
from reporting.pictures.tiles import MapTile, tile_map
from reporting.pictures.timeline import Span, timeline
from reporting.pictures.trend import Point, trend
from reporting.pictures.waterfall import Part, waterfall

__all__ = [
    "Bullet",
    "Column",
    "MapTile",
    "Part",
    "Picture",
    "Point",
    "Span",
    "Words",
    "bullet_bars",
    "tile_map",
    "timeline",
    "trend",
    "waterfall",
]
