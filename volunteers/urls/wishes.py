"""Addresses of wishes and mutual help."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
