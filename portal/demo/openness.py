"""What the clock would have published by now about the money of the demo town."""

import datetime

from funding import services
from organizations.models import User


def publish(*, at: datetime.datetime) -> None:
    """Totals, the statements of past months, yesterday's root and a run of the checks."""
    system = User.objects.system()
    services.count_entries()
    services.publish_due(by=system, at=at)
    services.make_ledger_root(at.date() - datetime.timedelta(days=1), at=at)
    services.audit(by=system, at=at, report=lambda _name, _found: None)
