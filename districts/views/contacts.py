"""Whom to call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from districts.queries.people import contacts_for
from districts.views.pages import PortalView


class ContactsView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        districts, desk = contacts_for(self.person)
        return render(request, "districts/contacts.html", {"contacts": districts, "desk": desk})
