"""What people are told of changes of the duty list."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from lib.registry import wordings
from organizations.models import Post, User
from organizations.services import inbox
from routing import rights
from routing.models import DutyChange

CHANGE = "routing.change"
WORDINGS = {
    "duty-change-review": gettext_noop("A change of the duty list waits for review: %(title)s"),
    "duty-change-adopted": gettext_noop("Adopted, in force on %(day)s: %(title)s"),
    "duty-change-returned": gettext_noop("Sent back to be changed: %(title)s"),
    "duty-change-refused": gettext_noop("Refused: %(title)s"),
}


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def tell_reviewers(change: DutyChange, *, at: datetime.datetime) -> None:
    """Everybody who may review it."""
    day = localdate(at)
    posts = Post.objects.valid_on(day).filter(role__in=rights.REVIEWERS).select_related("person")
    people = {post.person_id: post.person for post in posts if post.person_id != change.made_by_id}
    steps = change.items.select_related("territory__parent")
    territories = [step.territory for step in steps]
    able = [person for person in people.values() if rights.reviews(person, territories, day)]
    _tell(able, change, "duty-change-review", at)


def tell_maker(change: DutyChange, kind: str, *, at: datetime.datetime) -> None:
    _tell([change.made_by], change, kind, at)


def _tell(people: Iterable[User], change: DutyChange, kind: str, at: datetime.datetime) -> None:
    send = partial(
        inbox.send,
        to=list(people),
        kind=kind,
        key=f"{kind}:{change.pk}:{change.version}",
        params={"title": change.title, "day": change.force_on.isoformat()},
        subject=(CHANGE, str(change.pk)),
        at=at,
    )
    transaction.on_commit(send)
