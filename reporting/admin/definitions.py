"""What reports ask for: the kinds of report, and their versions, each a draft to build or a published version to read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Prefetch, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from districts.admin import pages
from districts.admin.base import BureauAdmin, actor_of, attempt, for_administrators, name_shown
from districts.errors import DomainError
from reporting.admin import differences, editor, exchange, part_deletion, part_pages, preview, trial
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from, draft_of
from reporting.enums import VersionState
from reporting.forms.cycles import ConfirmForm
from reporting.models import Definition, DefinitionVersion
from reporting.queries.definitions import version_before
from reporting.queries.outline import history_of_version


@admin.register(Definition)
class DefinitionAdmin(BureauAdmin):
    list_display = (name_shown, "slug", "frequency", "needs_two_people")
    search_fields = ("name", "name_zh", "slug")
    fields = ("slug", ("name", "name_zh"), "frequency", "needs_two_people")
    change_form_outer_before_template = "admin/reporting/definition/_versions.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Definition]:
        versions = Prefetch("versions", DefinitionVersion.objects.order_by("-number"), to_attr="listed")
        asks_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return super().get_queryset(request).prefetch_related(*[versions] if asks_one else ())

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Cycles and their comparisons rest on both."""
        return ("slug", "frequency") if obj else ()

    def save_model(self, request: HttpRequest, obj: Definition, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            draft_of(definition=obj, actor=actor_of(request))

    def response_add(self, request: HttpRequest, obj: Definition, post_url_continue: str | None = None) -> HttpResponse:
        """On to its first version."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, gettext("The definition is made. This is its first version: add what it asks."))
        return redirect(editor.page_of(obj.versions.get().pk))

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/draft/", self.admin_site.admin_view(open_draft), name="reporting_definition_draft")
        return [own, *super().get_urls()]


@admin.register(DefinitionVersion)
class DefinitionVersionAdmin(BureauAdmin):
    list_display = ("definition", "number", "state", "published_at")
    list_display_links = ("definition", "number")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("definition",)
    search_fields = ("definition__name", "definition__name_zh", "definition__slug")
    ordering = ("definition__name", "-number")
    list_before_template = "admin/reporting/definitionversion/_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DefinitionVersion]:
        return super().get_queryset(request).select_related("definition")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """A version is a draft of its definition's, made there or from another version."""
        return False

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_extra: Any) -> HttpResponse:
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) <= editor.LONGEST_NUMBER):
            raise Http404
        return editor.editor(request, int(object_id))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With what was changed of all its parts."""
        version = self.get_object(request, object_id)
        changes = history_of_version(version) if version is not None and self.has_view_permission(request) else []
        return super().history_view(request, object_id, {"changes": changes, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        pages_of_one = {
            "publish/": (publish, "publish"),
            "draft/": (make_draft, "draft"),
            "preview/": (preview.preview, "preview"),
            "export/": (exchange.export_version, "export"),
            "differences/": (differences.compare, "differences"),
            "try/": (trial.try_rule, "try"),
            "statement/": (part_pages.statement, "statement"),
            "<str:kind>/add/": (part_pages.add, "part_add"),
            "<str:kind>/<int:part>/": (part_pages.change, "part"),
            "<str:kind>/<int:part>/delete/": (part_deletion.delete, "part_delete"),
            "<str:kind>/<int:part>/move/": (editor.move, "part_move"),
        }
        own = [
            path("import/", self.admin_site.admin_view(exchange.import_file), name="reporting_definitionversion_import"),
            path("schema/", self.admin_site.admin_view(exchange.schema), name="reporting_definitionversion_schema"),
            *(
                path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=f"reporting_definitionversion_{name}")
                for route, (view, name) in pages_of_one.items()
            ),
        ]
        return own + super().get_urls()


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first: it cannot be taken back."""
    version = get_object_or_404(DefinitionVersion.objects.select_related("definition"), pk=pk)
    back = editor.page_of(pk)
    if version.state != VersionState.DRAFT:
        return redirect(back)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            publish_version(version=version, now=timezone.now())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, gettext("The version is published. It does not change from now on."))
            return redirect(back)
    facts = [
        gettext("Cycles can be opened with it from then on."),
        gettext("It cannot be taken back or changed: a correction needs another version."),
    ]
    title = gettext("Publish %(version)s?") % {"version": version}
    question = pages.Question(title, gettext("Publish this version"), back, facts)
    return pages.ask(
        request,
        question,
        ConfirmForm(),
        model=DefinitionVersion,
        refusal=refusal,
        template="admin/reporting/definitionversion/publish.html",
        original=version,
        outline=editor.outline_or_404(pk),
        earlier=version_before(version),
    )


@require_POST
@for_administrators
def make_draft(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(DefinitionVersion, pk=pk)
    draft = attempt(
        request, lambda: draft_from(version=version, actor=actor_of(request)), gettext("This is the draft to change.")
    )
    return redirect(editor.page_of(draft.pk if draft else pk))


@require_POST
@for_administrators
def open_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The definition's draft, made where there is none."""
    definition = get_object_or_404(Definition, pk=pk)
    draft = attempt(
        request, lambda: draft_of(definition=definition, actor=actor_of(request)), gettext("This is the draft to change.")
    )
    return redirect(editor.page_of(draft.pk) if draft else reverse("admin:reporting_definition_change", args=[pk]))
