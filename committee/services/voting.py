"""Votes of a meeting, and the decisions that they make.

In a secret vote the list of who voted and the box stand apart; triggers keep them equally many.
"""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committee.models import (
    AgendaItem,
    Ballot,
    Decision,
    Invitation,
    Paper,
    Recusal,
    Turnout,
    Voice,
)
from committee.services.actors import MEETING
from committee.services.attending import demand_theirs
from committee.workflow import BallotState, Choice, Outcome
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User


@transaction.atomic
def recuse(
    item: AgendaItem, row: Invitation, *, reason: str, by: User, at: datetime.datetime
) -> Recusal:
    """Stand aside for one point, before voting on it; neither voice nor count."""
    locked = MEETING.begin(item.meeting, "recuse", by=by, at=at)
    demand_theirs(locked, row, by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if _has_voted(item, row):
        raise RuleViolation(_("Who has voted cannot stand aside any more."), code="voted_already")
    made, new = Recusal.objects.get_or_create(
        item=item, invitation=row, defaults={"reason": reason.strip()[:200], "by": by, "at": at}
    )
    if not new:
        raise RuleViolation(_("This person stands aside already."), code="recused_already")
    facts = {"item": item.pk, "person": row.person_id}
    MEETING.finish(locked, "recuse", by=by, at=at, facts=facts)
    return made


def _has_voted(item: AgendaItem, row: Invitation) -> bool:
    heard = Voice.objects.filter(ballot__item=item, invitation=row)
    return heard.exists() or Turnout.objects.filter(ballot__item=item, invitation=row).exists()


@transaction.atomic
def open_ballot(
    item: AgendaItem,
    *,
    motion: str,
    by: User,
    at: datetime.datetime,
    on_people: bool = False,
    is_secret: bool = False,
) -> Ballot:
    """Put a motion to the vote; one on people is secret where the kind of meeting says so.

    Raises WrongState, NotYours, RuleViolation.
    """
    locked = MEETING.begin(item.meeting, "decide", by=by, at=at)
    row = locked.items.get(pk=item.pk)
    if not locked.kind.votes:
        raise RuleViolation(_("This kind of meeting does not decide."), code="no_votes")
    if not motion.strip():
        raise RuleViolation(_("Write what is voted on."), code="no_motion")
    if row.outcome == Outcome.DECIDED or row.ballots.filter(passed=True).exists():
        raise RuleViolation(_("This point is decided."), code="decided")
    if row.ballots.filter(state=BallotState.OPEN).exists():
        raise RuleViolation(_("A vote on this point is open."), code="voting")
    secret = is_secret or (on_people and locked.kind.secret_on_people)
    made = Ballot.objects.create(
        item=row, motion=motion.strip(), on_people=on_people, is_secret=secret,
        opened_by=by, opened_at=at,
    )  # fmt: skip
    facts = {"item": row.pk, "ballot": made.pk, "secret": secret}
    MEETING.finish(locked, "decide", by=by, at=at, facts=facts)
    return made


def _locked(ballot: Ballot) -> Ballot:
    """The ballot under its lock, while it is open."""
    row = Ballot.objects.select_for_update(of=("self",)).select_related("item").get(pk=ballot.pk)
    if row.state != BallotState.OPEN:
        raise WrongState(_("This vote has been counted."))
    return row


@transaction.atomic
def vote(ballot: Ballot, row: Invitation, choice: str, *, by: User, at: datetime.datetime) -> Voice:
    """One voice of one attendee: given by himself, or the hand that the recorder saw.

    Raises WrongState, NotYours, RuleViolation (twice, absent, no vote, stands aside, secret).
    """
    locked = MEETING.begin(ballot.item.meeting, "vote", by=by, at=at)
    if by.pk not in {row.person_id, locked.recorder_id}:
        raise NotYours(_("Everybody votes for himself; hands are entered by the recorder."))
    open_one = _asked(ballot, row, choice)
    if open_one.is_secret:
        raise RuleViolation(_("This vote is secret: no hand is noted."), code="secret")
    try:
        with transaction.atomic():
            return Voice.objects.create(
                ballot=open_one, invitation=row, choice=choice, by=by, at=at
            )
    except IntegrityError as error:
        raise _voted_already() from error


@transaction.atomic
def vote_in_secret(
    ballot: Ballot, row: Invitation, choice: str, *, by: User, at: datetime.datetime
) -> Turnout:
    """A paper in the box: by the attendee alone, once. Neither moment nor choice is kept of him.

    Raises as `vote` does, and RuleViolation where the vote is open.
    """
    MEETING.begin(ballot.item.meeting, "vote", by=by, at=at)
    if by.pk != row.person_id:
        raise NotYours(_("In a secret vote everybody votes for himself."))
    open_one = _asked(ballot, row, choice)
    if not open_one.is_secret:
        raise RuleViolation(_("This vote is an open one."), code="open_vote")
    try:
        with transaction.atomic():
            listed = Turnout.objects.create(ballot=open_one, invitation=row)
    except IntegrityError as error:
        raise _voted_already() from error
    Paper(ballot=open_one, choice=choice).save(force_insert=True)
    return listed


def _voted_already() -> RuleViolation:
    return RuleViolation(_("This person has voted already."), code="voted_already")


def _asked(ballot: Ballot, row: Invitation, choice: str) -> Ballot:
    """The open ballot under its lock, where this attendee may make this choice."""
    if choice not in Choice.values:
        raise RuleViolation(_("Choose for, against or abstain."), code="no_choice")
    open_one = _locked(ballot)
    _may_vote(open_one, row)
    return open_one


def _may_vote(ballot: Ballot, row: Invitation) -> None:
    voters = ballot.item.meeting.invitations.entitled()
    allowed = voters.here().filter(pk=row.pk)
    if not allowed.exists():
        text = _("Only who may vote and is noted as present has a voice.")
        raise RuleViolation(text, code="no_voice")
    if Recusal.objects.filter(item=ballot.item_id, invitation=row).exists():
        raise RuleViolation(_("Who stands aside has no voice."), code="recused")


@transaction.atomic
def close_ballot(ballot: Ballot, *, by: User, at: datetime.datetime) -> Ballot:
    """Count it, once. Who stands aside counts neither as entitled nor as present."""
    meeting = MEETING.begin(ballot.item.meeting, "decide", by=by, at=at)
    row = _locked(ballot)
    given = row.papers if row.is_secret else row.voices
    choices = list(given.values_list("choice", flat=True))
    aside = row.item.recusals.values("invitation")
    voters = meeting.invitations.entitled().exclude(pk__in=aside)
    entitled, present = voters.count(), voters.here().count()
    pros = choices.count(Choice.FOR)
    row.entitled, row.present, row.pros = entitled, present, pros
    row.cons, row.abstentions = choices.count(Choice.AGAINST), choices.count(Choice.ABSTAIN)
    row.passed = meeting.kind.has_quorum(present, entitled) and meeting.kind.passes(
        pros, present=present, entitled=entitled
    )
    row.state, row.closed_by, row.closed_at = BallotState.CLOSED, by, at
    row.save()
    _seal(row)
    MEETING.finish(meeting, "decide", by=by, at=at, facts=_facts(row))
    return row


def _seal(ballot: Ballot) -> None:
    """Write every paper again in the order of its chance key: what the database engine keeps of
    the order in which they came no longer matches that of the voters."""
    for key in ballot.papers.order_by("pk").values_list("pk", flat=True):
        ballot.papers.filter(pk=key).update(sealed=True)


def _facts(ballot: Ballot) -> dict[str, object]:
    names = ("entitled", "present", "pros", "cons", "abstentions", "passed")
    return {"ballot": ballot.pk, **{name: getattr(ballot, name) for name in names}}


@transaction.atomic
def decide(ballot: Ballot, *, text: str, basis: str, by: User, at: datetime.datetime) -> Decision:
    """What was decided by a vote that passed, in words, and on which basis; once."""
    locked = MEETING.begin(ballot.item.meeting, "decide", by=by, at=at)
    row = Ballot.objects.select_for_update(of=("self",)).select_related("item").get(pk=ballot.pk)
    if not row.passed:
        raise RuleViolation(_("Only what has passed is decided."), code="not_passed")
    if not text.strip() or not basis.strip():
        raise RuleViolation(_("Write the decision and its basis."), code="no_basis")
    if Decision.objects.filter(item=row.item_id).exists():
        raise RuleViolation(_("This point is decided."), code="decided")
    made = Decision.objects.create(
        item=row.item, ballot=row, text=text.strip(), basis=basis.strip(), by=by, at=at
    )
    AgendaItem.objects.filter(pk=row.item_id).update(outcome=Outcome.DECIDED)
    facts = {"decision": made.pk, "basis": made.basis, "ballot": row.pk}
    MEETING.finish(locked, "decide", by=by, at=at, facts=facts)
    return made
