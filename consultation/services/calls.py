"""A project call from draft to decision: published, ideas closed, vote, knapsack, carried."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation import commitment_notifications as notifications
from consultation.fitting import Entry, Place, by_votes, fit
from consultation.models import Commitment, Idea, ProjectCall, ProjectCallEvent
from consultation.project_workflow import (
    CALL_MOVES,
    UNDECIDED,
    CallState,
    IdeaState,
)
from consultation.services.carriers import call_actors
from consultation.services.committing import promise_of_idea
from consultation.services.ideas import settle_idea
from funding.models import Line
from grids.models import Level
from grids.scopes import scopes_of
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.moving import Way
from lib.roles import Role
from organizations.models import User

COLUMNS = frozenset(
    {
        "title", "text", "body", "community", "line", "purpose", "budget", "most_of_one", "way",
        "most_choices", "least_level", "ideas_until",
    }
)  # fmt: skip
SHORTEST_VOTE = datetime.timedelta(days=1)
CALL = Way(
    ProjectCall,
    ProjectCallEvent,
    CALL_MOVES,
    lambda state: CallState(state).label,
    call_actors,
    needs_reason=frozenset({"cancel", "conclude"}),
    related=("line", "purpose", "town", "community", "body"),
    keeps_reasons=False,
    subject="call",
    longest_note=2000,
)
begin = CALL.begin


def finish(
    call: ProjectCall, name: str, /, *, by: User, at: datetime.datetime, **told: Any
) -> ProjectCall:
    """Bring the locked call to where the table says, record it and tell those it concerns.

    `told`: note, facts, and columns that change with it.
    """
    moved = CALL.finish(call, name, by=by, at=at, **told)
    notifications.tell_of_call(moved, name, by=by, at=at)
    return moved


# -- Before the decision ----------------------------------------


@transaction.atomic
def make_call(*, by: User, at: datetime.datetime, **content: Any) -> ProjectCall:
    """A draft for a community, or a whole town, where `by` is a host. `content`: COLUMNS, and
    `town` where no community is given.

    Raises NotYours, RuleViolation.
    """
    community = content.get("community")
    town = community.parent if community is not None else content.get("town")
    if town is None or town.level != Level.TOWN:
        raise RuleViolation(_("Choose the community or town that is asked."), code="place")
    content = _masked(content)
    content.pop("town", None)
    call = ProjectCall(town=town, host=by, made_at=at, state=CallState.DRAFT)
    _write(call, content)
    if not call_actors(by, call, at=at):
        raise NotYours(_("Only a host of this place may do that."))
    _check(call, by=by, at=at)
    call.save(force_insert=True)
    CALL.record(call, "edit", before=CallState.DRAFT, by=by, at=at)
    call.save(update_fields=["version", "head"])
    return call


@transaction.atomic
def edit_call(call: ProjectCall, *, by: User, at: datetime.datetime, **content: Any) -> ProjectCall:
    locked = begin(call, "edit", by=by, at=at)
    content = _masked(content)
    content.pop("town", None)
    content.pop("community", None)
    _write(locked, content)
    _check(locked, by=by, at=at)
    return finish(locked, "edit", by=by, at=at, **content)


def _masked(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same with words as everybody may read them."""
    words = {name: mask_text(content[name]) for name in ("title", "text") if name in content}
    return {**content, **words}


def _write(call: ProjectCall, content: Mapping[str, Any]) -> None:
    if unknown := content.keys() - COLUMNS:
        raise TypeError(f"a call has no {', '.join(sorted(unknown))}")
    for name, value in content.items():
        setattr(call, name, value)


