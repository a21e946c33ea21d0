"""What departments, reviewers, communities and the committee are told of admissions."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from lib.registry import wordings
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from organizations.services import inbox
from routing import rights
from routing.models import AdmissionApplication, AdmissionReview, UnadmittedRefusal

APPLICATION = "routing.application"
REFUSAL = "routing.refusal"
WORDINGS = {
    "admission-applied": gettext_noop(
        "%(department)s applies to hand %(matter)s to communities (%(number)s)."
    ),
    "admission-review": gettext_noop("Review %(number)s %(matter)s until %(due)s."),
    "admission-review-late": gettext_noop(
        "Your review of %(number)s %(matter)s was due on %(due)s."
    ),
    "admission-turned-down": gettext_noop("%(number)s %(matter)s is incomplete: %(reason)s"),
    "admission-refused": gettext_noop("%(number)s %(matter)s is refused: %(reason)s"),
    "admission-on-trial": gettext_noop(
        "%(number)s %(matter)s is on trial: its people and money have arrived."
    ),
    "admission-admitted": gettext_noop("%(number)s %(matter)s is admitted."),
    "admission-withdrawn": gettext_noop(
        "%(number)s %(matter)s is withdrawn: its people and money have gone back."
    ),
    "admission-expired": gettext_noop(
        "%(number)s %(matter)s has expired: its people and money have gone back."
    ),
    "admission-none": gettext_noop("%(community)s refused what was not admitted: %(what)s"),
}


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def tell_conveners(application: AdmissionApplication, *, at: datetime.datetime) -> None:
    bodies = [share.community for share in application.shares.select_related("community")]
    people = [one for one in _committee_of(bodies, at) if one.pk != application.applied_by_id]
    _tell(people, application, "admission-applied", at)


def tell_reviewers(
    application: AdmissionApplication, people: Iterable[User], *, at: datetime.datetime
) -> None:
    _tell(people, application, "admission-review", at)


def tell_late(review: AdmissionReview, *, at: datetime.datetime) -> None:
    _tell([review.reviewer], review.application, "admission-review-late", at)


def tell_department(application: AdmissionApplication, kind: str, *, at: datetime.datetime) -> None:
    _tell([application.applied_by or application.made_by], application, kind, at)


def tell_all(application: AdmissionApplication, kind: str, *, at: datetime.datetime) -> None:
    """Who applied, and who speaks for the communities."""
    bodies = [share.community_id for share in application.shares.all()]
    posts = Post.objects.valid_on(localdate(at)).filter(
        body__in=bodies, role__in=sorted(rights.SPEAKERS)
    )
    people = [post.person for post in posts.select_related("person")]
    _tell([application.applied_by or application.made_by, *people], application, kind, at)


def tell_of_refusal(refusal: UnadmittedRefusal, *, at: datetime.datetime) -> None:
    """The heads of the department, and the committee over the community."""
    heads = Post.objects.valid_on(localdate(at)).filter(
        body=refusal.department, role=Role.DEPARTMENT_HEAD
    )
    people = {post.person_id: post.person for post in heads.select_related("person")}
    people |= {person.pk: person for person in _committee_of([refusal.community], at)}
    people.pop(refusal.by_id, None)
    _send(
        list(people.values()), kind="admission-none", key=f"admission-none:{refusal.pk}",
        params={"community": refusal.community.name, "what": refusal.what},
        subject=(REFUSAL, str(refusal.pk)), at=at,
    )  # fmt: skip


def _committee_of(bodies: Iterable[Body], at: datetime.datetime) -> list[User]:
    """Members of committees that stand over all these bodies."""
    day, wanted = localdate(at), list(bodies)
    posts = Post.objects.valid_on(day).filter(role__in=COMMITTEE).select_related("person")
    people = {post.person_id: post.person for post in posts}
    return [
        person
        for person in people.values()
        if all(rights.reaches(person, body, day) for body in wanted)
    ]


def _tell(
    people: Iterable[User], application: AdmissionApplication, kind: str, at: datetime.datetime
) -> None:
    due = application.review_due.isoformat() if application.review_due else ""
    _send(
        list({person.pk: person for person in people}.values()), kind=kind,
        key=f"{kind}:{application.pk}:{application.round}",
        params={
            "number": application.number, "matter": application.category.name,
            "department": application.department.name, "reason": application.reason, "due": due,
        },
        subject=(APPLICATION, str(application.pk)), at=at,
    )  # fmt: skip


def _send(people: list[User], **message: Any) -> None:
    if people:
        transaction.on_commit(partial(inbox.send, to=people, **message))
