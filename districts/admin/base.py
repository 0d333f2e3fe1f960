"""What every page of the bureau shares: who may open it, whose rows it shows, and that nothing writes around the domain."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ClassVar, Protocol, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DataError, IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import UniqueViolation
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.views import ChangeList
from unfold.widgets import INPUT_CLASSES

from districts.admin.stale import guarded, is_stale, refusing
from districts.enums import DistrictPermission
from districts.errors import Conflict, DomainError
from districts.forms.days import day_input
from districts.models import User
from districts.queries.access import districts_for, is_bureau_administrator, works_at_bureau
from districts.queries.history import history_of

T = TypeVar("T")
_LONGEST_NUMBER = 18


class Named(Protocol):
    """A row that has its name in both languages."""

    @property
    def label(self) -> str: ...


@display(description=gettext_lazy("name"), ordering="name")
def name_shown(row: Named) -> str:
    """A column of a list: the name in the reader's language."""
    return row.label


def configures(request: HttpRequest) -> bool:
    """Whether the person may see and change the bureau's configuration."""
    return is_bureau_administrator(request.user)


def actor_of(request: HttpRequest) -> User:
    """The person who acts; whoever is not signed in has been sent away before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def show_refusal(request: HttpRequest, error: DomainError, *, about: str = "") -> None:
    for message in error.messages:
        messages.error(request, f"{about}: {message}" if about else str(message))


def attempt(request: HttpRequest, operation: Callable[[], T], done: str) -> T | None:
    """Run a domain function; its refusal becomes messages, its success one. None where it refused."""
    try:
        result = operation()
    except DomainError as error:
        show_refusal(request, error)
        return None
    messages.success(request, done)
    return result


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a page of configuration to everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not configures(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


class CappedPaginator(Paginator):
    """Counts no further than `LIMIT` rows: whoever has more looks for them by search and filters."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        if isinstance(self.object_list, models.QuerySet):
            return self.object_list.order_by().values("pk")[: self.LIMIT].count()
        return len(self.object_list)


class QuietChangeList(ChangeList):
    """Offers "show all" only where a search or a filter hides something; a filter that cannot be asked for is left out."""

    def get_filters(self, request: HttpRequest) -> Any:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters
        return super().get_filters(request)

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters from error
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class _KnownNumbers(AutocompleteMixin):
    """What cannot be a row's number, mistyped or forged, is shown as nothing chosen."""

    def optgroups(self, name: str, value: list[str], attr: str | None = None) -> Any:  # type: ignore[override]
        numbers = [one for one in value if one.isascii() and one.isdigit() and len(one) <= _LONGEST_NUMBER]
        return super().optgroups(name, numbers, attr)  # type: ignore[arg-type]


class _ChosenRow(_KnownNumbers, AutocompleteSelect):  # type: ignore[misc]
    pass


class _ChosenRows(_KnownNumbers, AutocompleteSelectMultiple):  # type: ignore[misc]
    pass


class NarrowedFieldsMixin:
    """A foreign key can point only to what the person may see."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **self._chosen(_ChosenRow, db_field, request) | kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **self._chosen(_ChosenRows, db_field, request) | kwargs)  # type: ignore[misc]

    def _chosen(self, widget: type[_KnownNumbers], db_field: Any, request: HttpRequest) -> dict[str, Any]:
        completes = db_field.name in self.get_autocomplete_fields(request)  # type: ignore[attr-defined]
        return {"widget": widget(db_field, self.admin_site)} if completes else {}  # type: ignore[attr-defined]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet | None:
        """What a foreign key may point to: the rows that the person sees on the related page."""
        related = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]  # noqa: SLF001
        if related is None:
            return super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        return related.get_queryset(request).order_by(*related.get_ordering(request) or related.opts.ordering)


class BureauAdmin(NarrowedFieldsMixin, ModelAdmin):
    """A page of configuration: bureau administrators alone see and change it; nothing is deleted."""

    paginator = CappedPaginator
    formfield_overrides = {models.DateField: {"widget": day_input(INPUT_CLASSES)}}
    show_full_result_count = False
    list_per_page = 25
    list_max_show_all = 100
    list_filter_submit = False
    compressed_fields = False
    save_on_top = False
    change_form_before_template = "admin/_seen.html"
    history_children: ClassVar[Sequence[type[models.Model]]] = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return configures(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002
        return QuietChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting rows in bulk goes around the domain: the action is not there, forged or not."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # A refusal of the domain comes back as the form with what was typed in it.

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                response = super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            clash = Conflict(_("Somebody saved the same at the same moment. Look at what is there before you save again."))
            response = self._refused(clash, request, object_id, form_url, extra_context)
        except DomainError as error:
            response = self._refused(error, request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse) and is_stale(response):
            response.status_code = Conflict.status
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Whoever saves waits for the save before it, and is then compared with what that one stored."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return found
        list(type(found)._default_manager.select_for_update(no_key=True).filter(pk=found.pk).values_list("pk"))  # noqa: SLF001
        return super().get_object(request, object_id, from_field)

    def _refused(self, error: DomainError, request: HttpRequest, *page: Any) -> HttpResponse:
        request.refusal = error.messages  # type: ignore[attr-defined]
        response = super().changeform_view(request, *page)
        response.status_code = error.status
        return response

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            show_refusal(request, error)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", ())
        return refusing(form, refusal) if refusal else guarded(form) if change else form

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The kept history, by the database's own triggers, with the person who made each change."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(row)s") % {"row": row},
            "opts": self.opts,
            "original": row,
            "changes": history_of(row, children=self.history_children),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    # Django's own log would be a second history beside the triggers'.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None: ...


class ConfigurationInline(NarrowedFieldsMixin):
    """Rows inside a page of configuration: like it, for administrators."""

    extra = 0

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """In a table the field's name stands over its column only; it is said with each field too."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(self, TabularInline):
            field.widget.attrs.setdefault("aria-label", capfirst(str(db_field.verbose_name)))
        return field

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False


class ReadOnlyMixin:
    """Nothing of it is written on this page."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False


class PortfolioAdmin(ReadOnlyMixin, BureauAdmin):
    """A record of districts, read-only: each person of the bureau sees the rows of the own portfolio."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return works_at_bureau(request.user)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).filter(district__in=districts_for(request.user, DistrictPermission.REVIEW))
