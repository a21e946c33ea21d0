"""States and moves of visits and of what is found on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class VisitState(models.TextChoices):
    MADE = "made", pgettext_lazy("visit", "Made")
    VOID = "void", _("Void")


class FindingState(models.TextChoices):
    OPEN = "open", _("To be decided")
    WAITING = "waiting", _("Becomes a case")
    CASE = "case", _("Became a case")
    RESOLVED = "resolved", _("Settled on the spot")
    DROPPED = "dropped", _("Not pursued")


class Actor(models.TextChoices):
    VISITOR = "visitor", _("Who made the visit")
    COMMUNITY = "community", _("Worker of the community")


VISIT_MOVES: dict[str, Move] = {
    "correct": move({VisitState.MADE}, None, by={Actor.VISITOR, Actor.COMMUNITY}),
    "amend": move({VisitState.MADE}, None, by={Actor.VISITOR, Actor.COMMUNITY}),
    "void": move({VisitState.MADE}, VisitState.VOID, by={Actor.COMMUNITY}),
}
UNDECIDED = frozenset({FindingState.OPEN, FindingState.WAITING})
BOTH = frozenset({Actor.VISITOR, Actor.COMMUNITY})
FINDING_MOVES: dict[str, Move] = {
    "hand_over": move({FindingState.OPEN}, FindingState.WAITING, by=BOTH),
    "give_back": move({FindingState.WAITING}, FindingState.OPEN, by={Actor.VISITOR}),
    "claim": move(UNDECIDED, FindingState.CASE, by=BOTH),
    "resolve": move(UNDECIDED, FindingState.RESOLVED, by=BOTH),
    "drop": move({FindingState.OPEN}, FindingState.DROPPED, by=BOTH),
}
