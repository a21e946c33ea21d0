"""What a stay is worth: minutes of the shift, with the grace of the rule at either end."""

import datetime

from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from volunteers.models import HoursRule, Shift


def hours_rule_on(day: datetime.date) -> HoursRule:
    """The rule of that day. Raises RuleViolation where there is none."""
    found = HoursRule.objects.valid_on(day).order_by("-valid_from").first()
    if found is None:
        text = _("No rule of hours is valid. Have the administrator enter one in the catalogue.")
        raise RuleViolation(text, code="no_hours_rule")
    return found


def counted_minutes(
    shift: Shift, arrived: datetime.datetime, left: datetime.datetime, rule: HoursRule
) -> int:
    """Whole minutes within the shift; late or early by the rule's grace counts in full."""
    grace = datetime.timedelta(minutes=rule.grace_minutes)
    if left <= arrived:
        return 0
    begins = shift.starts_at if arrived <= shift.starts_at + grace else arrived
    ends = shift.ends_at if left >= shift.ends_at - grace else left
    return max(0, int((ends - begins).total_seconds()) // 60)


def corrected_minutes(
    shift: Shift, arrived: datetime.datetime, left: datetime.datetime, rule: HoursRule
) -> int:
    """What the leader has looked at counts as it was, overtime included."""
    latest = shift.ends_at + datetime.timedelta(minutes=rule.overtime_minutes)
    begins, ends = max(arrived, shift.starts_at), min(left, latest)
    return max(0, int((ends - begins).total_seconds()) // 60)


def closing_time(shift: Shift, rule: HoursRule) -> datetime.datetime:
    return shift.ends_at + datetime.timedelta(minutes=rule.leave_minutes)
