"""What the clock starts: waiting lists, shifts, reminders, the time bank, hours, wishes."""

import structlog
from celery import shared_task
from django.utils import timezone

from organizations.models import User
from volunteers import services, time_checks
from volunteers.models import HoursRule, TimeAccount
from volunteers.services import checking_in, helping, hours, taking, time_bank, wishes

log = structlog.get_logger(__name__)


@shared_task
def move_waiting_lists(**_: object) -> None:
    """Offers that nobody answered go on; lists of shifts that have begun are closed."""
    now = timezone.now()
    lapsed, closed = services.lapse_offers(at=now), services.close_lists(at=now)
    if lapsed or closed:
        log.info("waiting_lists_moved", lapsed=lapsed, closed=closed)


@shared_task
def make_shifts(**_: object) -> None:
    now = timezone.now()
    made, over = services.make_all_due_shifts(at=now), services.finish_over(at=now)
    if made or over:
        log.info("shifts_made", shifts=made, activities_over=over)


@shared_task
def remind(**_: object) -> None:
    told = services.remind(at=timezone.now())
    if told:
        log.info("volunteers_reminded", people=told)


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
    """Wishes that were not done in time, help whose day has passed, names that nobody needs."""
    now, system = timezone.now(), User.objects.system()
    lapsed = taking.lapse_overdue(by=system, at=now)
    ended = helping.end_lapsed(by=system, at=now)
    forgotten = wishes.forget_names(at=now)
    if lapsed or ended or forgotten:
        log.info("wishes_tended", lapsed=lapsed, ended=ended, forgotten=forgotten)
