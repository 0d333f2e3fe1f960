"""Definitions as files: a version goes out, a file is looked at and comes in as a draft. The schema says what it may be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.errors import DomainError, Refused
from districts.views.uploads import takes_files
from reporting.domain.importing import Preview, import_definition, preview_import
from reporting.forms.importing import ImportForm
from reporting.models import DefinitionVersion
from reporting.queries.exchange import as_file, exported
from reporting.validators.definition_files import schema_text
from reporting.validators.json_files import too_large

_TEMPLATE = "admin/reporting/definitionversion/import.html"


@require_safe
@for_administrators
def export_version(_request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(DefinitionVersion.objects.select_related("definition"), pk=pk)
    return _as_download(as_file(exported(pk)), f"{version.definition.slug}-{version.number}.json")


@require_safe
@for_administrators
def schema(_request: HttpRequest) -> HttpResponse:
    return _as_download(schema_text(), "definition.schema.json")


def _as_download(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="application/json", headers=headers)


@takes_files("DEFINITION_MAX_BYTES")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def import_file(request: HttpRequest) -> HttpResponse:
    """First the file, then what it would make, then the draft. Between them the text travels with the page: nothing is kept."""
    if request.method != "POST":
        return _page(request, ImportForm())
    if "content" in request.POST:
        return _import(request, request.POST["content"])
    form = ImportForm(request.POST, request.FILES)
    if getattr(request, "upload_was_too_large", False):
        return _page(request, ImportForm(), refusals=[too_large()], status=Refused.status)
    if not form.is_valid():
        return _page(request, form, status=Refused.status)
    content = form.content
    preview = preview_import(content=content, actor=actor_of(request))
    if preview.problems:
        return _page(request, ImportForm(), refusals=preview.sentences, status=Refused.status, preview=preview)
    return _page(request, ImportForm(), preview=preview, content=content.decode("utf-8-sig"))


def _import(request: HttpRequest, text: str) -> HttpResponse:
    try:
        version = import_definition(content=text.encode("utf-8", "replace"), actor=actor_of(request))
    except DomainError as error:
        return _page(request, ImportForm(), refusals=error.messages, status=error.status)
    messages.success(request, gettext("%(version)s is imported as a draft. Look at it, then publish it.") % {"version": version})
    return redirect(reverse("admin:reporting_definitionversion_change", args=[version.pk]))


def _page(
    request: HttpRequest,
    form: ImportForm,
    *,
    refusals: object = (),
    status: int = 200,
    preview: Preview | None = None,
    content: str = "",
) -> HttpResponse:
    shown = {"form": form, "refusals": refusals, "preview": preview, "content": content}
    return framed(request, _TEMPLATE, model=DefinitionVersion, status=status, title=gettext("Import a definition"), **shown)
