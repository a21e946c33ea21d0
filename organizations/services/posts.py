"""Who holds which post. Administrators' posts are given by the security administrator alone.

Three administrators (GB/T 22239-2019): the system administrator gives all other posts; nobody holds
two of the three at once, and nobody gives one to himself or herself. See docs/adr/0007.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from lib.roles import ADMINISTRATORS, Role
from organizations.models import Body, DutyHours, Post, Skill, User
from organizations.services import changes

Hours = tuple[int, datetime.time, datetime.time]


def give_post(
    person: User,
    *,
    body: Body,
    role: str,
    valid_from: datetime.date,
    by: User,
    at: datetime.datetime,
    **values: Any,
) -> Post:
    """`values`: title, title_en, capacity, valid_to, and `skills` (an iterable of Skill)."""
    _may_decide(role, person=person, by=by, at=at)
    if person.is_resident:
        raise RuleViolation(
            _("A resident's account holds no post: make an account for those who work here."),
            code="resident",
        )
    if person.pk == by.pk and not by.is_system:
        raise NotYours(_("Nobody gives a post to themselves: ask another administrator."))
    skills: Iterable[Skill] = values.pop("skills", ())
    with transaction.atomic():
        post = Post(person=person, body=body, role=role, valid_from=valid_from, **values)
        _keep_administrators_apart(post)
        return changes.create(post, by=by, at=at, links={"skills": skills})


def change_post(
    post: Post,
    *,
    by: User,
    at: datetime.datetime,
    skills: Iterable[Skill] | None = None,
    **values: Any,
) -> Post:
    """Title, capacity and skills. Person, body and role stay: end the post and give another."""
    if {"person", "body", "role", "valid_from", "valid_to"} & values.keys():
        raise TypeError("end_post() and give_post() change who holds what, and when")
    _may_decide(post.role, person=post.person, by=by, at=at)
    links = {} if skills is None else {"skills": skills}
    return changes.revise(post, values, by=by, at=at, links=links)


def end_post(post: Post, *, on: datetime.date, by: User, at: datetime.datetime) -> Post:
    """The post holds until `on` (excluded)."""
    _may_decide(post.role, person=post.person, by=by, at=at)
    return changes.end(post, on=on, by=by, at=at)


def set_duty_hours(
    post: Post, *, hours: Iterable[Hours], by: User, at: datetime.datetime
) -> list[DutyHours]:
    """Replace the duty hours: (weekday, from, to), 0 = Monday. None: the calendar's hours."""
    wanted = sorted(hours)
    for day, first, last in wanted:
        if not (0 <= day <= 6 and first < last):
            raise RuleViolation(
                _("Duty hours end after they begin; hours past midnight are two rows."),
                code="invalid_hours",
            )
    with transaction.atomic():
        row = changes.locked(post)
        before = {"duty_hours": _spelled(row)}
        row.duty_hours.all().delete()
        made = DutyHours.objects.bulk_create(
            DutyHours(post=row, weekday=day, starts=first, ends=last) for day, first, last in wanted
        )
        after = {"duty_hours": _spelled(row)}
        changes.record_values(row, before=before, after=after, by=by, at=at, action=changes.CHANGE)
    return made


def _spelled(post: Post) -> list[list[Any]]:
    rows = post.duty_hours.order_by("weekday", "starts").values_list("weekday", "starts", "ends")
    return [
        [day, first.isoformat("minutes"), last.isoformat("minutes")] for day, first, last in rows
    ]


def _may_decide(role: str, *, person: User, by: User, at: datetime.datetime) -> None:
    if role not in ADMINISTRATORS or by.is_system:
        return
    if Role.SECURITY_ADMIN not in by.roles_on(timezone.localdate(at)):
        raise NotYours(_("Only the security administrator decides on administrators' posts."))
    if person.pk == by.pk:
        raise NotYours(_("Nobody decides on an administrator's post of their own."))


def _keep_administrators_apart(post: Post) -> None:
    if post.role not in ADMINISTRATORS:
        return
    others = Post.objects.filter(person=post.person, role__in=ADMINISTRATORS - {post.role})
    if others.overlapping(post.valid_from, post.valid_to).exists():
        raise RuleViolation(
            _("One person cannot hold two of the three administrators' posts."),
            code="administrators_apart",
        )
