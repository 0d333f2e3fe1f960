"""The bureau's site: the portal's own sign-in, and nobody in it who holds no bureau role."""

from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from districts.queries.access import works_at_bureau

_OWN = frozenset({"districts", "reporting"})
_LEFT_OUT = frozenset({"view_on_site", "password_change_done"})
"""Django's look-up of any object by its number, and the second half of a page that the portal has once already."""


class BureauAdminSite(UnfoldAdminSite):
    index_title = gettext_lazy("Dashboard")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the portal's own pages: those that other applications bring (groups, addresses) write around the domain."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        own = [model for model in models if model._meta.app_label in _OWN]  # noqa: SLF001 (Django's name)
        super().register(own, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return works_at_bureau(request.user)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in _LEFT_OUT]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """The portal has one sign-in page. Who is signed in and has no bureau role is told so, and not asked again."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied(_("These pages are the bureau's. Your account has no role at the bureau."))
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        if request.method != "POST":
            return redirect("admin:index")
        logout(request)
        return redirect("account_login")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("account_change_password")

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Unfold's search keeps its results by person for minutes, past a change of role. Each list has its own search."""
        raise Http404
