"""Telling every process that what it keeps in memory has changed."""

from django.db import transaction

from grids.models import ChangeCounter
from grids.snapshots import forget_all


def note_change(subject: str) -> None:
    """Call it inside the transaction of the change.

    This process looks again at once, inside the transaction and after it; the others within
    two seconds of the commit.
    """
    ChangeCounter.objects.raised(subject)
    forget_all()
    transaction.on_commit(forget_all)
