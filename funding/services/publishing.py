"""Monthly statements: made from the ledger, published on their day, corrected by a new version."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Bucket, Entry, Line, SourceRule, Statement
from funding.services.counting import count_entries
from funding.synopsis import Flows, flows_by_line, merged, next_month, summary_of
from funding.totals import month_of
from lib.errors import RuleViolation
from lib.masking import mask_payee
from lib.worktime import CITY_ZONE
from organizations.models import Body, User
from organizations.services import changes

MONTHS_LOOKED_BACK = 6
# 村民委员会组织法 art. 30: accounts with many movements are published every month.
USUAL_DAY = 10


class NothingToCorrect(RuleViolation):
    def __init__(self) -> None:
        text = _("Nothing has changed since this version. Correct the ledger first, then publish.")
        super().__init__(text, code="nothing_to_correct")


def due_day(*, on: datetime.date) -> int:
    """The day of the following month by which statements stand there: the shortest of all terms."""
    terms = SourceRule.objects.valid_on(on).values_list("publish_days", flat=True)
    return min([USUAL_DAY, *terms])


def missing(*, on: datetime.date) -> Iterator[tuple[Body, datetime.date]]:
    """(body, month) of statements whose day has come and that are not there, the oldest first."""
    month = month_of(on)
    for _step in range(MONTHS_LOOKED_BACK):
        month = month_of(month - datetime.timedelta(days=1))
    day = due_day(on=on)
    while month < month_of(on):
        if next_month(month).replace(day=day) <= on:
            published = Statement.objects.filter(month=month).values("body")
            for body in bodies_with_money(month).exclude(pk__in=published):
                yield body, month
        month = next_month(month)


def bodies_with_money(month: datetime.date) -> Any:
    """Bodies that own a line which was valid in that month or still held money."""
    lines = Line.objects.filter(valid_from__lt=next_month(month), version__gt=0).filter(
        Q(valid_to=None) | Q(valid_to__gt=month) | Q(received__gt=0, spent__lt=1)
    )
    return Body.objects.filter(pk__in=lines.values("body")).order_by("pk")


def publish_due(*, by: User, at: datetime.datetime) -> int:
    """Publish every statement whose day has come; how many were published."""
    waiting = list(missing(on=localdate(at)))
    if waiting:
        count_entries()
    for body, month in waiting:
        publish_statement(body, month, by=by, at=at)
    return len(waiting)


@transaction.atomic
def publish_statement(
    body: Body, month: datetime.date, *, by: User, at: datetime.datetime
) -> Statement:
    """The first version; one that is there stays."""
    changes.locked(body)  # statements of a body are chained: one after the other
    known = Statement.objects.newest_versions().filter(body=body, month=month).first()
    return known or _append(body, month, content_of(body, month), version=1, by=by, at=at)


@transaction.atomic
def correct_statement(
    statement: Statement, *, reason: str, by: User, at: datetime.datetime
) -> Statement:
    """The same month as the ledger tells it now, under the next number. Raises NothingToCorrect."""
    changes.locked(statement.body)
    newest = Statement.objects.newest_versions().get(body=statement.body, month=statement.month)
    count_entries()
    content = content_of(statement.body, statement.month)
    if content == newest.content:
        raise NothingToCorrect
    more = {"version": newest.version + 1, "reason": reason}
    return _append(statement.body, statement.month, content, **more, by=by, at=at)


def _append(body: Body, month: datetime.date, content: dict[str, Any], **more: Any) -> Statement:
    statement = Statement(body=body, month=month, content=content, **more)
    statement.seal(previous=Statement.objects.filter(body=body).order_by("-number").first())
    statement.save(force_insert=True)
    return statement


def content_of(body: Body, month: datetime.date) -> dict[str, Any]:
    """What a statement publishes: each line, their sum, and every payment of the month."""
    lines = list(
        Line.objects.filter(body=body, version__gt=0).select_related("source").order_by("code")
    )
    flows = flows_by_line([line.pk for line in lines], month, next_month(month))
    moved = [(line, flows[line.pk]) for line in lines if _has_something(flows.get(line.pk))]
    whole = merged(each for _line, each in moved)
    return {
        "lines": [summary_of(line, each) for line, each in moved],
        "opening": whole.opening,
        "received": whole.received,
        "transferred": whole.transferred,
        "spent": whole.spent,
        "closing": whole.closing,
        "payments": [_payment(entry) for entry in _payments(lines, month)],
    }


def _has_something(flows: Flows | None) -> bool:
    return flows is not None and any((flows.at_hand, flows.received, flows.closing))


def _payments(lines: list[Line], month: datetime.date) -> Iterator[Entry]:
    first, end = (
        datetime.datetime.combine(day, datetime.time(), CITY_ZONE)
        for day in (month, next_month(month))
    )
    paid = Q(source_bucket=Bucket.PAYABLE, target_bucket=Bucket.SPENT)
    back = Q(source_bucket=Bucket.SPENT, target_bucket=Bucket.PAYABLE)
    entries = Entry.objects.filter(paid | back, line__in=lines)
    entries = entries.filter(posting__at__gte=first, posting__at__lt=end)
    return (
        entries.select_related("posting__payment__application", "line", "purpose")
        .order_by("posting__at", "pk")
        .iterator(2000)
    )


def _payment(entry: Entry) -> dict[str, Any]:
    """What is published is masked before it is kept: the whole name stands in the voucher."""
    payment = getattr(entry.posting, "payment", None)
    sign = 1 if entry.target_bucket == Bucket.SPENT else -1
    return {
        "day": localdate(entry.posting.at, CITY_ZONE).isoformat(),
        "line": entry.line.code,
        "entry": entry.number,
        "purpose": entry.purpose.code if entry.purpose else "",
        "amount": sign * entry.amount,
        "payee": mask_payee(payment.application.payee_name) if payment else "",
        "subject": [entry.posting.subject_kind, entry.posting.subject_key],
    }
