"""Kinds of money and their rules, lines, the ledger's core, and the way from budget to payment."""

from funding.models.applications import Application, ApplicationEvent, ApplicationFile
from funding.models.approvals import Approval, Interest
from funding.models.banking import BankRow, BankStatement, Match
from funding.models.budgets import Budget, BudgetItem, Quota
from funding.models.collective import (
    CollectiveOffice,
    Decision,
    DistributionPlan,
    Kinship,
    PlanShare,
)
from funding.models.documents import Document
from funding.models.donations import (
    DONATION,
    Donation,
    DonationBook,
    DonationList,
    DonationProject,
    ListedDonation,
    UseReport,
)
from funding.models.freezes import LedgerFreeze
from funding.models.instructions import Instruction
from funding.models.ledger import Bucket, Entry, Hold, Kind, Posting
from funding.models.lines import Line, LinePurpose, Purpose, Source, SourcePurpose
from funding.models.payments import BankAccount, Payment, Voucher, VoucherBook
from funding.models.periods import PeriodClose
from funding.models.proofs import CheckRun, LedgerRoot
from funding.models.questions import Question, QuestionBook
from funding.models.rules import Ban, Rung, SourceRule
from funding.models.standards import PayActual, PayGrade, ServiceActual, ServiceStandard
from funding.models.statements import Statement
from funding.models.totals import CountedLine, MonthTotal

__all__ = [
    "DONATION",
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
    "CheckRun",
    "CollectiveOffice",
    "CountedLine",
    "Decision",
    "DistributionPlan",
    "Document",
    "Donation",
    "DonationBook",
    "DonationList",
    "DonationProject",
    "Entry",
    "Hold",
    "Instruction",
    "Interest",
    "Kind",
    "Kinship",
    "LedgerFreeze",
    "LedgerRoot",
    "Line",
    "LinePurpose",
    "ListedDonation",
    "Match",
    "MonthTotal",
    "PayActual",
    "PayGrade",
    "Payment",
    "PeriodClose",
    "PlanShare",
    "Posting",
    "Purpose",
    "Question",
    "QuestionBook",
    "Quota",
    "Rung",
    "ServiceActual",
    "ServiceStandard",
    "Source",
    "SourcePurpose",
    "SourceRule",
    "Statement",
    "UseReport",
    "Voucher",
    "VoucherBook",
]
