"""Orders of emergencies and what follows from them."""

from emergency.models.calling import AssemblyPoint, Called, CallOut
from emergency.models.checks import Check, CheckDetail, CheckReading
from emergency.models.orders import Order, OrderEvent
from emergency.models.reference import Item, Kind, LevelRule, Measure, TaskKind
from emergency.models.reports import DeletionProof, Lesson, Report, ReportKind, Review
from emergency.models.supplies import Depot, DepotKind, Movement, MovementKind, Stock
from emergency.models.tasks import Task, TaskEvent, TaskHand, TaskPhoto, TaskProof

__all__ = [
    "AssemblyPoint",
    "CallOut",
    "Called",
    "Check",
    "CheckDetail",
    "CheckReading",
    "DeletionProof",
    "Depot",
    "DepotKind",
    "Item",
    "Kind",
    "Lesson",
    "LevelRule",
    "Measure",
    "Movement",
    "MovementKind",
    "Order",
    "OrderEvent",
    "Report",
    "ReportKind",
    "Review",
    "Stock",
    "Task",
    "TaskEvent",
    "TaskHand",
    "TaskKind",
    "TaskPhoto",
    "TaskProof",
]
