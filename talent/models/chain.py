"""Who leads whom: the posts from which somebody may look at the career of another."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from grids.scopes import scopes_of
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from organizations.models.bodies import BodyQuerySet

LEADERS = COMMITTEE | {Role.DEPARTMENT_HEAD}
# Who runs training, selection and posts of a place: the party leads the work with talent.
ORGANISERS = COMMITTEE


def led_bodies(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """Keys of the bodies that `user` leads: their own and all below."""
    scopes = (scope for scope in scopes_of(user, on=on) if scope.role in LEADERS)
    return {body for scope in scopes for body in scope.body_ids}


def ruled_bodies(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """Keys of the bodies in which `user` decides about posts."""
    scopes = (scope for scope in scopes_of(user, on=on) if scope.role in ORGANISERS)
    return {body for scope in scopes for body in scope.body_ids}


def in_chain_of(user: User | AnonymousUser, *, on: datetime.date, prefix: str = "") -> Q:
    """A filter: people (behind `prefix`) who hold a post in a body that `user` leads."""
    posts = Post.objects.valid_on(on).filter(body__in=led_bodies(user, on=on))
    return Q(**{f"{prefix}pk__in": posts.values("person")})


def sees_career(user: User | AnonymousUser, person: User, *, on: datetime.date) -> bool:
    """One's own; and those of people in bodies that one leads."""
    if not user.pk:
        return False
    return (
        user.pk == person.pk or User.objects.filter(in_chain_of(user, on=on), pk=person.pk).exists()
    )


def bodies_ruled_by(user: User | AnonymousUser, *, on: datetime.date) -> BodyQuerySet:
    """The bodies that exist that day in which `user` decides about posts."""
    found: BodyQuerySet = Body.objects.valid_on(on).filter(pk__in=ruled_bodies(user, on=on))
    return found
