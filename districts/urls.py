"""The head's page about people."""

from django.urls import path

from districts.views.people import ChangeRoleView, InviteView, PeopleView, RemoveMemberView

urlpatterns = [
    path("people/", PeopleView.as_view(), name="people"),
    path("people/<slug:code>/invite/", InviteView.as_view(), name="people_invite"),
    path("people/members/<int:pk>/role/", ChangeRoleView.as_view(), name="people_role"),
    path("people/members/<int:pk>/remove/", RemoveMemberView.as_view(), name="people_remove"),
]
