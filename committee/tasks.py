"""What the clock starts: directives that are overdue, terms that end."""

import structlog
from celery import shared_task
from django.utils import timezone

from committee.services import directives, members
from organizations.models import User

log = structlog.get_logger(__name__)


@shared_task(name="committee.tasks.tend_committee")
def tend_committee(**_: object) -> None:
    """Tell owners and leaders what is overdue, and leaders of renewals that are due."""
    now = timezone.now()
    late = directives.warn_overdue(by=User.objects.system(), at=now)
    terms = members.tell_of_terms(at=now)
    if late or terms:
        log.info("committee_tended", overdue=late, terms=terms)
