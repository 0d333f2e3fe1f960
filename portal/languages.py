"""The language of each request: the person's own once signed in, else the browser's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from districts.models import User


class PersonLanguageMiddleware:
    """Stands below Django's, which has chosen by the browser, and below authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The health page answers when the database does not, and asks for nobody.
        if request.path == reverse("healthz") or not isinstance(request.user, User):
            return self.get_response(request)
        language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
