"""What the clock starts: the time bank, hours, wishes."""

import structlog
from celery import shared_task
from django.utils import timezone

from organizations.models import User
from volunteers import time_checks
from volunteers.models import HoursRule, TimeAccount
from volunteers.services import checking_in, helping, hours, taking, time_bank

log = structlog.get_logger(__name__)


@shared_task(name="volunteers.tasks.tend_time_bank")
def tend_time_bank(**_: object) -> None:
    """Limits of today's rule, minutes unused for too long, then every check."""
    if not TimeAccount.objects.exists():
        return
    now = timezone.now()
    time_bank.fit_accounts(at=now)
    lapsed = time_bank.lapse_due(by=User.objects.system(), at=now)
    if lapsed:
        log.info("time_lapsed", count=lapsed)
    for name, findings in time_checks.run():
        if findings:
            log.error("time_bank_check_failed", check=name, findings=findings[:10])


@shared_task(name="volunteers.tasks.tend_hours")
def tend_hours(**_: object) -> None:
    """Stays that nobody ended, hours that wait for too long."""
    now, system = timezone.now(), User.objects.system()
    if not HoursRule.objects.valid_on(timezone.localdate(now)).exists():
        return
    closed = checking_in.close_forgotten(by=system, at=now)
    pressed = hours.press_due(by=system, at=now)
    if closed or pressed:
        log.info("hours_tended", closed=closed, pressed=pressed)


@shared_task(name="volunteers.tasks.tend_wishes")
def tend_wishes(**_: object) -> None:
    """Wishes that were not done in time, offers and requests whose day has passed."""
    now, system = timezone.now(), User.objects.system()
    lapsed = taking.lapse_overdue(by=system, at=now)
    ended = helping.end_lapsed(by=system, at=now)
    if lapsed or ended:
        log.info("wishes_tended", lapsed=lapsed, ended=ended)
