"""A whistle (街乡吹哨、部门报到) as a table: states of a call, two sides, moves. Data only.

The town calls, departments report to the place within the set time, leave only when released,
and both sides rate each other (source: 北京市接诉即办工作条例, article 33).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.roles import COMMITTEE, Role
from lib.workflow import Move, move


class CallState(models.TextChoices):
    """One called department at one whistle."""

    CALLED = "called", _("Called, on the way")
    ARRIVED = "arrived", _("There")
    RELEASED = "released", pgettext_lazy("whistle", "Released")


class Side(models.TextChoices):
    """What a person is to one call."""

    CALLER = "caller", _("The side that whistles")
    CALLED = "called", _("The department called")


# Who may whistle for what they cover, and who may answer for a department.
WHISTLES = COMMITTEE | {Role.DUTY_OFFICER}
ANSWERS = frozenset({Role.DEPARTMENT_HEAD, Role.HANDLER, Role.GRID_WORKER, Role.COMMUNITY_WORKER})

CALL_MOVES: dict[str, Move] = {
    "arrive": move({CallState.CALLED}, CallState.ARRIVED, by={Side.CALLED}),
    "release": move({CallState.CALLED, CallState.ARRIVED}, CallState.RELEASED, by={Side.CALLER}),
    "rate_response": move({CallState.RELEASED}, None, by={Side.CALLER}),
    "rate_call": move({CallState.RELEASED}, None, by={Side.CALLED}),
}

# Side moves, by the columns that they fill: score, words, by whom, when.
RATINGS = {"rate_response": "response", "rate_call": "call"}
BEST, WORST = 5, 1
