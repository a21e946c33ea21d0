"""Kinds of bodies, skills and working periods from the readable files beside."""

import datetime

from django.db import transaction

from organizations.models import BodyKind, Skill, User, WorkingPeriod
from organizations.reference import read_rows
from organizations.services import changes


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is."""
    kinds = [BodyKind(**row) for row in read_rows("body_kinds")]
    skills = [Skill(**row) for row in read_rows("skills")]
    known_kinds = set(BodyKind.objects.values_list("code", flat=True))
    known_skills = set(Skill.objects.values_list("code", flat=True))
    missing = [
        *(kind for kind in kinds if kind.code not in known_kinds),
        *(skill for skill in skills if skill.code not in known_skills),
        *([] if WorkingPeriod.objects.exists() else _periods()),
    ]
    for row in missing:
        changes.create(row, by=by, at=at)
    return len(missing)


def _periods() -> list[WorkingPeriod]:
    return [
        WorkingPeriod(
            starts=datetime.time.fromisoformat(row["starts"]),
            ends=datetime.time.fromisoformat(row["ends"]),
            valid_from=datetime.date.fromisoformat(row["valid_from"]),
        )
        for row in read_rows("working_periods")
    ]
