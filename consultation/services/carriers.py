"""What a person is to a commitment, a call or an idea: posts say so, no account does."""

import datetime
from collections.abc import Collection

from django.utils.timezone import localdate

from consultation.commitment_workflow import Actor
from consultation.models import Commitment, Idea, ProjectCall
from consultation.models.commitments import CARRIES_OUT
from consultation.project_workflow import CallActor, IdeaActor
from funding.services.actors import is_in
from grids.scopes import scopes_of
from lib.roles import COMMITTEE, Role
from organizations.models import User

SUPERVISES = COMMITTEE | {Role.SUPERVISOR}
Places = Commitment | ProjectCall


def holds_here(user: User, roles: Collection[str], row: Places, *, at: datetime.datetime) -> bool:
    """Whether `user` holds one of `roles` for the place of `row`."""
    return any(
        scope.role in roles
        and scope.covers(town=row.town_id, community=row.community_id, grid=None)
        for scope in scopes_of(user, on=localdate(at))
    )


def works_for(
    user: User, roles: Collection[str], body_id: int | None, *, at: datetime.datetime
) -> bool:
    return any(
        scope.role in roles and body_id in scope.body_ids
        for scope in scopes_of(user, on=localdate(at))
    )


def actors_of(user: User, commitment: Commitment, *, at: datetime.datetime) -> frozenset[Actor]:
    if user.is_system:
        return frozenset({Actor.CLOCK})
    found = set()
    consultation = commitment.consultation
    is_its_host = consultation is not None and consultation.host_id == user.pk
    if is_its_host or holds_here(user, {Role.CONSULTATION_HOST}, commitment, at=at):
        found.add(Actor.HOST)
    if works_for(user, CARRIES_OUT, commitment.owner_id, at=at):
        found.add(Actor.OWNER)
    if holds_here(user, SUPERVISES, commitment, at=at):
        found.add(Actor.SUPERVISOR)
    if commitment.line is not None and is_in(
        user, Role.FINANCE_MAKER, commitment.line.body_id, at=at
    ):
        found.add(Actor.CLERK)
    return frozenset(found)


def call_actors(user: User, call: ProjectCall, *, at: datetime.datetime) -> frozenset[CallActor]:
    if user.is_system:
        return frozenset({CallActor.CLOCK})
    if holds_here(user, {Role.CONSULTATION_HOST}, call, at=at):
        return frozenset({CallActor.HOST})
    return frozenset()


def idea_actors(user: User, idea: Idea, *, at: datetime.datetime) -> frozenset[IdeaActor]:
    found = set()
    if user.pk in {idea.author_id, idea.entered_by_id}:
        found.add(IdeaActor.AUTHOR)
    if user.is_system:
        found.add(IdeaActor.COUNT)
    if holds_here(user, {Role.CONSULTATION_HOST}, idea.call, at=at):
        found |= {IdeaActor.HOST, IdeaActor.COUNT}
    if works_for(user, CARRIES_OUT, idea.department_id, at=at):
        found.add(IdeaActor.DEPARTMENT)
    return frozenset(found)
