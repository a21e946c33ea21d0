"""Addresses below /api/v1/oversight/."""

from django.urls import path

from oversight.api.views import IndicatorView

app_name = "oversight-api"
urlpatterns = [path("indicators/", IndicatorView.as_view(), name="indicators")]
