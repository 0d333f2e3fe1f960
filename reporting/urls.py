"""The district's pages, and the figures."""

from django.urls import path

from reporting.views.home import HomeView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
]
