"""What reports ask for. A draft is edited here, section by section; a published version is read."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin import pages
from districts.admin.base import BureauAdmin, ConfigurationInline, actor_of, attempt, for_administrators, name_shown
from districts.errors import DomainError
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.enums import VersionState
from reporting.forms.cycles import ConfirmForm
from reporting.models import Check, Definition, DefinitionVersion, Question, Rule, Section


class DraftOnlyMixin:
    """Parts of a version: changed while it is a draft, read from then on."""

    version_of: Callable[[Model], DefinitionVersion] = staticmethod(lambda row: row)

    def _is_draft(self, obj: Model | None) -> bool:
        return obj is None or self.version_of(obj).state == VersionState.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_draft(obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_draft(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


class SectionInline(DraftOnlyMixin, ConfigurationInline, TabularInline):
    model = Section
    fields = ("position", "key", "title", "title_zh", "questions_shown")
    readonly_fields = ("questions_shown",)
    ordering = ("position", "pk")

    @display(description=_("questions"))
    def questions_shown(self, section: Section) -> SafeString | str:
        if section.pk is None:
            return gettext("Save first")
        url = reverse("admin:reporting_section_change", args=[section.pk])
        return format_html('<a class="bureau-link" href="{}">{}</a>', url, gettext("Questions"))


class CheckInline(DraftOnlyMixin, ConfigurationInline, TabularInline):
    model = Check
    fields = ("position", "kind", "codes")
    ordering = ("position", "pk")


class RuleInline(DraftOnlyMixin, ConfigurationInline, StackedInline):
    model = Rule
    fields = (("position", "key", "severity"), "expression", ("message", "message_zh"), "question_keys")
    ordering = ("position", "pk")
    collapsible = True


class QuestionInline(DraftOnlyMixin, ConfigurationInline, StackedInline):
    model = Question
    fields = (
        ("position", "key", "kind", "required"),
        "indicator",
        ("label", "label_zh"),
        ("help_text", "help_text_zh"),
        ("choices", "choices_zh"),
    )
    autocomplete_fields = ("indicator",)
    ordering = ("position", "pk")
    collapsible = True
    version_of = staticmethod(lambda section: section.version)


@admin.register(Definition)
class DefinitionAdmin(BureauAdmin):
    list_display = (name_shown, "slug", "frequency", "needs_two_people")
    search_fields = ("name", "name_zh", "slug")
    fields = ("slug", ("name", "name_zh"), "frequency", "needs_two_people")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Cycles and their comparisons rest on both."""
        return ("slug", "frequency") if obj else ()


@admin.register(DefinitionVersion)
class DefinitionVersionAdmin(BureauAdmin):
    list_display = ("definition", "number", "state", "published_at")
    list_display_links = ("definition", "number")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("definition",)
    search_fields = ("definition__name", "definition__name_zh", "definition__slug")
    ordering = ("definition__name", "-number")
    fields = ("definition", ("number", "state", "published_at"), ("statement", "statement_zh"), "year_on_year_bound")
    inlines = (SectionInline, CheckInline, RuleInline)
    history_children = (Section, Check, Rule)
    change_form_outer_before_template = "admin/reporting/definitionversion/_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DefinitionVersion]:
        return super().get_queryset(request).select_related("definition")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        draft = not isinstance(obj, DefinitionVersion) or obj.state == VersionState.DRAFT
        return super().has_change_permission(request, obj) and draft

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("definition", "number", "state", "published_at") if obj else ("number", "state", "published_at")

    def save_model(self, request: HttpRequest, obj: DefinitionVersion, form: ModelForm, change: bool) -> None:
        if not change:
            obj.number = obj.definition.versions.count() + 1
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        name = "reporting_definitionversion_{}".format
        own = [
            path("<int:pk>/publish/", self.admin_site.admin_view(publish), name=name("publish")),
            path("<int:pk>/draft/", self.admin_site.admin_view(make_draft), name=name("draft")),
        ]
        return own + super().get_urls()


@admin.register(Section)
class SectionAdmin(DraftOnlyMixin, BureauAdmin):
    """A section with its questions, reached from its version."""

    list_display = ("title_shown", "key", "version", "position")
    list_select_related = ("version__definition",)
    search_fields = ("title", "title_zh", "key")
    fields = ("version_shown", ("position", "key"), ("title", "title_zh"), ("help_text", "help_text_zh"))
    readonly_fields = ("version_shown",)
    inlines = (QuestionInline,)
    history_children = (Question,)
    version_of = staticmethod(lambda section: section.version)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).select_related("version__definition")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    @display(description=_("title"), ordering="title")
    def title_shown(self, section: Section) -> str:
        return str(section)

    @display(description=_("version"))
    def version_shown(self, section: Section) -> str:
        return str(section.version)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first: it cannot be taken back."""
    version = get_object_or_404(DefinitionVersion.objects.select_related("definition"), pk=pk)
    back = reverse("admin:reporting_definitionversion_change", args=[pk])
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
    return pages.ask(request, question, ConfirmForm(), model=DefinitionVersion, refusal=refusal, original=version)


@require_POST
@for_administrators
def make_draft(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(DefinitionVersion, pk=pk)
    draft = attempt(
        request, lambda: draft_from(version=version, actor=actor_of(request)), gettext("This is the draft to change.")
    )
    return redirect(reverse("admin:reporting_definitionversion_change", args=[draft.pk if draft else pk]))
