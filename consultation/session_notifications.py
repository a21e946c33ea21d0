"""Messages about sessions and votes: who is invited, what changed, where a vote is open."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from consultation.models import SUBJECT, Entitlement, Invitation, Session, Vote
from lib.registry import wordings
from organizations.services import inbox
from organizations.services.inbox import Notice

WORDINGS = {
    "session-invited": gettext_noop(
        "You are invited: %(title)s, %(when)s. Please say if you come."
    ),
    "session-not-invited": gettext_noop("You need not come: %(title)s, %(when)s."),
    "session-changed": gettext_noop("Changed: %(title)s is now on %(when)s, %(where)s."),
    "session-called-off": gettext_noop("Called off: %(title)s of %(when)s."),
    "minutes-laid-out": gettext_noop(
        "The minutes of %(title)s are laid out: say by %(until)s what should be different."
    ),
    "session-soon": gettext_noop("Soon: %(title)s, %(when)s, %(where)s."),
    "vote-opened": gettext_noop("You can vote until %(until)s: %(question)s"),
    "vote-ends": gettext_noop("You have not voted yet; the vote ends %(until)s: %(question)s"),
    "vote-judged": gettext_noop("Counted: %(question)s"),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def _when(at: datetime.datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def tell_invited(
    session: Session,
    kind: str,
    *,
    at: datetime.datetime,
    only: Iterable[Invitation] | None = None,
) -> None:
    """Everybody with an account; the key holds the hour, so that a second change is told again."""
    rows = session.invitations.all() if only is None else only
    params = {
        "title": session.title,
        "when": _when(session.starts_at),
        "where": session.room or session.online_url,
        "until": _when(session.minutes.amend_until) if session.minutes.amend_until else "",
    }
    key = f"{kind}:{session.pk}:{params['when']}:{params['where']}:{params['until']}"
    subject = (SUBJECT, session.consultation.number)
    people = sorted({row.person_id for row in rows if row.person_id is not None})
    inbox.send_many([Notice(person, key, kind, params, subject) for person in people], at=at)


def tell_voters(
    vote: Vote, kind: str, *, at: datetime.datetime, only_waiting: bool = False
) -> None:
    """Everybody who may vote himself; `only_waiting`: for whom nobody has voted yet."""
    params = {"question": vote.question, "until": _when(vote.closes_at)}
    rights = Entitlement.objects.filter(vote=vote)
    if only_waiting:
        rights = rights.filter(voted_at=None)
    named = rights.exclude(person=None).values_list("person_id", flat=True)
    by_place = rights.filter(voters__claims__ended_at=None, voters__claims__isnull=False)
    people = {*named, *by_place.values_list("voters__claims__person_id", flat=True)}
    subject = (SUBJECT, vote.consultation.number)
    key = f"{kind}:{vote.pk}:{vote.series}"
    inbox.send_many(
        [Notice(person, key, kind, params, subject) for person in sorted(people)], at=at
    )
