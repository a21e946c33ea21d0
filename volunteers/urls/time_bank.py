"""Addresses of the time bank."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
