"""Leave: asked for, decided by the head, with a stand-in who is there on those days."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.duty_workflow import LEAVE_MOVES, LeaveState
from grids.models import Leave
from grids.notifications import tell_of_leave
from grids.services.checking import ask_check
from grids.services.leading import actors_for, demand_move
from lib.errors import NotYours, RuleViolation
from organizations.models import Post, User
from organizations.services import changes

_LIVING = (LeaveState.PENDING, LeaveState.APPROVED)
# Who comes and who goes changes which grids have somebody.
_COUNTS = (LeaveState.APPROVED, LeaveState.WITHDRAWN)


@transaction.atomic
def ask_leave(
    post: Post,
    *,
    days: tuple[datetime.date, datetime.date],
    by: User,
    at: datetime.datetime,
    stand_in: Post | None = None,
    reason: str = "",
) -> Leave:
    """Ask to be away on whole days (first, last); the head of the body decides."""
    row = _locked(post, stand_in)
    first_day, last_day = days
    if row.person_id != by.pk:
        raise NotYours(_("Everybody asks for their own leave."))
    if last_day < timezone.localdate(at):
        raise RuleViolation(_("These days are over. Choose later ones."), code="past")
    if _overlapping(Leave.objects.filter(post=row), days).exists():
        raise RuleViolation(_("Leave on some of these days is asked for already."), code="twice")
    _refuse_stand_in(row, stand_in, days)
    leave = Leave(
        post=row, first_day=first_day, last_day=last_day, stand_in=stand_in, reason=reason,
        asked_at=at,
    )  # fmt: skip
    changes.create(leave, by=by, at=at)
    tell_of_leave(leave, "leave-asked", by=by, at=at)
    return leave


def _locked(post: Post, stand_in: Post | None) -> Post:
    """The post under lock, and its stand-in with it: so neither of the two leaves unseen."""
    keys = sorted({post.pk, *([stand_in.pk] if stand_in else [])})
    rows = Post.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return next(row for row in rows.with_names() if row.pk == post.pk)


def _overlapping(rows: Any, days: tuple[datetime.date, datetime.date]) -> Any:
    return rows.filter(state__in=_LIVING, first_day__lte=days[1], last_day__gte=days[0])


def _refuse_stand_in(
    post: Post, stand_in: Post | None, days: tuple[datetime.date, datetime.date]
) -> None:
    if stand_in is None:
        return
    if stand_in.body_id != post.body_id or not stand_in.is_valid_on(days[0]):
        raise RuleViolation(
            _("The stand-in must have a post in the same body on those days."), code="stand_in"
        )
    if _overlapping(Leave.objects.filter(post=stand_in), days).exists():
        raise RuleViolation(
            _("%(who)s is away on some of these days: choose another stand-in.")
            % {"who": stand_in.person},
            code="stand_in_away",
        )


def _refuse_while_standing_in(post: Post, days: tuple[datetime.date, datetime.date]) -> None:
    others = Leave.objects.approved().filter(
        stand_in=post, first_day__lte=days[1], last_day__gte=days[0]
    )
    if (other := others.with_names().order_by("first_day").first()) is not None:
        raise RuleViolation(
            _("%(who)s stands in for %(whom)s on some of these days.")
            % {"who": post.person, "whom": other.post.person},
            code="stands_in",
        )


@transaction.atomic
def move_leave(
    leave: Leave, name: str, *, by: User, at: datetime.datetime, note: str = ""
) -> Leave:
    """One move of the table: approve, refuse, withdraw."""
    post = _locked(leave.post, leave.stand_in)
    row = changes.locked(leave)
    actors = actors_for(by, post, at=at, asker=post)
    move = demand_move(LEAVE_MOVES, name, state=row.state, actors=actors)
    days = (row.first_day, row.last_day)
    if name == "withdraw" and row.last_day < timezone.localdate(at):
        raise RuleViolation(_("This leave is over."), code="past")
    if name == "approve":
        _refuse_while_standing_in(post, days)
        _refuse_stand_in(post, row.stand_in, days)
    values = {
        "state": move.leads_to(row.state), "decided_by": by, "decided_at": at, "note": note,
    }  # fmt: skip
    moved = changes.revise(row, values, by=by, at=at, action=name)
    if moved.state in _COUNTS:
        ask_check(by=by, at=at)
    tell_of_leave(moved, f"leave-{moved.state}", by=by, at=at)
    return moved
