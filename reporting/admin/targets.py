"""Targets: their history, issuing one or a table of them after a preview, and the table of a year with its sums."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import BureauAdmin, actor_of, for_administrators
from districts.admin.pages import Question, ask, framed
from districts.errors import DomainError, Refused
from districts.views.uploads import given_file, takes_files
from reporting.admin.cells import minute
from reporting.domain.targets.issuing import issue_targets, newest_issue, previewed
from reporting.domain.targets.tables import MAX_COLUMNS, MAX_ROWS, ReadTable, read_table, rows_of
from reporting.forms.targets import TableForm, TargetForm
from reporting.models import Target
from reporting.models.target import FIRST_YEAR, LAST_YEAR
from reporting.queries.targets.board import latest_with_targets, target_board
from reporting.queries.targets.words import target_words
from reporting.queries.targets.year import year_table
from reporting.workbooks.reading import read_book
from reporting.workbooks.tables import rows_of_book

_NAME = "reporting_target_{}".format


@admin.register(Target)
class TargetAdmin(BureauAdmin):
    list_display = ("at_shown", "whose_shown", "indicator", "year", "target_shown", "issuer_shown", "note_shown")
    list_display_links = ("at_shown",)
    list_select_related = ("issue__issued_by", "indicator")
    list_filter = ("year", "kind")
    search_fields = (
        "indicator__code",
        "indicator__name",
        "indicator__name_zh",
        "district__code",
        "district__name",
        "issue__note",
    )
    fields = ("district", "indicator", "year", "kind", "value")
    ordering = ("-issue__issued_at", "-pk")
    list_before_template = "admin/reporting/target/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        """The district is prefetched: rows are locked where Django posts, and an outer join cannot be."""
        return super().get_queryset(request).prefetch_related("district")

    @display(description=_("issued"), ordering="issue__issued_at")
    def at_shown(self, target: Target) -> SafeString:
        return minute(target.issue.issued_at)

    @display(description=_("district"), ordering="district__code")
    def whose_shown(self, target: Target) -> str:
        return str(target.district) if target.district else gettext("The city")

    @display(description=_("target"), ordering="value")
    def target_shown(self, target: Target) -> str:
        return target_words(target)

    @display(description=_("issued by"))
    def issuer_shown(self, target: Target) -> str:
        return str(target.issue.issued_by)

    @display(description=_("note"))
    def note_shown(self, target: Target) -> str:
        return target.issue.note

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return issue_one(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("table/", view(issue_table), name=_NAME("table")),
            path("year/", view(this_year), name=_NAME("this_year")),
            path("year/<int:year>/", view(show_year), name=_NAME("year")),
        ]
        return own + super().get_urls()


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return redirect("admin:reporting_target_year", timezone.localdate().year)


@require_safe
def show_year(request: HttpRequest, year: int) -> HttpResponse:
    """Of the person's portfolio; the sums for who sees all districts."""
    chosen = min(max(year, FIRST_YEAR), LAST_YEAR)
    title = gettext("Targets of %(year)d") % {"year": chosen}
    return framed(
        request,
        "admin/reporting/target/year.html",
        model=Target,
        title=title,
        table=year_table(request.user, chosen),
        before=chosen - 1,
        after=chosen + 1,
        **_standing_of_year(request, chosen),
    )


def _standing_of_year(request: HttpRequest, year: int) -> dict[str, Any]:
    """How the latest figures of the year stand to its targets: the indicator asked for, as a map and as bars."""
    cycle = latest_with_targets(year)
    board = target_board(request.user, cycle, timezone.now()) if cycle else None
    if board is None or not board.indicators:
        return {}
    wanted = request.GET.get("indicator", "")
    indicator = next((one for one in board.indicators if one.code == wanted), board.indicators[0])
    title = gettext("Results against targets: %(indicator)s") % {"indicator": indicator.label}
    drawn = board.map_of(indicator), board.bars_of(indicator, title)
    return {"targets": board, "indicator": indicator, "pictures": [picture for picture in drawn if picture is not None]}


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def issue_one(request: HttpRequest) -> HttpResponse:
    initial = {"year": timezone.localdate().year, "seen": newest_issue()}
    form = TargetForm(request.POST if request.method == "POST" else None, initial=initial)
    facts = [gettext("The officers and the head of the district get a mail; the head acknowledges it.")]
    question = Question(gettext("Issue a target"), gettext("Issue"), reverse("admin:reporting_target_changelist"), facts)
    refusal: DomainError | None = None
    if form.is_bound and form.is_valid():
        try:
            _issue(request, form, form.targets)
        except DomainError as error:
            refusal = error
        else:
            return _issued(request, form)
    return ask(request, question, form, model=Target, refusal=refusal)


@takes_files("WORKBOOK_MAX_BYTES")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def issue_table(request: HttpRequest) -> HttpResponse:
    """POST shows what would change, old and new, with every problem at once; with `confirm` it issues."""
    initial = {"year": timezone.localdate().year}
    form = TableForm(request.POST if request.method == "POST" else None, initial=initial)
    refusal: DomainError | None = None
    read: ReadTable | None = None
    rows: list[list[str]] = []
    if form.is_bound and form.is_valid():
        try:
            rows = _rows(request, form)
            read = read_table(rows, form.cleaned_data["year"])
            if read.problems:
                raise Refused(*read.problems)
            if "confirm" in request.POST:
                _issue(request, form, read.targets)
                return _issued(request, form)
        except DomainError as error:
            refusal = error
    changes, problems = previewed(read.targets) if read else ([], [])
    refusals = [*(refusal.messages if refusal else ()), *(problems if not refusal else ())]
    status = refusal.status if refusal else 422 if problems or (form.is_bound and not form.is_valid()) else 200
    return framed(
        request,
        "admin/reporting/target/table.html",
        model=Target,
        status=status,
        title=gettext("Issue a table of targets"),
        form=form,
        refusals=refusals,
        changes=changes,
        table="\n".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows),
        is_previewed=read is not None and not refusals,
        seen=newest_issue(),
        limit=settings.WORKBOOK_MAX_BYTES // 1024**2,
    )


def _rows(request: HttpRequest, form: TableForm) -> list[list[str]]:
    """Of the file where there is one, else of what was pasted."""
    too_large = gettext("The file is too large: %(megabytes)d MB are possible.") % {
        "megabytes": settings.WORKBOOK_MAX_BYTES // 1024**2
    }
    if not request.FILES and not getattr(request, "upload_was_too_large", False):
        return rows_of(form.cleaned_data["table"])
    content = given_file(request, "file", missing=gettext("Choose a file."), too_large=too_large).read()
    if content.startswith(b"PK"):
        return rows_of_book(read_book(content), most_rows=MAX_ROWS, most_columns=MAX_COLUMNS)
    try:
        return rows_of(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        try:
            return rows_of(content.decode("gb18030"))
        except UnicodeDecodeError as error:
            raise Refused(gettext("The file is neither a workbook (.xlsx) nor a text table.")) from error


def _issue(request: HttpRequest, form: forms.Form, targets: Any) -> None:
    given = form.cleaned_data
    issue_targets(targets=targets, note=given["note"], actor=actor_of(request), now=timezone.now(), seen=given["seen"])


def _issued(request: HttpRequest, form: forms.Form) -> HttpResponse:
    messages.success(request, gettext("Issued. The districts concerned get a mail."))
    return HttpResponseRedirect(reverse("admin:reporting_target_year", args=[form.cleaned_data["year"]]))
