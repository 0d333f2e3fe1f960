"""Pictures as images, for what shows no SVG with a style sheet."""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from resvg_py import svg_to_bytes

from reporting.pictures import Picture
from reporting.pictures.picture import WIDE

SCALE = 3
"""Pixels to a unit: about 300 to an inch across a page."""
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_DEFINED = re.compile(r"(--[\w-]+):\s*([^;]+);")


def as_png(picture: Picture) -> bytes:
    """In the light colours, on white."""
    return bytes(svg_to_bytes(svg_string=str(picture.wide), width=WIDE * SCALE, background="#ffffff", style_sheet=_style()))


@cache
def _style() -> str:
    """The rules of the pages, with the values of their variables: an image has no other style sheet."""
    tokens = _source("portal/tokens.css").partition("\n.dark")[0]
    values = dict(_DEFINED.findall(tokens))
    rules = _source("portal/pictures.css").partition("@media")[0]
    return _VARIABLE.sub(lambda found: values[found[1]], rules)


def _source(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")
