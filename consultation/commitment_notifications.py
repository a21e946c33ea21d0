"""Messages about commitments, calls and ideas: to who does it, who watches, who took part."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from consultation.models import (
    Adoption,
    Commitment,
    Idea,
    ProjectCall,
    Reopening,
)
from consultation.models.commitments import CARRIES_OUT
from consultation.taking_part import people_of, people_of_call, people_of_consultation
from grids.scopes import scopes_of
from lib.registry import wordings
from lib.roles import COMMITTEE, Role
from organizations.models import Post, User
from organizations.services import inbox

OF_CALL, OF_IDEA = "consultation.call", "consultation.idea"
WORDINGS = {
    "commitment-promise": gettext_noop("Promised after you took part: %(title)s (%(number)s)."),
    "commitment-begin": gettext_noop("Work has begun: %(title)s (%(number)s)."),
    "commitment-progress": gettext_noop("%(share)s %% done now: %(title)s (%(number)s)."),
    "commitment-put_off": gettext_noop("Put off until %(due)s: %(title)s (%(number)s)."),
    "commitment-confirm": gettext_noop("Done, please rate it: %(title)s (%(number)s)."),
    "commitment-drop": gettext_noop("Given up, read why: %(title)s (%(number)s)."),
    "commitment-yours": gettext_noop("Your body has promised to do: %(title)s (%(number)s)."),
    "commitment-check": gettext_noop("Said to be done, please check: %(title)s (%(number)s)."),
    "commitment-back": gettext_noop("Not accepted as done: %(title)s (%(number)s)."),
    "commitment-overdue": gettext_noop("Overdue since %(due)s: %(title)s (%(number)s)."),
    "commitment-supervised": gettext_noop("You are asked to act at once: %(title)s (%(number)s)."),
    "result-adopted": gettext_noop("What became of the result: %(title)s (%(number)s)."),
    "reopening-asked": gettext_noop("New facts are brought to a concluded matter: %(title)s."),
    "reopening-decided": gettext_noop("Decided whether there is anything new: %(title)s."),
    "idea-admit": gettext_noop("Your idea was taken up: %(title)s (%(number)s)."),
    "idea-refuse": gettext_noop("Your idea was not taken up, read why: %(title)s (%(number)s)."),
    "idea-merge": gettext_noop("Your idea was joined with another: %(title)s (%(number)s)."),
    "idea-ask": gettext_noop("Please say what it costs: %(title)s (%(number)s)."),
    "idea-estimate": gettext_noop("It can be done; see what it costs: %(title)s (%(number)s)."),
    "idea-rule_out": gettext_noop("It cannot be done, read why: %(title)s (%(number)s)."),
    "idea-choose": gettext_noop("Your idea was chosen: %(title)s (%(number)s)."),
    "idea-pass_over": gettext_noop("Your idea was not chosen, see why: %(title)s (%(number)s)."),
    "call-vote": gettext_noop("The vote has begun: %(title)s (%(number)s)."),
    "call-decided": gettext_noop("It is decided: %(title)s (%(number)s)."),
}  # fmt: skip
# What those who took part hear of a commitment.
PUBLIC_STEPS = frozenset({"promise", "begin", "progress", "put_off", "confirm", "drop"})
AUTHOR_HEARS = frozenset(
    {"admit", "refuse", "merge", "estimate", "rule_out", "choose", "pass_over"}
)
HOSTS = frozenset({Role.CONSULTATION_HOST})


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


# -- Commitments ----------------------------------------


def tell_of_step(commitment: Commitment, name: str, *, by: User, at: datetime.datetime) -> None:
    if name in PUBLIC_STEPS:
        _to_keys(people_of(commitment), f"commitment-{name}", commitment, by, at)
    if name == "promise":
        _to_owner(commitment, "commitment-yours", by, at)
    elif name == "report":
        people = holders_here(HOSTS | {Role.SUPERVISOR}, commitment, at=at)
        _send(people, "commitment-check", commitment, by, at)
    elif name == "send_back":
        _to_owner(commitment, "commitment-back", by, at)
    elif name == "supervise":
        _to_owner(commitment, "commitment-supervised", by, at)


def tell_of_overdue(commitment: Commitment, *, at: datetime.datetime) -> None:
    system = User.objects.system()
    watchers = holders_here(HOSTS | COMMITTEE | {Role.SUPERVISOR}, commitment, at=at)
    key = f"commitment-overdue:{commitment.pk}:{localdate(at)}"
    people = [*watchers, *_of_body(CARRIES_OUT, commitment.owner_id, at=at)]
    _send(people, "commitment-overdue", commitment, system, at, key=key)


def _to_owner(commitment: Commitment, kind: str, by: User, at: datetime.datetime) -> None:
    _send(_of_body(CARRIES_OUT, commitment.owner_id, at=at), kind, commitment, by, at)


def _to_keys(
    keys: Collection[int], kind: str, commitment: Commitment, by: User, at: datetime.datetime
) -> None:
    _send(User.objects.filter(pk__in=keys, is_active=True), kind, commitment, by, at)


def _send(
    people: Iterable[User],
    kind: str,
    commitment: Commitment,
    by: User,
    at: datetime.datetime,
    *,
    key: str = "",
) -> None:
    others = [person for person in people if person.pk != by.pk]
    if others:
        inbox.send(
            to=others,
            key=key or f"{kind}:{commitment.pk}:{commitment.version}",
            kind=kind,
            at=at,
            params={
                "number": commitment.number, "title": commitment.title,
                "share": commitment.share, "due": commitment.due_on.isoformat(),
            },
            subject=commitment.subject,
        )  # fmt: skip


# -- Results ----------------------------------------


def tell_of_adoption(adoption: Adoption, *, by: User, at: datetime.datetime) -> None:
    consultation = adoption.consultation
    keys = people_of_consultation(consultation) - {by.pk}
    if keys:
        inbox.send(
            to=User.objects.filter(pk__in=keys, is_active=True),
            key=f"result-adopted:{consultation.pk}:{adoption.number}",
            kind="result-adopted",
            at=at,
            params={"number": consultation.number, "title": consultation.title},
            subject=consultation.subject,
        )


def tell_of_reopening(reopening: Reopening, *, by: User, at: datetime.datetime) -> None:
    consultation = reopening.consultation
    asked = reopening.state == Reopening.State.ASKED
    people = [consultation.host] if asked else [reopening.asked_by]
    others = [person for person in people if person.pk != by.pk]
    if others:
        kind = "reopening-asked" if asked else "reopening-decided"
        inbox.send(
            to=others,
            key=f"{kind}:{reopening.pk}",
            kind=kind,
            at=at,
            params={"number": consultation.number, "title": consultation.title},
            subject=consultation.subject,
        )


# -- Calls and ideas ----------------------------------------


def tell_of_idea(idea: Idea, name: str, *, by: User, at: datetime.datetime) -> None:
    people: list[User] = []
    if name in AUTHOR_HEARS and idea.author is not None:
        people = [idea.author]
    elif name in {"ask", "ask_again"}:
        people = _of_body(CARRIES_OUT, idea.department_id, at=at)
    others = [person for person in people if person.pk != by.pk]
    if others:
        kind = "idea-ask" if name == "ask_again" else f"idea-{name}"
        inbox.send(
            to=others,
            key=f"{kind}:{idea.pk}:{idea.version}",
            kind=kind,
            at=at,
            params={"number": idea.number, "title": str(idea)},
            subject=(OF_IDEA, str(idea.pk)),
        )


def tell_of_call(call: ProjectCall, name: str, *, by: User, at: datetime.datetime) -> None:
    """The vote has begun: to the authors; it is decided: to all who took part."""
    kinds = {"open_vote": "call-vote", "close_vote": "call-decided", "conclude": "call-decided"}
    keys = people_of_call(call) - {by.pk}
    if name in kinds and keys:
        inbox.send(
            to=User.objects.filter(pk__in=keys, is_active=True),
            key=f"{kinds[name]}:{call.pk}",
            kind=kinds[name],
            at=at,
            params={"number": call.number, "title": call.title},
            subject=(OF_CALL, str(call.pk)),
        )


# -- Who holds what ----------------------------------------


def holders_here(
    roles: Collection[str], row: Commitment | ProjectCall, *, at: datetime.datetime
) -> list[User]:
    """People with one of `roles` for the place of `row`."""
    on = localdate(at)
    return [
        person
        for person in _people_with(Q(role__in=roles), on)
        if any(
            scope.role in roles
            and scope.covers(town=row.town_id, community=row.community_id, grid=None)
            for scope in scopes_of(person, on=on)
        )
    ]


def _of_body(roles: Collection[str], body_id: int | None, *, at: datetime.datetime) -> list[User]:
    """People with one of `roles` in the body itself."""
    return _people_with(Q(role__in=roles, body=body_id), localdate(at))


def _people_with(posts: Q, on: datetime.date) -> list[User]:
    found = Post.objects.valid_on(on).filter(posts).select_related("person")
    return list({post.person_id: post.person for post in found if post.person.is_active}.values())
