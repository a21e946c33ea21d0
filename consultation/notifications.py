"""Messages about topics and consultations: whose turn it is, and what became of what was asked."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from consultation.models import (
    Consultation,
    MissedLimit,
    Objection,
    PartyReview,
    Publication,
    PublicationCheck,
    PublicationVersion,
    Topic,
)
from consultation.scopes import holders
from consultation.workflow import PARTY, SCREENERS, TopicState
from lib.registry import wordings
from lib.roles import Role
from organizations.models import Post, User
from organizations.services import inbox

WORDINGS = {
    "topic-new": gettext_noop("A topic to screen: %(number)s."),
    "topic-gate": gettext_noop("To be passed by the party organisation: %(title)s (%(number)s)."),
    "topic-listed": gettext_noop("Your topic stands on the list: %(title)s (%(number)s)."),
    "topic-declined": gettext_noop("Your topic %(number)s was not taken up: %(reason)s"),
    "consultation-published": gettext_noop("Published: %(paper)s, in “%(title)s”."),
    "consultation-passed": gettext_noop("The party organisation passed a stage of “%(title)s”."),
    "consultation-not-passed": gettext_noop(
        "The party organisation did not pass a stage of “%(title)s”: %(reason)s"
    ),
    "consultation-reopened": gettext_noop("Reopened: “%(title)s” (%(number)s)."),
    "objection-new": gettext_noop("An objection to “%(title)s” waits for its answer."),
    "objection-answered": gettext_noop("Your objection %(objection)s has been answered."),
    "publications-broken": gettext_noop(
        "Published texts do not hold: %(count)d breaks. See “manage.py verify_publications”."
    ),
    "consultation-late": gettext_noop("Late: “%(title)s” (%(number)s). See what is red."),
}
SUPERVISED = PARTY | {Role.SUPERVISOR}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def tell_screeners(topic: Topic, *, by: User, at: datetime.datetime) -> None:
    """A new topic, or one that came back from the party organisation."""
    people = holders(topic, SCREENERS, on=localdate(at))
    _tell_of_topic(topic, "topic-new", people, at=at, but=by)


def tell_party_gate(topic: Topic, *, by: User, at: datetime.datetime) -> None:
    people = holders(topic, PARTY, on=localdate(at))
    _tell_of_topic(topic, "topic-gate", people, at=at, but=by)


def tell_proposer(topic: Topic, *, at: datetime.datetime) -> None:
    """What became of it, if whoever proposed it has an account; else number and code answer."""
    kinds = {TopicState.LISTED: "topic-listed", TopicState.DECLINED: "topic-declined"}
    kind = kinds.get(TopicState(topic.state))
    if kind and topic.proposer:
        _tell_of_topic(topic, kind, [topic.proposer], at=at)


def _tell_of_topic(
    topic: Topic,
    kind: str,
    people: Iterable[User],
    *,
    at: datetime.datetime,
    but: User | None = None,
) -> None:
    inbox.send(
        to=[person for person in people if person != but],
        key=f"{kind}:{topic.pk}:{topic.version}",
        kind=kind,
        at=at,
        params={
            "number": topic.number,
            "title": topic.public_title,
            "reason": topic.party_reason or topic.screening_reason,
        },
        subject=topic.subject,
    )


def tell(
    consultation: Consultation,
    kind: str,
    people: Iterable[User],
    *,
    at: datetime.datetime,
    occasion: str = "",
    **params: Any,
) -> None:
    """One message about a consultation to each person, once for each `occasion`."""
    known = {"number": consultation.number, "title": consultation.title}
    inbox.send(
        to=list(people),
        key=f"{kind}:{consultation.pk}:{occasion or consultation.version}",
        kind=kind,
        at=at,
        params={**known, **params},
        subject=consultation.subject,
    )


def around(
    consultation: Consultation,
    roles: Collection[str],
    *,
    at: datetime.datetime,
    but: User | None = None,
    wide: bool = False,
) -> list[User]:
    """The host and the holders of `roles` where the consultation lies, without `but`."""
    people = {consultation.host.pk: consultation.host}
    for person in holders(consultation, roles, on=localdate(at), wide=wide):
        people[person.pk] = person
    return [person for key, person in sorted(people.items()) if person != but]


def tell_published(
    consultation: Consultation,
    publication: Publication,
    version: PublicationVersion,
    *,
    at: datetime.datetime,
) -> None:
    """Supervisors look at what is published; whoever proposed the topic hears of it."""
    people = around(consultation, {Role.SUPERVISOR}, at=at, but=version.confirmed_by)
    topic = consultation.topic
    if topic is not None and topic.proposer is not None:
        people.append(topic.proposer)
    paper = str(publication.get_kind_display())
    tell(consultation, "consultation-published", people, at=at, paper=paper)


def tell_reviewed(
    consultation: Consultation, review: PartyReview, *, at: datetime.datetime
) -> None:
    kind = "consultation-passed" if review.passed else "consultation-not-passed"
    tell(consultation, kind, [consultation.host], at=at, reason=review.reason)


def tell_reopened(consultation: Consultation, *, by: User, at: datetime.datetime) -> None:
    people = around(consultation, SUPERVISED, at=at, but=by)
    tell(consultation, "consultation-reopened", people, at=at)


def tell_objection(objection: Objection, *, by: User, at: datetime.datetime) -> None:
    consultation = objection.consultation
    people = around(consultation, SUPERVISED, at=at, but=by)
    tell(consultation, "objection-new", people, at=at, occasion=objection.number)


def tell_objector(objection: Objection, *, at: datetime.datetime) -> None:
    if objection.by is not None:
        tell(
            objection.consultation, "objection-answered", [objection.by], at=at,
            occasion=objection.number, objection=objection.number,
        )  # fmt: skip


def tell_missed(missed: MissedLimit, *, at: datetime.datetime) -> None:
    """First the host, the community's party organisation and supervisors; then those above."""
    found = missed.consultation
    people = around(found, SUPERVISED, at=at, wide=bool(missed.step))
    occasion = f"{missed.what}:{missed.key}:{missed.step}"
    tell(found, "consultation-late", people, at=at, occasion=occasion)


def tell_broken(run: PublicationCheck, *, at: datetime.datetime) -> None:
    """Who audits the installation hears that something published was tampered with."""
    posts = Post.objects.valid_on(localdate(at)).filter(role=Role.AUDIT_ADMIN)
    people = {post.person_id: post.person for post in posts.select_related("person")}
    inbox.send(
        to=[people[key] for key in sorted(people)],
        key=f"publications-broken:{run.pk}",
        kind="publications-broken",
        at=at,
        params={"count": run.found},
    )
