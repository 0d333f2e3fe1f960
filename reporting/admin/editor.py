"""The page of a definition version: a draft is built here, a published version is read."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.errors import DomainError, Refused
from districts.models import User
from reporting.domain.editing import lock_draft
from reporting.domain.ordering import move_question, move_section, step_question, step_section
from reporting.models import DefinitionVersion, Question, Section
from reporting.queries.outline import Outline, outline_of

_STEPS = {"up": -1, "down": 1}
LONGEST_NUMBER = 18


def page_of(version_id: int) -> str:
    return reverse("admin:reporting_definitionversion_change", args=[version_id])


def outline_or_404(version_id: int) -> Outline:
    try:
        return outline_of(version_id)
    except DefinitionVersion.DoesNotExist as error:
        raise Http404 from error


@require_safe
@for_administrators
def editor(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, pk)


def shown(request: HttpRequest, pk: int, refusal: DomainError | None = None) -> HttpResponse:
    """The page as it is now; after a refusal, with its reasons."""
    outline = outline_or_404(pk)
    return framed(
        request,
        "admin/reporting/definitionversion/editor.html",
        model=DefinitionVersion,
        status=refusal.status if refusal else 200,
        title=str(outline.version),
        original=outline.version,
        outline=outline,
        refusals=refusal.messages if refusal else (),
        moved=request.GET.get("moved", ""),
        said=_said(outline, request.GET.get("moved", "")),
    )


def _said(outline: Outline, moved: str) -> str:
    """Where that stands now which was moved: for people who do not see it move."""
    sections = list(outline.asked.sections)
    for place, section in enumerate(sections, start=1):
        if moved == f"section-{section.pk}":
            values = {"section": section, "place": place, "count": len(sections)}
            return _("“%(section)s” is now section %(place)d of %(count)d.") % values
        questions = list(section.questions.all())
        for number, question in enumerate(questions, start=1):
            if moved == f"question-{question.pk}":
                values = {"question": question, "place": number, "count": len(questions), "section": section}
                return _("“%(question)s” is now question %(place)d of %(count)d in “%(section)s”.") % values
    return ""


@require_POST
@for_administrators
def move(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    """`to` is up or down; `section` for the end of another section; `place` for before another row (blank: at the end)."""
    operation = {"section": _move_section, "question": _move_question}.get(kind)
    if operation is None or not DefinitionVersion.objects.filter(pk=pk).exists():
        raise Http404
    try:
        with transaction.atomic():
            lock_draft(version_id=pk, actor=actor_of(request))
            operation(pk, part, request.POST, actor_of(request))
    except DomainError as error:
        return shown(request, pk, error)
    anchor = f"{kind}-{part}"
    return redirect(f"{page_of(pk)}?moved={anchor}#{anchor}")


def _move_section(pk: int, part: int, posted: QueryDict, actor: User) -> None:
    section, given = _row(Section.objects.filter(version=pk, pk=part)), _given(posted, actor)
    to = posted.get("to", "")
    if to in _STEPS:
        step_section(section=section, by=_STEPS[to], **given)
    elif to == "place":
        move_section(section=section, before=_number(posted.get("before", "")), **given)
    else:
        raise _unreadable()


def _move_question(pk: int, part: int, posted: QueryDict, actor: User) -> None:
    found = Question.objects.filter(section__version=pk, pk=part).select_related("section", "indicator")
    question, given = _row(found), _given(posted, actor)
    to = posted.get("to", "")
    if to in _STEPS:
        step_question(question=question, by=_STEPS[to], **given)
    elif to in {"place", "section"}:
        section = _number(posted.get("section" if to == "place" else f"section-{part}", ""))
        before = _number(posted.get("before", "")) if to == "place" else None
        move_question(question=question, section_id=section or 0, before=before, **given)
    else:
        raise _unreadable()


def _given(posted: QueryDict, actor: User) -> dict[str, Any]:
    return {"seen": posted.get("seen", ""), "actor": actor}


def _row(found: Any) -> Any:
    row = found.first()
    if row is None:
        raise Http404
    return row


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise _unreadable()
    return int(text)


def _unreadable() -> Refused:
    return Refused(_("The portal could not read where it is to go. Nothing was moved."))
