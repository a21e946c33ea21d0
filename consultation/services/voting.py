"""Votes: prepared, opened with rules that stay, cast once for each right, closed.

The box and the list of those who voted are apart where a vote is secret; triggers keep them equally
many. What a voter takes home is a receipt code: with it he finds his ballot in the box, not what is
on it.
"""

import datetime
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consultation import session_notifications as notifications
from consultation import tally
from consultation.models import (
    Ballot,
    Consultation,
    Entitlement,
    Invitation,
    Purpose,
    Session,
    Stage,
    Vote,
    VoteOption,
)
from consultation.services.actors import actors_of, roles_for
from consultation.services.electing import write_rights
from consultation.services.history import lock, record
from consultation.services.limits import minutes_fall_due
from consultation.services.rooms import demand_makeup
from consultation.services.stages import OF_RULE
from consultation.session_workflow import (
    CLERKS,
    VOTE_MOVES,
    SessionActor,
    SessionState,
    VoteState,
)
from consultation.workflow import Actor, State
from lib.chain import fingerprint
from lib.errors import NotYours, RuleViolation, WrongState
from lib.numbering import new_code
from lib.workflow import demand
from organizations.models import User

RECEIPT_LENGTH = 12
_SEALED_AT_ONCE = 50
# (text, English text, counts for the proposal)
ANSWERS = (("赞成", "For", True), ("反对", "Against", False), ("弃权", "Abstain", False))
MOST_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What is voted on, by whom, until when; `answers` as (text, English, in favour)."""

    question: str
    unit: str
    closes_at: datetime.datetime
    is_secret: bool = False
    session: Session | None = None
    roll: Any = None
    most_proxies: int = 2
    answers: tuple[tuple[str, str, bool], ...] = field(default=ANSWERS)


def vote_actors(user: User, vote: Vote, *, at: datetime.datetime) -> frozenset[SessionActor]:
    found, actors = vote.consultation, set()
    if user.is_system:
        return frozenset({SessionActor.CLOCK})
    if Actor.HOST in actors_of(user, found, at=at):
        actors |= {SessionActor.HOST, SessionActor.CLERK}
    if roles_for(user, found, at=at) & CLERKS:
        actors.add(SessionActor.CLERK)
    if Entitlement.objects.of(user).filter(vote=vote).exists():
        actors.add(SessionActor.ENTITLED)
    return frozenset(actors)


def begin(vote: Vote, name: str, *, by: User, at: datetime.datetime) -> Vote:
    """The vote again, under its lock, if `by` may make the move."""
    rows = Vote.objects.select_for_update(of=("self",)).select_related(
        "consultation", "stage", "session", "roll"
    )
    locked = rows.get(pk=vote.pk)
    demand(
        VOTE_MOVES, name, state=locked.state, label=lambda state: VoteState(state).label,
        actors=lambda: vote_actors(by, locked, at=at),
    )  # fmt: skip
    return locked


@transaction.atomic
def draft_vote(
    consultation: Consultation, asked: Question, *, by: User, at: datetime.datetime
) -> Vote:
    found = lock(consultation)
    if Actor.HOST not in actors_of(by, found, at=at):
        raise NotYours(_("This step belongs to somebody else."))
    if found.state != State.RUNNING or found.stage is None:
        raise WrongState(_("Votes are held while the consultation is under way."))
    _check(asked, at=at)
    vote = Vote.objects.create(consultation=found, stage=found.stage, made_by=by, **_columns(asked))
    _write_answers(vote, asked)
    record(found, "draft_vote", by=by, at=at, vote=vote.pk)
    return vote


@transaction.atomic
def change_vote(vote: Vote, asked: Question, *, by: User, at: datetime.datetime) -> Vote:
    """Another question, electorate or end, as long as nobody has been let vote."""
    locked = begin(vote, "edit", by=by, at=at)
    _check(asked, at=at)
    columns = _columns(asked)
    for name, value in columns.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*columns])
    locked.options.all().delete()
    _write_answers(locked, asked)
    record(locked.consultation, "edit_vote", by=by, at=at, vote=locked.pk)
    return locked


def _columns(asked: Question) -> dict[str, Any]:
    return {
        "question": asked.question.strip(), "unit": asked.unit, "is_secret": asked.is_secret,
        "session": asked.session, "roll": asked.roll, "most_proxies": asked.most_proxies,
        "closes_at": asked.closes_at,
    }  # fmt: skip


def _write_answers(vote: Vote, asked: Question) -> None:
    VoteOption.objects.bulk_create(
        VoteOption(vote=vote, order=order, text=text, text_en=english, is_favour=favour)
        for order, (text, english, favour) in enumerate(asked.answers, start=1)
    )


def _check(asked: Question, *, at: datetime.datetime) -> None:
    if asked.closes_at <= at:
        raise RuleViolation(_("A vote closes in the future."), code="times")
    if asked.session is None and asked.roll is None:
        raise RuleViolation(_("Say who votes: a session, or a roll."), code="no_electorate")
    if asked.roll is None and asked.unit != Vote.Unit.PERSON:
        raise RuleViolation(
            _("Households and owners vote by a roll. Choose one."), code="no_electorate"
        )
    if asked.unit == Vote.Unit.OWNER and asked.is_secret:
        raise RuleViolation(
            _("Votes by floor area are open: an area tells whose ballot it is."), code="by_area"
        )
    if not 2 <= len(asked.answers) <= MOST_OPTIONS or sum(row[2] for row in asked.answers) != 1:
        raise RuleViolation(
            _("Give two to ten answers, one of which is for the proposal."), code="answers"
        )


def rules_of(stage: Stage, unit: str) -> list[dict[str, Any]]:
    """The stage's rules as they will be judged; without any: more than half of the votes cast."""
    rows = [{name: getattr(rule, name) for name in OF_RULE} for rule in stage.rules.all()]
    if any(row["purpose"] == Purpose.MAJORITY for row in rows):
        return rows
    half = {"numerator": 1, "denominator": 2, "is_strict": True, "alternative": ""}
    measure = tally.MEASURE_OF[unit]
    return [*rows, {"purpose": "majority", "measure": measure, "base": "cast", **half}]


