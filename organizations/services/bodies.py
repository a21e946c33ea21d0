"""The tree of bodies: made, changed, moved under another parent, ended."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from organizations.models import Body, Post, User
from organizations.services import changes


def make_body(*, by: User, at: datetime.datetime, **values: Any) -> Body:
    """`values` are columns of Body; `valid_from` is needed."""
    return changes.create(Body(**values), by=by, at=at)


def change_body(body: Body, *, by: User, at: datetime.datetime, **values: Any) -> Body:
    """Anything but the parent and the end, which have their own rules."""
    if {"parent", "parent_id", "valid_to"} & values.keys():
        raise TypeError("move() changes the parent, end_body() the end")
    return changes.revise(body, values, by=by, at=at)


def move(body: Body, *, parent: Body | None, by: User, at: datetime.datetime) -> Body:
    """Hang a body, with everything below it, under another one."""
    with transaction.atomic():
        if parent is not None and Body.objects.below(body).filter(pk=parent.pk).exists():
            raise RuleViolation(
                _("A body cannot stand below itself: choose another parent."), code="circle"
            )
        return changes.revise(body, {"parent": parent}, by=by, at=at, action="move")


def end_body(body: Body, *, on: datetime.date, by: User, at: datetime.datetime) -> Body:
    """Refused while bodies below it or posts in it go on: nobody may be left without a body."""
    with transaction.atomic():
        if Body.objects.filter(parent=body).going_on_after(on).exists():
            raise RuleViolation(
                _("End or move the bodies below this one first."), code="has_bodies"
            )
        if Post.objects.filter(body=body).going_on_after(on).exists():
            raise RuleViolation(_("End the posts in this body first."), code="has_posts")
        return changes.end(body, on=on, by=by, at=at)
