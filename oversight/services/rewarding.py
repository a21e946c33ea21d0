"""Rewards and penalties: proposed by one, decided by another; a bonus comes out of the ledger."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding import services as funding
from funding.models import Line, Purpose
from lib.errors import NotYours, RuleViolation, WrongState
from lib.workflow import demand, moves_open_to
from organizations.models import User
from oversight import appraisal_notifications as notifications
from oversight.models import Appraisal, Appraised, Consequence, Scheme, Score
from oversight.models.appraisals import towns_overseen
from oversight.models.outcomes import ScoreQuerySet
from oversight.services.appraisal_moves import roles_in
from oversight.services.reviewing import is_own
from oversight.workflow import (
    CONSEQUENCE_MOVES,
    OPENERS,
    PENALTIES,
    REWARDS,
    SECOND_REVIEWERS,
    ConsequenceActor,
    ConsequenceState,
    Follows,
    Grade,
    State,
)

SUBJECT = "appraisal-bonus"
# Which grades may be followed by what.
FOLLOWS = {
    **dict.fromkeys(REWARDS, frozenset({Grade.EXCELLENT, Grade.GOOD})),
    **dict.fromkeys(PENALTIES, frozenset({Grade.BASIC, Grade.POOR})),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """`amount` in fen, with the line and purpose that pay it: for a bonus alone."""

    kind: str
    words: str
    amount: int | None = None
    line: Line | None = None
    purpose: Purpose | None = None

    def check(self, grade: str) -> None:
        """Raises RuleViolation."""
        if not self.words.strip():
            raise RuleViolation(_("Write the grounds."), code="reason_missing")
        if grade not in FOLLOWS[Follows(self.kind)]:
            raise RuleViolation(_("This does not follow from such a grade."), code="not_this_grade")
        money = (self.amount, self.line, self.purpose)
        if self.kind == Follows.BONUS and (None in money or (self.amount or 0) <= 0):
            raise RuleViolation(
                _("Say how much, from which budget line and for which purpose."), code="no_money"
            )


@transaction.atomic
def propose(
    appraised: Appraised, proposal: Proposal, *, by: User, at: datetime.datetime
) -> Consequence:
    """An assessor of the town proposes what follows from a published result.

    Raises NotYours, WrongState, RuleViolation.
    """
    row = appraised.appraisal
    if not roles_in(by, row.town_id, at=at) & OPENERS or appraised.person_id == by.pk:
        raise NotYours(_("An assessor whom it does not concern proposes it."))
    if row.state != State.PUBLISHED:
        raise WrongState(_("Rewards and penalties follow from published results."))
    score = Score.objects.newest().get(appraised=appraised)
    proposal.check(score.final)
    _demand_two_years(row.scheme, proposal, score)
    is_bonus = proposal.kind == Follows.BONUS
    made = Consequence(
        appraised=appraised, person_id=appraised.person_id, kind=proposal.kind,
        words=proposal.words.strip()[:300], amount=proposal.amount if is_bonus else None,
        line=proposal.line if is_bonus else None,
        purpose=proposal.purpose if is_bonus else None, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise RuleViolation(_("This has been proposed already."), code="once") from error
    notifications.tell_deciders(made, at=at)
    return made


def _demand_two_years(scheme: Scheme, proposal: Proposal, score: Score) -> None:
    """What the scheme keeps for two years not competent in a row follows nothing less."""
    if proposal.kind != scheme.poor_twice:
        return
    if not Score.objects.poor_two_years().filter(pk=score.pk).exists():
        raise RuleViolation(
            _("“%(what)s” follows only two years not competent in a row (%(basis)s).")
            % {"what": Follows(proposal.kind).label, "basis": scheme.poor_twice_basis},
            code="not_two_years",
        )


def to_follow_up(user: User, *, on: datetime.date) -> ScoreQuerySet:
    """Second years not competent in a row, in towns where `user` proposes what follows."""
    towns = towns_overseen(user, OPENERS, on=on)
    rows = Score.objects.poor_two_years().without_what_follows().exclude(appraised__person=user)
    if towns is None:
        return rows.none()
    seen = Appraisal.objects.filter(towns)
    mine = rows.filter(edition__appraisal__in=seen.values("pk")).for_list()
    return mine.select_related("edition__appraisal__scheme").order_by("pk")


def open_to_each(
    user: User, rows: Collection[Consequence], *, at: datetime.datetime
) -> dict[int, list[str]]:
    """Moves by key of each row (with names): one query, however many rows."""
    asked = Appraised.objects.filter(pk__in={row.appraised_id for row in rows})
    own = set(asked.filter(is_own(user, on=localdate(at))).values_list("pk", flat=True))
    return {
        row.pk: moves_open_to(
            CONSEQUENCE_MOVES, state=row.state, actors=_actors(user, row, own, at)
        )
        for row in rows
    }


def _actors(
    user: User, row: Consequence, own: Collection[int], at: datetime.datetime
) -> frozenset[ConsequenceActor]:
    """Nobody decides what he proposed, nor what concerns him or his own body."""
    town = row.appraised.appraisal.town_id
    if user.pk == row.proposed_by_id or row.appraised_id in own:
        return frozenset()
    decides = roles_in(user, town, at=at) & SECOND_REVIEWERS
    return frozenset({ConsequenceActor.DECIDER}) if decides else frozenset()


def actors_of(
    user: User, row: Consequence, *, at: datetime.datetime
) -> frozenset[ConsequenceActor]:
    own = Appraised.objects.filter(is_own(user, on=localdate(at)), pk=row.appraised_id)
    return _actors(user, row, set(own.values_list("pk", flat=True)), at)


def _begin(
    row: Consequence, name: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> Consequence:
    rows = Consequence.objects.select_for_update(of=("self",)).with_names()
    fresh = rows.select_related("purpose").get(pk=row.pk)
    demand(
        CONSEQUENCE_MOVES, name, state=fresh.state,
        label=lambda state: ConsequenceState(state).label,
        actors=lambda: actors_of(by, fresh, at=at), needs_reason={"refuse"}, reason=reason,
    )  # fmt: skip
    return fresh


@transaction.atomic
def approve(row: Consequence, *, by: User, at: datetime.datetime) -> Consequence:
    """A bonus is kept and owed on its line: finance applies for it and pays it as any other money.

    Raises WrongState, NotYours, and as `funding.services.reserve`.
    """
    fresh = _begin(row, "approve", by=by, at=at)
    if fresh.kind == Follows.BONUS:
        _keep(fresh, by=by, at=at)
    return _decided(fresh, ConsequenceState.APPROVED, by, at)


def _keep(row: Consequence, *, by: User, at: datetime.datetime) -> None:
    if row.line is None or row.purpose is None or row.amount is None:
        raise RuleViolation(_("This bonus names no money."), code="no_money")
    hold = funding.reserve(
        row.line, amount=row.amount, purpose=row.purpose, subject=(SUBJECT, str(row.pk)),
        key=f"appraisal-bonus:{row.pk}", by=by, at=at,
    )  # fmt: skip
    funding.settle(hold, actual=row.amount, key=f"appraisal-bonus-owed:{row.pk}", by=by, at=at)
    row.hold = hold


@transaction.atomic
def refuse(row: Consequence, *, reason: str, by: User, at: datetime.datetime) -> Consequence:
    fresh = _begin(row, "refuse", by=by, at=at, reason=reason)
    return _decided(fresh, ConsequenceState.REFUSED, by, at, reason)


def _decided(
    row: Consequence, state: ConsequenceState, by: User, at: datetime.datetime, reason: str = ""
) -> Consequence:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.reason = reason.strip()[:300]
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "hold"])
    notifications.tell_decided(row, at=at)
    return row
