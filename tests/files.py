"""Small files that are what they say, for tests of what may be attached."""

import struct
import zlib
from dataclasses import dataclass

_IHDR = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + _IHDR + struct.pack(">I", zlib.crc32(_IHDR)) + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xda\0\x08\1\1\0\0?\0\x37\xff\xd9"


def pdf(words: str = "A report") -> bytes:
    return f"%PDF-1.4\n% {words}\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n".encode()


@dataclass(frozen=True)
class Upload:
    """A file for Django's test client, which can send it again and again."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"

    def read(self) -> bytes:
        return self.content
