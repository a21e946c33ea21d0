"""Taking up a wish: one taker for each piece, delivered, confirmed, thanked, told; or free again.

The wish is locked first, then its takes. Triggers count pieces, a CHECK keeps them within the wish.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.moving import moved
from organizations.models import Body, User
from volunteers import wish_notifications as notifications
from volunteers.models import DoubleReport, Organisation, ReportTask, Take, TakeGood, Wish
from volunteers.services import actors
from volunteers.services.ways import TAKE, TASK, WISH
from volunteers.workflow.organisations import ReportState, TaskState
from volunteers.workflow.wishes import TakeState, WishState

DAYS = 14
SUBJECT = "volunteers.wish"


class TakenAlready(RuleViolation):
    def __init__(self, free: int) -> None:
        text = _("So many are not free any more: %(free)s are left. Thank you all the same!")
        super().__init__(text % {"free": free}, code="taken_already")


@dataclass(frozen=True, slots=True)
class For:
    """For whom somebody takes up a wish; all None: for himself."""

    organisation: Organisation | None = None
    report: DoubleReport | None = None
    body: Body | None = None

    def check(self, by: User, wish: Wish, *, at: datetime.datetime) -> None:
        """Raises NotYours."""
        if self.organisation and not actors.leads(by, self.organisation, at=at):
            raise NotYours(_("Only who acts for the organisation takes up wishes for it."))
        if self.report and not _has_reported(self.report, by, wish):
            raise NotYours(_("Report to this community first; then take up its wishes."))
        if self.body and not actors.looks_after(by, wish, at=at):
            raise NotYours(_("Only workers of the community grant a wish from its own money."))


def _has_reported(report: DoubleReport, by: User, wish: Wish) -> bool:
    mine = DoubleReport.objects.of(by).filter(pk=report.pk, state=ReportState.ACCEPTED)
    return mine.exists() and report.community_id == wish.community_id


@dataclass(frozen=True, slots=True)
class Good:
    """A thing that was brought; `value` in fen for all of it."""

    name: str
    quantity: int
    value: int


@transaction.atomic
def take_up(wish: Wish, whom: For, *, quantity: int, by: User, at: datetime.datetime) -> Take:
    """`quantity` pieces, to be done within two weeks or by the day of the wish.

    Raises NotYours, WrongState, TakenAlready, RuleViolation.
    """
    locked = _locked(wish)
    whom.check(by, locked, at=at)
    _check_take(locked, quantity, by, on=localdate(at))
    due = min(at + datetime.timedelta(days=DAYS), _end_of(locked.needed_by, at))
    row = Take(
        wish=locked, quantity=quantity, taker=by, organisation=whom.organisation,
        report=whom.report, body=whom.body, at=at, due_at=due,
    )  # fmt: skip
    done = TAKE.start(row, "take", by=by, at=at, quantity=quantity)
    _after(locked, at=at)
    if whom.report:
        _note_task(done, by=by, at=at)
    notifications.tell_asker(locked, "wish-taken", at=at, about=str(done.pk))
    return done


def _locked(wish: Wish) -> Wish:
    return Wish.objects.select_for_update(of=("self",)).select_related("asker").get(pk=wish.pk)


def _check_take(wish: Wish, quantity: int, by: User, *, on: datetime.date) -> None:
    if wish.state == WishState.TAKEN:
        raise TakenAlready(0)
    if not Wish.objects.for_takers(by, on=on).filter(pk=wish.pk).exists():
        raise WrongState(_("This wish is not on the list."))
    if wish.asker_id == by.pk and not wish.on_behalf:
        raise NotYours(_("Nobody takes up his own wish."))
    if quantity < 1:
        raise RuleViolation(_("Take up at least one."), code="no_quantity")
    if quantity > wish.free:
        raise TakenAlready(wish.free)
    if wish.takes.filter(taker=by, state__in=[TakeState.TAKEN, TakeState.DELIVERED]).exists():
        raise RuleViolation(_("You have taken up this wish already."), code="yours_already")


def _end_of(day: datetime.date, at: datetime.datetime) -> datetime.datetime:
    """The end of that day; not before tomorrow, so that there is time at all."""
    end = make_aware(datetime.datetime.combine(day, datetime.time(23, 59)))
    return max(end, at + datetime.timedelta(days=1))


def _after(wish: Wish, *, at: datetime.datetime) -> None:
    """What follows for the wish from its pieces."""
    wish.refresh_from_db(fields=["taken", "received"])
    system = User.objects.system()
    if wish.state == WishState.OPEN and wish.taken == wish.quantity:
        wish = WISH.finish(wish, "fill", by=system, at=at)
    if wish.state == WishState.TAKEN and wish.received == wish.quantity:
        WISH.finish(wish, "grant", by=system, at=at)


def _note_task(take: Take, *, by: User, at: datetime.datetime) -> None:
    """双报到: a wish is one of the tasks of who has reported."""
    known = ReportTask.objects.filter(
        report=take.report, subject_kind=SUBJECT, subject_key=str(take.wish_id)
    ).first()
    if known is not None:
        return
    row = ReportTask(
        report=take.report,
        title=take.wish.public_title,
        subject_kind=SUBJECT,
        subject_key=str(take.wish_id),
        people=1,
        taken_at=at,
    )
    TASK.start(row, "take", by=by, at=at)


@transaction.atomic
def deliver(
    take: Take, *, note: str, goods: Sequence[Good] = (), by: User, at: datetime.datetime
) -> Take:
    """Brought or done. Things are listed with their value; money must have been paid.

    Raises NotYours, WrongState, RuleViolation.
    """
    _locked(take.wish)
    locked = TAKE.begin(take, "deliver", by=by, at=at)
    _check_delivery(locked, goods)
    TakeGood.objects.bulk_create(
        [TakeGood(take=locked, name=g.name, quantity=g.quantity, value=g.value) for g in goods]
    )
    done = TAKE.finish(
        locked, "deliver", by=by, at=at, note=note.strip()[:300], delivered_at=at, reason=""
    )
    notifications.tell_asker(done.wish, "wish-delivered", at=at, about=f"{done.pk}.{done.version}")
    return done


def _check_delivery(take: Take, goods: Sequence[Good]) -> None:
    if take.wish.kind == Wish.Kind.GOODS and not goods and not take.goods.exists():
        raise RuleViolation(_("List what was brought, with its value."), code="no_goods")
    if take.wish.kind == Wish.Kind.MONEY and not _is_paid(take):
        raise RuleViolation(
            _("The money has not been paid yet: it goes through the community's books."),
            code="not_paid",
        )


def _is_paid(take: Take) -> bool:
    return take.hold is not None and take.hold.paid > 0 and not take.hold.open


@transaction.atomic
def confirm_receipt(take: Take, *, by: User, at: datetime.datetime) -> Take:
    """The asker has it, or the worker who asked has seen it. Raises NotYours, WrongState."""
    return _received(take, "confirm", by=by, at=at)


@transaction.atomic
def vouch_receipt(take: Take, *, reason: str, by: User, at: datetime.datetime) -> Take:
    """A worker has asked the silent asker, or seen it: `reason` says which.

    Raises NotYours, WrongState, RuleViolation (no reason; the asker still has time).
    """
    fresh = Take.objects.get(pk=take.pk)
    if fresh.state == TakeState.DELIVERED and not fresh.is_unanswered(at):
        text = _("Give whoever asked a week to confirm it themselves.")
        raise RuleViolation(text, code="too_early")
    return _received(take, "vouch", by=by, at=at, reason=reason)


def _received(take: Take, name: str, *, by: User, at: datetime.datetime, reason: str = "") -> Take:
    wish = _locked(take.wish)
    locked = TAKE.begin(take, name, by=by, at=at, reason=reason)
    done = TAKE.finish(locked, name, by=by, at=at, reason=reason.strip()[:300])
    _after(wish, at=at)
    _confirm_task(done, at=at)
    notifications.tell_taker(done, "wish-confirmed", at=at)
    return done


def _confirm_task(take: Take, *, at: datetime.datetime) -> None:
    """Who asked has confirmed it, so the community need not."""
    tasks = ReportTask.objects.filter(
        report=take.report, subject_kind=SUBJECT, subject_key=str(take.wish_id)
    )
    system = User.objects.system()
    for task in tasks.filter(state=TaskState.TAKEN).select_for_update(of=("self",)):
        task.done_at, task.result = at, take.note
        task.state = TaskState.CONFIRMED
        TASK.record(task, "confirm", before=TaskState.TAKEN, by=system, at=at)
        task.save(update_fields=["done_at", "result", "state", "version", "head"])


@transaction.atomic
def dispute(take: Take, *, reason: str, by: User, at: datetime.datetime) -> Take:
    """It did not arrive. Raises NotYours, WrongState, RuleViolation (no reason)."""
    done = moved(TAKE, take, "dispute", by=by, at=at, reason=reason)
    notifications.tell_taker(done, "wish-disputed", at=at)
    return done


@transaction.atomic
def give_back(take: Take, *, reason: str, by: User, at: datetime.datetime) -> Take:
    """It cannot be done after all: on the list again. Raises NotYours, WrongState."""
    done = _freed(take, "give_back", reason=reason, by=by, at=at)
    notifications.tell_asker(done.wish, "wish-given-back", at=at, about=str(done.pk))
    return done


def _freed(take: Take, name: str, *, reason: str, by: User, at: datetime.datetime) -> Take:
    wish = _locked(take.wish)
    locked = TAKE.begin(take, name, by=by, at=at, reason=reason)
    if locked.hold is not None and (locked.hold.open or locked.hold.payable):
        raise WrongState(_("Money is kept for this wish. Have it released first."))
    if wish.state == WishState.TAKEN:
        WISH.finish(wish, "reopen", by=User.objects.system(), at=at)
    return TAKE.finish(locked, name, by=by, at=at, reason=reason.strip()[:300])


def lapse_overdue(*, by: User, at: datetime.datetime) -> int:
    """What was not done in time is on the list again; how many."""
    count = 0
    for take in Take.objects.overdue(at).select_related("wish").order_by("pk"):
        count += _lapse(take, by=by, at=at)
    return count


@transaction.atomic
def _lapse(take: Take, *, by: User, at: datetime.datetime) -> bool:
    _locked(take.wish)
    fresh = Take.objects.select_for_update(of=("self",)).select_related("hold").get(pk=take.pk)
    kept = fresh.hold is not None and (fresh.hold.open or fresh.hold.payable)
    if fresh.state != TakeState.TAKEN or fresh.due_at > at or kept:
        return False
    done = _freed(fresh, "lapse", reason="", by=by, at=at)
    notifications.tell_taker(done, "wish-lapsed", at=at)
    notifications.tell_asker(done.wish, "wish-given-back", at=at, about=str(done.pk))
    return True


@transaction.atomic
def thank(take: Take, *, words: str, by: User, at: datetime.datetime) -> Take:
    """The asker thanks, until it is told in public. Raises NotYours, WrongState, RuleViolation."""
    if not words.strip():
        raise RuleViolation(_("Write a word of thanks."), code="no_words")
    locked = TAKE.begin(take, "thank", by=by, at=at)
    if locked.told_at is not None:
        raise RuleViolation(_("This has been told in public; it stays as it is."), code="told")
    done = TAKE.finish(locked, "thank", by=by, at=at, thanks=words.strip()[:300])
    notifications.tell_taker(done, "wish-thanked", at=at)
    return done


@transaction.atomic
def tell(take: Take, *, words: str, by: User, at: datetime.datetime) -> Take:
    """Put the story on the public list, as the asker allowed. Raises NotYours, RuleViolation."""
    locked = TAKE.begin(take, "tell", by=by, at=at)
    wish = locked.wish
    if wish.tell == Wish.Tell.NOTHING or wish.is_private:
        raise RuleViolation(_("Who asked does not want it told."), code="not_told")
    names = [wish.for_name, wish.asker.full_name, locked.taker.full_name]
    if not words.strip() or mask_text(words, [name for name in names if name]) != words:
        raise RuleViolation(_("Write it so that nobody can be recognised."), code="names_somebody")
    return TAKE.finish(locked, "tell", by=by, at=at, told=words.strip(), told_by=by, told_at=at)
