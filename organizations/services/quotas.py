"""How often somebody may do something: counted by the database, so for all processes together."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from organizations.identity import keyed
from organizations.models import Quota


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many times within a window, which begins with the first time."""

    action: str
    most: int
    window: datetime.timedelta


def take(limit: Limit, who: str, *, at: datetime.datetime) -> bool:
    """Use one of the window; False where none is left. Two at once never share one."""
    rows = Quota.objects.filter(action=limit.action, who=keyed("quota", who))
    begins = at - limit.window
    with transaction.atomic():
        if rows.filter(began_at__lte=begins).update(began_at=at, used=1):
            return True
        if rows.filter(used__lt=limit.most).update(used=F("used") + 1):
            return True
        if not rows.exists():
            made = Quota(action=limit.action, who=keyed("quota", who), began_at=at)
            Quota.objects.bulk_create([made], ignore_conflicts=True)
        # Also where another has begun the window since the look above: it may have room.
        return bool(rows.filter(used__lt=limit.most).update(used=F("used") + 1))


def forget(*, before: datetime.datetime) -> int:
    """Windows that began before are over: nobody's tracks are kept longer."""
    return Quota.objects.filter(began_at__lt=before).delete()[0]
