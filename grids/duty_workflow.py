"""Leave and swaps of a team: states and moves, data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import move


class Actor(models.TextChoices):
    ASKER = "asker", _("Who asks")
    COLLEAGUE = "colleague", _("The colleague")
    HEAD = "head", _("Head of the body")
    HOUSE = "house", _("The house itself")


ASKER, COLLEAGUE, HEAD, HOUSE = Actor.ASKER, Actor.COLLEAGUE, Actor.HEAD, Actor.HOUSE


class LeaveState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("leave", "Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SwapState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("swap", "Asked")
    AGREED = "agreed", _("Agreed by the colleague")
    DONE = "done", _("Swapped")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A swap lapses when another one has given one of its shifts to somebody else.
# An approved leave that has not ended may be withdrawn: whoever comes back early is there again.
LEAVE_MOVES = {
    "approve": move({LeaveState.PENDING}, LeaveState.APPROVED, by={HEAD}),
    "refuse": move({LeaveState.PENDING}, LeaveState.REFUSED, by={HEAD}),
    "withdraw": move({LeaveState.PENDING, LeaveState.APPROVED}, LeaveState.WITHDRAWN, by={ASKER}),
}
SWAP_MOVES = {
    "agree": move({SwapState.PENDING}, SwapState.AGREED, by={COLLEAGUE}),
    "decline": move({SwapState.PENDING}, SwapState.REFUSED, by={COLLEAGUE}),
    "approve": move({SwapState.AGREED}, SwapState.DONE, by={HEAD}),
    "refuse": move({SwapState.AGREED}, SwapState.REFUSED, by={HEAD}),
    "withdraw": move({SwapState.PENDING, SwapState.AGREED}, SwapState.WITHDRAWN, by={ASKER}),
    "lapse": move({SwapState.PENDING, SwapState.AGREED}, SwapState.WITHDRAWN, by={HOUSE}),
}