@transaction.atomic
def open_vote(vote: Vote, *, by: User, at: datetime.datetime) -> Vote:
    """Rules, question and electorate are fixed from now on; those entitled are told."""
    locked = begin(vote, "open", by=by, at=at)
    if locked.closes_at <= at:
        raise RuleViolation(_("The end has passed. Prepare the vote anew."), code="times")
    if locked.session is not None and locked.session.state != SessionState.OPEN:
        raise WrongState(_("Open the session first: its members vote there."))
    if locked.session is not None and locked.roll is None:
        demand_makeup(locked.session)  # people may have been invited since the doors opened
    rules = rules_of(locked.stage, locked.unit)
    foreign = tally.cannot_be_counted(rules, locked.unit) if locked.is_secret else []
    if foreign:
        raise RuleViolation(
            _("The form also counts households or floor area: hold this vote openly."),
            code="not_countable",
        )
    if not write_rights(locked):
        raise RuleViolation(_("Nobody is entitled to vote here."), code="no_electorate")
    locked.rules, locked.salt = rules, secrets.token_hex(16)
    locked.state, locked.opened_at = VoteState.OPEN, at
    locked.save(update_fields=["rules", "salt", "state", "opened_at"])
    facts: dict[str, Any] = {"vote": locked.pk, "rules": fingerprint({"rules": rules})}
    record(locked.consultation, "open_vote", by=by, at=at, **facts)
    notifications.tell_voters(locked, "vote-opened", at=at)
    return locked


# -- Casting -----------------------------------------------------------------------------------


def rights_of(vote: Vote, user: User) -> Iterable[Entitlement]:
    """What `user` may vote for: his own rights, and those that a proxy gives him."""
    mine = Entitlement.objects.filter(vote=vote)
    return [*mine.of(user).order_by("pk"), *mine.held_by(user).distinct().order_by("pk")]


def receipt_digest(vote: Vote, code: str) -> str:
    said = code.replace(" ", "").replace("-", "").upper()
    return hashlib.sha256(f"{vote.salt}\n{said}".encode()).hexdigest()


def cast(
    vote: Vote, entitlement: Entitlement, option: VoteOption, *, by: User, at: datetime.datetime
) -> str:
    """One answer for one right, once; the receipt code. Raises RuleViolation, NotYours.

    Nothing is locked but the right itself, by the conditional UPDATE that uses it: thousands vote
    in the last minute beside each other, and on SQLite nobody else writes meanwhile.
    """
    right = Entitlement.objects.select_related("vote").with_proxies().get(pk=entitlement.pk)
    if right.vote_id != vote.pk:
        raise NotYours(_("This belongs to another vote."))
    found = right.vote
    _check_open(found, right, option, at=at)
    channel = _channel_of(found, right, by, at=at)
    code = new_code(RECEIPT_LENGTH)
    ballot = Ballot(
        vote=found, option=option, entitlement=None if found.is_secret else right,
        receipt=receipt_digest(found, code),
    )  # fmt: skip
    try:
        _drop(ballot, right, channel, by=by, at=_moment(found, at))
    except IntegrityError as error:  # closed by a moment, says the trigger
        raise WrongState(_("This vote is not open.")) from error
    return f"{code[:4]} {code[4:8]} {code[8:]}"


@transaction.atomic
def _drop(
    ballot: Ballot, right: Entitlement, channel: str, *, by: User, at: datetime.datetime
) -> None:
    """The right is used and the ballot lies in the box: both, or neither."""
    unused = Entitlement.objects.filter(pk=right.pk, voted_at=None)
    if not unused.update(voted_at=at, channel=channel, cast_by=by):
        raise RuleViolation(
            _("This vote has been cast already; each right counts once."), code="voted"
        )
    ballot.save(force_insert=True)


