"""What the clock and the queue start. Each may run twice, late, or at the same time."""

import structlog
from celery import shared_task
from django.utils import timezone

from grids import services
from organizations.models import User

log = structlog.get_logger(__name__)


@shared_task(name="grids.tasks.plan_visits")
def plan_visits(**_: object) -> int:
    """Rules, targets and grids as they stand today."""
    now = timezone.now()
    services.settle_begun(by=User.objects.system(), at=now)
    written = services.plan_visits(on=timezone.localdate(now))
    if written:
        log.info("visits_planned", count=written)
    return written


@shared_task(name="grids.tasks.tell_of_due_visits")
def tell_of_due_visits(**_: object) -> int:
    return services.tell_of_due(at=timezone.now())


@shared_task(name="grids.tasks.check_coverage")
def check_coverage(**_: object) -> int:
    """Carry out the check that waits, if one does; answers how many units it measured."""
    run = services.check_waiting(moment=timezone.now)
    if run is None:
        return 0
    log.info("coverage_checked", run=run.pk, units=run.done)
    return run.done


@shared_task(name="grids.tasks.check_coverage_daily")
def check_coverage_daily(**_: object) -> int:
    """People come and go, visits grow old: once a night everything that neglect can change."""
    services.ask_check(by=User.objects.system(), at=timezone.now())
    return check_coverage()


@shared_task(name="grids.tasks.forget_the_past")
def forget_the_past(**_: object) -> int:
    """Names of former members and reasons of past leave are kept no longer than they serve."""
    return services.forget_the_past(on=timezone.localdate())
