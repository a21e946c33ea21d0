"""`/healthz`, `/readyz` and `/metrics`: what machines ask of the installation.

They answer before anything else looks at the request: a probe knows an address, not the site's
name, speaks no TLS, and must not be counted, logged or redirected.
"""

import datetime
import hmac
import os
from collections.abc import Callable

import prometheus_client
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client.multiprocess import MultiProcessCollector

from config import signs
from config.celery import app
from config.models import Sign

Answer = Callable[[HttpRequest], HttpResponse]


def healthz(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def database_fault() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return str(error).strip()
    return None


def broker_fault() -> str | None:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError) as error:
        return str(error).strip() or type(error).__name__
    return None


def sign_fault(kind: Sign.Kind, *, at: datetime.datetime) -> str | None:
    try:
        is_fresh = signs.is_fresh(kind, at=at)
    except Error as error:
        return str(error).strip()
    return None if is_fresh else f"no {kind} has been seen in the last minute"


def readyz(request: HttpRequest) -> HttpResponse:
    """Work that is given to the installation will be done: 200, else 503 with what is missing.

    A clock that stands is told, but does not take the site away from its people. What is wrong in
    detail (addresses, names of machines) is told to those only who may read the figures.
    """
    now = timezone.now()
    faults = {
        "database": database_fault(),
        "broker": broker_fault(),
        "worker": sign_fault(Sign.Kind.WORKER, at=now),
    }
    told = faults | {"clock": sign_fault(Sign.Kind.CLOCK, at=now)}
    detailed = _may_read_metrics(request)
    parts = {
        part: (fault if detailed else "failed") if fault else "ok" for part, fault in told.items()
    }
    return JsonResponse(parts, status=503 if any(faults.values()) else 200)


def _may_read_metrics(request: HttpRequest) -> bool:
    """With METRICS_TOKEN who shows it, without only this machine, asking directly."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    is_direct = "X-Forwarded-For" not in request.headers
    return is_direct and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}


def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        return HttpResponse(status=404)
    registry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # several web processes count together
        registry = prometheus_client.CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # no types there
    text = prometheus_client.generate_latest(registry)
    return HttpResponse(text, content_type=prometheus_client.CONTENT_TYPE_LATEST)


PROBES: dict[str, Answer] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


def probe_middleware(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path, get_response)(request)

    return answer
