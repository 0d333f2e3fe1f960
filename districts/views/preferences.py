"""A person's own settings, and the switch of languages that stands on every page."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as keep_in_browser

from districts.domain.preferences import change_language, change_preferences
from districts.forms.preferences import PreferencesForm
from districts.models import User
from districts.views.pages import PortalView


class PreferencesView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        kept = {name: getattr(self.person, name) for name in PreferencesForm.base_fields}
        return self.page(request, PreferencesForm(initial=kept, person=self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PreferencesForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(request, form, status=422)
        change_preferences(actor=self.person, **form.cleaned_data)
        with translation.override(self.person.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("preferences")

    def page(self, request: HttpRequest, form: PreferencesForm, status: int = 200) -> HttpResponse:
        return render(request, "districts/preferences.html", {"form": form}, status=status)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Kept in the browser, for the sign-in page, and with the person, for every page and mail from then on."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        change_language(actor=request.user, language=language)
    return keep_in_browser(request)
