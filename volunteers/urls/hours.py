"""Addresses of check-in, hours, stars and certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
