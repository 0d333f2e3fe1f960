"""What is typed about releases and bulletins. The domain judges it; the forms only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    INPUT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
)

from districts.forms.days import DayField
from reporting.domain.releases import BulletinText, ReleaseText
from reporting.domain.texts import MAX_TEXT
from reporting.enums.publication import Detail
from reporting.forms.review import InstantField
from reporting.models import Bulletin, Cycle, Indicator, Release

_INPUT, _TEXT = {"class": " ".join(INPUT_CLASSES)}, {"class": " ".join(TEXTAREA_CLASSES)}


def _line(label: Any, *, required: bool = True, help_text: Any = "", length: int = 200) -> forms.CharField:
    widget = forms.TextInput(attrs=_INPUT)
    return forms.CharField(label=label, required=required, max_length=length, widget=widget, help_text=help_text)


def _text(label: Any, rows: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs=_TEXT | {"rows": rows})
    return forms.CharField(label=label, required=required, max_length=MAX_TEXT, widget=widget, help_text=help_text)


class ReleaseForm(forms.Form):
    """`cycle` only while it is new."""

    cycle = forms.ModelChoiceField(label=_("Cycle"), queryset=Cycle.objects.none(), widget=UnfoldAdminSelectWidget())
    title = _line(pgettext_lazy("of a release", "Title"))
    title_zh = _line(_("Title in Chinese"), required=False)
    detail = forms.ChoiceField(label=_("Detail"), choices=Detail.choices, widget=UnfoldAdminSelectWidget(choices=Detail.choices))
    indicators = forms.ModelMultipleChoiceField(
        label=_("Indicators"), queryset=Indicator.objects.none(), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    summary = _text(_("Summary"), 4, required=False)
    summary_zh = _text(_("Summary in Chinese"), 4, required=False)
    reason = _text(
        _("What is corrected"), 2, required=False, help_text=_("Only of a further release of a cycle; the public reads it.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, release: Release | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ModelMultipleChoiceField = self.fields["indicators"]  # type: ignore[assignment]
        chosen.queryset = Indicator.objects.order_by("code")
        if release is None:
            cycles: forms.ModelChoiceField = self.fields["cycle"]  # type: ignore[assignment]
            cycles.queryset = Cycle.objects.opened().select_related("definition").order_by("-period", "-pk")
        else:
            del self.fields["cycle"]
            names = ("title", "title_zh", "detail", "summary", "summary_zh", "reason", "version")
            self.initial = {name: getattr(release, name) for name in names}
            self.initial["indicators"] = list(release.indicators.values_list("pk", flat=True))

    @property
    def text(self) -> ReleaseText:
        return ReleaseText(**{name: self.cleaned_data[name] for name in ("title", "title_zh", "summary", "summary_zh", "reason")})


class BulletinForm(forms.Form):
    number = _line(_("Issue"), length=40, help_text=_("Such as 2024-3."))
    issuer = _line(_("Issuing unit"))
    day = DayField(label=_("Date"), classes=INPUT_CLASSES)
    headline = _line(_("Headline"))
    headline_zh = _line(_("Headline in Chinese"), required=False)
    body = _text(_("Text"), 12, help_text=_("A blank line begins a paragraph."))
    body_zh = _text(_("Text in Chinese"), 12, required=False)
    recipients = _line(_("Recipients"), required=False, length=300)
    release = forms.ModelChoiceField(
        label=_("Release"), queryset=Release.objects.none(), required=False, widget=UnfoldAdminSelectWidget()
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bulletin: Bulletin | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ModelChoiceField = self.fields["release"]  # type: ignore[assignment]
        chosen.queryset = Release.objects.select_related("cycle__definition")
        if bulletin is not None:
            names = (
                "number",
                "issuer",
                "day",
                "headline",
                "headline_zh",
                "body",
                "body_zh",
                "recipients",
                "release",
                "version",
            )
            self.initial = {name: getattr(bulletin, name) for name in names}

    @property
    def text(self) -> BulletinText:
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"release", "version"}}
        return BulletinText(**given)


class ScheduleForm(forms.Form):
    at = InstantField(
        required=False,
        label=_("Public from"),
        help_text=_("In the portal's time. Blank: at once. Before it nothing shows outside the bureau."),
    )
