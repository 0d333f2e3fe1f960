"""Documents of a symposium as they were built, and the templates that they are built from."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.enums.symposiums import DocumentKind
from reporting.models.symposium import Symposium


class DocumentTemplate(models.Model):
    """The bureau's own template (.docx). Append-only: the latest of a kind counts, and one without content is the portal's."""

    kind = models.CharField(_("document"), max_length=10, choices=DocumentKind)
    name = models.CharField(_("file"), max_length=150, blank=True)
    content = models.BinaryField(blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    uploaded_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("template of documents")
        verbose_name_plural = _("templates of documents")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="template_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return gettext("%(kind)s: %(name)s") % {"kind": self.get_kind_display(), "name": self.name or gettext("the portal's own")}


class SymposiumDocument(models.Model):
    """One document as it was built. `numbers` are those that stand in it, each with its key, as of one instant."""

    symposium = models.ForeignKey(Symposium, on_delete=models.PROTECT, related_name="documents", verbose_name=_("symposium"))
    kind = models.CharField(_("document"), max_length=10, choices=DocumentKind)
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    numbers = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    template = models.ForeignKey(
        DocumentTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("template")
    )
    as_of = models.DateTimeField(_("as of"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))

    class Meta:
        verbose_name = _("document of a symposium")
        verbose_name_plural = _("documents of symposiums")
        ordering = ["-as_of", "-pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="document_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name
