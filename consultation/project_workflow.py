"""A project call (项目征集) and the ideas that it brings in, as two tables. Data only.

Residents say what they wish and where; the host screens and merges; departments say what it costs
and whether it can be done; then people vote, or a meeting deliberates, under one amount of money.
Nothing of the rules changes once the vote has begun.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class CallState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    COLLECTING = "collecting", _("Ideas are collected")
    SCREENING = "screening", _("Ideas are looked at")
    VOTING = "voting", _("Residents vote")
    DELIBERATING = "deliberating", _("A meeting deliberates")
    DECIDED = "decided", _("Decided")
    CARRIED = "carried", _("Being carried out")
    CANCELLED = "cancelled", _("Cancelled")


class CallActor(models.TextChoices):
    HOST = "host", _("Consultation host")
    CLOCK = "clock", _("The clock")


CALL_MOVES: dict[str, Move] = {
    "edit": move({CallState.DRAFT}, None, by={CallActor.HOST}),
    "publish": move({CallState.DRAFT}, CallState.COLLECTING, by={CallActor.HOST}),
    "close_ideas": move(
        {CallState.COLLECTING}, CallState.SCREENING, by={CallActor.HOST, CallActor.CLOCK}
    ),
    "open_vote": move({CallState.SCREENING}, CallState.VOTING, by={CallActor.HOST}),
    "deliberate": move({CallState.SCREENING}, CallState.DELIBERATING, by={CallActor.HOST}),
    "close_vote": move({CallState.VOTING}, CallState.DECIDED, by={CallActor.HOST, CallActor.CLOCK}),
    "conclude": move({CallState.DELIBERATING}, CallState.DECIDED, by={CallActor.HOST}),
    "commit": move({CallState.DECIDED}, CallState.CARRIED, by={CallActor.HOST}),
    "cancel": move(
        {CallState.DRAFT, CallState.COLLECTING, CallState.SCREENING},
        CallState.CANCELLED,
        by={CallActor.HOST},
    ),
}


class IdeaState(models.TextChoices):
    SUBMITTED = "submitted", _("Waits for a look")
    ADMITTED = "admitted", pgettext_lazy("an idea", "Taken up")
    DESIGNING = "designing", _("A department works it out")
    FEASIBLE = "feasible", _("Can be done")
    INFEASIBLE = "infeasible", _("Cannot be done")
    REFUSED = "refused", _("Not taken up")
    MERGED = "merged", _("Joined with another idea")
    WITHDRAWN = "withdrawn", _("Taken back")
    CHOSEN = "chosen", _("Chosen")
    PASSED_OVER = "passed_over", _("Not chosen")


class IdeaActor(models.TextChoices):
    AUTHOR = "author", _("Who had the idea")
    HOST = "host", _("Consultation host")
    DEPARTMENT = "department", _("Department that works it out")
    COUNT = "count", _("The count")


UNDECIDED = frozenset({IdeaState.SUBMITTED, IdeaState.ADMITTED, IdeaState.DESIGNING})
# Before these, only its author and those who work on it read an idea.
PUBLIC = frozenset(set(IdeaState) - {IdeaState.SUBMITTED, IdeaState.WITHDRAWN})

IDEA_MOVES: dict[str, Move] = {
    "admit": move({IdeaState.SUBMITTED}, IdeaState.ADMITTED, by={IdeaActor.HOST}),
    "refuse": move(
        {IdeaState.SUBMITTED, IdeaState.ADMITTED}, IdeaState.REFUSED, by={IdeaActor.HOST}
    ),
    "merge": move(
        {IdeaState.SUBMITTED, IdeaState.ADMITTED, IdeaState.FEASIBLE},
        IdeaState.MERGED,
        by={IdeaActor.HOST},
    ),
    "ask": move({IdeaState.ADMITTED}, IdeaState.DESIGNING, by={IdeaActor.HOST}),
    "estimate": move({IdeaState.DESIGNING}, IdeaState.FEASIBLE, by={IdeaActor.DEPARTMENT}),
    "rule_out": move({IdeaState.DESIGNING}, IdeaState.INFEASIBLE, by={IdeaActor.DEPARTMENT}),
    "ask_again": move(
        {IdeaState.FEASIBLE, IdeaState.INFEASIBLE}, IdeaState.DESIGNING, by={IdeaActor.HOST}
    ),
    "choose": move({IdeaState.FEASIBLE}, IdeaState.CHOSEN, by={IdeaActor.COUNT}),
    "pass_over": move({IdeaState.FEASIBLE}, IdeaState.PASSED_OVER, by={IdeaActor.COUNT}),
    "withdraw": move(
        {IdeaState.SUBMITTED, IdeaState.ADMITTED}, IdeaState.WITHDRAWN, by={IdeaActor.AUTHOR}
    ),
}
NEEDS_REASON = frozenset({"admit", "refuse", "merge", "estimate", "rule_out", "ask_again"})
