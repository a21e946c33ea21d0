"""What the clock starts: counting, expiry, publication, and the nightly check."""

import datetime

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


@shared_task
def count_entries(**_: object) -> None:
    """Keep the totals of months close behind the entries."""
    services.count_entries()


@shared_task
def publish(**_: object) -> None:
    """Statements whose day has come, and yesterday's heads of all chains."""
    now = timezone.now()
    published = services.publish_due(by=User.objects.system(), at=now)
    if published:
        log.info("statements_published", count=published)
    services.make_ledger_root(timezone.localdate(now) - datetime.timedelta(days=1), at=now)
