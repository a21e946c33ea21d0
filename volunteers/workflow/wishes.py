"""Wishes (微心愿) and who takes them up; help that neighbours offer and ask for. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class WishState(models.TextChoices):
    ASKED = "asked", _("Waits to be looked at")
    RETURNED = "returned", pgettext_lazy("wish", "Returned")
    REFUSED = "refused", pgettext_lazy("wish", "Refused")
    OPEN = "open", _("Waits for somebody")
    TAKEN = "taken", _("Taken up")
    GRANTED = "granted", pgettext_lazy("wish", "Granted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class WishActor(models.TextChoices):
    ASKER = "asker", _("Who asked, or the worker who asked for somebody")
    SCREENER = "screener", _("Worker of the community who did not ask")
    SYSTEM = "system", _("Follows from what was taken up")


WISH_MOVES: dict[str, Move] = {
    "edit": move({WishState.ASKED, WishState.RETURNED}, None, by={WishActor.ASKER}),
    "resubmit": move({WishState.RETURNED}, WishState.ASKED, by={WishActor.ASKER}),
    "publish": move({WishState.ASKED}, WishState.OPEN, by={WishActor.SCREENER}),
    "return": move({WishState.ASKED}, WishState.RETURNED, by={WishActor.SCREENER}),
    "refuse": move({WishState.ASKED}, WishState.REFUSED, by={WishActor.SCREENER}),
    "withdraw": move(
        {WishState.ASKED, WishState.RETURNED, WishState.OPEN},
        WishState.WITHDRAWN,
        by={WishActor.ASKER},
    ),
    "fill": move({WishState.OPEN}, WishState.TAKEN, by={WishActor.SYSTEM}),
    "reopen": move({WishState.TAKEN}, WishState.OPEN, by={WishActor.SYSTEM}),
    "grant": move({WishState.TAKEN}, WishState.GRANTED, by={WishActor.SYSTEM}),
}
WISH_NEEDS_REASON = frozenset({"return", "refuse"})


class TakeState(models.TextChoices):
    TAKEN = "taken", _("Taken up")
    DELIVERED = "delivered", _("Delivered, waits for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("things", "Received")
    GIVEN_BACK = "given_back", _("Given back")
    LAPSED = "lapsed", _("Not done in time")


class TakeActor(models.TextChoices):
    TAKER = "taker", _("Who took it up")
    ASKER = "asker", _("Who asked, or the worker who asked for somebody")
    SCREENER = "screener", _("Worker of the community who did not ask")
    CLOCK = "clock", _("The clock")


# What keeps a piece of the wish from being taken up by another.
KEEPING = frozenset({TakeState.TAKEN, TakeState.DELIVERED, TakeState.CONFIRMED})

TAKE_MOVES: dict[str, Move] = {
    "deliver": move({TakeState.TAKEN}, TakeState.DELIVERED, by={TakeActor.TAKER}),
    "confirm": move({TakeState.DELIVERED}, TakeState.CONFIRMED, by={TakeActor.ASKER}),
    "vouch": move({TakeState.DELIVERED}, TakeState.CONFIRMED, by={TakeActor.SCREENER}),
    "dispute": move({TakeState.DELIVERED}, TakeState.TAKEN, by={TakeActor.ASKER}),
    "give_back": move(
        {TakeState.TAKEN}, TakeState.GIVEN_BACK, by={TakeActor.TAKER, TakeActor.SCREENER}
    ),
    "lapse": move({TakeState.TAKEN}, TakeState.LAPSED, by={TakeActor.CLOCK}),
    "thank": move({TakeState.CONFIRMED}, None, by={TakeActor.ASKER}),
    "tell": move({TakeState.CONFIRMED}, None, by={TakeActor.SCREENER}),
}
TAKE_NEEDS_REASON = frozenset({"dispute", "give_back", "vouch"})


class HelpState(models.TextChoices):
    OPEN = "open", pgettext_lazy("help", "Open")
    ENDED = "ended", pgettext_lazy("help", "Ended")


class HelpActor(models.TextChoices):
    OWNER = "owner", _("Who offers or asks")
    WORKER = "worker", _("Worker of the community")
    CLOCK = "clock", _("The clock")


HELP_MOVES: dict[str, Move] = {
    "end": move({HelpState.OPEN}, HelpState.ENDED, by={HelpActor.OWNER, HelpActor.CLOCK}),
    "take_down": move({HelpState.OPEN}, HelpState.ENDED, by={HelpActor.WORKER}),
}
HELP_NEEDS_REASON = frozenset({"take_down"})


class DealState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", pgettext_lazy("help", "Agreed")
    DONE = "done", _("Done")
    DECLINED = "declined", pgettext_lazy("help", "Declined")
    CALLED_OFF = "called_off", _("Called off")


class DealActor(models.TextChoices):
    OWNER = "owner", _("Who offers or asks")
    OTHER = "other", _("Who answered")
    HELPED = "helped", _("Who was helped")


DEAL_MOVES: dict[str, Move] = {
    "agree": move({DealState.PROPOSED}, DealState.AGREED, by={DealActor.OWNER}),
    "decline": move({DealState.PROPOSED}, DealState.DECLINED, by={DealActor.OWNER}),
    "call_off": move(
        {DealState.PROPOSED, DealState.AGREED},
        DealState.CALLED_OFF,
        by={DealActor.OWNER, DealActor.OTHER},
    ),
    "done": move({DealState.AGREED}, DealState.DONE, by={DealActor.HELPED}),
}
