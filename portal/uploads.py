"""Files that people send: kept in memory up to the limit, and nothing beyond it, neither there nor on the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class BoundedUploadHandler(MemoryFileUploadHandler):
    """For the files of one request together. Where they were too large, the page finds none, and `upload_was_too_large`.

    The rest is read and thrown away: a browser shows no answer before it has sent everything.
    """

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        self.activated, self.received = True, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.SCAN_MAX_BYTES:
            self.request.upload_was_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
