"""Everything that people do here, one function each."""

from volunteers.services.time_bank import (
    bodies_without_pool,
    deposit,
    fit_accounts,
    give,
    keeps,
    lapse_due,
    open_account,
    open_pool,
    pay,
    reverse,
    rule_on,
)
from volunteers.services.time_reference import load_time_rules
from volunteers.services.time_refusals import (
    AlreadyReversed,
    MoreThanGifts,
    NoRoom,
    NotAPositiveTime,
    NotEnoughTime,
    NoTimeRule,
    NotToOneself,
    TimeKeyReused,
)

__all__ = [
    "AlreadyReversed",
    "MoreThanGifts",
    "NoRoom",
    "NoTimeRule",
    "NotAPositiveTime",
    "NotEnoughTime",
    "NotToOneself",
    "TimeKeyReused",
    "bodies_without_pool",
    "deposit",
    "fit_accounts",
    "give",
    "keeps",
    "lapse_due",
    "load_time_rules",
    "open_account",
    "open_pool",
    "pay",
    "reverse",
    "rule_on",
]
