"""Messages about wishes and neighbours' help."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext, gettext_noop

from lib.registry import wordings
from organizations.models import User
from organizations.services import inbox
from volunteers.hours_notifications import holders
from volunteers.models import HelpDeal, Take, Wish
from volunteers.models.wishes import SCREENERS

WISH, TAKE, DEAL = "volunteers.wish", "volunteers.take", "volunteers.deal"
WORDINGS = {
    "wish-asked": gettext_noop("A wish waits to be looked at (%(number)s)."),
    "wish-published": gettext_noop("Your wish is on the list (%(number)s)."),
    "wish-returned": gettext_noop("Your wish needs a correction (%(number)s): %(reason)s"),
    "wish-refused": gettext_noop("Your wish cannot be put on the list (%(number)s): %(reason)s"),
    "wish-taken": gettext_noop("Somebody has taken up your wish (%(number)s)."),
    "wish-delivered": gettext_noop("Your wish was delivered (%(number)s). Please confirm."),
    "wish-given-back": gettext_noop("Your wish is on the list again (%(number)s)."),
    "wish-confirmed": gettext_noop("Received: the wish that you took up (%(number)s). Thank you!"),
    "wish-disputed": gettext_noop("Not received yet: the wish %(number)s. %(reason)s"),
    "wish-lapsed": gettext_noop("The wish %(number)s was not done in time and is free again."),
    "wish-thanked": gettext_noop("Thanks for the wish %(number)s: %(thanks)s"),
    "help-proposed": gettext_noop("Somebody answers “%(title)s”."),
    "help-agreed": gettext_noop("Agreed: “%(title)s”. Make a time with each other."),
    "help-declined": gettext_noop("Not this time: “%(title)s”."),
    "help-called-off": gettext_noop("Called off: “%(title)s”. %(reason)s"),
    "help-done": gettext_noop("Done: “%(title)s”. Thank you!"),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    return gettext(WORDINGS[kind]) % params


def register_wordings() -> None:
    for kind in WORDINGS:
        wordings.register(kind, partial(sentence, kind))


def tell_screeners(wish: Wish, *, at: datetime.datetime) -> None:
    people = [who for who in holders(SCREENERS, wish, at=at) if who.pk != wish.asker_id]
    _send(people, "wish-asked", wish, at)


def tell_asker(wish: Wish, kind: str, *, at: datetime.datetime, about: str = "") -> None:
    _send([wish.asker], kind, wish, at, about=about, reason=wish.reason)


def tell_taker(take: Take, kind: str, *, at: datetime.datetime) -> None:
    words = {"reason": take.reason, "thanks": take.thanks}
    _send([take.taker], kind, take.wish, at, about=f"{take.pk}.{take.version}", **words)


def _send(
    people: Iterable[User],
    kind: str,
    wish: Wish,
    at: datetime.datetime,
    about: str = "",
    **more: str,
) -> None:
    inbox.send(
        to=people,
        key=f"{kind}:{wish.pk}:{about or wish.version}",
        kind=kind,
        at=at,
        params={"number": wish.number, **more},
        subject=(WISH, str(wish.pk)),
    )


def tell_deal(deal: HelpDeal, kind: str, to: User, *, at: datetime.datetime) -> None:
    inbox.send(
        to=[to],
        key=f"{kind}:{deal.pk}:{deal.version}",
        kind=kind,
        at=at,
        params={"title": deal.post.title, "reason": deal.reason},
        subject=(DEAL, str(deal.pk)),
    )
