"""People come to posts and leave them, each time with a reason; members of the talent teams."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Body, Post, User
from organizations.services import changes, posts
from talent.models import Membership, Movement, Team, TeamLevel
from talent.models.chain import ruled_bodies, sees_career
from talent.models.staffing import ENTRIES, EXITS


def _check(by: User, body: int, *, at: datetime.datetime) -> None:
    if not by.is_system and body not in ruled_bodies(by, on=localdate(at)):
        raise NotYours(_("The committee of the place decides about its posts."))


@dataclass(frozen=True, slots=True)
class Coming:
    """A post that somebody gets from `day` on, and why."""

    body: Body
    role: str
    why: str
    day: datetime.date
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Going:
    """Why somebody leaves; the post holds until `day` (excluded)."""

    why: str
    day: datetime.date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A team and the level in it from `day` on; `proof` names the certificate or decision."""

    team: Team
    level: TeamLevel | None
    day: datetime.date
    proof: str = ""


@transaction.atomic
def enter(person: User, coming: Coming, *, by: User, at: datetime.datetime) -> Post:
    """Raises NotYours, RuleViolation."""
    _check(by, coming.body.pk, at=at)
    if coming.why not in ENTRIES:
        raise RuleViolation(_("This is no reason for coming."), code="reason")
    post = posts.give_post(
        person, body=coming.body, role=coming.role, valid_from=coming.day,
        title=coming.title[:60], by=by, at=at,
    )  # fmt: skip
    _move(post, Movement.Way.ENTRY, coming, by=by, at=at)
    return post


def _move(
    post: Post, way: str, said: Coming | Going, *, by: User, at: datetime.datetime
) -> Movement:
    return Movement.objects.create(
        post=post, way=way, why=said.why, note=said.note[:200], day=said.day, by=by, at=at
    )


@transaction.atomic
def leave(post: Post, going: Going, *, by: User, at: datetime.datetime) -> Post:
    """Raises NotYours, WrongState, RuleViolation."""
    _check(by, post.body_id, at=at)
    if going.why not in EXITS:
        raise RuleViolation(_("This is no reason for leaving."), code="reason")
    locked = changes.locked(post)
    if locked.valid_to is not None:
        raise WrongState(_("This post has ended already."))
    if locked.person_id == by.pk:
        raise NotYours(_("Nobody ends a post of their own: ask another member."))
    done = posts.end_post(locked, on=going.day, by=by, at=at)
    _move(done, Movement.Way.EXIT, going, by=by, at=at)
    return done


@transaction.atomic
def set_level(person: User, wanted: Standing, *, by: User, at: datetime.datetime) -> Membership:
    """In the team, or at another level of it. Raises NotYours, RuleViolation."""
    if by.pk == person.pk or not sees_career(by, person, on=localdate(at)):
        raise NotYours(_("Who leads a person enters them in a talent team."))
    if wanted.level is not None and wanted.level.team_id != wanted.team.pk:
        raise RuleViolation(_("This level belongs to another team."), code="other_team")
    standing = Membership.objects.filter(person=person, team=wanted.team, valid_to=None).first()
    if standing is not None:
        changes.end(standing, on=wanted.day, by=by, at=at)
    row = Membership(
        person=person, team=wanted.team, level=wanted.level, valid_from=wanted.day,
        proof=wanted.proof[:200],
    )  # fmt: skip
    return changes.create(row, by=by, at=at)
