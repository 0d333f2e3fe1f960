"""Pages for requests that are refused before any view could answer them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's)
    """In the portal's frame; where the request was stopped before it was known who asks, in a page of its own."""
    template = "400.html" if hasattr(request, "user") else "400_plain.html"
    return render(request, template, status=400)
