"""What every page of the districts has in common: signing in, and refusals in words."""

from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views import View

from districts.errors import DomainError
from districts.models import User


class PortalView(LoginRequiredMixin, View):
    """A page for people who are signed in. What the domain refuses is shown with its own words and status.

    A fragment asked for by htmx is answered with 401 instead of the sign-in page, so that nothing passes for saved. No
    browser keeps the page: on a shared computer the way back after signing out leads nowhere.
    """

    now: datetime
    """The server's time at the start of the request: deadlines are judged by it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        super().setup(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            response = self.refused(error)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def handle_no_permission(self) -> Any:
        if self.request.htmx and not self.request.user.is_authenticated:  # type: ignore[attr-defined]
            return HttpResponse(status=401)
        return super().handle_no_permission()

    def refused(self, error: DomainError) -> HttpResponse:
        return refusal_page(self.request, error, self.back_url())

    def back_url(self) -> str:
        """Where a refusal leads back to."""
        return reverse("home")

    @property
    def person(self) -> User:
        """Who is signed in."""
        user = self.request.user
        if not isinstance(user, User):
            raise TypeError("This page is for people who are signed in.")
        return user


def refusal_page(request: HttpRequest, error: DomainError, back_url: str) -> HttpResponse:
    """A refusal as a fragment for htmx, as a page else."""
    template = "components/_refusal.html" if getattr(request, "htmx", False) else "components/refused.html"
    context = {"refusals": error.messages, "status": error.status, "back_url": back_url}
    return render(request, template, context, status=error.status)
