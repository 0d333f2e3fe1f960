"""The files of evidence on the disk: written once, under a name that is told by district and content."""

import hashlib
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.errors import Refused
from reporting.models import EvidenceFile, KeptFile, KeyTaskFile
from reporting.models.evidence import EVIDENCE

_log = logging.getLogger(__name__)
UNUSED_FOR = timedelta(days=1)
"""How old a file without a row is before it goes: longer than any upload takes."""
_LOCK = 7_203_451
"""With a district's number one of PostgreSQL's advisory locks: one at a time writes or removes its files."""


def keep_file(file: KeptFile, content: bytes) -> None:
    """Write the content of a row that this transaction adds. What is there already, whole, is left as it is.

    Raises Refused where the store cannot take it: a full disk is for the operator, and not the end of somebody's page.
    """
    _lock(file.district_id)
    try:
        _write(file, content)
    except OSError as error:
        _log.exception("A file of %d bytes could not be stored as %s", len(content), file.stored_as)
        raise Refused(_("The file could not be kept just now. Try again later, and tell the bureau if it stays so.")) from error


def _write(file: KeptFile, content: bytes) -> None:
    """What a process or a machine that died left may have the right length, and is read therefore."""
    found = digest_of(file)
    if found not in {None, file.sha256}:
        default_storage.delete(file.stored_as)
    if found != file.sha256:
        default_storage.save(file.stored_as, ContentFile(content))
    _flush(file.stored_as)


def _flush(name: str) -> None:
    """To the disk itself, as the row will be; a store that is no folder sees to that on its own."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    path = default_storage.path(name)
    for each in (path, os.path.dirname(path)):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def digest_of(file: KeptFile) -> str | None:
    """The SHA-256 of what is stored; None where nothing is."""
    try:
        with default_storage.open(file.stored_as) as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def drop_unused_files(*, now: datetime) -> int:
    """Delete the files of evidence that no row needs, and that are older than a day; gives how many."""
    return sum(drop_unused_files_of(district_id=district_id, now=now) for district_id in districts_with_files())


def sweep_files() -> None:
    """Rings for each district's files by themselves: those of all at once would take longer than a task may."""
    for district_id in districts_with_files():
        ring("reporting.sweep_files_of", district_id)


def districts_with_files() -> list[int]:
    return [int(folder.split("/")[1]) for folder in _folders(EVIDENCE)]


def drop_unused_files_of(*, district_id: int, now: datetime) -> int:
    """The same of one district. Safe to run twice, side by side, and to be killed anywhere."""
    used = _used(district_id)
    folders = [folder for folder in _folders(f"{EVIDENCE}/{district_id}") if not used.issuperset(_files(folder))]
    return sum(_drop_unused(district_id, folder, now) for folder in folders)


def _drop_unused(district_id: int, folder: str, now: datetime) -> int:
    """One folder at a time, so that nobody who adds a file waits for long; and what is used is asked again under the lock."""
    with transaction.atomic():
        _lock(district_id)
        old = [name for name in _files(folder) if default_storage.get_modified_time(f"{folder}/{name}") < now - UNUSED_FOR]
        unused = set(old) - _used(district_id, sha256__in=old)
        for name in unused:
            default_storage.delete(f"{folder}/{name}")
    return len(unused)


def _used(district_id: int, **among: list[str]) -> set[str]:
    """The digests of the district's files that a row needs."""
    rows = (model.objects.filter(district_id=district_id, **among) for model in (EvidenceFile, KeyTaskFile))
    return {digest for found in rows for digest in found.values_list("sha256", flat=True)}


def _folders(place: str) -> Iterator[str]:
    if default_storage.exists(place):
        yield from (f"{place}/{name}" for name in sorted(default_storage.listdir(place)[0]))


def _files(place: str) -> list[str]:
    return list(default_storage.listdir(place)[1])


def _lock(district_id: int) -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, district_id])
