"""Who may decide on a team's leave and shifts, and whether a move is open to them."""

import datetime
from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from grids.duty_workflow import ASKER, COLLEAGUE, HEAD
from grids.rights import led_bodies
from lib.errors import NotYours, WrongState
from lib.workflow import Move
from organizations.models import Post, User


def leads(user: User, post: Post, *, on: datetime.date) -> bool:
    """Whether `user` heads the body of a post, or one above it; nobody heads themselves."""
    return post.person_id != user.pk and post.body_id in led_bodies(user, on=on)


def actors_for(
    user: User,
    post: Post,
    *,
    at: datetime.datetime,
    asker: Post,
    colleague: Post | None = None,
) -> set[str]:
    """What a person is to a request about a post. Who takes part in a swap does not approve it."""
    found: set[str] = set()
    if asker.person_id == user.pk:
        found.add(ASKER)
    if colleague is not None and colleague.person_id == user.pk:
        found.add(COLLEAGUE)
    if not found and leads(user, post, on=timezone.localdate(at)):
        found.add(HEAD)
    return found


def demand_move(moves: Mapping[str, Move], name: str, *, state: str, actors: Iterable[str]) -> Move:
    row = moves[name]
    if not row.is_for(actors):
        raise NotYours(_("This is for somebody else to decide."))
    if not row.starts_from(state):
        raise WrongState(_("This has been decided already. Look at the page again."))
    return row
