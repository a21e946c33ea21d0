"""What training and selection hold of a person: copied for them, and erased when they wish it."""

import datetime
from typing import Any

from lib.registry import Holding, holdings
from organizations.models import User
from talent.models import Candidate, Enrolment, Membership, Objection
from talent.services.forgetting import forget


def export(person: User) -> dict[str, Any]:
    enrolments = Enrolment.objects.of(person).order_by("pk")
    candidacies = Candidate.objects.of(person).order_by("pk")
    return {
        "courses": list(
            enrolments.values(
                "course__title", "name", "state", "attended", "score", "certificate__number", "at"
            )
        ),
        "applications": list(
            candidacies.values("selection__title", "name", "statement", "state", "reason", "at")
        ),
        "objections": list(
            Objection.objects.filter(person=person).order_by("pk").values(
                "candidate__selection__title", "text", "state", "reason", "at"
            )
        ),
        "teams": list(
            Membership.objects.filter(person=person).order_by("pk").values(
                "team__name", "level__name", "proof", "valid_from", "valid_to"
            )
        ),
    }  # fmt: skip


def erase(person: User, _at: datetime.datetime) -> None:
    forget(person)


def register() -> None:
    holdings.register(Holding("talent", 75, export, erase))
