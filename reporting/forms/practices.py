"""What is typed about practices. The domain judges it; the forms only read."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import District
from reporting.domain.practices import Shared
from reporting.enums.practices import PracticeTopic
from reporting.models import Practice


class PracticeForm(forms.Form):
    """A practice, new or as it stands; `version` is the one that the person read."""

    title = forms.CharField(label=pgettext_lazy("practice", "Title"), max_length=200)
    topic = forms.ChoiceField(label=pgettext_lazy("practice", "Topic"), choices=PracticeTopic.choices)
    summary = forms.CharField(label=_("What is done?"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    result = forms.CharField(
        label=_("What came of it?"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.CharField(
        label=_("Whom can other districts ask?"), max_length=300, help_text=_("Name, office, telephone or e-mail.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, practice: Practice | None = None, **kwargs: Any) -> None:
        if practice is not None:
            kwargs["initial"] = as_typed(practice)
        super().__init__(*args, **kwargs)

    @property
    def shared(self) -> Shared:
        names = ("topic", "title", "summary", "result", "contact")
        given = {name: self.cleaned_data[name] for name in names}
        return Shared(**given | {"topic": PracticeTopic(given["topic"])})


class NewPracticeForm(PracticeForm):
    """With the district, for who shares for several, and the report in which it was marked."""

    district = forms.ModelChoiceField(label=_("District"), queryset=District.objects.none())
    report = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["district"]

    def __init__(self, *args: Any, districts: Collection[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ModelChoiceField = self.fields["district"]  # type: ignore[assignment]
        chosen.queryset = District.objects.filter(pk__in=[district.pk for district in districts])
        if len(districts) == 1:
            chosen.initial, chosen.widget = next(iter(districts)).pk, forms.HiddenInput()


class AdoptionForm(forms.Form):
    district = forms.ModelChoiceField(label=_("District"), queryset=District.objects.none())
    note = forms.CharField(
        label=_("How do you do it?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, districts: Collection[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ModelChoiceField = self.fields["district"]  # type: ignore[assignment]
        chosen.queryset = District.objects.filter(pk__in=[district.pk for district in districts])
        if len(districts) == 1:
            chosen.initial, chosen.widget = next(iter(districts)).pk, forms.HiddenInput()


class WithdrawPracticeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not shared any more?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FindForm(forms.Form):
    """Refuses what no search can be."""

    q = forms.CharField(required=False, max_length=200)
    topic = forms.ChoiceField(required=False, choices=[("", ""), *PracticeTopic.choices])
    district = forms.CharField(required=False, max_length=20)


def as_typed(practice: Practice) -> dict[str, Any]:
    names = ("topic", "title", "summary", "result", "contact", "version")
    return {name: getattr(practice, name) for name in names}
