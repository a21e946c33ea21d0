"""What voluntary service holds of a resident: copied for them, and erased when they wish it."""

import datetime
from typing import Any

from lib.registry import Holding, holdings
from organizations.models import User
from volunteers.models import DoubleReport, Guardianship, Signup, Volunteer, WaitingPlace
from volunteers.services.forgetting import forget


def export(person: User) -> dict[str, Any]:
    """Registrations of the person and of the children, with everything beside them."""
    people = Volunteer.objects.of(person).with_names().with_record().order_by("pk")
    reports = DoubleReport.objects.of(person).with_names().order_by("pk")
    return {
        "registrations": [_registration(row) for row in people],
        "guardian_of": list(
            Guardianship.objects.standing().filter(guardian=person).values(
                "ward", "relation", "consented_at"
            )
        ),
        "signups": list(
            Signup.objects.of(person).order_by("pk").values(
                "shift__activity__title", "shift__starts_at", "state", "remark", "reason", "at"
            )
        ),
        "waiting": list(
            WaitingPlace.objects.of(person).order_by("pk").values(
                "shift__activity__title", "shift__starts_at", "state", "at"
            )
        ),
        "reports": [
            {"community": str(row.community), "branch": row.branch, "offers": row.offers,
             "state": row.state, "tasks": list(row.tasks.order_by("pk").values_list("title"))}
            for row in reports
        ],
    }  # fmt: skip


def _registration(row: Volunteer) -> dict[str, Any]:
    return {
        "name": row.name,
        "number": row.number,
        "born": row.born,
        "identity_end": row.identity_tail,
        "community": str(row.community) if row.community else "",
        "languages": row.languages,
        "is_party_member": row.is_party_member,
        "may_be_named": row.may_be_named,
        "sets_out_near": row.near,
        "agreed_to_distances_at": row.near_at,
        "agreed_at": row.consent_at,
        "agreed_to": row.consent_version,
        "state": row.state,
        "skills": list(row.skills.values_list("skill__name", flat=True)),
        "times": list(row.availabilities.values_list("weekday", "starts", "ends")),
        "insurances": list(row.insurances.values("insurer", "policy", "valid_from", "valid_to")),
        "courses": list(row.trainings.values("course__name", "valid_from", "valid_to")),
        "memberships": list(row.memberships.values("organisation__name", "valid_from", "valid_to")),
    }


def erase(person: User, at: datetime.datetime) -> None:
    forget(person, at=at)


def register() -> None:
    holdings.register(Holding("volunteering", 70, export, erase))
