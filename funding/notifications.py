"""Messages about applications: whose turn it is, and what became of what somebody asked for."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from funding.models import Application
from funding.workflow import State
from grids.scopes import scopes_of
from lib.registry import wordings
from lib.roles import Role
from organizations.models import Post, User
from organizations.services import inbox

SUBJECT = "funding.application"
WORDINGS = {
    "application-check": gettext_noop("To check: %(title)s (%(number)s)."),
    "application-approve": gettext_noop("To approve: %(title)s (%(number)s)."),
    "application-pay": gettext_noop("Approved, to be paid: %(title)s (%(number)s)."),
    "application-returned": gettext_noop("Returned to you: %(title)s (%(number)s)."),
    "application-refused": gettext_noop("Refused: %(title)s (%(number)s)."),
    "application-paid": gettext_noop("Paid: %(title)s (%(number)s)."),
}
MAKER_HEARS = {
    State.RETURNED: "application-returned",
    State.REFUSED: "application-refused",
    State.PAID: "application-paid",
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def tell_of_move(application: Application, name: str, *, by: User, at: datetime.datetime) -> None:
    """Tell those whose turn it is, and the maker, unless they did it themselves."""
    if application.state in MAKER_HEARS:
        _send([application.asked_by], MAKER_HEARS[State(application.state)], application, by, at)
    if name == "submit":
        _send(_holders(Role.FINANCE_CHECKER, application, at), "application-check",
              application, by, at)  # fmt: skip
    elif name in {"check", "approve"}:
        _send(_next(application, at), "application-approve", application, by, at)
    elif name == "grant":
        _send(_holders(Role.FINANCE_PAYER, application, at), "application-pay",
              application, by, at)  # fmt: skip


def _next(application: Application, at: datetime.datetime) -> list[User]:
    steps = application.approvals.filter(round=application.round, decision="")
    step = steps.order_by("position").first()
    return _holders(Role(step.role), application, at) if step else []


def _holders(role: Role, application: Application, at: datetime.datetime) -> list[User]:
    """People with this role in the line's body or above it."""
    on = localdate(at)
    posts = Post.objects.valid_on(on).filter(role=role).select_related("person")
    people = {post.person for post in posts}
    return [
        person
        for person in people
        if any(
            scope.role == role and application.line.body_id in scope.body_ids
            for scope in scopes_of(person, on=on)
        )
    ]


def _send(
    people: Iterable[User], kind: str, application: Application, by: User, at: datetime.datetime
) -> None:
    others = [person for person in people if person != by]
    if others:
        inbox.send(
            to=others,
            key=f"{kind}:{application.pk}:{application.version}",
            kind=kind,
            at=at,
            params={"number": application.number, "title": application.title},
            subject=(SUBJECT, str(application.pk)),
        )
