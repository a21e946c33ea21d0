"""How a reporter is shown: masked by default, whole after the look has been recorded."""

import datetime
from dataclasses import dataclass

from cases.models import Case, Reporter
from cases.services import may_know_reporter
from lib.masking import mask_mobile, mask_name
from organizations.models import User


@dataclass(frozen=True, slots=True)
class ShownReporter:
    name: str
    phone: str
    is_masked: bool
    may_reveal: bool


def masked(case: Case, user: User, *, at: datetime.datetime) -> ShownReporter | None:
    """None where nobody is known."""
    reporter = Reporter.objects.filter(case=case, erased_at=None).first()
    if reporter is None or not (reporter.name or reporter.phone):
        return None
    phone = mask_mobile(reporter.phone) if reporter.phone else ""
    return ShownReporter(
        mask_name(reporter.name),
        phone,
        is_masked=True,
        may_reveal=may_know_reporter(user, case, at=at),
    )


def whole(reporter: Reporter) -> ShownReporter:
    return ShownReporter(reporter.name, reporter.phone, is_masked=False, may_reveal=False)
