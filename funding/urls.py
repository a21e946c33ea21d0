"""Addresses below /funding/."""

from django.urls import path

from funding.views import lines

app_name = "funding"

urlpatterns = [
    path("", lines.lines, name="lines"),
    path("<int:pk>/", lines.line_detail, name="line"),
]
