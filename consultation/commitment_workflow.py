"""A commitment (落实事项): what was promised after a consultation or a project call. Data only.

Whoever carries it out says that it is done; somebody else says that it is so. The deadline that
was promised first stays in sight, however often it is put off.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.workflow import Move, move


class State(models.TextChoices):
    PROMISED = "promised", _("Promised")
    RUNNING = "running", _("Being carried out")
    REPORTED = "reported", _("Said to be done, to be checked")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Given up")


class Actor(models.TextChoices):
    HOST = "host", _("Consultation host")
    OWNER = "owner", _("Body that carries it out")
    SUPERVISOR = "supervisor", _("Supervision committee or committee")
    CLERK = "clerk", _("Finance clerk of the budget line")
    CLOCK = "clock", _("The clock")


OPEN = frozenset({State.PROMISED, State.RUNNING, State.REPORTED})
ENDED = frozenset({State.DONE, State.DROPPED})
# Work goes on, so dates, money and links may still change.
AT_WORK = frozenset({State.PROMISED, State.RUNNING})
NEEDS_REASON = frozenset({"send_back", "put_off", "supervise", "drop"})

MOVES: dict[str, Move] = {
    "begin": move({State.PROMISED}, State.RUNNING, by={Actor.OWNER, Actor.CLOCK}),
    "progress": move({State.RUNNING}, None, by={Actor.OWNER, Actor.CLOCK}),
    "photo": move({State.RUNNING}, None, by={Actor.OWNER}),
    "reserve": move(AT_WORK, None, by={Actor.HOST}),
    "top_up": move(AT_WORK, None, by={Actor.HOST}),
    "open_case": move(AT_WORK, State.RUNNING, by={Actor.HOST, Actor.OWNER}),
    "apply": move(AT_WORK, State.RUNNING, by={Actor.CLERK}),
    "put_off": move(AT_WORK, None, by={Actor.HOST}),
    "supervise": move(OPEN, None, by={Actor.SUPERVISOR}),
    "report": move({State.RUNNING}, State.REPORTED, by={Actor.OWNER}),
    "confirm": move({State.REPORTED}, State.DONE, by={Actor.HOST, Actor.SUPERVISOR}),
    "send_back": move({State.REPORTED}, State.RUNNING, by={Actor.HOST, Actor.SUPERVISOR}),
    "drop": move(AT_WORK, State.DROPPED, by={Actor.HOST}),
}
