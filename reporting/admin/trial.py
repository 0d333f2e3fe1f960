"""A rule of a version, or one that is only typed, tried on past reports before it is published."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.admin.base import for_administrators
from districts.admin.pages import framed
from reporting.admin.editor import outline_or_404, page_of
from reporting.forms.definitions import TrialForm
from reporting.models import DefinitionVersion
from reporting.queries.trial import MOST_SHOWN, NEWEST, trial_of
from reporting.rules import parse_rule


@require_safe
@for_administrators
def try_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """`expression` as typed, else that of the version's rule with the number `rule`."""
    outline = outline_or_404(pk)
    stored = next((rule for rule in outline.asked.rules if str(rule.pk) == request.GET.get("rule", "")), None)
    typed = request.GET.get("expression", stored.expression if stored else None)
    form = TrialForm({"expression": typed} if typed is not None else None, outline=outline)
    trial = trial_of(outline.asked, parse_rule(form.cleaned_data["expression"])) if form.is_valid() else None
    return framed(
        request,
        "admin/reporting/definitionversion/trial.html",
        model=DefinitionVersion,
        status=422 if form.errors else 200,
        title=_("Try a rule on past reports"),
        original=outline.version,
        form=form,
        rule=stored,
        trial=trial,
        newest=NEWEST,
        most=MOST_SHOWN,
        back=page_of(pk),
    )
