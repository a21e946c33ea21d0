"""Data collected for an emergency are deleted after it, with proof (突发事件应对法, article 85)."""

import datetime
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from emergency import notifications
from emergency.models import (
    Called,
    CheckDetail,
    DeletionProof,
    Order,
    Task,
    TaskHand,
    TaskPhoto,
    TaskProof,
)
from emergency.services.ways import ORDER
from organizations.models import Delivery, Message, User

Rows = Callable[[Order], QuerySet]


def _told(order: Order) -> Q:
    """Messages that say who was called and who had which task."""
    tasks = map(str, Task.objects.filter(order=order).values_list("pk", flat=True))
    called = Q(subject_kind=notifications.CALLED, subject_key=str(order.pk))
    return called | Q(subject_kind=notifications.TASK, subject_key__in=list(tasks))


# In this order: what points at another goes first.
TABLES: dict[str, Rows] = {
    "task_hands": lambda order: TaskHand.objects.filter(task__order=order),
    "task_photos": lambda order: TaskPhoto.objects.filter(proof__task__order=order),
    "task_proofs": lambda order: TaskProof.objects.filter(task__order=order),
    "check_details": lambda order: CheckDetail.objects.filter(check_row__order=order),
    "deliveries": lambda order: Delivery.objects.filter(_told(order)),
    "messages": lambda order: Message.objects.filter(_told(order)),
    "called": lambda order: Called.objects.filter(order=order),
}


def delete_due(*, by: User, at: datetime.datetime) -> int:
    """Delete what was collected for orders whose day has come; how many orders."""
    keys = Order.objects.to_delete(at).order_by("pk").values_list("pk", flat=True)
    return sum(_delete(key, by=by, at=at) for key in list(keys))


@transaction.atomic
def _delete(key: int, *, by: User, at: datetime.datetime) -> bool:
    order = Order.objects.select_for_update(of=("self",)).get(pk=key)
    if not Order.objects.to_delete(at).filter(pk=key).exists():
        return False
    locked = ORDER.begin(order, "delete", by=by, at=at)
    before = counts(locked)
    drop_photo_files(TaskPhoto.objects.filter(proof__task__order=locked))
    for rows in TABLES.values():
        rows(locked).delete()
    proof = DeletionProof(order=locked, before=before, after=counts(locked), at=at)
    if any(proof.after.values()):
        raise AssertionError(f"rows of order {key} are left: {proof.after}")
    proof.digest = proof.computed()
    proof.save(force_insert=True)
    facts = {"digest": proof.digest, "rows": proof.total}
    done = ORDER.finish(locked, "delete", by=by, at=at, facts=facts)
    notifications.tell(notifications.commanders(done, at=at), "emergency-deleted", done, at=at)
    return True


def drop_photo_files(photos: Iterable[TaskPhoto]) -> None:
    """Files go before their rows: where the rest fails, the rows are there to try again by."""
    for photo in photos:
        for file in (photo.image, photo.thumbnail):
            file.storage.delete(str(file.name))


def counts(order: Order) -> dict[str, int]:
    """Rows of each table that holds data collected for the order."""
    return {name: rows(order).count() for name, rows in TABLES.items()}
