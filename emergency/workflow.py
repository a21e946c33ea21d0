"""Orders of an emergency, who was called, tasks by grid. Data only.

Who was called has no history of moves: declining has no consequence, and after the emergency the
rows are deleted (突发事件应对法, article 85), which a chain could not be.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Waits to be confirmed")
    IN_FORCE = "in_force", _("In force")
    STOOD_DOWN = "stood_down", _("Stood down")
    REVIEWED = "reviewed", _("Reviewed")
    DELETED = "deleted", _("Data deleted")
    WITHDRAWN = "withdrawn", pgettext_lazy("order", "Withdrawn")


class OrderActor(models.TextChoices):
    MAKER = "maker", _("Who drew it up")
    CONFIRMER = "confirmer", _("Who may confirm this level there, and did not draw it up")
    COMMANDER = "commander", _("Committee or duty officer of the place")
    CLOCK = "clock", _("The clock")


PUBLIC = frozenset(
    {OrderState.IN_FORCE, OrderState.STOOD_DOWN, OrderState.REVIEWED, OrderState.DELETED}
)
ORDER_MOVES: dict[str, Move] = {
    "confirm": move({OrderState.DRAFT}, OrderState.IN_FORCE, by={OrderActor.CONFIRMER}),
    "withdraw": move(
        {OrderState.DRAFT}, OrderState.WITHDRAWN, by={OrderActor.MAKER, OrderActor.CONFIRMER}
    ),
    "press": move({OrderState.DRAFT, OrderState.IN_FORCE}, None, by={OrderActor.CLOCK}),
    "extend": move({OrderState.IN_FORCE}, None, by={OrderActor.COMMANDER}),
    "raise": move({OrderState.IN_FORCE}, None, by={OrderActor.COMMANDER}),
    "lower": move({OrderState.IN_FORCE}, None, by={OrderActor.COMMANDER}),
    "call": move({OrderState.IN_FORCE}, None, by={OrderActor.COMMANDER}),
    "report": move({OrderState.IN_FORCE, OrderState.STOOD_DOWN}, None, by={OrderActor.COMMANDER}),
    "stand_down": move({OrderState.IN_FORCE}, OrderState.STOOD_DOWN, by={OrderActor.COMMANDER}),
    "review": move({OrderState.STOOD_DOWN}, OrderState.REVIEWED, by={OrderActor.COMMANDER}),
    "delete": move({OrderState.REVIEWED}, OrderState.DELETED, by={OrderActor.CLOCK}),
}
ORDER_NEEDS_REASON = frozenset({"withdraw", "extend", "raise", "lower", "stand_down"})


class CalledState(models.TextChoices):
    CALLED = "called", _("Not answered yet")
    COMING = "coming", _("Is coming")
    CANNOT = "cannot", _("Cannot come")
    ARRIVED = "arrived", _("Has arrived")
    RELEASED = "released", pgettext_lazy("called", "Released")


class CalledActor(models.TextChoices):
    CALLED = "called", _("Who was called")
    CLERK = "clerk", _("Who keeps the assembly point")
    COMMANDER = "commander", _("Committee or duty officer of the place")


_AHEAD = frozenset({CalledState.CALLED, CalledState.COMING})
CALLED_MOVES: dict[str, Move] = {
    "accept": move(_AHEAD | {CalledState.CANNOT}, CalledState.COMING, by={CalledActor.CALLED}),
    "decline": move(_AHEAD, CalledState.CANNOT, by={CalledActor.CALLED}),
    "arrive": move(_AHEAD, CalledState.ARRIVED, by={CalledActor.CALLED, CalledActor.CLERK}),
    "leave": move(
        {CalledState.ARRIVED}, CalledState.RELEASED, by={CalledActor.CALLED, CalledActor.CLERK}
    ),
    "release": move(
        _AHEAD | {CalledState.ARRIVED}, CalledState.RELEASED, by={CalledActor.COMMANDER}
    ),
}


class TaskState(models.TextChoices):
    GIVEN = "given", pgettext_lazy("task", "Given out")
    WORKING = "working", _("In work")
    DONE = "done", _("Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


class TaskActor(models.TextChoices):
    HAND = "hand", _("Who has the task")
    COMMANDER = "commander", _("Committee or duty officer of the place")


TASK_MOVES: dict[str, Move] = {
    "begin": move({TaskState.GIVEN}, TaskState.WORKING, by={TaskActor.HAND}),
    "progress": move({TaskState.WORKING}, None, by={TaskActor.HAND}),
    "finish": move({TaskState.GIVEN, TaskState.WORKING}, TaskState.DONE, by={TaskActor.HAND}),
    "reopen": move({TaskState.DONE}, TaskState.WORKING, by={TaskActor.COMMANDER}),
    "drop": move({TaskState.GIVEN, TaskState.WORKING}, TaskState.DROPPED, by={TaskActor.COMMANDER}),
}
TASK_NEEDS_REASON = frozenset({"reopen", "drop"})
