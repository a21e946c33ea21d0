"""Neighbours' help: offered, asked for, agreed on, done; settled in the time bank if both wish."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.locate import Place
from lib.errors import NotYours, RuleViolation, WrongState
from lib.moving import moved
from organizations.models import User
from volunteers import wish_notifications as notifications
from volunteers.models import HelpDeal, HelpPost, TimeAccount, TimeTransfer
from volunteers.services import time_bank
from volunteers.services.ways import DEAL, HELP
from volunteers.workflow.wishes import HelpState

SUBJECT = "volunteers.deal"


class NoAccount(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "To settle in the time bank both need an account there. "
            "Open one, or agree to settle nothing."
        )
        super().__init__(text, code="no_account")


@transaction.atomic
def post_help(place: Place, *, by: User, at: datetime.datetime, **columns: Any) -> HelpPost:
    """An offer or a request in the person's own community. Raises RuleViolation."""
    row = HelpPost(  # type: ignore[misc]  # a community lies in a town
        person=by, at=at, town_id=place.town_id, community_id=place.community_id,
        grid_id=place.grid_id, **columns,
    )  # fmt: skip
    if row.until <= localdate(at):
        raise RuleViolation(_("Choose a day that is still to come."), code="in_the_past")
    if row.minutes < 1:
        raise RuleViolation(_("Say how long it takes."), code="no_minutes")
    return HELP.start(row, "post", by=by, at=at)


@transaction.atomic
def end_help(post: HelpPost, *, by: User, at: datetime.datetime) -> HelpPost:
    return HELP.finish(HELP.begin(post, "end", by=by, at=at), "end", by=by, at=at)


@transaction.atomic
def take_down(post: HelpPost, *, reason: str, by: User, at: datetime.datetime) -> HelpPost:
    """A worker takes down what does not belong here. Raises NotYours, RuleViolation."""
    return moved(HELP, post, "take_down", by=by, at=at, reason=reason)


@transaction.atomic
def answer_help(
    post: HelpPost,
    *,
    minutes: int,
    settles: bool,
    words: str,
    by: User,
    at: datetime.datetime,
) -> HelpDeal:
    """Somebody answers. Settled in the time bank only if both wish it. Raises RuleViolation."""
    locked = HelpPost.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if locked.state != HelpState.OPEN or locked.until < localdate(at):
        raise WrongState(_("This is not open any more."))
    if locked.person_id == by.pk:
        raise NotYours(_("Nobody answers himself."))
    if minutes < 1:
        raise RuleViolation(_("Say how long it takes."), code="no_minutes")
    if locked.deals.filter(person=by, state__in=["proposed", "agreed"]).exists():
        raise RuleViolation(_("You have answered already."), code="answered")
    row = HelpDeal(
        post=locked, person=by, minutes=minutes, settles=settles and locked.settles,
        words=words.strip()[:300], at=at,
    )  # fmt: skip
    done = DEAL.start(row, "propose", by=by, at=at, minutes=minutes)
    notifications.tell_deal(done, "help-proposed", locked.person, at=at)
    return done


@transaction.atomic
def agree(deal: HelpDeal, *, by: User, at: datetime.datetime) -> HelpDeal:
    """Raises NotYours, WrongState, NoAccount."""
    locked = DEAL.begin(deal, "agree", by=by, at=at)
    if locked.settles:
        _accounts(locked)
    done = DEAL.finish(locked, "agree", by=by, at=at)
    notifications.tell_deal(done, "help-agreed", done.person, at=at)
    return done


def _accounts(deal: HelpDeal) -> tuple[TimeAccount, TimeAccount]:
    """Of who was helped, and of who helped. Raises NoAccount."""
    people = (deal.helped.pk, deal.helper.pk)
    found = {row.person_id: row for row in TimeAccount.objects.filter(person__in=people)}
    if len(found) != 2:
        raise NoAccount
    return found[people[0]], found[people[1]]


@transaction.atomic
def decline_help(deal: HelpDeal, *, by: User, at: datetime.datetime) -> HelpDeal:
    done = moved(DEAL, deal, "decline", by=by, at=at)
    notifications.tell_deal(done, "help-declined", done.person, at=at)
    return done


@transaction.atomic
def call_off(deal: HelpDeal, *, reason: str, by: User, at: datetime.datetime) -> HelpDeal:
    done = moved(DEAL, deal, "call_off", by=by, at=at, reason=reason)
    other = done.person if by.pk == done.post.person_id else done.post.person
    notifications.tell_deal(done, "help-called-off", other, at=at)
    return done


@transaction.atomic
def finish_help(deal: HelpDeal, *, by: User, at: datetime.datetime) -> HelpDeal:
    """Who was helped says that it is done, and pays the minutes if both settle.

    Raises NotYours, WrongState, NoAccount, NotEnoughTime, NoRoom.
    """
    locked = DEAL.begin(deal, "done", by=by, at=at)
    transfer = _settled(locked, by=by, at=at) if locked.settles else None
    done = DEAL.finish(locked, "done", by=by, at=at, transfer=transfer)
    notifications.tell_deal(done, "help-done", done.helper, at=at)
    return done


def _settled(deal: HelpDeal, *, by: User, at: datetime.datetime) -> TimeTransfer:
    """Without the post's words: a transfer is never changed, so nothing in it could be erased."""
    source, target = _accounts(deal)
    return time_bank.pay(
        source, target, minutes=deal.minutes, key=f"deal:{deal.pk}", by=by, at=at,
        subject=(SUBJECT, str(deal.pk)),
    )  # fmt: skip


def end_lapsed(*, by: User, at: datetime.datetime) -> int:
    """Offers and requests whose day has passed; how many."""
    count = 0
    for post in HelpPost.objects.lapsing(localdate(at)).order_by("pk"):
        with transaction.atomic():
            fresh = HelpPost.objects.select_for_update(of=("self",)).get(pk=post.pk)
            if fresh.state == HelpState.OPEN:
                HELP.finish(fresh, "end", by=by, at=at)
                count += 1
    return count
