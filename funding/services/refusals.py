"""How the ledger says no, in sentences that name the amounts and what to do."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from funding.models import Hold, Line, Posting
from lib.errors import RuleViolation
from lib.fen import yuan


class NotEnoughMoney(RuleViolation):
    def __init__(self, line: Line, *, asked: int) -> None:
        text = _(
            "%(line)s has %(free)s yuan free, %(asked)s yuan is needed. "
            "Choose another line, or ask its owner to add money."
        )
        facts = {"line": line, "free": yuan(line.available), "asked": yuan(asked)}
        super().__init__(text % facts, code="not_enough_money")


class PurposeNotAllowed(RuleViolation):
    def __init__(self, line: Line) -> None:
        text = _("%(line)s may not be used for this purpose. Choose a line that allows it.")
        super().__init__(text % {"line": line}, code="purpose_not_allowed")


class NotDecided(RuleViolation):
    def __init__(self, line: Line, *, decided: int, used: int) -> None:
        text = _(
            "Members or owners have agreed to spend %(decided)s yuan of %(line)s, %(used)s yuan "
            "are used or kept. Record their decision with its minutes first."
        )
        facts = {"line": line, "decided": yuan(decided), "used": yuan(used)}
        super().__init__(text % facts, code="not_decided")


class LineNotValid(RuleViolation):
    def __init__(self, line: Line, *, on: datetime.date) -> None:
        text = _("%(line)s is not valid on %(day)s. Choose a line of this period.")
        facts = {"line": line, "day": date_format(on)}
        super().__init__(text % facts, code="line_not_valid")


class LedgerIsFrozen(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "The ledger failed a check, so nothing new is reserved until it has been looked at. "
            "Tell the audit administrator; everything else goes on."
        )
        super().__init__(text, code="ledger_frozen")


class KeyReused(RuleViolation):
    def __init__(self, posting: Posting) -> None:
        text = _(
            "The key “%(key)s” was already used for something else. "
            "Open the form again, so that it gets a new one."
        )
        super().__init__(text % {"key": posting.key}, code="key_reused")


class NotAPositiveAmount(RuleViolation):
    def __init__(self, amount: int) -> None:
        text = _("The amount must be more than 0.00 yuan, not %(amount)s.")
        super().__init__(text % {"amount": yuan(amount)}, code="not_a_positive_amount")


class NothingOpen(RuleViolation):
    def __init__(self, hold: Hold) -> None:
        text = _(
            "Of the %(amount)s yuan that were reserved nothing is open any more: it was settled or "
            "released before. Load the page again to see what happened."
        )
        super().__init__(text % {"amount": yuan(hold.amount)}, code="nothing_open")


class MoreThanOpen(RuleViolation):
    def __init__(self, hold: Hold, *, asked: int) -> None:
        text = _(
            "%(asked)s yuan is more than the %(open)s yuan reserved. "
            "Have the owner of the line approve a top-up of %(missing)s yuan first."
        )
        facts = {"asked": asked, "open": hold.open, "missing": asked - hold.open}
        super().__init__(
            text % {name: yuan(fen) for name, fen in facts.items()}, code="more_than_open"
        )


class MoreThanPayable(RuleViolation):
    def __init__(self, hold: Hold, *, asked: int) -> None:
        text = _("%(asked)s yuan is more than the %(payable)s yuan owed. Pay at most that.")
        facts = {"asked": yuan(asked), "payable": yuan(hold.payable)}
        super().__init__(text % facts, code="more_than_payable")


class MoreThanPaid(RuleViolation):
    def __init__(self, hold: Hold, *, asked: int) -> None:
        text = _("%(asked)s yuan is more than the %(paid)s yuan that was paid.")
        facts = {"asked": yuan(asked), "paid": yuan(hold.paid)}
        super().__init__(text % facts, code="more_than_paid")


class NotBetweenTheseLines(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "Money moves only between two lines of one source. Choose another line of this source."
        )
        super().__init__(text, code="not_between_these_lines")


class CannotReverse(RuleViolation):
    def __init__(self, posting: Posting) -> None:
        text = _(
            "“%(key)s” cannot be reversed: it was reversed before, or its money has moved on. "
            "Reverse what came after it first."
        )
        super().__init__(text % {"key": posting.key}, code="cannot_reverse")
