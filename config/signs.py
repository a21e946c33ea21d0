"""Signs of life: written by worker and clock, read by `/readyz` and by `manage.py is_alive`."""

import datetime

from django.db import Error, connection
from django.utils import timezone

from config.models import Sign

SECONDS_BETWEEN = 10.0
FRESH = datetime.timedelta(minutes=1)


def write(kind: Sign.Kind, node: str) -> None:
    """Say that `node` lives now. A database that does not answer is asked again next time."""
    try:
        Sign.objects.update_or_create(kind=kind, node=node, defaults={"seen_at": timezone.now()})
    except Error:
        return
    finally:
        # Forked children must not inherit an open connection.
        connection.close()


def withdraw(kind: Sign.Kind, node: str) -> None:
    """Say goodbye, so that nobody waits a minute to learn it."""
    try:
        Sign.objects.filter(kind=kind, node=node).delete()
    except Error:
        return
    finally:
        connection.close()


def is_fresh(kind: Sign.Kind, *, at: datetime.datetime, node: str = "") -> bool:
    """Whether a node of this kind (or this very node) has been seen in the last minute."""
    signs = Sign.objects.seen_since(at - FRESH).filter(kind=kind)
    return signs.filter(node=node).exists() if node else signs.exists()
