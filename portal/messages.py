"""Message catalogues without gettext's tools: `python -m portal.messages compile`, `... extract` and `... check`."""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from portal.extraction import Message, messages_of_project

_LOCALE = Path(__file__).resolve().parent.parent / "locale"
_WIDTH = 120
_PERCENT = re.compile(r"%(?:\(\w+\))?[a-z%]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[a-z]|\{\w*\}")


def catalogues(folder: Path = _LOCALE) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues(folder: Path = _LOCALE) -> None:
    """Write the .mo file beside each .po file that has changed since; whoever reads meanwhile sees the old or the new."""
    for path in catalogues(folder):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            unfinished = compiled.with_suffix(f".{os.getpid()}.mo")
            polib.pofile(str(path)).save_as_mofile(str(unfinished))
            unfinished.replace(compiled)


def update_catalogues(folder: Path = _LOCALE, messages: Iterable[Message] | None = None) -> None:
    """Give each catalogue the texts of the sources: new ones come in untranslated, what nobody says any more goes."""
    texts = list(messages_of_project().values() if messages is None else messages)
    for path in catalogues(folder):
        updated = _updated(polib.pofile(str(path), wrapwidth=_WIDTH), texts)
        path.write_text(str(updated), encoding="utf-8")


def _updated(old: polib.POFile, messages: Iterable[Message]) -> polib.POFile:
    """Sorted, and without dates and places, so that a change of one text is a change of one entry."""
    new = polib.POFile(wrapwidth=_WIDTH)
    new.metadata = old.metadata
    known = {(entry.msgid, entry.msgctxt): entry for entry in old if not entry.obsolete}
    for message in sorted(messages, key=lambda message: (message.msgid, message.context or "")):
        new.append(_entry(message, known.get(message.key)))
    return new


def _entry(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    texts: dict[str, object] = {"msgstr": old.msgstr if old else ""}
    if message.plural:
        kept = dict(old.msgstr_plural) if old else {}
        texts = {"msgid_plural": message.plural, "msgstr_plural": kept or {0: old.msgstr if old else ""}}
    flags = sorted({*(old.flags if old else ()), *(["python-format"] if _PERCENT.search(message.msgid) else ())})
    return polib.POEntry(msgid=message.msgid, msgctxt=message.context, comment=message.comment, flags=flags, **texts)


def faults(folder: Path = _LOCALE) -> Iterator[str]:
    """What is wrong with the catalogues, a line each: unreadable, said twice, untranslated, fuzzy, another placeholder."""
    for path in catalogues(folder):
        name = path.relative_to(folder)
        try:
            entries = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            yield f"{name}: {error}"
            continue
        for entry in entries:
            yield from (f"{name}:{entry.linenum}: {fault}: {entry.msgid!r}" for fault in _faults_of(entry))


def _faults_of(entry: polib.POEntry) -> Iterator[str]:
    if entry.obsolete:
        return
    if not entry.translated() and not entry.fuzzy:
        yield "untranslated"
    if entry.fuzzy:
        yield "fuzzy"
    allowed = [_placeholders(entry.msgid), _placeholders(entry.msgid_plural or entry.msgid)]
    for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
        if translation and _placeholders(translation) not in allowed:
            yield "placeholders differ"


def outdated(folder: Path = _LOCALE, messages: Iterable[Message] | None = None) -> Iterator[str]:
    """Catalogues that `extract` would change, a line each."""
    texts = list(messages_of_project().values() if messages is None else messages)
    for path in catalogues(folder):
        stored = path.read_text(encoding="utf-8")
        if str(_updated(polib.pofile(stored, wrapwidth=_WIDTH), texts)) != stored:
            yield f"{path.relative_to(folder)}: not what the sources say; run `make messages`"


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text.replace("%%", "")))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.messages", description=__doc__)
    parser.add_argument("action", choices=["compile", "extract", "check"])
    action = parser.parse_args().action
    if action == "compile":
        compile_catalogues()
        return 0
    if action == "extract":
        update_catalogues()
    found = [*faults(), *outdated()]
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
