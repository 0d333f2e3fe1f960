"""Ways to break a workbook: its bytes, its archive, its XML."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random

Parts = list[tuple[str, bytes]]

_TAG = re.compile(r"(<[^<>]*>)")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_NAMES = ("a", "c", "v", "row", "f", "is", "t", "si", "r", "sheet", "xf", "numFmt", "Relationship", "sheetData", "x:c", "cellXfs")
_ATTRIBUTES = (
    "r",
    "t",
    "s",
    "name",
    "Id",
    "r:id",
    "Target",
    "Type",
    "TargetMode",
    "state",
    "numFmtId",
    "formatCode",
    "xmlns",
    "date1904",
)
_VALUES = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "2",
        "7",
        "60",
        "99",
        "65536",
        "4294967296",
        "1e5",
        "1e308",
        "1e309",
        "1e999999",
        "-1e-999999",
        "NaN",
        "INF",
    ),
    *(
        "1_000",
        "1,5",
        "０",
        "²",
        "0x1F",
        "1.0000000000000002",
        "6.6000000000000003E-2",
        "2958465.99999999999",
        "9" * 30,
        "0." + "3" * 500,
    ),
    *("A1", "A0", "a1", "$A$1", "B1:C2", "XFD1048576", "AAAA1", "ZZZ99999999999", "R1C1", "A1048577", "SG1", "A50001"),
    *("s", "str", "n", "b", "e", "d", "inlineStr", "pickle", "true", "false", "hidden", "veryHidden"),
    *("2026-02-30", "2026-06-30", "9999-12-31T24:00:00", "0000-00-00", "2026-06-30T18:05:00+99:99", "10000-01-01"),
    *("yyyy-mm-dd", "[h]:mm", "General", "0.00%", '"', "[", "\\", "@", ";;;", "m", "e", "_", "*", "x" * 2000),
    *(
        "_x0000_",
        "_x000D_",
        "_xD800_",
        "_xDC00_",
        "_xFFFE_",
        "_x",
        "_x005F_x0041_",
        "\u202e",
        "\ufeff",
        "\u0085",
        "\u2028",
        "😀",
        "\x7f",
    ),
    *(
        "=1+1",
        "+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "&lt;script&gt;",
        "&#13;&#10;",
        "&#9;",
        "&#x1F600;",
        "portal:workbook",
        "portal:key",
        "[x]",
        "a/b",
    ),
    *(
        "../../../etc/passwd",
        "/xl/workbook.xml",
        "http://127.0.0.1:1/",
        "..",
        "xl\\workbook.xml",
        "worksheets/sheet1.xml",
        "x" * 33_000,
    ),
)
_MARKUP = (
    *(
        "&undefined;",
        "&#0;",
        "&#xD800;",
        "]]>",
        "<![CDATA[<c>]]>",
        "<!-- -- -->",
        "<!-- a comment -->",
        "<?php echo 1 ?>",
        "<",
        "&",
        "\x00",
    ),
    *(
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<?xml version="1.1"?>',
        '<?xml version="1.0" encoding="cp037"?>',
        "<a>" * 200,
        "<a/>" * 2000,
    ),
)


def of_bytes(content: bytes, random: Random) -> bytes:
    data = bytearray(content)
    for _turn in range(random.randint(1, 12)):
        at = random.randrange(len(data) + 1)
        way = random.randrange(6)
        if way == 0:
            data[at : at + 1] = bytes([random.randrange(256)])
        elif way == 1 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif way == 2:
            del data[at : at + random.randint(1, 40)]
        elif way == 3:
            data[at:at] = random.randbytes(random.randint(1, 40))
        elif way == 4:
            data[at : at + 4] = struct.pack(
                "<L", random.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data), random.getrandbits(32)))
            )
        else:
            other = random.randrange(len(data) + 1)
            data[at:at] = data[other : other + random.randint(1, 200)]
    return bytes(data[: random.randrange(len(data) + 1)] if random.random() < 0.1 else data)


def of_archive(content: bytes, random: Random) -> bytes:
    parts = unpacked(content)
    for _turn in range(random.randint(1, 3)):
        _change_parts(parts, random)
    return _changed_headers(packed(parts, random), random) if random.random() < 0.6 else packed(parts, random)


def of_markup(content: bytes, random: Random) -> bytes:
    parts = unpacked(content)
    written = [n for n, (name, part) in enumerate(parts) if name.endswith((".xml", ".rels")) and part]
    for _turn in range(random.choice((1, 1, 1, 2, 3, 6))):
        at = random.choices(written, [9 if "/sheet" in parts[n][0] else 3 if "shared" in parts[n][0] else 1 for n in written])[0]
        name, part = parts[at]
        encoding = "utf-16" if part.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        changed = _changed_markup(part.decode(encoding, "replace"), random)
        parts[at] = (name, changed.encode(encoding, "replace"))
    return packed(parts, random)


MUTATORS: tuple[tuple[Callable[[bytes, Random], bytes], int], ...] = ((of_bytes, 1), (of_archive, 2), (of_markup, 9))
"""With how often each is taken."""


def mutated(content: bytes, random: Random) -> bytes:
    (mutator,) = random.choices([one for one, _weight in MUTATORS], [weight for _one, weight in MUTATORS])
    return mutator(content, random)


def unpacked(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(parts: Parts, random: Random) -> bytes:
    """Written here and not by zipfile, which has no part twice and no name that is none."""
    body, directory = b"", b""
    for name, part in parts:
        deflate = random.random() < 0.8
        data = _deflated(part) if deflate else part
        raw = name.encode()
        shared = struct.pack("<3H", 0x800, 8 if deflate else 0, 0) + struct.pack(
            "<HLLLHH", 0x5CE1, zlib.crc32(part), len(data), len(part), len(raw), 0
        )
        directory += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + shared + struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + struct.pack("<H", 20) + shared + raw + data
    end = struct.pack("<4H2LH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def _deflated(part: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(part) + deflate.flush()


def _change_parts(parts: Parts, random: Random) -> None:
    at, other = random.randrange(len(parts)), random.randrange(len(parts))
    (name, part), (other_name, other_part) = parts[at], parts[other]
    way = random.randrange(8)
    if way == 0 and len(parts) > 1:
        del parts[at]
    elif way == 1:
        parts.append((random.choice((name, name.upper(), name.replace("/", "\\"))), other_part))
    elif way == 2:
        parts[at], parts[other] = (name, other_part), (other_name, part)
    elif way == 3:
        parts[at] = (
            random.choice((f"../{name}", f"/{name}", f"C:/{name}", f"{name}\0", f"./{name}", "", f"{name}/", "x" * 5000)),
            part,
        )
    elif way == 4:
        parts[at] = (name, part[: random.randrange(len(part) + 1)])
    elif way == 5:
        parts[at] = (name, random.choice((b"", b"\0" * 300_000, random.randbytes(500), b"\xef\xbb\xbf" + part, part + part)))
    elif way == 6:
        parts.append(
            (
                random.choice(("xl/vbaProject.bin", "xl/embeddings/a.zip", "xl/media/a.png", "docProps/core.xml", "a")),
                random.randbytes(99),
            )
        )
    else:
        random.shuffle(parts)


def _changed_headers(content: bytes, random: Random) -> bytes:
    """Sizes, checksums, flags and places in a header that are not so."""
    mark = random.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
    places = [found.start() for found in re.finditer(re.escape(mark), content)]
    data = bytearray(content)
    for _turn in range(random.randint(1, 2)):
        at = random.choice(places) + random.randrange(4, 46, 2)
        number = random.choice((0, 1, 2, 8, 9, 99, 0x7FFF, 0xFFFF, random.getrandbits(16)))
        data[at : at + 2] = struct.pack("<H", number)
    return bytes(data)


def _changed_markup(text: str, random: Random) -> str:
    tokens = _TAG.split(text)
    at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    token = tokens[at]
    way = random.randrange(20)
    if way == 0:
        tokens[at] = ""
    elif way == 1:
        tokens[at:at] = tokens[other : other + random.randint(1, 12)]
    elif way == 2:
        del tokens[at : at + random.randint(2, 12)]
    elif way == 3:
        tokens[at], tokens[other] = tokens[other], token
    elif way == 4:
        tokens[at] = token + random.choice(_MARKUP)
    elif way == 5 and token.startswith("<"):
        tokens[at] = re.sub(r"^(</?)[\w:]+", lambda found: found[1] + random.choice(_NAMES), token)
    elif way < 14:
        _change_value(tokens, random)
    else:
        _change_attribute(tokens, random)
    return "".join(tokens)


def _change_value(tokens: list[str], random: Random) -> None:
    """The text of an element."""
    places = [n for n, token in enumerate(tokens) if n % 2 == 0 and token] or [0]
    tokens[random.choice(places)] = random.choice(_VALUES)


def _change_attribute(tokens: list[str], random: Random) -> None:
    places = [n for n, token in enumerate(tokens) if "=" in token and token.startswith("<") and not token.startswith("<?")]
    if not places:
        return
    at = random.choice(places)
    found = random.choice(list(_ATTRIBUTE.finditer(tokens[at])) or [None])
    if found is None:
        return
    name, value = found[1], found[2]
    new = random.choice(
        (
            f'{name}="{random.choice(_VALUES).replace(chr(34), "")}"',
            f'{name}="{random.choice(_VALUES).replace(chr(34), "")}"',
            "",
            f'{found[0]} {name}="{value}"',
            f'{random.choice(_ATTRIBUTES)}="{value}"',
            f'{found[0]} {random.choice(_ATTRIBUTES)}="{random.choice(_VALUES).replace(chr(34), "")}"',
        )
    )
    tokens[at] = tokens[at][: found.start()] + new + tokens[at][found.end() :]
