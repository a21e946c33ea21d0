"""What a person is to an application or to a body's money: posts say so, no account does."""

import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Application, Approval, Interest
from funding.workflow import Actor
from grids.scopes import scopes_of
from lib.errors import NotYours
from lib.roles import Role
from organizations.models import User


def is_in(user: User, role: str, body_id: int, *, at: datetime.datetime) -> bool:
    """Whether `user` holds `role` in the body or in one above it."""
    return any(
        scope.role == role and body_id in scope.body_ids
        for scope in scopes_of(user, on=localdate(at))
    )


def demand(user: User, role: Role, body_id: int, *, at: datetime.datetime) -> None:
    if not is_in(user, role, body_id, at=at):
        raise NotYours(_("Only “%(role)s” of this body may do that.") % {"role": Role(role).label})


def next_step(application: Application) -> Approval | None:
    """The first step of this round that nobody has decided."""
    steps = application.approvals.filter(round=application.round, decision="")
    return steps.select_related("body").order_by("position").first()


def stands_on(user: User, step: Approval, body_id: int, *, at: datetime.datetime) -> bool:
    """Whether one of the posts of `user` is what the step asks for."""
    if step.body_id is None:
        return is_in(user, step.role, body_id, at=at)
    return any(
        (scope.role, scope.body_id) == (step.role, step.body_id)
        for scope in scopes_of(user, on=localdate(at))
    )


def actors_of(user: User, application: Application, *, at: datetime.datetime) -> frozenset[Actor]:
    body = application.line.body_id
    found = {Actor.MAKER} if application.asked_by_id == user.pk else set()
    if is_in(user, Role.FINANCE_CHECKER, body, at=at):
        found |= {Actor.CHECKER, Actor.CORRECTOR}
    if is_in(user, Role.FINANCE_PAYER, body, at=at):
        found.add(Actor.PAYER)
    step = next_step(application)
    if step is not None and step.position and stands_on(user, step, body, at=at):
        found.add(Actor.APPROVER)
    return frozenset(found)


def why_not_decide(user: User, application: Application) -> str:
    """What keeps `user` from deciding, as a sentence; "" where nothing does."""
    if application.asked_by_id == user.pk:
        return _("Nobody decides on an application that he made himself.")
    if Interest.objects.of(user, application).exists():
        return _("You have declared an interest in this payee: another person must decide.")
    if application.approvals.filter(round=application.round, decided_by=user).exists():
        return _("You have decided on this application already: each step needs another person.")
    if application.payments.touched_by(user).exists():
        return _("Who pays does not approve.")
    return ""


def why_not_pay(user: User, application: Application) -> str:
    """The same for paying."""
    if application.asked_by_id == user.pk:
        return _("Nobody pays an application that he made himself.")
    if application.approvals.filter(decided_by=user).exists():
        return _("Who checked or approved an application does not pay it.")
    return ""
