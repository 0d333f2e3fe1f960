"""The scan of the signed and stamped report."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models

from districts.models import District
from reporting.enums import FileKind
from reporting.models.submission import Revision, TenantQuerySet


class ScanManager(models.Manager.from_queryset(TenantQuerySet["Scan"])):  # type: ignore[misc]
    """Rows without their bytes: these are read by whoever asks for the one scan."""

    def get_queryset(self) -> Self:
        return super().get_queryset().defer("content")


class Scan(models.Model):
    """A file as it was given, on a signed revision. Never changed, never deleted: the latest one of a revision counts."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, db_constraint=False, related_name="scans")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=FileKind)
    name = models.CharField(max_length=150)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScanManager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["revision", "-uploaded_at"], name="scan_by_revision")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name
