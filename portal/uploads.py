"""Files that people send: kept in memory up to the limit, and nothing beyond it, neither there nor on the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest


class BoundedUploadHandler(MemoryFileUploadHandler):
    """For the files of one request together. Where they were too large, the page finds none, and `upload_was_too_large`.

    The rest is read and thrown away: a browser shows no answer before it has sent everything.
    """

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        self.activated, self.received, self.limit = True, 0, upload_limit(self.request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > self.limit:
            self.request.upload_was_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def upload_limit(request: HttpRequest | None) -> int:
    """What the view of the request takes: see `districts/views/uploads.py`. Nothing where no view is known yet."""
    view = getattr(getattr(request, "resolver_match", None), "func", None)
    setting = getattr(getattr(view, "view_class", view), "upload_limit", "")
    return int(getattr(settings, setting)) if setting else 0
