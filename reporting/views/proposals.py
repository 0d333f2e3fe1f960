"""Something that a district proposes and the bureau decides on: changing it while it waits, and withdrawing it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from districts.errors import DomainError
from districts.views.pages import PortalView

R = TypeVar("R", bound=Model)
F = TypeVar("F", bound=forms.Form)
_F = TypeVar("_F", bound=forms.Form, contravariant=True)


class _Page(Protocol[_F]):
    def __call__(self, form: _F, *, error: DomainError | None = None, status: int = 200) -> HttpResponse: ...


class ProposalView(PortalView, Generic[R]):
    """One row. What the person may not know of answers as what does not exist."""

    folder: ClassVar[str]
    """Of its templates."""
    row_name: ClassVar[str]
    """In them."""
    url_name: ClassVar[str]

    def rows(self) -> QuerySet[R]:
        """Those that the person may know of."""
        raise NotImplementedError

    @cached_property
    def row(self) -> R:
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"])

    def back_url(self) -> str:
        return reverse(self.url_name, args=[self.kwargs["pk"]])

    def take(self, form: F, step: Callable[[dict[str, Any]], object], done: str, again: _Page[F]) -> HttpResponse:
        """Do it with what was typed; what is refused shows the page `again`, with what was typed."""
        if not form.is_valid():
            return again(form, status=422)
        try:
            step(form.cleaned_data)
        except DomainError as error:
            return again(form, error=error, status=error.status)
        messages.success(self.request, done)
        return redirect(self.back_url())

    def edit(self, form: forms.Form, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        """With what stands there now, where somebody was faster; saving again is then on top of that."""
        now = get_object_or_404(self.rows(), pk=self.row.pk)
        if error and form.is_bound:
            typed = self.request.POST.copy()
            typed["version"] = str(now.version)  # type: ignore[attr-defined]
            form.data = typed
        context = {"form": form, self.row_name: now, "standing": now if error and error.status == 409 else None}
        return self._show("edit", context, error, status)

    def ask(self, form: forms.Form, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        context = {self.row_name: self.row, "form": form, "action_url": self.request.path, "back_url": self.back_url()}
        return self._show("withdraw", context, error, status)

    def _show(self, page: str, context: dict[str, Any], error: DomainError | None, status: int) -> HttpResponse:
        context["refusals"] = error.messages if error else ()
        return render(self.request, f"{self.folder}/{page}.html", context, status=status)
