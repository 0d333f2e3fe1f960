"""Files that a district gives as evidence: at a question of a report, and for a key task."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models import District
from reporting.enums import FileKind
from reporting.models.key_task import KeyTaskParty
from reporting.models.submission import Revision, TenantQuerySet
from reporting.models.triggers import frozen_with_revision


class KeptFile(models.Model):
    """A row of a file whose bytes are in the file store under `stored_as`, which several rows of a district share."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=FileKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def stored_as(self) -> str:
        """Its place in the file store, told by its district and content alone."""
        return stored_as(self.district_id, self.sha256)


class EvidenceFile(KeptFile):
    """One of the files that answer a question of kind `file`: a row is added and removed, never changed, and frozen with its
    revision."""

    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,  # `evidence_unique` begins with it
        related_name="files",
    )
    question_key = models.CharField(max_length=40)

    class Meta:
        ordering = ["revision", "question_key", "added_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["district", "sha256"], name="evidence_stored")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "question_key", "sha256"], name="evidence_unique"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="evidence_digest"),
        ]
        triggers = [frozen_with_revision(), pgtrigger.Protect(name="file_unchanged", operation=pgtrigger.Update)]


class KeyTaskFile(KeptFile):
    """What shows how far a district is with a key task: added and removed while it is the district's turn, and kept as it was
    reported from then on."""

    party = models.ForeignKey(KeyTaskParty, on_delete=models.PROTECT, db_constraint=False, related_name="files")

    class Meta:
        verbose_name = _("evidence for a key task")
        verbose_name_plural = _("evidence for key tasks")
        ordering = ["party", "added_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["district", "sha256"], name="task_file_stored")]
        constraints = [
            models.UniqueConstraint(fields=["party", "sha256"], name="task_file_unique"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="task_file_digest"),
        ]
        triggers = [
            pgtrigger.Protect(name="task_file_unchanged", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="task_file_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func="""
    IF NOT EXISTS (
        SELECT 1 FROM reporting_keytaskparty p JOIN reporting_keytask t ON t.id = p.task_id
        WHERE p.id = COALESCE(NEW.party_id, OLD.party_id) AND t.state IN ('assigned', 'sent_back')
    ) THEN
        RAISE EXCEPTION 'evidence stays as it was reported' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
            ),
        ]


def stored_as(district_id: int, sha256: str) -> str:
    return f"{EVIDENCE}/{district_id}/{sha256[:2]}/{sha256}"


EVIDENCE = "evidence"
"""The folder of the file store that holds evidence and nothing else."""
