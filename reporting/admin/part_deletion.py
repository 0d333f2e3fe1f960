"""The page that asks before a part of a draft is deleted, and says what depends on it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.admin import pages
from districts.admin.base import actor_of, for_administrators
from districts.errors import Conflict, DomainError
from reporting.admin.editor import outline_or_404, page_of, shown
from reporting.admin.needs import needs_in_words
from reporting.admin.part_pages import METHODS, kind_or_404, lock_or_404, row_or_404
from reporting.models import DefinitionVersion, Section
from reporting.queries.outline import Outline


class SeenForm(forms.Form):
    """Carries what the page showed of the part."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(METHODS)
@for_administrators
def delete(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    found = kind_or_404(kind)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction.atomic():
                lock_or_404(request, pk)
                row = row_or_404(found, pk, part)
                if request.POST.get("seen") != part_token(row):
                    raise Conflict(_("Somebody changed it since you opened the page. This is how it is now."))
                said = found.deleted % {"part": row}
                found.delete(row, actor_of(request))
            messages.success(request, said)
            return redirect(page_of(pk))
        except DomainError as error:
            refusal = error
    outline, row = outline_or_404(pk), row_or_404(found, pk, part)
    if not outline.is_draft:
        return shown(request, pk, refusal) if refusal else redirect(page_of(pk))
    back = f"{page_of(pk)}#{kind}-{part}"
    question = pages.Question(found.to_delete % {"part": row}, _("Delete"), back, list(_facts(outline, row)), danger=True)
    form = SeenForm(initial={"seen": part_token(row)})
    return pages.ask(request, question, form, model=DefinitionVersion, refusal=refusal, original=outline.version)


def part_token(row: Any) -> str:
    """Stands for the row as the page shows it, a section with its questions."""
    questions = [_stored(one) for one in row.questions.order_by("pk")] if isinstance(row, Section) else []
    return hashlib.sha256(json.dumps([_stored(row), questions], default=str).encode()).hexdigest()[:32]


def _stored(row: Any) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(row).items() if name != "position"}


def _facts(outline: Outline, row: Any) -> Iterator[str]:
    questions = [one for one in outline.asked.questions if row in (one, one.section)]
    if isinstance(row, Section):
        count = len(questions)
        yield ngettext("%(count)d question is deleted with it.", "%(count)d questions are deleted with it.", count) % {
            "count": count
        }
    frozen = [one for one in questions if one.key in outline.frozen]
    if frozen:
        yield _("Answers that were given to it under published versions stay where they are.")
    yield from needs_in_words(outline, *questions)
