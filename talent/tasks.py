"""What the clock does: applications end when they were announced to."""

import structlog
from celery import shared_task
from django.utils import timezone

from talent.services import selections

log = structlog.get_logger(__name__)


@shared_task
def close_applications(**_: object) -> None:
    """Selections whose applications are over go to the judges."""
    closed = selections.close_due(at=timezone.now())
    if closed:
        log.info("applications_closed", selections=closed)
