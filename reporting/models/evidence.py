"""A file that a district gives as evidence at a question."""

import pgtrigger
from django.conf import settings
from django.db import models

from districts.models import District
from reporting.enums import FileKind
from reporting.models.submission import Revision, TenantQuerySet
from reporting.models.triggers import frozen_with_revision


class EvidenceFile(models.Model):
    """One of the files that answer a question of kind `file`. The bytes are in the file store under `stored_as`, which several
    revisions of a district's reports share; a row is added and removed, never changed, and frozen with its revision."""

    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,  # `evidence_unique` begins with it
        related_name="files",
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    question_key = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=FileKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "question_key", "added_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["district", "sha256"], name="evidence_stored")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "question_key", "sha256"], name="evidence_unique"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="evidence_digest"),
        ]
        triggers = [frozen_with_revision(), pgtrigger.Protect(name="file_unchanged", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name

    @property
    def stored_as(self) -> str:
        """Its place in the file store, told by its district and content alone."""
        return stored_as(self.district_id, self.sha256)


def stored_as(district_id: int, sha256: str) -> str:
    return f"{EVIDENCE}/{district_id}/{sha256[:2]}/{sha256}"


EVIDENCE = "evidence"
"""The folder of the file store that holds evidence and nothing else."""
