"""Rosters: shifts by pattern or one by one, and swaps of two people's shifts."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.duty_workflow import SWAP_MOVES, SwapState
from grids.models import DutyShift, ShiftKind, Swap
from grids.notifications import tell_of_swap
from grids.services.leading import actors_for, demand_move
from lib.errors import NotYours, RuleViolation
from lib.worktime import CITY_ZONE
from organizations.models import Post, User
from organizations.services import changes

DAY = datetime.timedelta(days=1)
FREE = frozenset("休-—0·")
MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Pattern:
    """Signs of shifts by day, repeated (`早早中中休休`); each next person begins `step` later."""

    signs: str
    first: datetime.date
    days: int
    step: int = 1


@transaction.atomic
def make_roster(
    posts: Sequence[Post], pattern: Pattern, *, by: User, at: datetime.datetime
) -> list[DutyShift]:
    """Give these posts shifts by a pattern. What they had in that time and has not begun goes."""
    kinds = _kinds(pattern)
    if not 1 <= pattern.days <= MOST_DAYS:
        raise RuleViolation(
            _("A roster is made for 1 to %(most)s days.") % {"most": MOST_DAYS}, code="days"
        )
    if pattern.first < at.astimezone(CITY_ZONE).date():
        raise RuleViolation(_("A roster begins today or later."), code="past")
    made: list[DutyShift] = []
    for place, post in enumerate(sorted(posts, key=lambda post: post.pk)):
        row = changes.locked(post)
        made += _shifts_of(row, pattern, kinds, place * pattern.step, at)
    shifts = DutyShift.objects.bulk_create(made, batch_size=500)
    for post in posts:
        _record(post, pattern, by=by, at=at)
    return shifts


def _kinds(pattern: Pattern) -> list[ShiftKind | None]:
    """The kind of each sign; None is a free day."""
    known = {kind.mark: kind for kind in ShiftKind.objects.valid_on(pattern.first)}
    signs = [sign for sign in pattern.signs if not sign.isspace()]
    unknown = sorted({sign for sign in signs if sign not in known and sign not in FREE})
    if unknown or not signs:
        raise RuleViolation(
            _("Unknown signs: %(signs)s. Known are %(known)s, and %(free)s for a free day.")
            % {"signs": " ".join(unknown) or "—", "known": " ".join(sorted(known)), "free": "休"},
            code="signs",
        )
    return [known.get(sign) for sign in signs]


def _shifts_of(
    post: Post,
    pattern: Pattern,
    kinds: Sequence[ShiftKind | None],
    offset: int,
    at: datetime.datetime,
) -> list[DutyShift]:
    last = pattern.first + pattern.days * DAY
    DutyShift.objects.filter(
        post=post, day__gte=pattern.first, day__lt=last, starts_at__gt=at
    ).delete()
    kept = list(DutyShift.objects.filter(post=post, ends_at__gt=at).values_list(
        "starts_at", "ends_at"
    ))  # fmt: skip
    made = []
    for number in range(pattern.days):
        kind = kinds[(number + offset) % len(kinds)]
        if kind is None:
            continue
        shift = unsaved_shift(post, kind, pattern.first + number * DAY)
        if not any(shift.starts_at < end and shift.ends_at > start for start, end in kept):
            kept.append((shift.starts_at, shift.ends_at))
            made.append(shift)
    return made


def unsaved_shift(post: Post, kind: ShiftKind, day: datetime.date) -> DutyShift:
    """A shift by the city's clock; one that ends before it begins ends on the next day."""
    ends_on = day if kind.ends > kind.starts else day + DAY
    return DutyShift(
        post=post,
        kind=kind,
        day=day,
        starts_at=datetime.datetime.combine(day, kind.starts, tzinfo=CITY_ZONE),
        ends_at=datetime.datetime.combine(ends_on, kind.ends, tzinfo=CITY_ZONE),
    )


def _record(post: Post, pattern: Pattern, *, by: User, at: datetime.datetime) -> None:
    said = {"roster": [pattern.signs, pattern.first.isoformat(), pattern.days, pattern.step]}
    changes.record_values(post, before={}, after=said, by=by, at=at, action="roster")


@transaction.atomic
def set_shift(
    post: Post, *, kind: ShiftKind | None, day: datetime.date, by: User, at: datetime.datetime
) -> DutyShift | None:
    """One day of the roster anew; `kind` None makes it free."""
    row = changes.locked(post)
    mine = DutyShift.objects.filter(post=row, day=day)
    if mine.filter(starts_at__lte=at).exists() or day < at.astimezone(CITY_ZONE).date():
        raise RuleViolation(_("What has begun stays in the roster."), code="begun")
    before = {"shift": [list(mine.values_list("kind__code", flat=True)), day.isoformat()]}
    mine.delete()
    made = None
    if kind is not None:
        made = unsaved_shift(row, kind, day)
        if DutyShift.objects.filter(post=row).between(made.starts_at, made.ends_at).exists():
            raise RuleViolation(_("Two shifts of one person would overlap."), code="overlap")
        made.save(force_insert=True)
    after = {"shift": [[kind.code] if kind else [], day.isoformat()]}
    changes.record_values(row, before=before, after=after, by=by, at=at, action="roster")
    return made


