"""Messages about appraisals, appeals, rewards and penalties; and what wakes the worker."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from celery import current_app
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from grids.scopes import scopes_of_posts
from lib.registry import wordings
from organizations.models import Post, User
from organizations.services import inbox
from oversight.models import Appeal, Appraisal, Consequence
from oversight.workflow import (
    FIRST_REVIEWERS,
    HEADS,
    OPENERS,
    OVERSEERS,
    SECOND_REVIEWERS,
    State,
)

APPRAISAL, APPEAL, CONSEQUENCE = (
    "oversight.appraisal", "oversight.appeal", "oversight.consequence",
)  # fmt: skip
WORDINGS = {
    "appraisal-review": gettext_noop("An appraisal waits for your review: %(name)s."),
    "appraisal-confirmed": gettext_noop("Confirmed, to be publicised: %(name)s."),
    "appraisal-publicised": gettext_noop(
        "Your result stands: %(name)s. You may appeal until %(until)s."
    ),
    "appraisal-published": gettext_noop("Published: %(name)s."),
    "appraisal-poor-twice": gettext_noop(
        "Somebody was not competent two years in a row, see what follows: %(name)s."
    ),
    "appeal-asked": gettext_noop("An appeal waits for an answer: %(name)s."),
    "appeal-granted": gettext_noop("Granted, the result has changed: %(name)s."),
    "appeal-refused": gettext_noop("Refused, the result stays: %(name)s."),
    "reward-proposed": gettext_noop("A reward or penalty waits for a decision: %(name)s."),
    "reward-decided": gettext_noop("Decided: a reward or penalty after %(name)s."),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def wake_assessor() -> None:
    current_app.signature("oversight.tasks.compute_appraisals").apply_async(retry=False)


def holders(roles: Collection[str], town: int, *, at: datetime.datetime) -> list[User]:
    """People whose post with one of these roles covers the town; a fixed number of queries."""
    on = localdate(at)
    posts = list(Post.objects.valid_on(on).filter(role__in=sorted(roles)).select_related("person"))
    people = {post.pk: post.person for post in posts}
    scopes = scopes_of_posts(posts, on=on)
    covering = [one for one in scopes if one.covers(town=town, community=None, grid=None)]
    return list({people[one.post_id].pk: people[one.post_id] for one in covering}.values())


def tell_reviewers(row: Appraisal, *, at: datetime.datetime) -> None:
    """Whoever may do the next thing with it."""
    roles, kind = {
        State.FIRST: (FIRST_REVIEWERS, "appraisal-review"),
        State.SECOND: (SECOND_REVIEWERS, "appraisal-review"),
    }.get(State(row.state), (OPENERS, "appraisal-confirmed"))
    people = holders(roles, row.town_id, at=at)
    if kind == "appraisal-review":
        people = [one for one in people if one.pk != row.opened_by_id]
    _send(people, kind, row, f"{row.pk}.{row.version}", (APPRAISAL, row.pk), at)


def tell_appraised(row: Appraisal, kind: str, *, at: datetime.datetime) -> None:
    """The people themselves, or the heads of the bodies."""
    rows = row.appraised.all()
    people = list(User.objects.filter(pk__in=rows.exclude(person=None).values("person")))
    if not people:
        heads = Post.objects.valid_on(localdate(at)).filter(role__in=sorted(HEADS))
        led = heads.filter(body__in=rows.values("body")).values("person")
        people = list(User.objects.filter(pk__in=led))
    _send(people, kind, row, f"{row.pk}", (APPRAISAL, row.pk), at)


def tell_poor_twice(row: Appraisal, *, at: datetime.datetime) -> None:
    """Whoever proposes what follows; the message names nobody."""
    people = holders(OPENERS, row.town_id, at=at)
    _send(people, "appraisal-poor-twice", row, f"{row.pk}", (APPRAISAL, row.pk), at)


def tell_answerers(asked: Appeal, *, at: datetime.datetime) -> None:
    row = asked.appraised.appraisal
    people = [one for one in holders(OVERSEERS, row.town_id, at=at) if one.pk != asked.asked_by_id]
    _send(people, "appeal-asked", row, f"{asked.pk}", (APPEAL, asked.pk), at)


def tell_asker(asked: Appeal, *, at: datetime.datetime) -> None:
    row, kind = asked.appraised.appraisal, f"appeal-{asked.state}"
    _send([asked.asked_by], kind, row, f"{asked.pk}", (APPEAL, asked.pk), at)


def tell_deciders(one: Consequence, *, at: datetime.datetime) -> None:
    row = one.appraised.appraisal
    people = holders(SECOND_REVIEWERS, row.town_id, at=at)
    _send(people, "reward-proposed", row, f"{one.pk}", (CONSEQUENCE, one.pk), at)


def tell_decided(one: Consequence, *, at: datetime.datetime) -> None:
    """Who proposed it; and whom it concerns, where it was approved."""
    people = [one.proposed_by]
    if one.person is not None and one.state == "approved":
        people.append(one.person)
    row = one.appraised.appraisal
    _send(people, "reward-decided", row, f"{one.pk}", (CONSEQUENCE, one.pk), at)


def _send(
    people: Iterable[User],
    kind: str,
    row: Appraisal,
    occasion: str,
    subject: tuple[str, int],
    at: datetime.datetime,
) -> None:
    until = localdate(row.appeal_until).isoformat() if row.appeal_until else ""
    inbox.send(
        to=people,
        key=f"{kind}:{occasion}",
        kind=kind,
        at=at,
        params={"name": f"{row.scheme.name} {row.period}", "until": until},
        subject=(subject[0], str(subject[1])),
    )
