"""Run the checks of the ledger; what they find freezes new reservations."""

import datetime
from collections.abc import Callable

from funding import checks
from funding.services.freezing import freeze
from organizations.models import User

Report = Callable[[str, list[str]], None]


def audit(*, by: User, at: datetime.datetime, report: Report) -> bool:
    """Whether every check passed; `report` hears of each, with what it found."""
    failed = []
    for name, findings in checks.run():
        report(name, findings)
        if findings:
            failed.append(f"{name}: {findings[0]}")
    if failed:
        freeze(reason="\n".join(failed), by=by, at=at)
    return not failed
