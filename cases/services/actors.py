"""What a person is to a case, and which moves that opens."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from cases.models import Case, Task
from cases.models.tasks import TaskQuerySet
from cases.workflow import (
    ASSIST_STEPS,
    ASSISTED,
    BY_ASSISTANT,
    DUTY_UNCLEAR,
    EMERGENCY,
    MOVES,
    REVIEWERS,
    WITH_DEPARTMENT,
    WITHIN_OTHERS,
    Actor,
    Desk,
    State,
)
from funding.models import Line
from grids.scopes import Scope, scopes_of
from lib.roles import COMMITTEE, FINANCE, Role
from lib.workflow import moves_open_to
from organizations.models import User
from organizations.models.bodies import Nature
from organizations.models.people import SYSTEM_USERNAME
from routing import services as rules

TERRITORIAL = {
    Role.ACCEPTOR: Actor.ACCEPTOR,
    Role.GRID_WORKER: Actor.GRID_WORKER,
    Role.DISPATCHER: Actor.DISPATCHER,
    Role.DUTY_OFFICER: Actor.DUTY_OFFICER,
    Role.VERIFIER: Actor.VERIFIER,
    **dict.fromkeys(COMMITTEE, Actor.COMMITTEE),
}
UNOFFERED = WITHIN_OTHERS
# A closed case still has the department that may appeal.
HAS_A_LEAD = WITH_DEPARTMENT | {State.CLOSED}
FINDS_PLACES = frozenset({Actor.ACCEPTOR, Actor.DISPATCHER, Actor.DUTY_OFFICER})
APPROVES_MONEY = COMMITTEE | FINANCE | {Role.DEPARTMENT_HEAD}


def actors_of(user: User | AnonymousUser, case: Case, *, at: datetime.datetime) -> frozenset[Actor]:
    """What `user` is to `case`: by posts, territory, body, and what they did to it."""
    if not isinstance(user, User):
        return frozenset()
    if user.username == SYSTEM_USERNAME:
        return frozenset({Actor.ROUTER, Actor.CLOCK})
    scopes = scopes_of(user, on=timezone.localdate(at))
    actors = {actor for scope in scopes for actor in _through(scope, case)}
    if case.logged_by_id == user.pk:
        actors.add(Actor.REPORTER)
    if case.handled_by_id == user.pk:
        actors.discard(Actor.VERIFIER)
    if _may_pay(scopes, case, on=timezone.localdate(at)):
        actors.add(Actor.PAYER)
    if case.state in ASSISTED and own_assistance(user, case, on=timezone.localdate(at)).exists():
        actors.add(Actor.ASSISTANT)
    return frozenset(actors)


def _through(scope: Scope, case: Case) -> set[Actor]:
    actors: set[Actor] = set()
    actor = TERRITORIAL.get(Role(scope.role))
    if actor and (_covers(scope, case) or (case.town_id is None and actor in FINDS_PLACES)):
        actors.add(actor)
    if scope.post_id == case.lead_post_id and case.state in HAS_A_LEAD:
        actors.add(Actor.HANDLER)
    if scope.role == Role.DEPARTMENT_HEAD and _deciding_body(case) in scope.body_ids:
        actors.add(Actor.HEAD)
    return actors


def _covers(scope: Scope, case: Case) -> bool:
    return scope.covers(town=case.town_id, community=case.community_id, grid=case.grid_id)


def _deciding_body(case: Case) -> int | None:
    """The body whose head may act: the lead, or the one in which the router found nobody free."""
    if case.state in HAS_A_LEAD:
        return case.lead_body_id
    return case.desk_body_id if case.desk == Desk.HEAD else None


def _may_pay(scopes: tuple[Scope, ...], case: Case, *, on: datetime.date) -> bool:
    bodies = {body for s in scopes if s.role in APPROVES_MONEY for body in s.body_ids}
    if not bodies or case.state not in WITH_DEPARTMENT:
        return False
    task = Task.objects.lacking_money().filter(case=case).select_related("hold__line").first()
    if task is None:
        return False
    if task.hold is not None:
        return task.hold.line.body_id in bodies
    return Line.objects.valid_on(on).filter(body__in=bodies).exists()


def own_assistance(user: User, case: Case, *, on: datetime.date) -> TaskQuerySet:
    """Open tasks of assistance at the case: on a post of this person, or in a body they head."""
    scopes = scopes_of(user, on=on)
    headed = {key for s in scopes if s.role == Role.DEPARTMENT_HEAD for key in s.body_ids}
    mine = Q(post__in=[scope.post_id for scope in scopes]) | Q(body__in=headed)
    return Task.objects.unsettled().filter(mine, case=case, kind=Task.Kind.ASSIST)


def _may_step(name: str, user: User, case: Case, *, at: datetime.datetime) -> bool:
    """Whether there is something to do it to: a supervision without a reply, or assistance in the
    right state (own, or for the lead any).
    """
    if name == "reply_supervision":
        return bool(case.supervisions) and case.supervised.filter(replied_at=None).exists()
    if name not in ASSIST_STEPS:
        return True
    rows = Task.objects.unsettled().filter(case=case, kind=Task.Kind.ASSIST)
    if name in BY_ASSISTANT:
        rows = own_assistance(user, case, on=timezone.localdate(at))
    return rows.filter(state__in=ASSIST_STEPS[name]).exists()


def owns_line(user: User, line: Line, *, at: datetime.datetime) -> bool:
    """Whether the user may give money of this line: head, finance or committee of its owner."""
    return any(
        scope.role in APPROVES_MONEY and line.body_id in scope.body_ids
        for scope in scopes_of(user, on=timezone.localdate(at))
    )


def may_act_first(case: Case, actors: frozenset[Actor]) -> bool:
    """The committee always, the duty officer for emergencies and standards marked urgent."""
    if Actor.COMMITTEE in actors or Actor.DUTY_OFFICER not in actors:
        return Actor.COMMITTEE in actors
    return case.refusal == EMERGENCY or bool(
        (case.standard and case.standard.urgent) or (case.category and case.category.is_emergency)
    )


def may_make(name: str, case: Case, actors: frozenset[Actor]) -> bool:
    """What the table cannot say of a move: it also depends on why the case lies where it lies."""
    if name == "settle":
        return case.refusal in DUTY_UNCLEAR
    if name == "release":
        return case.refusal == EMERGENCY
    if name in REVIEWERS:
        return _is_reviewer(name, case, actors)
    return name != "act_first" or may_act_first(case, actors)


def _is_idle(name: str, case: Case, *, on: datetime.date) -> bool:
    """What would certainly be refused is not offered; who asks all the same is told why."""
    if name == "return":
        return case.settled_lead
    if name == "refuse_unadmitted":
        return not _is_unadmitted(case, on=on)
    if name == "ask_appeal":
        return not case.handled_late or case.requests.filter(kind="appeal").exists()
    return False


def _is_unadmitted(case: Case, *, on: datetime.date) -> bool:
    """Whether a community has what it need not do."""
    body, category = case.lead_body, case.category
    if body is None or category is None or body.kind.nature != Nature.COMMUNITY:
        return False
    return not rules.may_lead(body, category, on=on)


def _is_reviewer(name: str, case: Case, actors: frozenset[Actor]) -> bool:
    """Whether a request of this kind waits for somebody who is this to the case."""
    pending = case.requests.pending().filter(kind=name.removeprefix("review_"))
    asked = pending.first()
    return asked is not None and REVIEWERS[name][asked.first_by_id is not None] in actors


def moves_for(user: User | AnonymousUser, case: Case, *, at: datetime.datetime) -> list[str]:
    """Names of the moves that this person may make now: what buttons and API offer."""
    actors = actors_of(user, case, at=at)
    names = moves_open_to(MOVES, state=State(case.state), actors=actors)
    offered = [
        name
        for name in names
        if name not in UNOFFERED
        and may_make(name, case, actors)
        and not _is_idle(name, case, on=timezone.localdate(at))
    ]
    if not isinstance(user, User):
        return offered
    return [name for name in offered if _may_step(name, user, case, at=at)]
