"""What the process that reads a file takes, measured from a small one: a process inherits the peak of the one that starts it."""

import json
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

_SCRIPT = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from reporting.workbooks import limits
from reporting.workbooks.process import reading_child
limits.SECONDS = 60
content = sys.stdin.buffer.read()
with reading_child(content) as child:
    said = b"".join(child.pieces())
try:
    os.waitpid(-1, os.WNOHANG)
    left = True
except ChildProcessError:
    left = False
print(json.dumps({
    "said": said[-2000:].decode(errors="replace"),
    "status": child.status,
    "memory": child.usage.ru_maxrss * 1024,
    "seconds": child.usage.ru_utime + child.usage.ru_stime,
    "left": left,
}))
"""


@dataclass(frozen=True)
class Measured:
    said: str
    """The end of it."""
    status: int
    memory: int
    """Bytes, at most."""
    seconds: float
    """Of the processor."""
    left: bool
    """Whether a process of its own is left, running or dead."""


def measured(content: bytes) -> Measured:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(settings.BASE_DIR)], input=content, capture_output=True, check=True, cwd="/"
    )
    return Measured(**json.loads(done.stdout))
