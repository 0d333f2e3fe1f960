"""The catalogue of indicators: what each of them means, for everybody who fills in, reviews or reads."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from districts.views.pages import PortalView
from reporting.queries.indicators import catalogue

ON_A_PAGE = 50
_LONGEST = 100
_OPENED = 3
"""So few finds are shown with all that is said of them."""


class IndicatorsView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST]
        page = Paginator(catalogue(words), ON_A_PAGE).get_page(request.GET.get("page"))
        opened = bool(words) and page.paginator.count <= _OPENED
        return render(request, "reporting/indicators.html", {"page_obj": page, "words": words, "opened": opened})
