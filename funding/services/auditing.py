"""Run the checks of the ledger; what they find freezes new reservations and is shown publicly."""

import datetime
from collections.abc import Callable, Iterator

from funding import checks
from funding.models import CheckRun
from funding.services import disclosing, publishing
from funding.services.freezing import freeze
from lib.worktime import CITY_ZONE
from organizations.models import User

Report = Callable[[str, list[str]], None]
LATE = "publications_are_in_time"


def audit(*, by: User, at: datetime.datetime, report: Report) -> bool:
    """Whether every check of the ledger passed; `report` hears of each, with what it found.

    On record, and for everybody to read, is how much each found; what exactly is for those who
    repair it. A late publication is shown in red, and freezes nothing: no money is in doubt.
    """
    failed, results = [], []
    for name, findings in checks.run():
        report(name, findings)
        results.append({"name": name, "findings": len(findings)})
        if findings:
            failed.append(f"{name}: {findings[0]}")
    late = list(_late(at.astimezone(CITY_ZONE).date()))
    report(LATE, late)
    results.append({"name": LATE, "findings": len(late)})
    CheckRun.objects.create(at=at, by=by, passed=not failed and not late, results=results)
    if failed:
        freeze(reason="\n".join(failed), by=by, at=at)
    return not failed


def _late(on: datetime.date) -> Iterator[str]:
    """Statements and reports of use whose day was yesterday or earlier."""
    for body, month in publishing.missing(on=on - datetime.timedelta(days=1)):
        yield f"{body.code}: the statement of {month:%Y-%m} is not published"
    for due in disclosing.due_reports(on=on):
        if due.is_overdue(on):
            yield f"{due.project.line.code}: the report on its donations was due on {due.day}"
