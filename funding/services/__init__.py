"""Every write to money, lines and what they may be used for.

All are atomic and join an outer transaction. `key` is made by the caller: the same key again
changes nothing and answers as before; with another content it is refused (KeyReused).
"""

from funding.services.auditing import audit
from funding.services.counting import count_entries
from funding.services.deciding import (
    Distribution,
    NotPassed,
    OfficesConflict,
    appoint,
    approve_plan,
    declare_relatives,
    draft_plan,
    pay_shares,
    record_decision,
)
from funding.services.disclosing import due_reports, make_project, report_use
from funding.services.documents import keep_document
from funding.services.donating import (
    Gift,
    NotADonationLine,
    NotForThisWish,
    confirm_donation,
    hide_donor,
    record_donation,
    refuse_donation,
)
from funding.services.freezing import freeze, lift
from funding.services.lines import allow_purposes, change_line, end_line, make_line
from funding.services.proving import make_ledger_root
from funding.services.publishing import (
    NothingToCorrect,
    correct_statement,
    publish_due,
    publish_statement,
)
from funding.services.questioning import (
    answer_question,
    ask,
    decline_question,
    proposed_wording,
    release_question,
)
from funding.services.receiving import receive, transfer
from funding.services.reference import load_reference
from funding.services.refusals import (
    CannotReverse,
    KeyReused,
    LedgerIsFrozen,
    LineNotValid,
    MoreThanOpen,
    MoreThanPayable,
    NotAPositiveAmount,
    NotBetweenTheseLines,
    NotDecided,
    NotEnoughMoney,
    NothingOpen,
    PurposeNotAllowed,
)
from funding.services.reserving import ReserveRequest, reserve, reserve_many, top_up
from funding.services.resolving import (
    HoldRequest,
    expire_holds,
    pay,
    pay_many,
    release,
    release_many,
    settle,
    settle_many,
    settle_part,
)
from funding.services.reversing import reverse
from funding.services.standards import Paid, check_actual, enter_pay, enter_service

__all__ = [
    "CannotReverse",
    "Distribution",
    "Gift",
    "HoldRequest",
    "KeyReused",
    "LedgerIsFrozen",
    "LineNotValid",
    "MoreThanOpen",
    "MoreThanPayable",
    "NotADonationLine",
    "NotAPositiveAmount",
    "NotBetweenTheseLines",
    "NotDecided",
    "NotEnoughMoney",
    "NotForThisWish",
    "NotPassed",
    "NothingOpen",
    "NothingToCorrect",
    "OfficesConflict",
    "Paid",
    "PurposeNotAllowed",
    "ReserveRequest",
    "allow_purposes",
    "answer_question",
    "appoint",
    "approve_plan",
    "ask",
    "audit",
    "change_line",
    "check_actual",
    "confirm_donation",
    "correct_statement",
    "count_entries",
    "declare_relatives",
    "decline_question",
    "draft_plan",
    "due_reports",
    "end_line",
    "enter_pay",
    "enter_service",
    "expire_holds",
    "freeze",
    "hide_donor",
    "keep_document",
    "lift",
    "load_reference",
    "make_ledger_root",
    "make_line",
    "make_project",
    "pay",
    "pay_many",
    "pay_shares",
    "proposed_wording",
    "publish_due",
    "publish_statement",
    "receive",
    "record_decision",
    "record_donation",
    "refuse_donation",
    "release",
    "release_many",
    "release_question",
    "report_use",
    "reserve",
    "reserve_many",
    "reverse",
    "settle",
    "settle_many",
    "settle_part",
    "top_up",
    "transfer",
]
