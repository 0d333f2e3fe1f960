"""A symposium's documents: having them built, what has changed since, and the templates."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.errors import DomainError
from districts.views.downloads import attachment
from districts.views.uploads import given_file, takes_files
from reporting.documents.own import own_template
from reporting.documents.sample import names_of, sample_of, sample_pictures
from reporting.documents.writing import check_template
from reporting.domain.documents import ask_for_document, replace_template
from reporting.enums.symposiums import DocumentKind
from reporting.models import DocumentTemplate, Symposium, SymposiumDocument
from reporting.queries.symposiums.numbers import Moved, moved_since, numbers_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHOWN = 10
_NAME = "reporting_symposium_{}".format


def document_urls(view: Any) -> list[URLPattern]:
    return [
        path("<int:pk>/documents/<slug:kind>/build/", view(build), name=_NAME("document_build")),
        path("<int:pk>/documents/<int:document_pk>/", view(download), name=_NAME("document")),
        path("templates/", view(templates), name=_NAME("templates")),
        path("templates/<slug:kind>/", view(replace), name=_NAME("template")),
        path("templates/<slug:kind>/file/", view(template_file), name=_NAME("template_file")),
    ]


def documents_of(symposium: Symposium) -> list[tuple[SymposiumDocument, list[Moved]]]:
    """The latest ones, each with the numbers that have changed since."""
    found = list(symposium.documents.defer("content").select_related("made_by")[:_SHOWN])
    numbers = numbers_of(symposium.cycle) if found else []
    return [(document, moved_since(document, numbers)) for document in found]


def kind_or_404(name: str) -> DocumentKind:
    if name not in DocumentKind.values:
        raise Http404
    return DocumentKind(name)


@require_POST
@for_administrators
def build(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    symposium = get_object_or_404(Symposium.objects.select_related("cycle__definition"), pk=pk)
    wanted = kind_or_404(kind)
    try:
        job = ask_for_document(symposium=symposium, kind=wanted, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        for message in error.messages:
            messages.error(request, str(message))
        return redirect("admin:reporting_symposium_change", symposium.pk)
    return redirect("admin:reporting_job_change", job.pk)


@require_safe
@for_administrators
def download(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:  # noqa: ARG001
    document = get_object_or_404(SymposiumDocument, symposium=pk, pk=document_pk)
    return _file(bytes(document.content), document.name, f"{document.kind}.docx")


@require_safe
@for_administrators
def templates(request: HttpRequest) -> HttpResponse:
    return _templates(request)


def _templates(request: HttpRequest, error: DomainError | None = None, kind: str = "") -> HttpResponse:
    latest = {one.value: _latest(one) for one in DocumentKind}
    return framed(
        request,
        "admin/reporting/symposium/templates.html",
        model=Symposium,
        status=error.status if error else 200,
        title=_("Templates of documents"),
        kinds=[(one, latest[one.value], names_of(one)) for one in DocumentKind],
        refusals=error.messages if error else (),
        refused=kind,
        limit=settings.WORKBOOK_MAX_BYTES // 1024**2,
    )


def _latest(kind: DocumentKind) -> DocumentTemplate | None:
    found = DocumentTemplate.objects.filter(kind=kind).select_related("uploaded_by").first()
    return found if found and found.content else None


@takes_files("WORKBOOK_MAX_BYTES")
@require_POST
@for_administrators
def replace(request: HttpRequest, kind: str) -> HttpResponse:
    """With `own` the portal's own is in force again; else the file is looked through first."""
    wanted, name, content = kind_or_404(kind), "", b""
    try:
        if "own" not in request.POST:
            file = given_file(request, "file", missing=_("Choose a file."), too_large=_("The file is too large for a template."))
            name, content = file.name or "", file.read()
            check_template(content, sample_of(wanted), sample_pictures(wanted))
        replace_template(kind=wanted, name=name, content=content, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _templates(request, error, kind)
    messages.success(request, _("From now on documents are built from this template."))
    return redirect("admin:reporting_symposium_templates")


@require_safe
@for_administrators
def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The one in force; with `own` in the address the portal's, to begin with."""
    wanted = kind_or_404(kind)
    latest = None if "own" in request.GET else _latest(wanted)
    content = bytes(latest.content) if latest else own_template(wanted)
    name = latest.name if latest else f"{wanted.label}.docx"
    return _file(content, name, f"{kind}-template.docx")


def _file(content: bytes, name: str, plain: str) -> HttpResponse:
    headers = {"Content-Disposition": attachment(name, plain), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=DOCX, headers=headers)
