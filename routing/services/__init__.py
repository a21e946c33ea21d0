"""Every write to what routing keeps."""

from routing.services.loads import (
    LoadRequest,
    force_load,
    give_back_load,
    give_back_many,
    take_load,
    take_load_many,
)
from routing.services.precedents import record_precedent
from routing.services.rules import (
    change_category,
    change_rule,
    end_rule,
    make_category,
    make_rule,
)

__all__ = [
    "LoadRequest",
    "change_category",
    "change_rule",
    "end_rule",
    "force_load",
    "give_back_load",
    "give_back_many",
    "make_category",
    "make_rule",
    "record_precedent",
    "take_load",
    "take_load_many",
]
