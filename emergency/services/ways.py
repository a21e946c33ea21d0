"""The ways of orders and tasks: what moving a row needs to know of each table."""

from emergency.models import Order, OrderEvent, Task, TaskEvent
from emergency.services import actors
from emergency.workflow import (
    ORDER_MOVES,
    ORDER_NEEDS_REASON,
    TASK_MOVES,
    TASK_NEEDS_REASON,
    OrderState,
    TaskState,
)
from lib.moving import Way

ORDER = Way(
    Order,
    OrderEvent,
    ORDER_MOVES,
    lambda state: OrderState(state).label,
    actors.to_order,
    needs_reason=ORDER_NEEDS_REASON,
    related=("territory", "made_by"),
)
TASK = Way(
    Task,
    TaskEvent,
    TASK_MOVES,
    lambda state: TaskState(state).label,
    actors.to_task,
    needs_reason=TASK_NEEDS_REASON,
    ends=frozenset({TaskState.DONE, TaskState.DROPPED}),
    related=("order", "kind", "by"),
    keeps_reasons=False,
)
