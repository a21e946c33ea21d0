"""Wishes: asked, looked at by a worker, put on the list in words that name nobody."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.locate import Place
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.moving import moved
from lib.roles import Role
from organizations.models import User
from volunteers import wish_notifications as notifications
from volunteers.models import Wish
from volunteers.models.places import reaches
from volunteers.models.wishes import FORGOTTEN, SCREENERS
from volunteers.services.ways import WISH

AT_ONCE = 500
# A worker asks for somebody who cannot; a resident asks for himself.
ASKERS = SCREENERS | {Role.GRID_WORKER}


class NamesSomebody(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "The public wording still holds a name, telephone number or address. "
            "Write it so that nobody can be recognised."
        )
        super().__init__(text, code="names_somebody")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wished; `amount` in fen for one piece."""

    kind: str
    title: str
    text: str
    amount: int
    needed_by: datetime.date
    quantity: int = 1
    is_private: bool = False
    tell: str = Wish.Tell.STORY
    for_name: str = ""
    for_phone: str = ""

    @property
    def on_behalf(self) -> bool:
        return bool(self.for_name.strip())

    def columns(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title.strip(),
            "text": self.text.strip(),
            "amount": self.amount,
            "needed_by": self.needed_by,
            "quantity": self.quantity,
            "is_private": self.is_private,
            "tell": self.tell,
            "on_behalf": self.on_behalf,
            "for_name": self.for_name.strip(),
            "for_phone": self.for_phone.strip() if self.on_behalf else "",
        }

    def check(self, *, on: datetime.date) -> None:
        """Raises RuleViolation."""
        if self.amount <= 0 or self.quantity < 1:
            raise RuleViolation(_("Say how many, and what one is worth."), code="no_amount")
        if self.needed_by <= on:
            raise RuleViolation(_("Choose a day that is still to come."), code="in_the_past")
        if not self.title.strip() or not self.text.strip():
            raise RuleViolation(_("Say what is wished, and why."), code="no_words")


@transaction.atomic
def ask(asked: Asked, place: Place, *, by: User, at: datetime.datetime) -> Wish:
    """A wish of a resident, or of somebody for whom a worker of the place asks.

    Raises NotYours, RuleViolation.
    """
    asked.check(on=localdate(at))
    wish = Wish(  # type: ignore[misc]  # a community lies in a town
        town_id=place.town_id, community_id=place.community_id, grid_id=place.grid_id, asker=by,
        asked_at=at, **asked.columns(),
    )  # fmt: skip
    if asked.on_behalf and not reaches(by, ASKERS, wish, on=localdate(at)):
        raise NotYours(_("Only workers of the community ask for somebody else."))
    done = WISH.start(wish, "ask", by=by, at=at)
    notifications.tell_screeners(done, at=at)
    return done


@transaction.atomic
def edit(wish: Wish, asked: Asked, *, by: User, at: datetime.datetime) -> Wish:
    """Other words, before it is on the list. Raises NotYours, WrongState, RuleViolation."""
    asked.check(on=localdate(at))
    locked = WISH.begin(wish, "edit", by=by, at=at)
    if asked.on_behalf != locked.on_behalf:
        raise RuleViolation(_("For whom a wish is stays as it was asked."), code="for_whom")
    return WISH.finish(locked, "edit", by=by, at=at, **asked.columns())


@transaction.atomic
def resubmit(wish: Wish, *, by: User, at: datetime.datetime) -> Wish:
    done = WISH.finish(WISH.begin(wish, "resubmit", by=by, at=at), "resubmit", by=by, at=at)
    notifications.tell_screeners(done, at=at)
    return done


@transaction.atomic
def publish(wish: Wish, *, title: str, text: str, by: User, at: datetime.datetime) -> Wish:
    """On the list, or offered privately, in the worker's words. Who asked does not look at it.

    Raises NotYours, WrongState, NamesSomebody, RuleViolation.
    """
    locked = WISH.begin(wish, "publish", by=by, at=at)
    words: dict[str, Any] = {"public_title": title.strip(), "public_text": text.strip()}
    if not words["public_title"]:
        raise RuleViolation(_("Write the public wording."), code="no_words")
    _check_names(locked, words.values())
    done = WISH.finish(
        locked, "publish", by=by, at=at, screened_by=by, screened_at=at, reason="", **words
    )
    notifications.tell_asker(done, "wish-published", at=at)
    return done


def _check_names(wish: Wish, texts: Any) -> None:
    asker = [wish.asker.full_name, wish.asker.full_name_en] if not wish.on_behalf else []
    names = [name for name in (wish.for_name, *asker) if len(name) > 1]
    for text in texts:
        if mask_text(text, names) != text:
            raise NamesSomebody


@transaction.atomic
def send_back(wish: Wish, *, reason: str, by: User, at: datetime.datetime) -> Wish:
    done = moved(WISH, wish, "return", by=by, at=at, reason=reason)
    notifications.tell_asker(done, "wish-returned", at=at)
    return done


@transaction.atomic
def refuse_wish(wish: Wish, *, reason: str, by: User, at: datetime.datetime) -> Wish:
    done = moved(WISH, wish, "refuse", by=by, at=at, reason=reason)
    notifications.tell_asker(done, "wish-refused", at=at)
    return done


@transaction.atomic
def withdraw_wish(wish: Wish, *, by: User, at: datetime.datetime) -> Wish:
    """Raises WrongState where somebody has taken up a piece."""
    locked = WISH.begin(wish, "withdraw", by=by, at=at)
    if locked.taken:
        raise WrongState(_("Somebody has taken up this wish already. Talk to each other first."))
    return WISH.finish(locked, "withdraw", by=by, at=at)


# -- The clock ----------------------------------------------------------------------------------


def forget_names(*, at: datetime.datetime) -> int:
    """Words, names and numbers of wishes that ended half a year ago go; how many wishes.

    The public wording stays.
    """
    keys = list(Wish.objects.to_forget(at).values_list("pk", flat=True)[:AT_ONCE])
    rows = Wish.objects.filter(pk__in=keys)
    rows.filter(on_behalf=True).update(for_name=FORGOTTEN, for_phone="")
    return rows.update(title="", text="", reason="")
