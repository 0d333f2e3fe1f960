"""Reads the workbook on the input and says what it holds on the output."""

from __future__ import annotations

import resource
import sys
from posix import _exit

from reporting.workbooks import limits
from reporting.workbooks.child.answer import BOOK, CRASH, END, FAULT, SHEET, Answer
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.package import Contents, Listed, Package
from reporting.workbooks.child.sheet import Cells, Totals
from reporting.workbooks.child.strings import SharedStrings
from reporting.workbooks.child.styles import Styles

_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")


def main() -> None:
    bound()
    answer = Answer(sys.stdout.buffer.write)
    try:
        read(sys.stdin.buffer.read(limits.FILE_BYTES + 1), answer)
    except Fault as fault:
        answer.say(FAULT, fault.code, fault.sheet, fault.cell)
    except MemoryError:
        answer.drop()
        answer.say(FAULT, "complicated", "", "")
    except Exception as error:  # noqa: BLE001 (the other side says in its log what has to be mended here)
        answer.say(CRASH, type(error).__name__, str(error.__traceback__ and _line(error)))
    answer.flush()
    sys.stdout.buffer.flush()
    _exit(0)  # at once: taking the interpreter down takes as long as many a workbook


def bound() -> None:
    """From here on the kernel refuses this process more than it needs. The signal of a time used up ends it."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, limits.FILES),
    ):
        if kind == resource.RLIMIT_AS and sys.platform != "linux":
            continue  # macOS has no such limit and refuses to set it
        hard = resource.getrlimit(kind)[1]
        possible = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (possible, hard if kind == resource.RLIMIT_CPU else possible))


def read(content: bytes, answer: Answer) -> None:
    package = Package(content)
    main_part = next((target for kind, target in package.links("").values() if kind == "officeDocument"), "")
    contents = Contents()
    package.read(main_part, contents)
    if not contents.is_workbook:
        raise Fault("other")
    links = package.links(main_part)
    if any(kind in _MACRO_SHEETS for kind, _target in links.values()):
        raise Fault("macros")
    shared, styles = SharedStrings(), Styles()
    for reader, wanted in ((shared, "sharedStrings"), (styles, "styles")):
        if part := next((target for kind, target in links.values() if kind == wanted), ""):
            package.read(part, reader)
    answer.say(BOOK, "1" if contents.since_1904 else "")
    totals = Totals()
    for listed in contents.sheets:
        kind, target = links.get(listed.link, ("", ""))
        if kind == "worksheet":
            answer.say(SHEET, listed.name, "1" if listed.hidden else "")
            read_sheet(package, target, listed, Cells(answer, totals, shared.texts, styles.formats))
        elif kind not in ("chartsheet", "dialogsheet"):
            raise Fault("damaged", sheet=listed.name)
    answer.say(END, str(totals.cells))


def read_sheet(package: Package, part: str, listed: Listed, cells: Cells) -> None:
    try:
        package.read(part, cells)
    except Fault as fault:
        raise Fault(fault.code, sheet=listed.name, cell=cells.place) from None


def _line(error: Exception) -> str:
    """File and line of the innermost frame: nothing of the workbook."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
