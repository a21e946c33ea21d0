"""What the clock starts: votes whose end has passed are closed."""

import structlog
from celery import shared_task
from django.utils import timezone

from consultation.services.voting import close_due

log = structlog.get_logger(__name__)


@shared_task
def close_votes(**_: object) -> None:
    closed = close_due(at=timezone.now())
    if closed:
        log.info("votes_closed", count=closed)
