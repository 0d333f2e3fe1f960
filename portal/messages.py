"""Message catalogues without gettext's tools: `python -m portal.messages compile` and `python -m portal.messages check`."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

_LOCALE = Path(__file__).resolve().parent.parent / "locale"
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[a-z]|\{\w*\}")


def catalogues(folder: Path = _LOCALE) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues(folder: Path = _LOCALE) -> None:
    """Write the .mo file beside each .po file that has changed since."""
    for path in catalogues(folder):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))


def faults(folder: Path = _LOCALE) -> Iterator[str]:
    """What is wrong with the catalogues, a line each: what cannot be read, is said twice, fuzzy, or changes a placeholder."""
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
    if entry.fuzzy:
        yield "fuzzy"
    allowed = [_placeholders(entry.msgid), _placeholders(entry.msgid_plural or entry.msgid)]
    for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
        if translation and _placeholders(translation) not in allowed:
            yield "placeholders differ"


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text.replace("%%", "")))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.messages", description=__doc__)
    parser.add_argument("action", choices=["compile", "check"])
    if parser.parse_args().action == "compile":
        compile_catalogues()
        return 0
    found = list(faults())
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
