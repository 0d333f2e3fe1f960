"""Reading a workbook that somebody sent: whatever it is, in bounded time and memory, in a process of its own."""

import logging

from reporting.workbooks import limits
from reporting.workbooks.cells import Book
from reporting.workbooks.decoding import Crashed, Decoder
from reporting.workbooks.process import Busy, Child, NotStarted, SaidTooMuch, TookTooLong, reading_child
from reporting.workbooks.refusals import refusal

_log = logging.getLogger(__name__)

_ARCHIVE, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that holds a workbook with a password."""


def read_book(content: bytes) -> Book:
    """The cells of a workbook (.xlsx). Raises Refused, with one message that says what is wrong and what to do.

    Macros are refused. Links to other files are never followed, nothing is computed, and only sheets, texts and formats are
    unpacked. docs/operations.md has the limits.
    """
    if problem := _other_than_archive(content):
        raise refusal(problem)
    try:
        with reading_child(content) as child:
            decoder = _heard(child)
    except NotStarted:
        _log.exception("The process that reads workbooks could not be started.")
        raise refusal("busy") from None
    except Busy:
        raise refusal("busy") from None
    except TookTooLong:
        raise refusal("slow") from None
    except SaidTooMuch:
        raise refusal("complicated") from None
    if child.ran_out_of_time:
        raise refusal("slow")
    if not decoder.ended:
        _log.error("The process that reads workbooks ended with status %s and no last word.", child.status)
        raise refusal("complicated")
    return decoder.book()


def _other_than_archive(content: bytes) -> str:
    """What is wrong with a file that is no archive of the right size, told by its first bytes; nothing if it is one."""
    if not content:
        return "empty"
    if len(content) > limits.FILE_BYTES:
        return "size"
    if content.startswith(_OLE):
        return "locked" if _ENCRYPTED in content else "old"
    return "" if content.startswith(_ARCHIVE) else "other"


def _heard(child: Child) -> Decoder:
    decoder = Decoder()
    try:
        for piece in child.pieces():
            decoder.take(piece)
    except Crashed as error:
        _log.exception("The process that reads workbooks met an error of its own: %s", error.args)
        raise refusal("damaged") from None
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
        # By its kind alone: its words may be the workbook's.
        _log.error("The process that reads workbooks said what it never says: %s.", type(error).__name__)
        raise refusal("damaged") from None
    return decoder
