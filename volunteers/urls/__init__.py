"""Addresses below /volunteers/, one module a subject."""

from django.urls import URLPattern

from volunteers.urls import activities, hours, organisations, people, time_bank, wishes

app_name = "volunteers"
urlpatterns: list[URLPattern] = [
    *activities.urlpatterns,
    *people.urlpatterns,
    *organisations.urlpatterns,
    *hours.urlpatterns,
    *time_bank.urlpatterns,
    *wishes.urlpatterns,
]
