"""Reasons from a list: chosen among those that hold on the day, kept in history by key and code."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Reason
from cases.workflow import State
from lib.errors import RuleViolation


def listed(move: str, reason: Reason | None, *, at: datetime.datetime) -> dict[str, Any]:
    """What the event keeps of the reason. Where there is a list, one of it must be chosen."""
    on = timezone.localdate(at)
    if reason is None:
        if Reason.objects.for_move(move, on=on).exists():
            raise RuleViolation(_("Choose a reason from the list."), code="reason_not_listed")
        return {}
    if reason.move != move or not reason.is_valid_on(on):
        raise RuleViolation(_("This reason is not on the list."), code="reason_not_listed")
    return {"reason": reason.pk, "reason_code": reason.code}


def told_of(case: Case) -> tuple[Reason | None, str]:
    """What the reporter of a case that was not accepted reads: the reason with the right channel,
    and the clerk's words. (None, "") for any other case.
    """
    if case.state != State.REJECTED:
        return None, ""
    event = case.events.filter(move="reject").select_related("note_row").latest("number")
    note = getattr(event, "note_row", None)
    reason = Reason.objects.filter(pk=event.facts.get("reason")).first()
    return reason, note.text if note else ""
