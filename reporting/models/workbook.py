"""A workbook that somebody uploaded, between its preview and the confirmation."""

from django.conf import settings
from django.db import models

from districts.models import District
from reporting.models.submission import Revision, Submission, TenantQuerySet


class WorkbookUpload(models.Model):
    """What one person may confirm until it expires. `changes` and `problems` are as in `reporting.domain.workbooks`; `places`
    say where each question stands in the file (sheet, row, column); `content` is that file, for the marked copy; `saved_keys` are
    the questions whose changes were saved."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="workbook_uploads"
    )
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    content = models.BinaryField()
    changes = models.JSONField()
    problems = models.JSONField()
    places = models.JSONField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    saved_keys = models.JSONField(default=list)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["submission", "uploaded_by", "-uploaded_at"], name="workbook_upload_of_person")]

    def __str__(self) -> str:
        return self.name
