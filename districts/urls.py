"""The head's page about people, and each person's own settings."""

from django.urls import path

from districts.views.contacts import ContactsView
from districts.views.people import AppointView, ChangeRoleView, EndActingView, InviteView, PeopleView, RemoveMemberView
from districts.views.preferences import PreferencesView, set_language

urlpatterns = [
    path("settings/", PreferencesView.as_view(), name="preferences"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("contacts/", ContactsView.as_view(), name="contacts"),
    path("people/", PeopleView.as_view(), name="people"),
    path("people/<slug:code>/invite/", InviteView.as_view(), name="people_invite"),
    path("people/members/<int:pk>/role/", ChangeRoleView.as_view(), name="people_role"),
    path("people/members/<int:pk>/remove/", RemoveMemberView.as_view(), name="people_remove"),
    path("people/members/<int:pk>/acting/", AppointView.as_view(), name="people_appoint"),
    path("people/acting/<int:pk>/end/", EndActingView.as_view(), name="people_end_acting"),
]
