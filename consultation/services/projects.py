"""Everything that may be done with project calls and their ideas, in one place."""

from consultation.services.calls import (
    cancel_call,
    close_ideas,
    close_vote,
    commit_chosen,
    conclude,
    deliberate,
    edit_call,
    make_call,
    move_due_calls,
    open_vote,
    publish_call,
)
from consultation.services.choosing import choose, why_not_vote
from consultation.services.ideas import (
    admit_idea,
    ask_department,
    bring_idea,
    estimate_idea,
    merge_idea,
    refuse_idea,
    rule_out_idea,
    withdraw_idea,
)

__all__ = [
    "admit_idea",
    "ask_department",
    "bring_idea",
    "cancel_call",
    "choose",
    "close_ideas",
    "close_vote",
    "commit_chosen",
    "conclude",
    "deliberate",
    "edit_call",
    "estimate_idea",
    "make_call",
    "merge_idea",
    "move_due_calls",
    "open_vote",
    "publish_call",
    "refuse_idea",
    "rule_out_idea",
    "why_not_vote",
    "withdraw_idea",
]
