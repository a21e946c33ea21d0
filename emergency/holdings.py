"""What an emergency holds of a person who was called: copied for them, erased when they wish it."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from emergency.models import Called, TaskHand, TaskPhoto, TaskProof
from emergency.services.deleting import drop_photo_files
from lib.registry import Holding, holdings
from organizations.models import User


def export(person: User) -> dict[str, Any]:
    """Calls with the answers, and tasks with what was said about them."""
    calls = Called.objects.of(person).order_by("pk")
    tasks = TaskHand.objects.filter(called__person=person).order_by("pk")
    return {
        "calls": list(
            calls.values(
                "order__title", "callout__text", "at", "state", "minutes", "answered_at",
                "arrived_at", "left_at",
            )
        ),
        "tasks": list(tasks.values("task__kind__name", "task__territory__name", "task__state")),
        "proofs": list(
            TaskProof.objects.filter(by=person)
            .annotate(pictures=Count("photos"))
            .order_by("pk")
            .values("text", "at", "pictures")
        ),
    }  # fmt: skip


@transaction.atomic
def erase(person: User, at: datetime.datetime) -> None:
    """Calls, tasks and words of the person; figures of a review stay, they name nobody."""
    del at
    TaskHand.objects.filter(called__person=person).delete()
    Called.objects.of(person).delete()
    photos = TaskPhoto.objects.filter(proof__by=person)
    drop_photo_files(photos)
    photos.delete()
    TaskProof.objects.filter(by=person).delete()


def register() -> None:
    holdings.register(Holding("emergencies", 75, export, erase))
