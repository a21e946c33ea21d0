"""Gates of sessions and votes: held with a quorum by rows, minutes final, votes counted."""

import datetime

from django.utils.translation import gettext as _

from consultation.models import Stage
from consultation.services.refusing import Gate, Refusal
from consultation.services.rooms import rooms_of
from consultation.session_workflow import MinutesState, SessionState, VoteState


def no_session_is_open(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Every session that was planned has been held or called off."""
    waiting = stage.sessions.filter(state__in=[SessionState.PLANNED, SessionState.OPEN]).first()
    if waiting is None:
        return None
    sentence = _("“%(title)s” is planned or under way: hold it, or call it off.")
    return Refusal("session_open", sentence % {"title": waiting.title})


def session_was_held(stage: Stage, at: datetime.datetime) -> Refusal | None:
    """At least one session has been held, with the quorum that the form asks for; one that is
    planned or under way is refused for already."""
    held = list(stage.sessions.filter(state=SessionState.CLOSED).order_by("closed_at"))
    if not held and no_session_is_open(stage, at):
        return None
    if not held:
        return Refusal("no_session", _("No session has been held in this stage. Plan one."))
    judgements = [room.quorum for room in rooms_of(held).values()]
    if any(found.holds or not found.findings for found in judgements):
        return None
    text = _("No session had its quorum: %(why)s Hold another one.")
    return Refusal("no_quorum", text % {"why": judgements[-1].sentence})


def minutes_are_final(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """What was held has its final minutes."""
    held = stage.sessions.filter(state=SessionState.CLOSED)
    open_ones = held.exclude(minutes__state=MinutesState.FINAL).first()
    if open_ones is None:
        return None
    text = _("The minutes of “%(title)s” are not final yet.")
    return Refusal("minutes_open", text % {"title": open_ones.title})


def no_vote_is_open(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Every vote that was prepared is counted or annulled."""
    under_way = [VoteState.DRAFT, VoteState.OPEN, VoteState.CLOSED]
    waiting = stage.votes.filter(state__in=under_way).first()
    if waiting is None:
        return None
    text = _("The vote “%(question)s” is not counted yet: close and count it, or annul it.")
    return Refusal("vote_open", text % {"question": waiting.question})


def vote_was_counted(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """A stage for voting has a vote that was counted, whatever came out."""
    if stage.votes.filter(state=VoteState.JUDGED).exists():
        return None
    return Refusal("no_vote", _("Nothing has been voted on in this stage. Prepare a vote."))


OF_SESSIONS: tuple[Gate, ...] = (
    no_session_is_open,
    session_was_held,
    minutes_are_final,
    no_vote_is_open,
)
OF_VOTES: tuple[Gate, ...] = (
    no_session_is_open,
    minutes_are_final,
    no_vote_is_open,
    vote_was_counted,
)
