import gettext
from pathlib import Path

import pytest

from portal import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(folder: Path, body: str) -> Path:
    path = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + body, encoding="utf-8")
    return path


def test_catalogue_is_compiled_for_gettext(tmp_path: Path) -> None:
    path = catalogue(tmp_path, 'msgid "Sign"\nmsgstr "签发"\n')
    messages.compile_catalogues(tmp_path)
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign") == "签发"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('#, python-format\nmsgid "%(n)s reports"\nmsgstr "%(m)s 份"\n', "placeholders differ"),
        ('msgid "{n} reports"\nmsgstr "份"\n', "placeholders differ"),
        ('#, fuzzy\nmsgid "Sign"\nmsgstr "签"\n', "fuzzy"),
        ('msgid "Sign"\nmsgstr "签"\n\nmsgid "Sign"\nmsgstr "签发"\n', "already exists"),
        ('msgid "Sign"\nnonsense "签"\n', "Syntax error"),
    ],
)
def test_faulty_catalogue_is_reported_in_one_line(tmp_path: Path, body: str, fault: str) -> None:
    catalogue(tmp_path, body)
    (line,) = messages.faults(tmp_path)
    assert fault in line


def test_sound_catalogue_has_no_faults(tmp_path: Path) -> None:
    catalogue(
        tmp_path,
        'msgid "100 %% of %(n)s"\nmsgstr "%(n)s 的 100 %%"\n\n'
        'msgid "one report"\nmsgid_plural "%(n)s reports"\nmsgstr[0] "%(n)s 份报告"\n\nmsgid "Not yet"\nmsgstr ""\n',
    )
    assert list(messages.faults(tmp_path)) == []
