"""Files that go out to be saved."""

import re
from urllib.parse import quote

_ODD = re.compile(r"[^A-Za-z0-9._-]")


def attachment(name: str, plain: str) -> str:
    """A Content-Disposition: a name in the reader's language, and one of plain letters for what cannot read that (RFC 6266)."""
    return f"attachment; filename=\"{_ODD.sub('_', plain)}\"; filename*=UTF-8''{quote(name, safe='')}"
