"""Wiring: settings, addresses, the Celery app and the entry points of the servers."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
