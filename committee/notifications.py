"""Messages about meetings, directives and terms."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext, gettext_noop

from committee.models import Directive, Instructor, Meeting, Member, Term
from committee.models.directives import ANSWERS
from lib.registry import wordings
from lib.roles import COMMITTEE
from organizations.models import Body, Post, User
from organizations.services import inbox

MEETING, DIRECTIVE, BODY = "committee.meeting", "committee.directive", "committee.body"
WORDINGS = {
    "meeting-called": gettext_noop("You are invited: %(title)s, %(when)s, %(place)s."),
    "meeting-cancelled": gettext_noop("Cancelled: %(title)s, %(when)s. %(reason)s"),
    "directive-issued": gettext_noop("A task for you, due on %(due)s: %(title)s (%(number)s)."),
    "directive-reported": gettext_noop("Reported back: %(title)s (%(number)s). Please confirm."),
    "directive-returned": gettext_noop("Not done yet: %(title)s (%(number)s). %(reason)s"),
    "directive-extended": gettext_noop("More time until %(due)s: %(title)s (%(number)s)."),
    "directive-done": gettext_noop("Confirmed as done: %(title)s (%(number)s)."),
    "directive-dropped": gettext_noop("No longer wanted: %(title)s (%(number)s). %(reason)s"),
    "directive-overdue": gettext_noop("Overdue since %(due)s: %(title)s (%(number)s)."),
    "term-ends": gettext_noop("The term of %(body)s ends on %(day)s: prepare its renewal."),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def leaders_of(body: Body, *, on: datetime.date) -> list[User]:
    """Its secretary and deputies; without any, who holds a committee's post there or above."""
    own = Member.objects.of_body(body, on=on).leading().select_related("person")
    people = [member.person for member in own]
    above: Body | None = body
    while not people and above is not None:
        posts = Post.objects.filter(body=above, role__in=COMMITTEE).valid_on(on)
        people = [post.person for post in posts.select_related("person")]
        above = above.parent
    return people


def owners_of(directive: Directive, *, on: datetime.date) -> list[User]:
    if directive.owner_post is not None:
        return [directive.owner_post.person]
    if directive.owner_body is not None:
        posts = Post.objects.filter(body=directive.owner_body, role__in=ANSWERS).valid_on(on)
        return [post.person for post in posts.select_related("person")]
    sent = Instructor.objects.filter(organisation=directive.owner_organisation).valid_on(on)
    return [row.person for row in sent.select_related("person")]


def tell_invited(meeting: Meeting, kind: str, *, at: datetime.datetime) -> None:
    inbox.send(
        to=[row.person for row in meeting.invitations.select_related("person")],
        key=f"{kind}:{meeting.pk}:{meeting.version}",
        kind=kind,
        at=at,
        params={
            "title": meeting.title,
            "when": f"{localtime(meeting.starts_at):%Y-%m-%d %H:%M}",
            "place": meeting.place,
            "reason": meeting.reason,
        },
        subject=(MEETING, str(meeting.pk)),
    )


def tell_owners(directive: Directive, kind: str, *, at: datetime.datetime) -> None:
    _send(owners_of(directive, on=localdate(at)), directive, kind, at)


def tell_leaders(directive: Directive, kind: str, *, at: datetime.datetime) -> None:
    _send(leaders_of(directive.body, on=localdate(at)), directive, kind, at)


def _send(people: Iterable[User], directive: Directive, kind: str, at: datetime.datetime) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{directive.pk}:{directive.version}",
        kind=kind,
        at=at,
        params={
            "title": directive.title,
            "number": directive.number,
            "due": f"{directive.due_on:%Y-%m-%d}",
            "reason": directive.reason,
        },
        subject=(DIRECTIVE, str(directive.pk)),
    )


def tell_of_term(term: Term, *, at: datetime.datetime) -> None:
    inbox.send(
        to=leaders_of(term.body, on=localdate(at)),
        key=f"term-ends:{term.pk}",
        kind="term-ends",
        at=at,
        params={"body": str(term.body), "day": f"{term.valid_to:%Y-%m-%d}"},
        subject=(BODY, str(term.body_id)),
    )
