"""Every write to money, lines and what they may be used for.

All are atomic and join an outer transaction. `key` is made by the caller: the same key again
changes nothing and answers as before; with another content it is refused (KeyReused).
"""

from funding.services.auditing import audit
from funding.services.freezing import freeze, lift
from funding.services.lines import allow_purposes, change_line, end_line, make_line
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

__all__ = [
    "CannotReverse",
    "HoldRequest",
    "KeyReused",
    "LedgerIsFrozen",
    "LineNotValid",
    "MoreThanOpen",
    "MoreThanPayable",
    "NotAPositiveAmount",
    "NotBetweenTheseLines",
    "NotEnoughMoney",
    "NothingOpen",
    "PurposeNotAllowed",
    "ReserveRequest",
    "allow_purposes",
    "audit",
    "change_line",
    "end_line",
    "expire_holds",
    "freeze",
    "lift",
    "load_reference",
    "make_line",
    "pay",
    "pay_many",
    "receive",
    "release",
    "release_many",
    "reserve",
    "reserve_many",
    "reverse",
    "settle",
    "settle_many",
    "settle_part",
    "top_up",
    "transfer",
]
