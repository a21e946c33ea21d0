"""Messages about hours: confirmed or not, objected to, waiting for too long."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from grids.scopes import scopes_of
from lib.registry import wordings
from organizations.models import Post, User
from organizations.services import inbox
from volunteers.hours_words import in_hours
from volunteers.models import Objection, Presence, Shift
from volunteers.models.people import ORGANIZERS
from volunteers.models.places import Placed

PRESENCE = "volunteers.presence"
WORDINGS = {
    "hours-confirmed": gettext_noop("Confirmed: %(hours)s at “%(title)s”. Thank you!"),
    "hours-refused": gettext_noop("Not counted: your hours at “%(title)s”. %(reason)s"),
    "hours-revoked": gettext_noop("Revoked: your hours at “%(title)s”. %(reason)s"),
    "hours-wait": gettext_noop("Hours at “%(title)s” wait for your confirmation."),
    "hours-late": gettext_noop("Hours at “%(title)s” should have been confirmed by now."),
    "hours-objection": gettext_noop("An objection to hours at “%(title)s” waits for an answer."),
    "hours-objection-granted": gettext_noop("You were right about “%(title)s”: %(reason)s"),
    "hours-objection-declined": gettext_noop("Your hours at “%(title)s” stay: %(reason)s"),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    shown = {**params, "hours": in_hours(int(params.get("minutes", 0)))}
    return gettext(WORDINGS[kind]) % shown


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def holders(roles: Collection[str], place: Placed, *, at: datetime.datetime) -> list[User]:
    """People whose post with one of these roles covers the place."""
    on = localdate(at)
    posts = Post.objects.valid_on(on).filter(role__in=roles).select_related("person")
    where = {"town": place.town_id, "community": place.community_id, "grid": place.grid_id}
    return [
        person
        for person in {post.person_id: post.person for post in posts}.values()
        if any(s.role in roles and s.covers(**where) for s in scopes_of(person, on=on))
    ]


def leaders(shift: Shift) -> list[User]:
    """Who leads on site, or made the activity."""
    return [shift.leader or shift.activity.made_by]


def tell_hours(presence: Presence, kind: str, *, at: datetime.datetime) -> None:
    params = {"minutes": presence.minutes, "reason": presence.reason}
    _send([presence.volunteer.person], kind, presence, at, params, version=presence.version)


def tell_hours_wait(presence: Presence, *, is_late: bool, at: datetime.datetime) -> None:
    """The reminder goes to who leads; afterwards to the organisers of the place."""
    shift = presence.shift
    people = holders(ORGANIZERS, shift.activity, at=at) if is_late else leaders(shift)
    kind = "hours-late" if is_late else "hours-wait"
    _send(people, kind, presence, at, {}, version=presence.version)


def tell_objection(objection: Objection, kind: str, *, at: datetime.datetime) -> None:
    presence = objection.presence
    is_new = kind == "hours-objection"
    found = holders(ORGANIZERS, presence.shift.activity, at=at) if is_new else [objection.by]
    people = [person for person in found if person.pk != presence.confirmed_by_id or not is_new]
    version = f"{objection.pk}.{objection.version}"
    _send(people, kind, presence, at, {"reason": objection.reason}, version=version)


def _send(
    people: Iterable[User],
    kind: str,
    presence: Presence,
    at: datetime.datetime,
    params: Mapping[str, Any],
    version: object,
) -> None:
    others = [person for person in people if person.pk != presence.volunteer.person_id]
    inbox.send(
        to=others if kind in {"hours-wait", "hours-late", "hours-objection"} else people,
        key=f"{kind}:{presence.pk}:{version}",
        kind=kind,
        at=at,
        params={"title": presence.shift.activity.title, **params},
        subject=(PRESENCE, str(presence.pk)),
    )