# -- Swaps ------------------------------------------------------------------------------------


@transaction.atomic
def ask_swap(mine: DutyShift, theirs: DutyShift, *, by: User, at: datetime.datetime) -> Swap:
    """Ask a colleague of the same body to work one's shift, and work theirs."""
    mine, theirs = _locked([mine.pk, theirs.pk])
    if mine.post.person_id != by.pk:
        raise NotYours(_("Only one's own shifts are offered."))
    if theirs.post.body_id != mine.post.body_id or theirs.post.person_id == by.pk:
        raise RuleViolation(_("Choose a shift of a colleague in the same body."), code="colleague")
    _refuse_begun([mine, theirs], at)
    if Swap.objects.open().filter(mine=mine).exists():
        raise RuleViolation(_("A swap of this shift is asked for already."), code="asked")
    swap = Swap(mine=mine, theirs=theirs, asked_at=at)
    changes.create(swap, by=by, at=at)
    tell_of_swap(swap, "swap-asked", to=[theirs.post.person], at=at)
    return swap


def _refuse_begun(shifts: Sequence[DutyShift], at: datetime.datetime) -> None:
    if any(shift.starts_at <= at for shift in shifts):
        raise RuleViolation(_("A shift that has begun is not swapped."), code="begun")


def _locked(keys: Sequence[int]) -> list[DutyShift]:
    """These shifts as they stand now, in the order of `keys`, locked until the transaction ends."""
    rows = DutyShift.objects.select_for_update(of=("self",)).select_related("post__person", "kind")
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
    if len(found) < len(set(keys)):
        raise RuleViolation(_("One of these shifts is no longer in the roster."), code="gone")
    return [found[key] for key in keys]


@transaction.atomic
def move_swap(swap: Swap, name: str, *, by: User, at: datetime.datetime) -> Swap:
    """One move of the table: agree, decline, approve, refuse, withdraw."""
    pair = _together(swap)
    swap = Swap.objects.select_for_update(of=("self",)).with_names().get(pk=swap.pk)
    actors = actors_for(by, swap.mine.post, at=at, asker=swap.mine.post, colleague=swap.theirs.post)
    row = demand_move(SWAP_MOVES, name, state=swap.state, actors=actors)
    people = {swap.mine.post.person, swap.theirs.post.person} - {by}
    if row.leads_to(swap.state) == SwapState.DONE:
        _exchange(pair, at)
        _let_lapse(swap, by=by, at=at)
    return _moved(swap, name, people, by=by, at=at)


def _moved(
    swap: Swap, name: str, people: Iterable[User], *, by: User, at: datetime.datetime
) -> Swap:
    state = SWAP_MOVES[name].leads_to(swap.state)
    agreed: dict[str, Any] = {"agreed_at": at} if state == SwapState.AGREED else {}
    values = {"state": state, **(agreed or {"decided_by": by, "decided_at": at})}
    moved = changes.revise(swap, values, by=by, at=at, action=name)
    tell_of_swap(moved, f"swap-{moved.state}", to=people, at=at)
    return moved


def _together(swap: Swap) -> list[DutyShift]:
    """Both shifts of a swap, locked behind the posts that work them: as rosters are written."""
    keys = [swap.mine_id, swap.theirs_id]
    posts = list(DutyShift.objects.filter(pk__in=keys).values_list("post_id", flat=True))
    list(Post.objects.select_for_update(of=("self",)).filter(pk__in=posts).order_by("pk"))
    return _locked(keys)


def _let_lapse(done: Swap, *, by: User, at: datetime.datetime) -> None:
    """What else was asked about these shifts was agreed with somebody who no longer has them."""
    keys = (done.mine_id, done.theirs_id)
    others = Swap.objects.open().filter(Q(mine__in=keys) | Q(theirs__in=keys)).exclude(pk=done.pk)
    for swap in others.select_for_update(of=("self",)).with_names().order_by("pk"):
        people = {swap.mine.post.person, swap.theirs.post.person} - {by}
        _moved(swap, "lapse", people, by=by, at=at)


def _exchange(pair: Sequence[DutyShift], at: datetime.datetime) -> None:
    """Each works the other's shift; both rows are locked."""
    mine, theirs = pair
    keys = [mine.pk, theirs.pk]
    _refuse_begun(pair, at)
    for shift, taker in ((mine, theirs.post_id), (theirs, mine.post_id)):
        others = DutyShift.objects.filter(post=taker).exclude(pk__in=keys)
        if others.between(shift.starts_at, shift.ends_at).exists():
            raise RuleViolation(_("Two shifts of one person would overlap."), code="overlap")
    if mine.starts_at == theirs.starts_at:
        # Unique (post, start) has no moment in which both could change: exchange the kinds.
        for name in ("kind_id", "ends_at", "day"):
            one, two = getattr(mine, name), getattr(theirs, name)
            setattr(mine, name, two)
            setattr(theirs, name, one)
    else:
        mine.post_id, theirs.post_id = theirs.post_id, mine.post_id
    for row in pair:
        row.save(update_fields=["post", "kind", "ends_at", "day"])
