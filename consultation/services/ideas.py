"""Ideas of residents: brought, looked at with reasons, joined, worked out with a department."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultation import commitment_notifications as notifications
from consultation.fitting import Place
from consultation.models import Idea, IdeaScreening, ProjectCall
from consultation.project_workflow import IDEA_MOVES, NEEDS_REASON, CallState, IdeaState
from consultation.services.carriers import holds_here, idea_actors
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.moving import Way
from lib.roles import Role
from organizations.models import Body, User

# They write ideas down for residents who do not do so themselves.
WRITES_DOWN = frozenset(
    {Role.COMMUNITY_WORKER, Role.GRID_WORKER, Role.ACCEPTOR, Role.CONSULTATION_HOST}
)
MOST_OF_A_PERSON = 5
IDEA = Way(
    Idea, IdeaScreening, IDEA_MOVES, lambda state: IdeaState(state).label, idea_actors,
    needs_reason=NEEDS_REASON, related=("call", "author", "department"), subject="idea",
    words="reason", longest_note=1000,
)  # fmt: skip


def begin(idea: Idea, name: str, *, by: User, at: datetime.datetime, reason: str = "") -> Idea:
    """The idea again, under its lock, if `by` may make the move while its call allows it."""
    call = ProjectCall.objects.select_for_update(of=("self",)).get(pk=idea.call_id)
    locked = IDEA.begin(idea, name, by=by, at=at, reason=reason)
    if call.state not in {CallState.COLLECTING, CallState.SCREENING}:
        raise WrongState(_("The decision has begun: nothing about the ideas changes any more."))
    return locked


def finish(
    idea: Idea, name: str, *, by: User, at: datetime.datetime, reason: str = "", **more: Any
) -> Idea:
    """Bring the locked idea to where the table says, record it, and tell whose it is."""
    IDEA.finish(idea, name, by=by, at=at, note=mask_text(reason.strip()), **more)
    notifications.tell_of_idea(idea, name, by=by, at=at)
    return idea


def bring_idea(  # noqa: PLR0913 -- an idea says all this
    call: ProjectCall,
    *,
    title: str,
    text: str,
    key: str,
    by: User,
    at: datetime.datetime,
    place: str = "",
    lon: float | None = None,
    lat: float | None = None,
    guess: int | None = None,
    contact_name: str = "",
    contact_phone: str = "",
) -> Idea:
    """An idea of `by`; with a `contact_name` one that a worker writes down for a resident.

    The same `key` again answers the first one. Raises NotYours, WrongState, RuleViolation.
    """
    if known := Idea.objects.filter(key=key, entered_by=by).first():
        return known
    if known := Idea.objects.filter(key=key, author=by).first():
        return known
    with transaction.atomic():
        locked = ProjectCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
        _check_open(locked, at=at)
        for_resident = bool(contact_name.strip())
        _check_author(locked, by=by, at=at, for_resident=for_resident)
        if not title.strip() or not text.strip():
            text_ = _("Say what you wish, and why.")
            raise RuleViolation(text_, code="empty")
        idea = Idea(
            call=locked, title=title.strip()[:100], text=text.strip()[:2000],
            place=place.strip()[:120], lon=lon, lat=lat, guess=guess, key=key, made_at=at,
            author=None if for_resident else by, entered_by=by if for_resident else None,
            contact_name=contact_name.strip(), contact_phone=contact_phone.strip(),
        )  # fmt: skip
        return IDEA.start(idea, "bring", by=by, at=at, call=locked.pk)


def _check_open(call: ProjectCall, *, at: datetime.datetime) -> None:
    if call.state != CallState.COLLECTING or at >= call.ideas_until:
        raise WrongState(_("Ideas are not collected any more; see what became of them."))


def _check_author(
    call: ProjectCall, *, by: User, at: datetime.datetime, for_resident: bool
) -> None:
    if for_resident:
        if not holds_here(by, WRITES_DOWN, call, at=at):
            raise NotYours(_("Only those who work here write ideas down for residents."))
        return
    if call.ideas.filter(author=by).exclude(state=IdeaState.WITHDRAWN).count() >= MOST_OF_A_PERSON:
        raise RuleViolation(_("Five ideas of one person are enough for one call."), code="many")


@transaction.atomic
def admit_idea(
    idea: Idea,
    *,
    reason: str,
    by: User,
    at: datetime.datetime,
    public_title: str = "",
    public_text: str = "",
) -> Idea:
    """Take it up, and release its words for everybody: as written with numbers masked, or as the
    host has rewritten them."""
    locked = begin(idea, "admit", by=by, at=at, reason=reason)
    return finish(
        locked, "admit", by=by, at=at, reason=reason, **_released(locked, public_title, public_text)
    )


def _released(idea: Idea, title: str, text: str) -> dict[str, Any]:
    names = [name for name in (idea.contact_name, idea.author.full_name if idea.author else "")
             if name]  # fmt: skip
    return {
        "public_title": mask_text(title.strip() or idea.title, names)[:100],
        "public_text": mask_text(text.strip() or idea.text, names)[:2000],
    }


@transaction.atomic
def refuse_idea(idea: Idea, *, reason: str, by: User, at: datetime.datetime) -> Idea:
    locked = begin(idea, "refuse", by=by, at=at, reason=reason)
    released = {} if locked.public_title else _released(locked, "", "")
    return finish(locked, "refuse", by=by, at=at, reason=reason, **released)


@transaction.atomic
def merge_idea(idea: Idea, into: Idea, *, reason: str, by: User, at: datetime.datetime) -> Idea:
    """Join it with another of the same call, which goes on for both."""
    locked = begin(idea, "merge", by=by, at=at, reason=reason)
    goes_on = {IdeaState.ADMITTED, IdeaState.DESIGNING, IdeaState.FEASIBLE}
    other = Idea.objects.select_for_update(of=("self",)).get(pk=into.pk)
    if other.pk == locked.pk or other.call_id != locked.call_id or other.state not in goes_on:
        text = _("Choose another idea of this call that was taken up.")
        raise RuleViolation(text, code="merge")
    released = {} if locked.public_title else _released(locked, "", "")
    facts = {"into": other.pk}
    return finish(
        locked, "merge", by=by, at=at, reason=reason, facts=facts, merged_into=other, **released
    )


@transaction.atomic
def ask_department(
    idea: Idea, department: Body, *, by: User, at: datetime.datetime, reason: str = ""
) -> Idea:
    """A department is to work it out: what it costs, whether it can be done."""
    name = "ask" if idea.state == IdeaState.ADMITTED else "ask_again"
    locked = begin(idea, name, by=by, at=at, reason=reason)
    facts = {"department": department.pk}
    return finish(locked, name, by=by, at=at, reason=reason, facts=facts, department=department)


@transaction.atomic
def estimate_idea(
    idea: Idea, *, estimate: int, reason: str, by: User, at: datetime.datetime
) -> Idea:
    """It can be done, for `estimate` fen; `reason` says how."""
    locked = begin(idea, "estimate", by=by, at=at, reason=reason)
    call = locked.call
    most = call.most_of_one or call.budget
    if estimate <= 0:
        raise RuleViolation(_("Say what it costs."), code="cost")
    if estimate > most:
        text = _("It costs more than one project may: make it smaller, or say that it cannot be.")
        raise RuleViolation(text, code="too_dear")
    return finish(
        locked, "estimate", by=by, at=at, reason=reason, facts={"estimate": estimate},
        estimate=estimate, finding=mask_text(reason.strip())[:1000],
    )  # fmt: skip


@transaction.atomic
def rule_out_idea(idea: Idea, *, reason: str, by: User, at: datetime.datetime) -> Idea:
    locked = begin(idea, "rule_out", by=by, at=at, reason=reason)
    return finish(
        locked, "rule_out", by=by, at=at, reason=reason, finding=mask_text(reason.strip())[:1000]
    )


@transaction.atomic
def withdraw_idea(idea: Idea, *, by: User, at: datetime.datetime) -> Idea:
    locked = begin(idea, "withdraw", by=by, at=at)
    return finish(locked, "withdraw", by=by, at=at)


def settle_idea(call: ProjectCall, place: Place, *, by: User, at: datetime.datetime) -> Idea:
    """What the count made of it; its call is locked already."""
    idea = Idea.objects.select_for_update(of=("self",)).select_related("author").get(pk=place.key)
    idea.call = call
    name = "choose" if place.fits else "pass_over"
    facts = {"rank": place.rank, "votes": place.votes, "left": place.left, "cost": place.cost}
    return finish(
        idea, name, by=by, at=at, facts=facts, rank=place.rank, votes=place.votes, left=place.left
    )
