"""Addresses of the territory."""

from django.urls import path

from grids.api import views
from grids.views import rolls

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
]
