"""Duty reports: made by those who lead, the next one falls due; late ones are told upwards."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency import notifications
from emergency.models import Report, ReportKind
from emergency.services.rules import rule_of
from emergency.services.ways import ORDER
from emergency.workflow import OrderState
from lib.errors import RuleViolation, WrongState
from organizations.models import User


@transaction.atomic
def make_report(
    report: Report, *, receiver: str, text: str, by: User, at: datetime.datetime
) -> Report:
    """What was reported to whom; after one in writing the next falls due.

    Raises NotYours, WrongState (made already), RuleViolation.
    """
    locked = ORDER.begin(report.order, "report", by=by, at=at)
    if not receiver.strip() or not text.strip():
        raise RuleViolation(_("Say to whom you reported, and what."), code="empty")
    rows = Report.objects.filter(pk=report.pk, done_at=None)
    words = {"receiver": receiver.strip()[:80], "text": text.strip()[:2000]}
    if not rows.update(done_at=at, by=by, **words):
        raise WrongState(_("This report was made already."))
    facts = {"kind": report.kind, "number": report.number, "late": at > report.due_at}
    ORDER.finish(locked, "report", by=by, at=at, facts=facts)
    report.refresh_from_db()
    if report.kind in {ReportKind.TEXT, ReportKind.FOLLOW} and locked.state == OrderState.IN_FORCE:
        _fall_due(report, locked.level, at=at)
    return report


def _fall_due(report: Report, level: int, *, at: datetime.datetime) -> None:
    minutes = rule_of(level, on=localdate(at)).follow_minutes
    number = report.number + 1 if report.kind == ReportKind.FOLLOW else 1
    due = at + datetime.timedelta(minutes=minutes)
    Report.objects.get_or_create(
        order=report.order, kind=ReportKind.FOLLOW, number=number, defaults={"due_at": due}
    )


def tell_late(*, at: datetime.datetime) -> int:
    """Tell once of each report that is late; how many."""
    keys = Report.objects.to_tell(at).order_by("pk").values_list("pk", flat=True)
    return sum(_tell(key, at=at) for key in list(keys))


@transaction.atomic
def _tell(key: int, *, at: datetime.datetime) -> bool:
    if not Report.objects.filter(pk=key, done_at=None, told_at=None).update(told_at=at):
        return False
    notifications.tell_of_late(Report.objects.with_names().get(pk=key), at=at)
    return True
