"""Kinds of bodies, skills, working periods, laws, rules for messages: from the readable files."""

import datetime

from django.db import transaction

from organizations.models import BodyKind, NotificationRule, Skill, User, WorkingPeriod
from organizations.reference import read_rows
from organizations.services import changes
from organizations.services.legal import load_laws

# Before anything that the portal is ever asked about.
SINCE = datetime.date(2010, 1, 1)


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
        *([] if NotificationRule.objects.exists() else _rules()),
    ]
    for row in missing:
        changes.create(row, by=by, at=at)
    return len(missing) + load_laws(by=by, at=at)


def _periods() -> list[WorkingPeriod]:
    return [
        WorkingPeriod(
            starts=datetime.time.fromisoformat(row["starts"]),
            ends=datetime.time.fromisoformat(row["ends"]),
            valid_from=datetime.date.fromisoformat(row["valid_from"]),
        )
        for row in read_rows("working_periods")
    ]


def _rules() -> list[NotificationRule]:
    return [
        NotificationRule(
            kind=row["kind"],
            role=row["role"],
            channel=row["channel"],
            timing=row["timing"],
            urgent=bool(row["urgent"]),
            valid_from=SINCE,
        )
        for row in read_rows("notification_rules")
    ]
