"""What the clock starts: the time bank once a day."""

import structlog
from celery import shared_task
from django.utils import timezone

from organizations.models import User
from volunteers import time_checks
from volunteers.models import TimeAccount
from volunteers.services import time_bank

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
