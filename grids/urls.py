"""Addresses of the territory."""

from django.urls import path

from grids.api import views
from grids.views import rolls, visit_standing, visits

app_name = "grids"

urlpatterns = [
    path("locate", views.locate, name="locate"),
    path("outlines.geojson", views.outlines, name="outlines"),
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/new/", rolls.bring_in, name="roll_new"),
    path("rolls/sample.csv", rolls.sample, name="roll_sample"),
    path("rolls/<int:pk>/", rolls.roll, name="roll"),
    path("rolls/<int:pk>/codes/", rolls.codes, name="roll_codes"),
    path("places/<int:pk>/", rolls.confirm, name="place"),
    path("claim/", rolls.claim, name="claim"),
    path("visits/", visits.due, name="visits"),
    path("visits/made/", visits.made, name="visits_made"),
    path("visits/standing/", visit_standing.board, name="visits_standing"),
    path("visits/kinds/<slug:code>/form/", visit_standing.form_editor, name="visit_kind_form"),
    path("visits/findings/<int:pk>/<slug:name>/", visits.decide, name="finding_decide"),
    path("visits/photos/<int:pk>/<slug:size>/", visits.photo, name="visit_photo"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/correct/", visits.correct, name="visit_correct"),
    path("visits/<int:pk>/void/", visits.void, name="visit_void"),
]
