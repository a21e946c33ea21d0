"""What a person is to an order, to somebody who was called, to a task."""

import datetime

from django.utils.timezone import localdate

from emergency.models import Called, Order, Task
from emergency.models.orders import COMMANDERS
from emergency.services.rules import rule_of
from emergency.workflow import CalledActor, OrderActor, TaskActor
from organizations.models import User
from volunteers.models.places import reaches


def commands(user: User, order: Order, *, at: datetime.datetime) -> bool:
    """Whether `user` is of the committee or a duty officer where the order holds."""
    return reaches(user, COMMANDERS, order, on=localdate(at))


def confirms(user: User, order: Order, level: int, *, at: datetime.datetime) -> bool:
    """Whether `user` may confirm an order of that level there."""
    roles = rule_of(level, on=localdate(at)).confirmers
    return reaches(user, roles, order, on=localdate(at))


def to_order(user: User, order: Order, *, at: datetime.datetime) -> frozenset[OrderActor]:
    if user.is_system:
        return frozenset({OrderActor.CLOCK})
    found = set()
    if order.made_by_id == user.pk:
        found.add(OrderActor.MAKER)
    elif confirms(user, order, order.level, at=at):
        found.add(OrderActor.CONFIRMER)
    if commands(user, order, at=at):
        found.add(OrderActor.COMMANDER)
    return frozenset(found)


def to_called(user: User, called: Called, *, at: datetime.datetime) -> frozenset[CalledActor]:
    found = set()
    if called.person_id == user.pk:
        found.add(CalledActor.CALLED)
    leads = commands(user, called.callout.order, at=at)
    if leads:
        found.add(CalledActor.COMMANDER)
    if called.person_id != user.pk and (leads or called.callout.point.keeper_id == user.pk):
        found.add(CalledActor.CLERK)
    return frozenset(found)


def to_task(user: User, task: Task, *, at: datetime.datetime) -> frozenset[TaskActor]:
    found = set()
    if Task.objects.of(user, on=localdate(at)).filter(pk=task.pk).exists():
        found.add(TaskActor.HAND)
    if commands(user, task.order, at=at):
        found.add(TaskActor.COMMANDER)
    return frozenset(found)
