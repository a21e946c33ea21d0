"""Work started by a message or by the clock. Each may run twice, late, or at the same time."""

import datetime

from celery import shared_task
from django.utils import timezone

from organizations.gateways import Gateways
from organizations.services import codes, delivering, quotas

# A task gives way after so many batches: what still waits wakes the next one.
BATCHES = 20


@shared_task(name="organizations.tasks.deliver")
def deliver(**_: object) -> int:
    """Send what is due until nothing waits; how many letters went."""
    sent = 0
    with Gateways() as gateways:
        for _batch in range(BATCHES):
            parcels = delivering.claim(at=timezone.now())
            if not parcels:
                return sent
            for parcel in parcels:
                sent += delivering.attempt(parcel, gateways, at=timezone.now())
    deliver.delay()
    return sent


@shared_task(name="organizations.tasks.forget_tracks")
def forget_tracks(**_: object) -> int:
    """Codes and counted tries of more than two days ago; how many rows."""
    before = timezone.now() - datetime.timedelta(days=2)
    return codes.forget(before=before) + quotas.forget(before=before)
