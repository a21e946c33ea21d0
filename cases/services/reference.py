"""Reasons and terms of the loop, limits of stages and steps of warning, from the readable files."""

import datetime

from django.db import transaction

from cases.models import CallBackRule, Reason, StageLimit, Terms, WarningStep
from cases.reference import read_rows
from organizations.models import User
from organizations.services import changes

SINCE = datetime.date(2010, 1, 1)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is."""
    known = set(Reason.objects.values_list("move", "code"))
    rows = [Reason(**row, valid_from=SINCE) for row in read_rows("reasons")]
    missing = [
        *(row for row in rows if (row.move, row.code) not in known),
        *([] if Terms.objects.exists() else [Terms(valid_from=SINCE)]),
        *([] if StageLimit.objects.exists() else _stage_limits()),
        *([] if CallBackRule.objects.exists() else _callback_rules()),
        *([] if WarningStep.objects.exists() else _warning_steps()),
    ]
    for row in missing:
        changes.create(row, by=by, at=at)
    return len(missing)


def _stage_limits() -> list[StageLimit]:
    return [
        StageLimit(**{**row, "amount": int(row["amount"])}, valid_from=SINCE)
        for row in read_rows("stage_limits")
    ]


def _callback_rules() -> list[CallBackRule]:
    words = ("script", "script_en")
    return [
        CallBackRule(
            **{name: value if name in words else int(value) for name, value in row.items()},
            valid_from=SINCE,
        )
        for row in read_rows("callback_rules")
    ]


def _warning_steps() -> list[WarningStep]:
    return [
        WarningStep(**{**row, "percent": int(row["percent"])}, valid_from=SINCE)
        for row in read_rows("warning_steps")
    ]
