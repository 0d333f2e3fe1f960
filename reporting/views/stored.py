"""A file of evidence on its way out: always to be saved, so that no browser opens it as a page of the portal."""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseBase
from django.http.response import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from districts.errors import Gone
from reporting.enums import FileKind
from reporting.models import KeptFile

_log = logging.getLogger(__name__)
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


def stored_response(file: KeptFile) -> HttpResponseBase:
    """From the file store, or by the proxy in front where it is set up to. Raises Gone where the store has lost it."""
    if not default_storage.exists(file.stored_as):
        _log.error("%s %s is not in the store: %s", type(file).__name__, file.pk, file.stored_as)
        raise Gone(_("“%(name)s” is not in the file store any more. Tell the bureau, which can restore it.") % {"name": file})
    kind, name = FileKind(file.kind), saved_name(file)
    if not settings.FILES_ACCEL_PREFIX:
        stored = default_storage.open(file.stored_as)
        return FileResponse(stored, as_attachment=True, filename=name, content_type=kind.content_type, headers=dict(_HEADERS))
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "",
        "X-Accel-Redirect": settings.FILES_ACCEL_PREFIX + file.stored_as,
    }
    return HttpResponse(content_type=kind.content_type, headers=_HEADERS | headers)


def saved_name(file: KeptFile) -> str:
    """As it came, with the ending of what it is: a document that came as a program is not saved as one."""
    endings = FileKind(file.kind).endings
    return file.name if file.name.lower().endswith(endings) else f"{file.name}{endings[0]}"
