"""Messages about orders, call-outs, tasks and reports."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from emergency.models import Called, Order, Report, Task
from emergency.models.orders import COMMANDERS
from grids.scopes import scopes_of_posts
from lib.registry import wordings
from lib.roles import COMMITTEE
from organizations.models import Post, User
from organizations.services import inbox
from organizations.services.planning import Notice

ORDER, CALLED, TASK = "emergency.order", "emergency.called", "emergency.task"
WORDINGS = {
    "emergency-confirm": gettext_noop("Confirm or withdraw: the order “%(title)s” (%(number)s)."),
    "emergency-unconfirmed": gettext_noop(
        "Not confirmed in time: the order “%(title)s” (%(number)s). Step in."
    ),
    "emergency-in-force": gettext_noop("In force: the order “%(title)s” (%(number)s)."),
    "emergency-withdrawn": gettext_noop("Withdrawn: the order “%(title)s”. %(reason)s"),
    "emergency-changed": gettext_noop("Changed: the order “%(title)s”. %(reason)s"),
    "emergency-over-term": gettext_noop(
        "The term of the order “%(title)s” is over: extend it or stand it down."
    ),
    "emergency-call": gettext_noop(
        "Can you come? “%(title)s”: %(text)s. Assembly point: %(where)s. Open and answer; "
        "you may say no."
    ),
    "emergency-call-again": gettext_noop(
        "Not answered yet: can you come? “%(title)s”: %(text)s. You may say no."
    ),
    "emergency-released": gettext_noop("“%(title)s” is over. Thank you for coming!"),
    "emergency-task": gettext_noop("A task for you: %(text)s (%(title)s)."),
    "emergency-task-done": gettext_noop("Done: %(text)s (%(title)s)."),
    "emergency-report-late": gettext_noop("Late: a duty report on “%(title)s” (%(number)s)."),
    "emergency-deleted": gettext_noop("The data collected for “%(title)s” are deleted."),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def tell(
    people: Iterable[User], kind: str, order: Order, *, at: datetime.datetime, about: str = ""
) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{order.pk}:{about or order.version}",
        kind=kind,
        at=at,
        params={"title": order.title, "number": order.number, "reason": order.reason},
        subject=(ORDER, str(order.pk)),
    )


def call(rows: Iterable[Called], *, at: datetime.datetime, again: bool = False) -> None:
    """One message to each who is called, or reminded."""
    kind = "emergency-call-again" if again else "emergency-call"
    inbox.send_many(
        [
            Notice(
                row.person_id,
                f"{kind}:{row.callout_id}",
                kind,
                {
                    "title": row.callout.order.title,
                    "text": row.callout.text,
                    "where": f"{row.callout.point.name}，{row.callout.point.address}",
                },
                (CALLED, str(row.order_id)),
            )
            for row in rows
        ],
        at=at,
    )


def thank(rows: Iterable[Called], order: Order, *, at: datetime.datetime) -> None:
    params, subject = {"title": order.title}, (CALLED, str(order.pk))
    kind = "emergency-released"
    inbox.send_many(
        [Notice(row.person_id, f"{kind}:{order.pk}", kind, params, subject) for row in rows], at=at
    )


def tell_of_task(task: Task, kind: str, people: Iterable[User], *, at: datetime.datetime) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{task.pk}:{task.version}",
        kind=kind,
        at=at,
        params={"title": task.order.title, "text": task.text or str(task.kind.name)},
        subject=(TASK, str(task.pk)),
    )


def tell_of_late(report: Report, *, at: datetime.datetime) -> None:
    order = report.order
    people = {one.pk: one for one in (*commanders(order, at=at), *above(order, at=at))}
    tell(people.values(), "emergency-report-late", order, at=at, about=str(report.pk))


def commanders(order: Order, *, at: datetime.datetime) -> list[User]:
    """Committee and duty officers of the place."""
    return covering(COMMANDERS, order.town_id, order.community_id, at=at)


def confirmers(order: Order, roles: Collection[str], *, at: datetime.datetime) -> list[User]:
    found = covering(roles, order.town_id, order.community_id, at=at)
    return [person for person in found if person.pk != order.made_by_id]


def above(order: Order, *, at: datetime.datetime) -> list[User]:
    """The committee of the level above the territory; of the city the city's own."""
    town = order.town_id if order.community_id is not None else None
    return covering(COMMITTEE, town, None, at=at)


def covering(
    roles: Collection[str], town: int | None, community: int | None, *, at: datetime.datetime
) -> list[User]:
    """People whose post with one of these roles covers the whole of the place."""
    on = localdate(at)
    rows = Post.objects.valid_on(on).filter(role__in=roles, person__is_active=True)
    posts = {post.pk: post for post in rows.select_related("person")}
    found = {
        posts[scope.post_id].person_id: posts[scope.post_id].person
        for scope in scopes_of_posts(posts.values(), on=on)
        if scope.covers(town=town, community=community, grid=None)
    }
    return [found[key] for key in sorted(found)]
