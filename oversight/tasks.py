"""Work started by the clock. It may run twice, late, or in several workers at once."""

from celery import shared_task
from django.utils import timezone

from oversight import services
from oversight.models import Appraisal
from oversight.services import appraising

# A task gives way after so many batches: what is left waits for the next turn of the clock.
BATCHES = 40


@shared_task(name="oversight.tasks.count_events")
def count_events(**_: object) -> int:
    counted = 0
    for _batch in range(BATCHES):
        looked_at = services.count_events()
        if not looked_at:
            break
        counted += looked_at
    return counted


@shared_task(name="oversight.tasks.compute_appraisals")
def compute_appraisals(**_: object) -> int:
    """What is counted comes first: an appraisal stores numbers of the whole history."""
    waiting = Appraisal.objects.to_compute().order_by("pk")
    if not waiting.exists():
        return 0
    services.count_all()
    stored = 0
    for appraisal in waiting:
        while found := appraising.collect(appraisal, at=timezone.now()):
            stored += found
    return stored


@shared_task(name="oversight.tasks.publish_due")
def publish_due(**_: object) -> int:
    return appraising.publish_due(at=timezone.now())
