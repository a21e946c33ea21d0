"""Addresses of registering as a volunteer and of who reviews it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
