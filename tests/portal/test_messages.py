import gettext
import os
from pathlib import Path

import pytest

from portal import messages
from portal.extraction import Message

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
        ('msgid "Sign"\nmsgstr ""\n', "untranslated"),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] ""\n', "untranslated"),
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
        'msgid "one report"\nmsgid_plural "%(n)s reports"\nmsgstr[0] "%(n)s 份报告"\n',
    )
    assert list(messages.faults(tmp_path)) == []


def test_changed_catalogue_is_compiled_again(tmp_path: Path) -> None:
    path = catalogue(tmp_path, 'msgid "Sign"\nmsgstr "签"\n')
    messages.compile_catalogues(tmp_path)
    path.write_text(f'{HEADER}msgid "Sign"\nmsgstr "签发"\n', encoding="utf-8")
    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    messages.compile_catalogues(tmp_path)
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign") == "签发"


def test_update_keeps_translations_and_drops_what_nobody_says(tmp_path: Path) -> None:
    path = catalogue(tmp_path, 'msgid "Sign"\nmsgstr "签发"\n\nmsgid "Gone"\nmsgstr "无"\n\nmsgid "day"\nmsgstr "天"\n')
    texts = [
        Message("Sign"),
        Message("Open", context="comment", comment="Translators: a state."),
        Message("%(n)d day", plural="%(n)d days"),
        Message("day", plural="days"),
    ]
    assert list(messages.outdated(tmp_path, texts)) == [
        "zh_Hans/LC_MESSAGES/django.po: not what the sources say; run `make messages`"
    ]
    messages.update_catalogues(tmp_path, texts)
    assert path.read_text(encoding="utf-8").partition("\n\n")[2] == (
        '#, python-format\nmsgid "%(n)d day"\nmsgid_plural "%(n)d days"\nmsgstr[0] ""\n\n'
        '#. Translators: a state.\nmsgctxt "comment"\nmsgid "Open"\nmsgstr ""\n\n'
        'msgid "Sign"\nmsgstr "签发"\n\nmsgid "day"\nmsgid_plural "days"\nmsgstr[0] "天"\n'
    )
    assert list(messages.outdated(tmp_path, texts)) == []
