"""What the clock and the queue start: the plan of visits, and the morning's word of what is due."""

import structlog
from celery import shared_task
from django.utils import timezone

from grids import services

log = structlog.get_logger(__name__)


@shared_task(name="grids.tasks.plan_visits")
def plan_visits(**_: object) -> int:
    """Rules, targets and grids as they stand today."""
    written = services.plan_visits(on=timezone.localdate())
    if written:
        log.info("visits_planned", count=written)
    return written


@shared_task(name="grids.tasks.tell_of_due_visits")
def tell_of_due_visits(**_: object) -> int:
    return services.tell_of_due(at=timezone.now())
