"""A month is closed: what is dated in it stays; whatever is wrong is reversed in an open month."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Line, PeriodClose
from funding.services.actors import demand
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Body, User

BUCKETS = ("received", "available", "reserved", "payable", "spent")


class CannotClose(RuleViolation):
    def __init__(self) -> None:
        text = _("Only a month that is over is closed, after all months before it, and once.")
        super().__init__(text, code="cannot_close")


def month_after(month: datetime.date) -> datetime.date:
    """The first day of the month after the one that begins on `month`."""
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def month_to_close(body: Body, *, at: datetime.datetime) -> datetime.date | None:
    """The first day of the month that may be closed next, None where all that are over are."""
    last = PeriodClose.objects.filter(body=body).order_by("-month").first()
    this = localdate(at).replace(day=1)
    following = last.ends if last else (this - datetime.timedelta(days=1)).replace(day=1)
    return following if following < this else None


@transaction.atomic
def close_month(
    body: Body, month: datetime.date, *, by: User, at: datetime.datetime
) -> PeriodClose:
    """Freeze all entries of the body's lines that are dated before the month's end.

    All lines are locked first, so that whoever is writing into the month is done, or comes too
    late. `month` is its first day. Raises NotYours, CannotClose.
    """
    demand(by, Role.FINANCE_CHECKER, body.pk, at=at)
    lines = list(Line.objects.filter(body=body).order_by("pk").select_for_update(no_key=True))
    ends = month_after(month)
    closed = PeriodClose.objects.filter(body=body, month__gte=month)
    if month.day != 1 or ends > localdate(at) or closed.exists():
        raise CannotClose
    return PeriodClose.objects.create(
        body=body, month=month, ends=ends, lines=[_stand(line) for line in lines], by=by, at=at
    )


def _stand(line: Line) -> dict[str, str | int]:
    """A line as it stands now."""
    buckets = {bucket: getattr(line, bucket) for bucket in BUCKETS}
    return {
        "line": line.pk,
        "code": line.code,
        "version": line.version,
        "head": line.head,
        **buckets,
    }
