"""What the clock and the queue start. Each may run twice, late, or at the same time."""

import structlog
from celery import shared_task
from django.utils import timezone

from organizations.models import User
from routing import services

log = structlog.get_logger(__name__)


@shared_task(name="routing.tasks.check_duties")
def check_duties(**_: object) -> int:
    """Carry out the checks that wait; how many small classes were judged."""
    judged = 0
    while run := services.check_duties_waiting(moment=timezone.now):
        log.info("duties_checked", run=run.pk, classes=run.done)
        judged += run.done
    return judged


@shared_task(name="routing.tasks.check_duties_daily")
def check_duties_daily(**_: object) -> int:
    """Rules begin and end with the day: what they make of the list is judged every night."""
    services.ask_duty_check(by=User.objects.system(), at=timezone.now())
    return check_duties()


@shared_task(name="routing.tasks.tend_admissions")
def tend_admissions(**_: object) -> int:
    """Admissions that have come to their end, what was freed since, reviews that are late."""
    at = timezone.now()
    ended = services.expire_admissions(at=at)
    services.give_back_rests(at=at)
    services.call_back_finished(at=at)
    services.remind_reviewers(at=at)
    return ended
