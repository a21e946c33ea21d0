"""What the clock and the queue start: waves of calls, reminders, late reports, deletion."""

import structlog
from celery import shared_task
from django.utils import timezone

from emergency import checks
from emergency.models import Movement
from emergency.services import calling, deleting, ordering, reporting
from organizations.models import User

log = structlog.get_logger(__name__)


@shared_task(name="emergency.tasks.call_out")
def call_out(**_: object) -> None:
    """Every call-out whose next wave is due; a lost message is found by the clock."""
    called = calling.call_due(at=timezone.now())
    if called:
        log.info("people_called_out", people=called)


@shared_task(name="emergency.tasks.keep_dates")
def keep_dates(**_: object) -> None:
    """Orders that nobody confirmed, terms that are over, reports that are late."""
    now, system = timezone.now(), User.objects.system()
    pressed = ordering.press_late(by=system, at=now)
    told = reporting.tell_late(at=now)
    if pressed or told:
        log.warning("emergency_dates_missed", orders=pressed, reports=told)


@shared_task(name="emergency.tasks.delete_data")
def delete_data(**_: object) -> None:
    """What was collected for orders that were reviewed, when its day has come."""
    deleted = deleting.delete_due(by=User.objects.system(), at=timezone.now())
    if deleted:
        log.info("emergency_data_deleted", orders=deleted)


@shared_task(name="emergency.tasks.check_supplies")
def check_supplies(**_: object) -> None:
    """Every check of the supplies."""
    if not Movement.objects.exists():
        return
    for name, findings in checks.run():
        if findings:
            log.error("supplies_check_failed", check=name, findings=findings[:10])