def _check(call: ProjectCall, *, by: User, at: datetime.datetime) -> None:
    if call.budget <= 0:
        raise RuleViolation(_("Say how much money there is."), code="budget")
    if call.most_of_one is not None and call.most_of_one > call.budget:
        text = _("One project cannot cost more than there is in all.")
        raise RuleViolation(text, code="most_of_one")
    if call.line.body_id not in lines_bodies(by, call.body_id, at=at):
        text = _("%(line)s belongs to a body that has no part in this. Choose another line.")
        raise RuleViolation(text % {"line": call.line}, code="line_of_others")
    if not call.line.purposes.filter(purpose=call.purpose).exists():
        text = _("%(line)s may not be used for this purpose. Choose a line that allows it.")
        raise RuleViolation(text % {"line": call.line}, code="purpose_not_allowed")


def lines_bodies(by: User, body_id: int, *, at: datetime.datetime) -> frozenset[int]:
    """Bodies whose lines a host may name: those of the posts, and the one that calls."""
    mine = {
        body
        for scope in scopes_of(by, on=localdate(at))
        if scope.role == Role.CONSULTATION_HOST
        for body in scope.body_ids
    }
    return frozenset(mine | {body_id})


@transaction.atomic
def publish_call(call: ProjectCall, *, by: User, at: datetime.datetime) -> ProjectCall:
    """Residents may bring ideas from now on. Refused where the line has less than is promised."""
    locked = begin(call, "publish", by=by, at=at)
    if locked.ideas_until <= at:
        raise RuleViolation(_("The last day for ideas lies in the past."), code="past")
    _check_free(locked)
    facts = {"budget": locked.budget, "line": locked.line_id}
    return finish(locked, "publish", by=by, at=at, facts=facts, published_at=at)


def _check_free(call: ProjectCall) -> None:
    free = Line.objects.get(pk=call.line_id).available
    if free < call.budget:
        text = _("%(line)s has less free than this call promises. Ask its owner to add money.")
        raise RuleViolation(text % {"line": call.line}, code="not_enough_money")


@transaction.atomic
def close_ideas(call: ProjectCall, *, by: User, at: datetime.datetime) -> ProjectCall:
    locked = begin(call, "close_ideas", by=by, at=at)
    if at < locked.ideas_until:
        text = _("Residents were promised time until %(day)s.")
        day = timezone.localtime(locked.ideas_until)
        raise RuleViolation(text % {"day": f"{day:%Y-%m-%d %H:%M}"}, code="too_early")
    return finish(locked, "close_ideas", by=by, at=at)


@transaction.atomic
def open_vote(
    call: ProjectCall, *, votes_until: datetime.datetime, by: User, at: datetime.datetime
) -> ProjectCall:
    """Residents choose from now on; from now on nothing of the rules changes."""
    locked = begin(call, "open_vote", by=by, at=at)
    if locked.way != ProjectCall.Way.VOTE:
        raise RuleViolation(_("This call is decided by a meeting."), code="way")
    if votes_until < at + SHORTEST_VOTE:
        raise RuleViolation(_("Give people at least a day to vote."), code="too_short")
    _check_ready(locked)
    return finish(locked, "open_vote", by=by, at=at, opened_at=at, votes_until=votes_until)


@transaction.atomic
def deliberate(call: ProjectCall, *, by: User, at: datetime.datetime) -> ProjectCall:
    """A meeting decides; from now on nothing of the rules changes."""
    locked = begin(call, "deliberate", by=by, at=at)
    if locked.way != ProjectCall.Way.DELIBERATION:
        raise RuleViolation(_("This call is decided by a vote."), code="way")
    _check_ready(locked)
    return finish(locked, "deliberate", by=by, at=at, opened_at=at)


def _check_ready(call: ProjectCall) -> None:
    if call.ideas.filter(state__in=UNDECIDED).exists():
        text = _("Some ideas have no answer yet: take them up or not, and have them worked out.")
        raise RuleViolation(text, code="ideas_open")
    if call.ideas.filter(state=IdeaState.FEASIBLE).count() < 1:
        raise RuleViolation(_("No idea can be done: there is nothing to decide."), code="no_idea")