def _check_open(
    vote: Vote, right: Entitlement, option: VoteOption, *, at: datetime.datetime
) -> None:
    if vote.state != VoteState.OPEN or vote.opened_at is None or not vote.opened_at <= at:
        raise WrongState(_("This vote is not open."))
    if at >= vote.closes_at:
        raise WrongState(_("The time to vote is over."))
    if option.vote_id != vote.pk or right.stands_back:
        raise NotYours(_("This belongs to another vote."))


def _moment(vote: Vote, at: datetime.datetime) -> datetime.datetime:
    """In a secret vote only the day: the order of ballots must not tell whose they are."""
    if not vote.is_secret:
        return at
    day = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(day, vote.opened_at) if vote.opened_at else day


def _channel_of(vote: Vote, right: Entitlement, by: User, *, at: datetime.datetime) -> str:
    """Online for who may vote himself or by proxy, else a clerk beside the voter."""
    is_own, is_given = right.is_of(by), right.is_given
    if is_own and is_given:
        raise RuleViolation(
            _("You have given a proxy for this vote. Take it back first."), code="proxy"
        )
    if is_own or (is_given and Entitlement.objects.held_by(by).contains(right)):
        _demand_present(vote, by)
        return Entitlement.Channel.ONLINE
    if SessionActor.CLERK in vote_actors(by, vote, at=at):
        return Entitlement.Channel.CLERK
    raise NotYours(_("You are not entitled in this vote."))


def _demand_present(vote: Vote, by: User) -> None:
    """Members of a session vote where they meet: checked in, in the room or online."""
    if vote.session_id is None or vote.roll_id is not None:
        return
    if not Invitation.objects.filter(session=vote.session_id).of(by).present().exists():
        raise RuleViolation(_("Check in to the session first."), code="absent")


# -- Closing -----------------------------------------------------------------------------------


def commitment_of(vote: Vote) -> str:
    """SHA-256 over every ballot in the box: whoever has them all can make it again."""
    rows = vote.ballots.order_by("id").values_list("id", "option__order", "receipt")
    return fingerprint({"vote": vote.pk, "ballots": [list(row) for row in rows]})


def receipts_of(vote: Vote) -> str:
    """The receipts of all ballots in the box, sorted, one on a line: not what stands on them."""
    rows = vote.ballots.order_by("receipt").values_list("receipt", flat=True)
    return "".join(f"{receipt}\n" for receipt in rows)


def receipts_digest(vote: Vote) -> str:
    """SHA-256 of `receipts_of`, as everybody can make it of the file."""
    return hashlib.sha256(receipts_of(vote).encode()).hexdigest()


@transaction.atomic
def close_vote(vote: Vote, *, by: User, at: datetime.datetime) -> Vote:
    """Nobody votes any more; the hash over all ballots is fixed and stands in the chain.

    The clock closes what is over; a host may close earlier only where everybody has voted.
    """
    locked = begin(vote, "close", by=by, at=at)
    voted = locked.entitlements.voted().count()
    if at < locked.closes_at and voted < locked.entitlements.count() and locked.session is None:
        raise RuleViolation(
            _("The vote stays open until its end: people rely on it."), code="too_early"
        )
    if at < locked.closes_at and by.is_system:
        raise WrongState(_("The vote is still open."))
    locked.commitment = commitment_of(locked)
    locked.state, locked.closed_at = VoteState.CLOSED, at
    locked.save(update_fields=["commitment", "state", "closed_at"])
    _seal(locked)
    if locked.session is None:
        minutes_fall_due(locked.stage, at=at)
    facts: dict[str, Any] = {"vote": locked.pk, "voted": voted, "ballots": locked.ballots.count()}
    facts |= {"hash": locked.commitment, "receipts": receipts_digest(locked)}
    record(locked.consultation, "close_vote", by=by, at=at, **facts)
    return locked


def _seal(vote: Vote) -> None:
    """Write every ballot again in the order of its chance key: what the database engine keeps
    of the order in which they came no longer matches the order of voters."""
    keys = list(vote.ballots.order_by("id").values_list("id", flat=True))
    for first in range(0, len(keys), _SEALED_AT_ONCE):
        part = keys[first : first + _SEALED_AT_ONCE]
        Ballot.objects.filter(id__in=part).update(sealed=True)


@transaction.atomic
def annul(vote: Vote, *, reason: str, by: User, at: datetime.datetime) -> Vote:
    """The vote does not count; what was cast stays, and everybody reads why."""
    locked = begin(vote, "annul", by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Say why: everybody reads it."), code="why")
    locked.state, locked.reason = VoteState.VOID, reason.strip()[:200]
    locked.save(update_fields=["state", "reason"])
    record(locked.consultation, "annul_vote", by=by, at=at, note=locked.reason, vote=locked.pk)
    return locked


def close_due(*, at: datetime.datetime) -> int:
    """What the clock does: close every open vote whose end has passed; how many there were."""
    closed = 0
    for vote in Vote.objects.over(at=at).order_by("pk"):
        try:
            close_vote(vote, by=User.objects.system(), at=at)
        except WrongState:  # a host was quicker
            continue
        closed += 1
    return closed
