"""Addresses of the territory."""

from django.urls import path

from grids.api import views

app_name = "grids"

urlpatterns = [
    path("locate", views.locate, name="locate"),
    path("outlines.geojson", views.outlines, name="outlines"),
]
