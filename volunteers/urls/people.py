"""Addresses of registering as a volunteer and of who reviews it."""

from django.urls import URLPattern, path

from volunteers.views import people

urlpatterns: list[URLPattern] = [
    path("consent/<str:code>/", people.consent, name="consent"),
]
