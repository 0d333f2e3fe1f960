"""ZIP files of many files, and those that were made to hurt."""

import struct
import zipfile

import pytest

from districts.errors import Refused
from reporting.workbooks import limits
from reporting.workbooks.bundles import read_archive
from tests.reporting.workbooks import files
from tests.reporting.workbooks.files import packed


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        list(read_archive(content))
    (message,) = caught.value.messages
    return str(message)


def test_files_come_by_name_with_their_folders() -> None:
    book = files.workbook()
    assert list(read_archive(packed({"b/海淀.xlsx": book, "a.pdf": b"%PDF-", "empty.txt": b""}))) == [
        ("a.pdf", b"%PDF-"),
        ("b/海淀.xlsx", book),
        ("empty.txt", b""),
    ]


def test_stored_files_come_too() -> None:
    assert list(read_archive(packed({"a.txt": b"x" * 100_000}, compression=zipfile.ZIP_STORED))) == [("a.txt", b"x" * 100_000)]


def test_what_computers_put_beside_the_files_is_left_out() -> None:
    names = ("__MACOSX/._a.txt", "._a.txt", "folder/.DS_Store", "Thumbs.db", "~$a.xlsx", "folder/")
    assert list(read_archive(packed(dict.fromkeys(names, b"") | {"a.txt": b"1"}))) == [("a.txt", b"1")]


def test_names_in_the_characters_of_windows_in_china_are_read() -> None:
    content = packed({"xxxx.xlsx": b"1"}).replace(b"xxxx", "海淀".encode("gb18030"))
    assert list(read_archive(content)) == [("海淀.xlsx", b"1")]


def test_sizes_in_64_bits_are_read() -> None:
    """As programs write them that do not know a file's size beforehand."""
    content = packed({"a.txt": b"1" * 50})
    at = content.find(b"PK\x01\x02")
    compressed, size = struct.unpack_from("<2L", content, at + 20)
    extra = struct.pack("<2H2Q", 1, 16, size, compressed)
    entry = bytearray(content[at : content.find(b"PK\x05\x06")])
    struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    end = bytearray(content[content.find(b"PK\x05\x06") :])
    struct.pack_into("<L", end, 12, len(entry) + len(extra))
    assert list(read_archive(content[:at] + bytes(entry) + extra + bytes(end))) == [("a.txt", b"1" * 50)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty. Choose the ZIP file itself."),
        (b"%PDF-1.7", "The file is no ZIP file, whatever its name says. Put the files into one ZIP file and send that."),
        (packed({"a.txt": b"1"})[:-3], "The ZIP file is incomplete: its end is missing. Copy or download it again."),
        (packed({}), "The ZIP file holds no files."),
        (packed({"a/": b""}), "The ZIP file holds no files."),
        (
            packed({"a.txt": b"", "b/more.zip": packed({})}),
            "The ZIP file holds another archive, “b/more.zip”. Unpack that one first, and send its files.",
        ),
        (
            packed({"picture.png": packed({"a": b""})}),
            "The ZIP file holds another archive, “picture.png”. Unpack that one first, and send its files.",
        ),
        (packed({"../a.txt": b""}), "The ZIP file is damaged. Make it again and send it again."),
        (packed({"/etc/passwd": b""}), "The ZIP file is damaged. Make it again and send it again."),
        (packed({"a.txt": b"", "A.TXT": b""}), "The ZIP file is damaged. Make it again and send it again."),
        (
            packed({"a\nb.txt": b""}),
            "The file “a\ufffdb.txt” in the ZIP file has a name that cannot be. Make the ZIP file again.",
        ),
        (
            packed({f"{n}.txt": b"" for n in range(501)}),
            "The ZIP file holds too many files: 500 are possible. Send it in parts.",
        ),
        (
            packed({"a.txt": b"\0" * (limits.FILE_BYTES + 1)}),
            "The file “a.txt” in the ZIP file is too large: 10 MB are possible.",
        ),
        (
            packed({f"{n}.txt": b"\0" * limits.FILE_BYTES for n in range(21)}),
            "The ZIP file is too large once it is unpacked: 200 MB are possible. Send it in parts.",
        ),
        (
            packed({"a.txt": b"1" * 99}).replace(struct.pack("<L", 99), struct.pack("<L", 98)),
            "The file “a.txt” in the ZIP file is damaged. Make the ZIP file again.",
        ),
        (b"PK" + b"\0" * limits.ARCHIVE_BYTES, "The ZIP file is too large: 50 MB are possible. Send it in parts."),
    ],
    ids=range(16),
)
def test_archive_that_is_none_or_too_much_is_refused_in_words(content: bytes, said: str) -> None:
    assert refused(content) == said


def test_what_the_directory_says_is_refused_before_a_file_is_unpacked() -> None:
    with pytest.raises(Refused):
        read_archive(packed({"a.txt": b"1", "b.zip": b"2"}))
