"""Pages of numbers: for those who work here below /oversight/, for everybody at /numbers/."""

from django.urls import path

from oversight.views import indicators, published

app_name = "oversight"
urlpatterns = [
    path("numbers/", published.public_numbers, name="public"),
    path("oversight/indicators/", indicators.indicators, name="indicators"),
    path("oversight/indicators/cases/", indicators.cases_behind, name="cases"),
    path("oversight/indicators/<slug:kind>/", indicators.indicator_file, name="file"),
]
