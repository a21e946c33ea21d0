"""The host's list and a consultation's pages."""

from django.urls import path

from consultation.views import matters

urlpatterns = [
    path("consultation/", matters.consultations, name="consultations"),
    path("consultation/<str:number>/", matters.consultation, name="consultation"),
]
