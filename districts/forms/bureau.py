"""What a bureau administrator types about people: each form feeds one function of `districts.domain.people`."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from districts.forms.days import first_day, last_day
from districts.models import ActingHead, BureauRole, Deputy, Membership


class InvitedForm(forms.ModelForm):
    """Somebody by e-mail address: known to the portal already, or new."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(),
        help_text=_("Who is new gets an invitation by mail; who is known, a notice of the new role."),
    )
    full_name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Used where the address is new to the portal."),
    )


class InviteMemberForm(InvitedForm):
    class Meta:
        model = Membership
        fields = ("district", "role")


class InviteColleagueForm(InvitedForm):
    class Meta:
        model = BureauRole
        fields = ("role", "scope", "districts")


class AppointForm(forms.ModelForm):
    """Who acts as head, and the days."""

    first_day = first_day(INPUT_CLASSES)
    last_day = last_day(INPUT_CLASSES)

    class Meta:
        model = ActingHead
        fields = ("membership",)


class DeputyForm(forms.ModelForm):
    """Who is away, who deputises, and the days."""

    first_day = first_day(INPUT_CLASSES)
    last_day = last_day(INPUT_CLASSES)

    class Meta:
        model = Deputy
        fields = ("absent", "deputy")
        help_texts = {
            "deputy": _("Gets the mail of the absent person's districts, and has the rights of that role there, on these days.")
        }


class EndForm(forms.Form):
    """Nothing to type: the page itself is the question."""
