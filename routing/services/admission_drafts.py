"""A department drafts what it would hand to communities, with whom and with what money."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Line, LinePurpose, Purpose
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, Post, User
from routing import rights
from routing.models import AdmissionApplication, AdmissionShare, Category, PromisedPost
from routing.services.checks import check_community
from routing.services.ways import APPLICATION


@dataclass(frozen=True, slots=True)
class Matter:
    """What is handed over, by which law, from when to when, with what beside people and money."""

    category: Category
    begins: datetime.date
    ends: datetime.date
    legal_basis: str = ""
    equipment: str = ""
    training: str = ""
    checker: Body | None = None

    def columns(self) -> dict[str, Any]:
        """Raises RuleViolation."""
        if self.ends <= self.begins:
            raise RuleViolation(_("The end must lie after the beginning."), code="ends_before")
        return {
            "category": self.category,
            "begins": self.begins,
            "ends": self.ends,
            "legal_basis": self.legal_basis.strip(),
            "equipment": self.equipment.strip(),
            "training": self.training.strip(),
            "checker": self.checker,
        }


@dataclass(frozen=True, slots=True)
class Promise:
    """A person by post, hours a week, and points of work at once."""

    post: Post
    hours: int
    points: int


@transaction.atomic
def draft_application(
    matter: Matter, department: Body, *, by: User, at: datetime.datetime,
    renews: AdmissionApplication | None = None,
) -> AdmissionApplication:  # fmt: skip
    """Raises NotYours, RuleViolation."""
    if not rights.heads(by, department, localdate(at)):
        raise NotYours(_("Only the head of the department applies for it."))
    application = AdmissionApplication(
        department=department, made_by=by, made_at=at, renews=renews, **matter.columns()
    )
    return APPLICATION.start(application, "draft", by=by, at=at)


@transaction.atomic
def edit_application(
    application: AdmissionApplication, matter: Matter, *, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """Raises NotYours, WrongState, RuleViolation."""
    locked = APPLICATION.begin(application, "edit", by=by, at=at)
    return APPLICATION.finish(locked, "edit", by=by, at=at, **matter.columns())


@transaction.atomic
def set_share(  # noqa: PLR0913 -- a share says all this
    application: AdmissionApplication,
    community: Body,
    *,
    line: Line,
    purpose: Purpose,
    amount: int,
    people: Sequence[Promise],
    by: User,
    at: datetime.datetime,
) -> AdmissionShare:
    """What a community gets, in the place of what a draft promised it before.

    `amount` in fen. Raises NotYours, WrongState, RuleViolation.
    """
    locked = APPLICATION.begin(application, "edit", by=by, at=at)
    _check_share(locked, community, line, purpose, amount)
    _check_people(locked, people)
    _remove(locked.shares.filter(community=community).first())
    share = AdmissionShare.objects.create(
        application=locked, community=community, line=line, purpose=purpose, amount=amount
    )
    PromisedPost.objects.bulk_create(
        PromisedPost(share=share, post=one.post, hours=one.hours, points=one.points)
        for one in people
    )
    APPLICATION.finish(locked, "edit", by=by, at=at, facts={"community": community.pk})
    return share


def _check_share(
    application: AdmissionApplication, community: Body, line: Line, purpose: Purpose, amount: int
) -> None:
    check_community(community)
    if line.body_id != application.department_id:
        raise RuleViolation(
            _("The line must belong to the department that hands the matter over."),
            code="foreign_line",
        )
    if not LinePurpose.objects.filter(line=line, purpose=purpose).exists():
        raise RuleViolation(
            _("%(line)s may not be used for this purpose.") % {"line": line}, code="other_purpose"
        )
    if amount < 1:
        raise RuleViolation(_("Say how much money goes along."), code="no_money")


def _check_people(application: AdmissionApplication, people: Sequence[Promise]) -> None:
    posts = [one.post.pk for one in people]
    if len(set(posts)) < len(posts):
        raise RuleViolation(_("Each person stands here once."), code="person_twice")
    for one in people:
        if one.post.body_id != application.department_id:
            raise RuleViolation(
                _("%(person)s does not work in the department.") % {"person": one.post.person},
                code="foreign_person",
            )
        if one.hours < 1 or one.points < 1:
            raise RuleViolation(
                _("Say for how many hours a week, and for how much work at once."), code="no_hours"
            )


@transaction.atomic
def drop_share(share: AdmissionShare, *, by: User, at: datetime.datetime) -> AdmissionApplication:
    """Raises NotYours, WrongState."""
    locked = APPLICATION.begin(share.application, "edit", by=by, at=at)
    community = share.community_id
    _remove(share)
    return APPLICATION.finish(locked, "edit", by=by, at=at, facts={"without": community})


def _remove(share: AdmissionShare | None) -> None:
    if share is not None:
        share.people.all().delete()
        share.delete()


@transaction.atomic
def revise_application(
    application: AdmissionApplication, *, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """What was refused becomes a draft again. Raises NotYours, WrongState."""
    locked = APPLICATION.begin(application, "revise", by=by, at=at)
    return APPLICATION.finish(locked, "revise", by=by, at=at)


@transaction.atomic
def renew_application(
    application: AdmissionApplication,
    *,
    begins: datetime.date,
    ends: datetime.date,
    by: User,
    at: datetime.datetime,
) -> AdmissionApplication:
    """A draft like an application that ends, for another time. Raises NotYours, RuleViolation."""
    matter = Matter(
        category=application.category, begins=begins, ends=ends, checker=application.checker,
        legal_basis=application.legal_basis, equipment=application.equipment,
        training=application.training,
    )  # fmt: skip
    draft = draft_application(matter, application.department, by=by, at=at, renews=application)
    for share in application.shares.select_related("community", "line", "purpose"):
        set_share(
            draft, share.community, line=share.line, purpose=share.purpose, amount=share.amount,
            people=[
                Promise(one.post, one.hours, one.points)
                for one in share.people.select_related("post__person")
            ],
            by=by, at=at,
        )  # fmt: skip
        draft.refresh_from_db()
    return draft
