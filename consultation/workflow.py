"""A topic, a consultation, its stages and objections: states, and who moves them. Data only.

A consultation runs through the stages of its blueprint one after another: before (preparing,
publishing what it is about), during (opinions, sessions, votes), after (result, carrying out,
rating). Its own state only says whether it runs; where it is, its one open stage says. An
objection that is upheld opens an earlier stage again: the stages from there on are replaced by
new ones, so that what was done the first time stays readable.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.roles import COMMITTEE, Role
from lib.workflow import Move, move


class TopicState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SCREENED = "screened", _("Waits for the party organisation")
    LISTED = "listed", _("On the list")
    TAKEN_UP = "taken_up", _("Being consulted on")
    DECLINED = "declined", _("Not taken up")


class TopicActor(models.TextChoices):
    SCREENER = "screener", _("Who screens topics")
    PARTY = "party", _("Party organisation")
    HOST = "host", _("Consultation host")


class State(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")


class Actor(models.TextChoices):
    HOST = "host", _("Consultation host")
    PARTY = "party", _("Party organisation")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLOCK = "clock", _("The clock")


class Phase(models.TextChoices):
    BEFORE = "before", _("Before")
    DURING = "during", _("During")
    AFTER = "after", _("After")


class StageKind(models.TextChoices):
    PREPARE = "prepare", _("Preparation")
    PARTY = "party", _("Party organisation proposes")
    NOTICE = "notice", _("Published beforehand")
    IDEAS = "ideas", _("Ideas are collected")
    SCREENING = "screening", _("Ideas are examined")
    OPINIONS = "opinions", _("Opinions are heard")
    SESSION = "session", _("Deliberation")
    VOTE = "vote", _("Vote")
    RESULT = "result", _("Result is published")
    EXECUTION = "execution", _("Result is carried out")
    RATING = "rating", _("Residents rate")


PHASE_OF = {
    StageKind.PREPARE: Phase.BEFORE,
    StageKind.PARTY: Phase.BEFORE,
    StageKind.NOTICE: Phase.BEFORE,
    StageKind.IDEAS: Phase.DURING,
    StageKind.SCREENING: Phase.DURING,
    StageKind.OPINIONS: Phase.DURING,
    StageKind.SESSION: Phase.DURING,
    StageKind.VOTE: Phase.DURING,
    StageKind.RESULT: Phase.AFTER,
    StageKind.EXECUTION: Phase.AFTER,
    StageKind.RATING: Phase.AFTER,
}

# The limit of the whole way runs until what was decided is published; carrying out takes its time.
DECIDED = frozenset({StageKind.EXECUTION, StageKind.RATING})
# Stages in which people meet or vote: their minutes fall due when that is over.
MEETS = frozenset({StageKind.SESSION, StageKind.VOTE})


class StageState(models.TextChoices):
    WAITING = "waiting", _("Not begun")
    OPEN = "open", _("Under way")
    DONE = "done", _("Done")
    REPLACED = "replaced", _("Done again")


class ObjectionState(models.TextChoices):
    RAISED = "raised", _("Waits for the answer")
    ANSWERED = "answered", _("Answered")
    UPHELD = "upheld", _("Upheld: the matter was reopened")
    WITHDRAWN = "withdrawn", _("Taken back")


class ObjectionActor(models.TextChoices):
    HOST = "host", _("Consultation host")
    PARTY = "party", _("Party organisation")
    OBJECTOR = "objector", _("Who objects")


# Who screens what residents propose: the hosts, and those who sit at the window.
SCREENERS = frozenset({Role.CONSULTATION_HOST, Role.COMMUNITY_WORKER, Role.ACCEPTOR})
HOSTS = frozenset({Role.CONSULTATION_HOST})
PARTY = COMMITTEE
READERS = (
    SCREENERS
    | HOSTS
    | PARTY
    | {Role.SUPERVISOR, Role.ASSESSOR, Role.DEPARTMENT_HEAD, Role.DISPATCHER}
)

TOPIC_MOVES: dict[str, Move] = {
    "screen": move({TopicState.PROPOSED}, TopicState.SCREENED, by={TopicActor.SCREENER}),
    "decline": move({TopicState.PROPOSED}, TopicState.DECLINED, by={TopicActor.SCREENER}),
    "admit": move({TopicState.SCREENED}, TopicState.LISTED, by={TopicActor.PARTY}),
    "refuse": move({TopicState.SCREENED}, TopicState.DECLINED, by={TopicActor.PARTY}),
    "send_back": move({TopicState.SCREENED}, TopicState.PROPOSED, by={TopicActor.PARTY}),
    "take_up": move({TopicState.LISTED}, TopicState.TAKEN_UP, by={TopicActor.HOST}),
    "put_back": move({TopicState.TAKEN_UP}, TopicState.LISTED, by={TopicActor.HOST}),
}
RUNS = frozenset({State.RUNNING})
MOVES: dict[str, Move] = {
    "edit": move({State.DRAFT}, None, by={Actor.HOST}),
    "start": move({State.DRAFT}, State.RUNNING, by={Actor.HOST}),
    "advance": move(RUNS, None, by={Actor.HOST}),
    "review": move(RUNS, None, by={Actor.PARTY}),
    "publish": move({State.RUNNING, State.DONE}, None, by={Actor.HOST}),
    "finish": move(RUNS, State.DONE, by={Actor.HOST}),
    "reopen": move({State.RUNNING, State.DONE}, State.RUNNING, by={Actor.HOST, Actor.PARTY}),
    "stop": move({State.DRAFT, State.RUNNING}, State.STOPPED, by={Actor.HOST, Actor.PARTY}),
}
STAGE_MOVES: dict[str, Move] = {
    "open": move({StageState.WAITING}, StageState.OPEN, by={Actor.HOST}),
    "close": move({StageState.OPEN}, StageState.DONE, by={Actor.HOST}),
    "replace": move(
        {StageState.WAITING, StageState.OPEN, StageState.DONE},
        StageState.REPLACED,
        by={Actor.HOST, Actor.PARTY},
    ),
}
OBJECTION_MOVES: dict[str, Move] = {
    "answer": move({ObjectionState.RAISED}, ObjectionState.ANSWERED, by={ObjectionActor.HOST}),
    "uphold": move(
        {ObjectionState.RAISED},
        ObjectionState.UPHELD,
        by={ObjectionActor.HOST, ObjectionActor.PARTY},
    ),
    "withdraw": move(
        {ObjectionState.RAISED}, ObjectionState.WITHDRAWN, by={ObjectionActor.OBJECTOR}
    ),
}
