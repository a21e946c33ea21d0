"""Every act in a consultation is appended to its chain, under the lock of its row."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from consultation.models import Consultation, ConsultationEvent
from organizations.models import User


@transaction.atomic
def record(
    consultation: Consultation,
    move: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    **more: Any,
) -> ConsultationEvent:
    """Append an event: numbered after the newest one, whose hash it carries.

    `facts` (JSON; also as `more`) and `note` may be read by everybody: no name, number or address
    of a resident.
    The given copy learns the new `version` and `head`.
    """
    head = lock(consultation)
    event = ConsultationEvent(
        consultation=consultation,
        move=move,
        stage=head.stage.key if head.stage else "",
        note=note.strip(),
        facts={**(facts or {}), **more},
        by=by,
        at=at,
    )
    event.follow(head)
    event.save(force_insert=True)
    consultation.version, consultation.head = head.version, head.head
    consultation.save(update_fields=["version", "head"])
    return event


def lock(consultation: Consultation) -> Consultation:
    """The consultation again, under its lock, with its open stage."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("stage")
    return rows.get(pk=consultation.pk)
