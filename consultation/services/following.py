"""Commitments move with the case or application that they opened; the overdue are told of.

Lower apps do not know of commitments, so the clock looks: what has moved since is recorded once.
"""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from cases.workflow import State as CaseState
from consultation import commitment_notifications as notifications
from consultation.commitment_workflow import State
from consultation.models import Commitment
from consultation.services.promises import begin, finish
from funding.workflow import State as Paying
from organizations.models import User

AT_ONCE = 200
# What is done, in per cent, when the case or the application stands there.
OF_CASE = {
    CaseState.DISPATCHED: 10,
    CaseState.HANDLING: 40,
    CaseState.SUSPENDED: 40,
    CaseState.SPLIT: 40,
    CaseState.REWORK: 60,
    CaseState.REPORTED: 75,
    CaseState.CHECKING: 85,
    CaseState.CLOSED: 95,
}
OF_APPLICATION = {
    Paying.SUBMITTED: 30,
    Paying.APPROVING: 40,
    Paying.APPROVED: 60,
    Paying.PAYING: 80,
    Paying.PAID: 95,
}


def share_of(commitment: Commitment) -> int:
    """What the linked case, else the linked application says; 0 where neither has begun."""
    if commitment.case is not None:
        return OF_CASE.get(CaseState(commitment.case.state), 0)
    if commitment.application is not None:
        return OF_APPLICATION.get(Paying(commitment.application.state), 0)
    return 0


def follow_all(*, at: datetime.datetime) -> int:
    """How many commitments have moved. Safe to run twice."""
    rows = Commitment.objects.followed().filter(milestones=None)
    rows = rows.select_related("case", "application")
    moved = 0
    for commitment in rows.filter(state=State.RUNNING).order_by("pk").iterator(AT_ONCE):
        if share_of(commitment) != commitment.share:
            moved += _follow(commitment, at=at)
    return moved


@transaction.atomic
def _follow(commitment: Commitment, *, at: datetime.datetime) -> int:
    system = User.objects.system()
    locked = begin(commitment, "progress", by=system, at=at)
    share = share_of(locked)
    if share == locked.share:
        return 0
    linked = locked.case or locked.application
    facts = {
        "from": locked.share, "to": share, "follows": linked.number if linked else "",
        "state": str(linked.state) if linked else "",
    }  # fmt: skip
    finish(locked, "progress", by=system, at=at, facts=facts, share=share)
    return 1


def remind_of_overdue(*, at: datetime.datetime) -> int:
    """Owner and supervisors hear of each commitment that is overdue, once a day of reminding:
    the first day, then every seventh. Safe to run twice."""
    today = localdate(at)
    again = today - datetime.timedelta(days=7)
    due = Commitment.objects.overdue(on=today).filter(
        Q(reminded_on=None) | Q(reminded_on__lte=again)
    )
    told = 0
    for commitment in due.with_names().order_by("pk")[:AT_ONCE]:
        changed = Commitment.objects.filter(
            Q(reminded_on=None) | Q(reminded_on__lte=again), pk=commitment.pk
        ).update(reminded_on=today)
        if changed:
            notifications.tell_of_overdue(commitment, at=at)
            told += 1
    return told
