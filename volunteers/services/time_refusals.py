"""How the time bank says no, in sentences that say what to do."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from volunteers.hours_words import in_hours
from volunteers.models import TimeAccount, TimeTransfer


class NotEnoughTime(RuleViolation):
    def __init__(self, account: TimeAccount, *, asked: int) -> None:
        text = _(
            "%(account)s may still spend %(left)s, %(asked)s are needed. "
            "Help somebody first, or ask the community to pay."
        )
        left = max(0, account.spendable)
        facts = {"account": account, "left": in_hours(left), "asked": in_hours(asked)}
        super().__init__(text % facts, code="not_enough_time")


class NoRoom(RuleViolation):
    def __init__(self, account: TimeAccount) -> None:
        text = _("%(account)s has saved as much as the rule allows. Spend or give away some first.")
        super().__init__(text % {"account": account}, code="no_room")


class NotAPositiveTime(RuleViolation):
    def __init__(self) -> None:
        super().__init__(_("Enter at least one minute."), code="not_a_positive_time")


class NotToOneself(RuleViolation):
    def __init__(self) -> None:
        super().__init__(_("Choose another person: minutes move between two."), code="to_oneself")


class MoreThanGifts(RuleViolation):
    def __init__(self, *, left: int) -> None:
        text = _("This month you may still give away %(left)s. Give less, or wait for next month.")
        super().__init__(text % {"left": in_hours(left)}, code="more_than_gifts")


class TimeKeyReused(RuleViolation):
    def __init__(self, transfer: TimeTransfer) -> None:
        text = _(
            "The key “%(key)s” was already used for something else. "
            "Open the form again, so that it gets a new one."
        )
        super().__init__(text % {"key": transfer.key}, code="key_reused")


class AlreadyReversed(RuleViolation):
    def __init__(self) -> None:
        text = _("This transfer has been taken back already, or takes one back itself.")
        super().__init__(text, code="already_reversed")


class NoTimeRule(RuleViolation):
    def __init__(self, day: datetime.date) -> None:
        text = _(
            "No rule of the time bank is valid on %(day)s. "
            "Have the system administrator enter one in the catalogue."
        )
        super().__init__(text % {"day": date_format(day)}, code="no_time_rule")
