"""Addresses below /funding/."""

from django.urls import path

from funding import views

app_name = "funding"

urlpatterns = [
    path("", views.lines, name="lines"),
    path("<int:pk>/", views.line_detail, name="line"),
]
