"""The pages of one part of a draft: to add it, and to change it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.admin.stale import SEEN, guarded
from districts.errors import Conflict, DomainError
from reporting.admin.editor import outline_or_404, page_of, shown
from reporting.admin.needs import needs_in_words
from reporting.admin.parts import KINDS, Kind, Write
from reporting.admin.typed import keep_typed, typed_before
from reporting.domain.editing import lock_draft
from reporting.domain.versions import change_version
from reporting.forms.definitions import PartForm, StatementForm
from reporting.models import DefinitionVersion, Question
from reporting.queries.outline import Outline

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Page:
    """One form of a draft: what it changes, and where it goes from there."""

    kind: str
    form: type[PartForm]
    row: Model
    write: Write
    title: str
    saved: Any

    @property
    def offers_codes(self) -> bool:
        return self.kind in {"rule", "check"}

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.row.pk}" if self.kind != "statement" else self.kind


@require_http_methods(METHODS)
@for_administrators
def add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    found = kind_or_404(kind)

    def page(outline: Outline) -> Page:
        return Page(kind, found.form, found.new(outline.version), found.add, str(found.to_add), found.saved)

    return _edit(request, pk, page)


@require_http_methods(METHODS)
@for_administrators
def change(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    found = kind_or_404(kind)

    def page(_outline: Outline) -> Page:
        row = row_or_404(found, pk, part)
        return Page(kind, found.form, row, found.change, str(found.to_change) % {"part": row}, found.saved)

    return _edit(request, pk, page)


@require_http_methods(METHODS)
@for_administrators
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    def page(_outline: Outline) -> Page:
        version = DefinitionVersion.objects.select_related("definition").get(pk=pk)
        saved = gettext_lazy("The statement and the bounds are saved.")
        return Page("statement", StatementForm, version, _change_version, _("Statement and bounds"), saved)

    return _edit(request, pk, page)


def _change_version(version: DefinitionVersion, actor: Any) -> None:
    change_version(version=version, actor=actor)


def kind_or_404(kind: str) -> Kind:
    try:
        return KINDS[kind]
    except KeyError as error:
        raise Http404 from error


def row_or_404(kind: Kind, version_id: int, part: int) -> Any:
    """A part of this version; one of another version is as if it were not there."""
    row = kind.rows(version_id).filter(pk=part).first()
    if row is None:
        raise Http404
    return row


def _edit(request: HttpRequest, pk: int, page_for: Callable[[Outline], Page]) -> HttpResponse:
    if request.method == "POST":
        try:
            return _save(request, pk, page_for)
        except DomainError as error:  # the version is no draft any more, or the person no administrator
            return shown(request, pk, error)
    outline = outline_or_404(pk)
    page = page_for(outline)
    if not outline.is_draft:
        return redirect(page_of(pk))
    typed = typed_before(request)
    form = _form_of(page)(instance=page.row, outline=outline, initial=_initial(request, page, typed))
    return _shown_form(request, page, form, seen=typed.get(SEEN, "") if typed else "")


def _save(request: HttpRequest, pk: int, page_for: Callable[[Outline], Page]) -> HttpResponse:
    """Under the draft's lock, so that nothing moves between the look at what is stored and the write."""
    with transaction.atomic():
        lock_or_404(request, pk)
        outline = outline_or_404(pk)
        page = page_for(outline)
        if page.kind == "question" and "_indicator" in request.POST:
            return keep_typed(request)
        form = _form_of(page)(request.POST, instance=page.row, outline=outline)
        if not form.is_valid():
            return _shown_form(request, page, form, status=Conflict.status if form.is_stale else 422)
        try:
            with transaction.atomic():
                page.write(form.save(commit=False), actor_of(request))
        except DomainError as error:
            for message in error.messages:
                form.add_error(None, str(message))
            return _shown_form(request, page, form, status=error.status)
    messages.success(request, page.saved % {"part": page.row})
    return redirect(_next(request, pk, page))


def _form_of(page: Page) -> Any:
    """The form, refusing to overwrite what its page did not show."""
    return guarded(page.form)


def lock_or_404(request: HttpRequest, pk: int) -> None:
    try:
        lock_draft(version_id=pk, actor=actor_of(request))
    except DefinitionVersion.DoesNotExist as error:
        raise Http404 from error


def _next(request: HttpRequest, pk: int, page: Page) -> str:
    if "_another" not in request.POST:
        return f"{page_of(pk)}#{page.anchor}"
    where = f"?section={page.row.section_id}&kind={page.row.kind}" if isinstance(page.row, Question) else ""
    return reverse("admin:reporting_definitionversion_part_add", args=[pk, page.kind]) + where


def _initial(request: HttpRequest, page: Page, typed: QueryDict | None) -> dict[str, Any]:
    """What the fields begin with: what was typed before an indicator was made, and what the link says."""
    found: dict[str, Any] = {}
    if typed is not None:
        fields = page.form.base_fields
        found = {name: field.widget.value_from_datadict(typed, {}, name) for name, field in fields.items()}
    given = {name: request.GET[name] for name in ("section", "kind", "indicator") if request.GET.get(name)}
    return found | given if page.kind == "question" else found


def _shown_form(request: HttpRequest, page: Page, form: Any, *, status: int = 200, seen: str = "") -> HttpResponse:
    version = form.outline.version
    return framed(
        request,
        "admin/reporting/definitionversion/part.html",
        model=DefinitionVersion,
        status=status,
        title=page.title,
        original=version,
        page=page,
        form=form,
        seen=seen or (form.seen if page.row.pk else ""),
        back=f"{page_of(version.pk)}#{page.anchor}" if page.row.pk else page_of(version.pk),
        outline=form.outline,
        needs=[*_needs(form.outline, page)],
    )


def _needs(outline: Outline, page: Page) -> Iterator[str]:
    """By the question as it is stored: the form may have put another indicator into its row."""
    stored = (one for one in outline.asked.questions if page.kind == "question" and one.pk == page.row.pk)
    for question in stored:
        yield from needs_in_words(outline, question)
