"""Kinds of money and their rules, lines, the ledger's core, and the way from budget to payment."""

from funding.models.applications import Application, ApplicationEvent, ApplicationFile
from funding.models.approvals import Approval, Interest
from funding.models.banking import BankRow, BankStatement, Match
from funding.models.budgets import Budget, BudgetItem, Quota
from funding.models.freezes import LedgerFreeze
from funding.models.instructions import Instruction
from funding.models.ledger import Bucket, Entry, Hold, Kind, Posting
from funding.models.lines import Line, LinePurpose, Purpose, Source, SourcePurpose
from funding.models.payments import BankAccount, Payment, Voucher, VoucherBook
from funding.models.periods import PeriodClose
from funding.models.rules import Ban, Rung, SourceRule

__all__ = [
    "Application",
    "ApplicationEvent",
    "ApplicationFile",
    "Approval",
    "Ban",
    "BankAccount",
    "BankRow",
    "BankStatement",
    "Bucket",
    "Budget",
    "BudgetItem",
    "Entry",
    "Hold",
    "Instruction",
    "Interest",
    "Kind",
    "LedgerFreeze",
    "Line",
    "LinePurpose",
    "Match",
    "Payment",
    "PeriodClose",
    "Posting",
    "Purpose",
    "Quota",
    "Rung",
    "Source",
    "SourcePurpose",
    "SourceRule",
    "Voucher",
    "VoucherBook",
]
