"""The pictures of the documents."""

import re

from django.conf import settings

from tests.screenshots.pictures import FOLDER, PICTURES

_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")


def test_every_picture_is_made_by_the_command_and_shown_with_its_words() -> None:
    documents = [settings.BASE_DIR / "README.md", *(settings.BASE_DIR / "docs").rglob("*.md")]
    shown = {(document.parent / name).resolve() for document in documents for name in _PICTURE.findall(document.read_text())}
    made = {picture.path for picture in PICTURES}
    assert (shown, set(FOLDER.iterdir())) == (made, made)


def test_pictures_are_small() -> None:
    """A palette of 256 colours: the colour type in the header is 3."""
    heads = {picture.path.name: picture.path.read_bytes()[:26] for picture in PICTURES}
    assert {name: (head[1:4], head[25]) for name, head in heads.items()} == dict.fromkeys(heads, (b"PNG", 3))
    assert max(picture.path.stat().st_size for picture in PICTURES) < 120_000
