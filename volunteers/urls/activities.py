"""Addresses of activities, shifts and sign-ups."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