@transaction.atomic
def cancel_call(call: ProjectCall, *, note: str, by: User, at: datetime.datetime) -> ProjectCall:
    locked = begin(call, "cancel", by=by, at=at, reason=note)
    return finish(locked, "cancel", by=by, at=at, note=note)


# -- The decision ----------------------------------------


@transaction.atomic
def close_vote(call: ProjectCall, *, by: User, at: datetime.datetime) -> ProjectCall:
    """Count, and fill the money in the order of the votes."""
    locked = begin(call, "close_vote", by=by, at=at)
    if locked.votes_until is None or at < locked.votes_until:
        raise RuleViolation(_("The vote still runs."), code="too_early")
    ideas = locked.ideas.filter(state=IdeaState.FEASIBLE).annotate(n=Count("choices"))
    entries = by_votes(Entry(idea.pk, idea.n, idea.estimate or 0) for idea in ideas)
    places = fit(entries, budget=locked.budget)
    _settle(locked, places, by=by, at=at)
    voters = locked.sheets.filter(choices__isnull=False).distinct().count()
    facts = {"voters": voters, "places": _told(places)}
    return finish(locked, "close_vote", by=by, at=at, facts=facts, decided_at=at, voters=voters)


@transaction.atomic
def conclude(
    call: ProjectCall, *, order: Sequence[Idea], note: str, by: User, at: datetime.datetime
) -> ProjectCall:
    """The order that the meeting agreed on; what it did not name comes last and does not fit."""
    locked = begin(call, "conclude", by=by, at=at, reason=note)
    ideas = {idea.pk: idea for idea in locked.ideas.filter(state=IdeaState.FEASIBLE)}
    named = [idea.pk for idea in order]
    if len(set(named)) != len(named) or not set(named) <= ideas.keys():
        text = _("Name each idea of this call that can be done at most once.")
        raise RuleViolation(text, code="order")
    rest = sorted(ideas.keys() - set(named))
    entries = [Entry(key, 1, ideas[key].estimate or 0) for key in named]
    entries += [Entry(key, 0, ideas[key].estimate or 0) for key in rest]
    places = fit(entries, budget=locked.budget)
    _settle(locked, places, by=by, at=at)
    facts = {"places": _told(places)}
    return finish(
        locked,
        "conclude",
        by=by,
        at=at,
        note=note,
        facts=facts,
        decided_at=at,
        reason=mask_text(note.strip()),
    )


def _settle(call: ProjectCall, places: Sequence[Place], *, by: User, at: datetime.datetime) -> None:
    for place in places:
        settle_idea(call, place, by=by, at=at)


def _told(places: Sequence[Place]) -> list[list[int | bool]]:
    return [[place.key, place.votes, place.cost, place.left, place.fits] for place in places]


@transaction.atomic
def commit_chosen(
    call: ProjectCall, *, due_on: datetime.date, by: User, at: datetime.datetime
) -> list[Commitment]:
    """The chosen ideas become commitments, each with its money kept on the call's line.

    All or none: where the line has not enough left, nothing is promised. Raises as `reserve`.
    """
    locked = begin(call, "commit", by=by, at=at)
    chosen = locked.ideas.filter(state=IdeaState.CHOSEN).in_order()
    rows = chosen.select_related("department", "call__line", "call__purpose")
    made = [promise_of_idea(idea, due_on=due_on, by=by, at=at) for idea in rows]
    facts = {"commitments": [one.pk for one in made]}
    finish(locked, "commit", by=by, at=at, facts=facts)
    return made


def move_due_calls(*, at: datetime.datetime) -> int:
    """What the clock does: close ideas and votes whose time is over. Safe to run twice."""
    system = User.objects.system()
    moved = 0
    for call in ProjectCall.objects.due(at=at).order_by("pk"):
        service = close_ideas if call.state == CallState.COLLECTING else close_vote
        try:
            service(call, by=system, at=at)
        except WrongState:
            continue  # a host was faster
        moved += 1
    return moved
