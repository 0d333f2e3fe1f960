"""How much a page takes when files are sent to it, and the file that was sent."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from districts.errors import Refused

_V = TypeVar("_V", bound=Callable[..., Any])


def takes_files(setting: str) -> Callable[[_V], _V]:
    """Marks a view, a class or a function: the files of one request may have, together, the bytes that the setting of this name
    says. Where they have more, `request.FILES` has none and `request.upload_was_too_large` is true,
    and what stood behind them in the form was not read: a form has its files last.

    A view without this mark is given no files at all. The bound is kept while the request is read (`portal/uploads.py`), before
    any view runs; wrappers made with `functools.wraps` keep the mark.
    """

    def mark(view: _V) -> _V:
        view.upload_limit = setting  # type: ignore[attr-defined]
        return view

    return mark


def given_file(request: HttpRequest, field: str, *, missing: str, too_large: str) -> UploadedFile:
    """The file of a form. Raises Refused in these words where there is none, or one that was too large to be kept."""
    file = request.FILES.get(field)  # reads the request, which is when its bound is kept
    if getattr(request, "upload_was_too_large", False):
        raise Refused(too_large)
    if file is None:
        raise Refused(missing)
    return file
