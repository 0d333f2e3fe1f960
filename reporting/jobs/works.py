"""What is done with an item of each kind of job."""

from collections.abc import Mapping

from reporting.enums import JobKind
from reporting.jobs.documents import build_part
from reporting.jobs.downloading import write_workbook
from reporting.jobs.running import Work
from reporting.jobs.uploading import read_workbook

WORKS: Mapping[str, Work] = {
    JobKind.DOWNLOAD: write_workbook,
    JobKind.UPLOAD: read_workbook,
    JobKind.BRIEFING: build_part,
    JobKind.MINUTES: build_part,
}
