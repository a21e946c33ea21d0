"""What people and workers are told. A message to a worker that is lost is found by the clock."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from grids.models import CoverageFinding, Leave, PostTerritory, Swap
from grids.scopes import scopes_of
from lib.registry import wordings
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from organizations.services import inbox

VISITS_DUE = ("page", "visits")
DRAW = frozenset(COMMITTEE) | {Role.DISPATCHER}
WORDINGS = {
    "grid-split-asked": gettext_noop(
        "A split is asked for: %(grid)s has %(households)s households."
    ),
    "grid-visit-asked": gettext_noop("Nobody has been in %(grid)s for long: go there today."),
    "leave-asked": gettext_noop("%(who)s asks for leave from %(first)s to %(last)s."),
    "leave-approved": gettext_noop("Leave from %(first)s to %(last)s is approved."),
    "leave-refused": gettext_noop("Leave from %(first)s to %(last)s is refused."),
    "leave-withdrawn": gettext_noop("%(who)s takes back leave from %(first)s to %(last)s."),
    "leave-stand-in": gettext_noop("You stand in for %(who)s from %(first)s to %(last)s."),
    "swap-asked": gettext_noop("%(who)s asks to swap shifts: %(mine)s for your %(theirs)s."),
    "swap-agreed": gettext_noop("Agreed to swap %(mine)s for %(theirs)s; the head decides."),
    "swap-done": gettext_noop("Swapped: %(mine)s for %(theirs)s."),
    "swap-refused": gettext_noop("Not swapped: %(mine)s for %(theirs)s."),
    "swap-withdrawn": gettext_noop("No longer asked: the swap of %(mine)s for %(theirs)s."),
}


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def wake_checker() -> None:
    """After the commit: coverage waits to be checked."""
    transaction.on_commit(_wake_checker, robust=True)


def _wake_checker() -> None:
    current_app.signature("grids.tasks.check_coverage").apply_async(retry=False)


def tell_of_split(finding: CoverageFinding, *, by: User, at: datetime.datetime) -> None:
    """Those who draw borders where the grid lies, but not who asked."""
    params = {"grid": finding.territory.name, "households": finding.measure}
    _tell(
        [person for person in _drawers(finding, at.date()) if person.pk != by.pk],
        kind="grid-split-asked", key=f"grid-split:{finding.pk}", params=params,
        subject=("grids.finding", str(finding.pk)), at=at,
    )  # fmt: skip


def tell_of_visit(finding: CoverageFinding, *, by: User, at: datetime.datetime) -> None:
    """Those who walk the grid, or its community where nobody has the grid alone."""
    on = timezone.localdate(at)
    rows = PostTerritory.objects.valid_on(on).filter(
        territory__in=[key for key in (finding.grid_id, finding.community_id) if key],
        post__role=Role.GRID_WORKER, post__in=Post.objects.valid_on(on),
    )  # fmt: skip
    found = list(rows.select_related("post__person"))
    own = [row for row in found if row.territory_id == finding.grid_id]
    people = {row.post.person_id: row.post.person for row in own or found}
    _tell(
        [person for key, person in people.items() if key != by.pk],
        kind="grid-visit-asked", key=f"grid-visit:{finding.pk}",
        params={"grid": finding.territory.name}, subject=VISITS_DUE, at=at,
    )  # fmt: skip


def _drawers(finding: CoverageFinding, on: datetime.date) -> list[User]:
    posts = Post.objects.valid_on(on).filter(role__in=DRAW).select_related("person")
    people = {post.person_id: post.person for post in posts}
    place = {
        "town": finding.town_id, "community": finding.community_id, "grid": finding.grid_id
    }  # fmt: skip
    return [
        person
        for person in people.values()
        if any(s.role in DRAW and s.covers(**place) for s in scopes_of(person, on=on))
    ]


def _tell(people: list[User], *, key: str, at: datetime.datetime, **message: Any) -> None:
    transaction.on_commit(partial(inbox.send, to=people, key=key, at=at, **message))


def tell_of_leave(leave: Leave, kind: str, *, by: User, at: datetime.datetime) -> None:
    """Asked: the heads of the body hear it; decided: who asked, and the stand-in."""
    params = {
        "who": leave.post.person.full_name,
        "first": leave.first_day.isoformat(),
        "last": leave.last_day.isoformat(),
    }
    said: dict[str, Any] = {
        "key": f"{kind}:{leave.pk}", "kind": kind, "params": params,
        "subject": ("grids.leave", str(leave.pk)), "at": at,
    }  # fmt: skip
    heads = kind in {"leave-asked", "leave-withdrawn"}
    people = _heads_of(leave.post, at.date()) if heads else [leave.post.person]
    _tell([person for person in people if person.pk != by.pk], **said)
    if kind == "leave-approved" and leave.stand_in is not None:
        stand_in = {**said, "key": f"leave-stand-in:{leave.pk}", "kind": "leave-stand-in"}
        _tell([leave.stand_in.person], **stand_in)


def _heads_of(post: Post, on: datetime.date) -> list[User]:
    """Heads of the post's body; where it has none, of the next body above."""
    body: Body | None = post.body
    while body is not None:
        heads = Post.objects.valid_on(on).filter(body=body, role=Role.DEPARTMENT_HEAD)
        people = [head.person for head in heads.exclude(person=post.person_id).with_names()]
        if people:
            return people
        body = body.parent
    return []


def tell_of_swap(swap: Swap, kind: str, *, to: Iterable[User], at: datetime.datetime) -> None:
    """Those who take part; once the colleague has agreed, the head too."""
    params = {
        "who": swap.mine.post.person.full_name,
        "mine": f"{swap.mine.day:%m-%d} {swap.mine.kind.mark}",
        "theirs": f"{swap.theirs.day:%m-%d} {swap.theirs.kind.mark}",
    }
    heads = _heads_of(swap.mine.post, at.date()) if kind == "swap-agreed" else []
    _tell(
        [*to, *heads], key=f"{kind}:{swap.pk}", kind=kind, params=params,
        subject=("grids.swap", str(swap.pk)), at=at,
    )  # fmt: skip
