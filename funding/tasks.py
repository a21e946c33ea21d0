"""What the clock starts: holds whose time is over, and the nightly check."""

import structlog
from celery import shared_task
from django.utils import timezone

from funding import services
from organizations.models import User

log = structlog.get_logger(__name__)


@shared_task
def expire_holds(**_: object) -> None:
    released = services.expire_holds(at=timezone.now())
    if released:
        log.info("holds_expired", count=released)


@shared_task
def check_ledger(**_: object) -> None:
    def report(name: str, findings: list[str]) -> None:
        if findings:
            log.error("ledger_check_failed", check=name, findings=findings[:10])

    services.audit(by=User.objects.system(), at=timezone.now(), report=report)
