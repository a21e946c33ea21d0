"""Every write to money: lines, the ledger, and the way from budget to payment.

All are atomic and join an outer transaction. `key` is made by the caller: the same key again
changes nothing and answers as before; with another content it is refused (KeyReused).
"""

from funding.services.applying import MoreThanOwed, NoLadder, draft, edit, submit, withdraw
from funding.services.approving import approve, check, refuse, send_back
from funding.services.attaching import attach, detach
from funding.services.auditing import audit
from funding.services.bank_files import BadStatement, payment_file, read_statement
from funding.services.banking import (
    AlreadyMatched,
    bring_in,
    match_payment,
    match_receipt,
    receipts_like,
    suggestions,
    undo_match,
)
from funding.services.budgeting import (
    LessThanReleased,
    approve_budget,
    change_budget,
    draft_budget,
    refuse_budget,
    submit_budget,
)
from funding.services.closing import CannotClose, close_month, month_to_close
from funding.services.counting import count_entries
from funding.services.deciding import (
    Distribution,
    NotPassed,
    OfficesConflict,
    appoint,
    approve_plan,
    change_office,
    declare_relatives,
    draft_plan,
    pay_shares,
    record_decision,
)
from funding.services.declaring import declare, end_interest
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
from funding.services.entrusting import entrust
from funding.services.freezing import freeze, lift
from funding.services.instructing import (
    CannotCarry,
    MoreThanQuota,
    carry_out,
    instruct,
    may_carry,
    turn_down,
)
from funding.services.lines import allow_purposes, change_line, end_line, make_line
from funding.services.paying import (
    MoreThanApproved,
    confirm,
    fail,
    finish_early,
    order,
    return_unpaid,
)
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
    MoreThanPaid,
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
    drop,
    expire_holds,
    pay,
    pay_many,
    refund,
    release,
    release_many,
    settle,
    settle_many,
    settle_part,
)
from funding.services.reversing import reverse
from funding.services.standards import Paid, check_actual, enter_pay, enter_service

__all__ = [
    "AlreadyMatched",
    "BadStatement",
    "CannotCarry",
    "CannotClose",
    "CannotReverse",
    "Distribution",
    "Gift",
    "HoldRequest",
    "KeyReused",
    "LedgerIsFrozen",
    "LessThanReleased",
    "LineNotValid",
    "MoreThanApproved",
    "MoreThanOpen",
    "MoreThanOwed",
    "MoreThanPaid",
    "MoreThanPayable",
    "MoreThanQuota",
    "NoLadder",
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
    "approve",
    "approve_budget",
    "approve_plan",
    "ask",
    "attach",
    "audit",
    "bring_in",
    "carry_out",
    "change_budget",
    "change_line",
    "change_office",
    "check",
    "check_actual",
    "close_month",
    "confirm",
    "confirm_donation",
    "correct_statement",
    "count_entries",
    "declare",
    "declare_relatives",
    "decline_question",
    "detach",
    "draft",
    "draft_budget",
    "draft_plan",
    "drop",
    "due_reports",
    "edit",
    "end_interest",
    "end_line",
    "enter_pay",
    "enter_service",
    "entrust",
    "expire_holds",
    "fail",
    "finish_early",
    "freeze",
    "hide_donor",
    "instruct",
    "keep_document",
    "lift",
    "load_reference",
    "make_ledger_root",
    "make_line",
    "make_project",
    "match_payment",
    "match_receipt",
    "may_carry",
    "month_to_close",
    "order",
    "pay",
    "pay_many",
    "pay_shares",
    "payment_file",
    "proposed_wording",
    "publish_due",
    "publish_statement",
    "read_statement",
    "receipts_like",
    "receive",
    "record_decision",
    "record_donation",
    "refund",
    "refuse",
    "refuse_budget",
    "refuse_donation",
    "release",
    "release_many",
    "release_question",
    "report_use",
    "reserve",
    "reserve_many",
    "return_unpaid",
    "reverse",
    "send_back",
    "settle",
    "settle_many",
    "settle_part",
    "submit",
    "submit_budget",
    "suggestions",
    "top_up",
    "transfer",
    "turn_down",
    "undo_match",
    "withdraw",
]
