"""Addresses of organisations and of who reports to a community."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
