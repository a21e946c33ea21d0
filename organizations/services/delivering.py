"""Deliveries go out: claimed in batches, each attempt counted before it is made.

A worker holds what it claimed for `LEASE`; within it nobody else sends it. A worker that is killed
between sending and writing that it has sent leaves an attempt without an end: when the lease is
over the message goes out again, with the same key. That is the only way in which one goes twice.
"""

import datetime
import secrets
from collections import defaultdict
from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from organizations.gateways import Gateways, Letter, Undelivered
from organizations.models import Delivery, DeliveryAttempt, User
from organizations.services import letters
from organizations.services.planning import after_quiet_hours

LEASE = datetime.timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE = datetime.timedelta(minutes=1)
# Deliveries that go out as one letter: one, or all of a person's digest.
Parcel = list[Delivery]
log = structlog.get_logger(__name__)


def claim(*, at: datetime.datetime, limit: int = 50) -> list[Parcel]:
    """Parcels that are due, held for this worker until the lease ends; empty: nothing waits."""
    token = secrets.token_hex(16)
    with transaction.atomic():
        _give_up_broken(at)
        parcels = [*_claim_singles(at, limit), *_claim_digests(at, limit)]
        keys = [delivery.pk for parcel in parcels for delivery in parcel]
        Delivery.objects.filter(pk__in=keys).update(claim=token, claimed_until=at + LEASE)
    for parcel in parcels:
        for delivery in parcel:
            delivery.claim, delivery.claimed_until = token, at + LEASE
    return parcels


def _give_up_broken(at: datetime.datetime) -> None:
    """What has ended the worker at every attempt does not go on doing so."""
    broken = Delivery.objects.due(at).filter(attempts__gte=MOST_ATTEMPTS)
    broken.update(state=Delivery.State.FAILED, error=_("Each attempt was broken off."))


def _claim_singles(at: datetime.datetime, limit: int) -> list[Parcel]:
    rows = Delivery.objects.due(at).filter(is_digest=False).select_related("to__preference")
    waiting = rows.order_by("due_at", "pk").select_for_update(of=("self",), skip_locked=True)
    return [[delivery] for delivery in waiting[:limit]]


def _claim_digests(at: datetime.datetime, limit: int) -> list[Parcel]:
    """All that is due of a person's digest. The person's row is locked: one worker takes it all."""
    due = Delivery.objects.due(at).filter(is_digest=True)
    people = User.objects.filter(pk__in=due.values("to")).order_by("pk")
    mine = list(people.select_for_update(skip_locked=True, no_key=True)[:limit])
    parcels: dict[int, Parcel] = defaultdict(list)
    if mine:
        rows = due.filter(to__in=mine).select_related("to__preference").order_by("pk")
        for delivery in rows.select_for_update(of=("self",)):
            parcels[delivery.to_id or 0].append(delivery)
    return list(parcels.values())


def attempt(parcel: Sequence[Delivery], gateways: Gateways, *, at: datetime.datetime) -> bool:
    """Send a claimed parcel; whether it went. Nothing is sent that this worker holds no longer."""
    tries = _begin(parcel, at=at)
    if not tries:
        return False
    first = parcel[0]
    try:
        gateways.of(first.channel).send(_letter(parcel))
    except Undelivered as problem:
        _failed(parcel, tries, problem, at=at)
        log.warning("not delivered", delivery=first.pk, to=first.shown_address, why=str(problem))
        return False
    _sent(parcel, tries, at=at)
    return True


def _letter(parcel: Sequence[Delivery]) -> Letter:
    try:
        letter = letters.write(parcel)
    except Exception as error:  # one that cannot be written must not hold up the others
        log.exception("a message cannot be written", delivery=parcel[0].pk)
        raise Undelivered(f"{type(error).__name__}: {error}", is_final=False) from error
    if not letter.address:
        raise Undelivered(_("There is no address any more."), is_final=True)
    return letter


def _begin(parcel: Sequence[Delivery], *, at: datetime.datetime) -> list[DeliveryAttempt]:
    """Count the attempt before it is made, and hold the parcel anew; nothing if it was lost."""
    keys = [delivery.pk for delivery in parcel]
    held = Delivery.objects.filter(
        pk__in=keys, claim=parcel[0].claim, state=Delivery.State.PENDING, claimed_until__gt=at
    )
    with transaction.atomic():
        if held.update(attempts=F("attempts") + 1, claimed_until=at + LEASE) < len(keys):
            transaction.set_rollback(True)
            return []
        tries = [
            DeliveryAttempt(delivery=row, number=row.attempts + 1, begun_at=at) for row in parcel
        ]
        return DeliveryAttempt.objects.bulk_create(tries)


def _sent(
    parcel: Sequence[Delivery], tries: Sequence[DeliveryAttempt], *, at: datetime.datetime
) -> None:
    """What is delivered keeps no address, and of people without an account no content."""
    keys = [delivery.pk for delivery in parcel]
    done = {"state": Delivery.State.SENT, "sent_at": at, "error": "", "claim": "", "address": ""}
    with transaction.atomic():
        Delivery.objects.filter(pk__in=keys).update(**done, claimed_until=None)
        Delivery.objects.filter(pk__in=keys, to=None).update(params={})
        DeliveryAttempt.objects.filter(pk__in=[row.pk for row in tries]).update(ended_at=at)


def _failed(
    parcel: Sequence[Delivery],
    tries: Sequence[DeliveryAttempt],
    problem: Undelivered,
    *,
    at: datetime.datetime,
) -> None:
    """Later again, each pause twice as long, outside quiet hours; or given up."""
    words = str(problem)
    with transaction.atomic():
        DeliveryAttempt.objects.filter(pk__in=[row.pk for row in tries]).update(
            ended_at=at, error=words
        )
        for delivery in parcel:
            made = delivery.attempts + 1
            delivery.error, delivery.claim, delivery.claimed_until = words, "", None
            if problem.is_final or made >= MOST_ATTEMPTS:
                delivery.state = Delivery.State.FAILED
            delivery.due_at = _later(delivery, made, at=at)
            delivery.save(update_fields=["error", "claim", "claimed_until", "state", "due_at"])


def _later(delivery: Delivery, made: int, *, at: datetime.datetime) -> datetime.datetime:
    due = at + FIRST_PAUSE * 2 ** (made - 1)
    return due if delivery.urgent else after_quiet_hours(letters.wishes_of(delivery), due)


def send_again(deliveries: QuerySet[Delivery], *, by: User, at: datetime.datetime) -> int:
    """Let given-up deliveries go out once more, with all their attempts; how many."""
    failed = deliveries.filter(state=Delivery.State.FAILED)
    return failed.update(
        state=Delivery.State.PENDING,
        due_at=at,
        attempts=0,
        claim="",
        claimed_until=None,
        again_by=by,
        again_at=at,
    )
