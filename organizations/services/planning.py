"""Which messages leave the house, by which channel and when: rules, wishes, addresses."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from organizations.models import Delivery, MessageChannel, NotificationRule, Post, Preference, User
from organizations.models.deliveries import EVERY_KIND, EVERYBODY, RESIDENT, Timing

SOONEST = (Timing.AT_ONCE, Timing.DIGEST, Timing.OFF)
WITHOUT_WISHES = Preference()


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person (primary key), as `inbox.send_many` takes them."""

    to: int
    key: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Resolved:
    timing: str
    urgent: bool


class Rules:
    """The rules of a day: one query, then asked for any number of messages."""

    def __init__(self, *, on: datetime.date) -> None:
        self._rows: dict[str, list[NotificationRule]] = defaultdict(list)
        for rule in NotificationRule.objects.valid_on(on):
            self._rows[rule.kind].append(rule)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def channels(self, kind: str, roles: Collection[str]) -> dict[str, Resolved]:
        """Per channel what the most exact rule says; of several roles the soonest."""
        everybody = frozenset() if RESIDENT in roles else frozenset({EVERYBODY})
        found: dict[str, Resolved] = {}
        for rows in (self._rows.get(EVERY_KIND, ()), self._rows.get(kind, ())):
            for wanted in (everybody, roles):
                found |= _soonest(rule for rule in rows if rule.role in wanted)
        return found


def _soonest(rules: Iterable[NotificationRule]) -> dict[str, Resolved]:
    found: dict[str, Resolved] = {}
    for rule in sorted(rules, key=lambda rule: SOONEST.index(Timing(rule.timing)), reverse=True):
        before = found.get(rule.channel)
        urgent = rule.urgent or (before is not None and before.urgent)
        found[rule.channel] = Resolved(rule.timing, urgent)
    return found


def plan(notices: Collection[Notice], *, at: datetime.datetime) -> None:
    """Deliveries for messages that were just put into inboxes: five queries, however many."""
    on = timezone.localdate(at)
    rules = Rules(on=on) if notices else None
    if not rules:
        return
    keys = {notice.to for notice in notices}
    people = User.objects.filter(pk__in=keys, is_active=True).select_related("preference")
    known = {person.pk: person for person in people}
    roles = _roles_of(keys, on)
    for person in people:
        if person.is_resident:
            roles[person.pk] = {RESIDENT}
    _store(
        [
            delivery
            for notice in notices
            if notice.to in known
            for delivery in _to_person(notice, known[notice.to], roles[notice.to], rules, at)
        ],
        at=at,
    )


def _roles_of(people: Collection[int], on: datetime.date) -> dict[int, set[str]]:
    held: dict[int, set[str]] = defaultdict(set)
    rows = Post.objects.filter(person__in=people).valid_on(on).values_list("person_id", "role")
    for person, role in rows:
        held[person].add(role)
    return held


def _to_person(
    notice: Notice, person: User, roles: Collection[str], rules: Rules, at: datetime.datetime
) -> Iterable[Delivery]:
    wishes = getattr(person, "preference", None) or WITHOUT_WISHES
    for channel, rule in rules.channels(notice.kind, roles).items():
        address = address_of(person, wishes, channel)
        if not address or rule.timing == Timing.OFF:
            continue
        if wishes.wants(channel) or rule.urgent:
            is_digest = rule.timing == Timing.DIGEST
            yield Delivery(
                key=f"{channel}:{notice.key}:{notice.to}",
                channel=channel,
                to=person,
                shown_address=Delivery.masked(channel, address),
                kind=notice.kind,
                params=dict(notice.params),
                subject_kind=notice.subject[0],
                subject_key=notice.subject[1],
                urgent=rule.urgent,
                is_digest=is_digest,
                made_at=at,
                due_at=_due(wishes, rule, at=at),
            )


def address_of(person: User, wishes: Preference, channel: str) -> str:
    if channel == MessageChannel.EMAIL:
        return person.email
    return person.phone if channel == MessageChannel.SMS else wishes.wechat_id


def tell_resident(
    phone: str,
    *,
    key: str,
    kind: str,
    params: Mapping[str, Any],
    subject: tuple[str, str],
    at: datetime.datetime,
) -> None:
    """A text message to somebody without an account, if a rule says so. Same key: once."""
    rules = Rules(on=timezone.localdate(at))
    found = rules.channels(kind, {RESIDENT}).get(MessageChannel.SMS)
    if not phone or found is None or found.timing == Timing.OFF:
        return
    delivery = Delivery(
        key=f"{MessageChannel.SMS}:{key}",
        channel=MessageChannel.SMS,
        address=phone,
        shown_address=Delivery.masked(MessageChannel.SMS, phone),
        kind=kind,
        params=dict(params),
        subject_kind=subject[0],
        subject_key=subject[1],
        urgent=found.urgent,
        made_at=at,
        due_at=at,
    )
    _store([delivery], at=at)


def send_to_number(
    phone: str, *, key: str, kind: str, params: Mapping[str, Any], at: datetime.datetime
) -> None:
    """A text message that no rule may stop (a code for signing in); its words go with it."""
    delivery = Delivery(
        key=f"{MessageChannel.SMS}:{key}",
        channel=MessageChannel.SMS,
        address=phone,
        shown_address=Delivery.masked(MessageChannel.SMS, phone),
        kind=kind,
        params=dict(params),
        urgent=True,
        made_at=at,
        due_at=at,
    )
    _store([delivery], at=at)


def _store(deliveries: Collection[Delivery], *, at: datetime.datetime) -> None:
    if not deliveries:
        return
    Delivery.objects.bulk_create(deliveries, batch_size=500, ignore_conflicts=True)
    if any(delivery.due_at <= at for delivery in deliveries):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    """A lost message delays a delivery until the next sweep; nothing else depends on it."""
    current_app.signature("organizations.tasks.deliver").apply_async(retry=False)


# -- Hours ---------------------------------------------------------------------------------------


def _due(wishes: Preference, rule: Resolved, *, at: datetime.datetime) -> datetime.datetime:
    if rule.timing == Timing.DIGEST:
        return _next_digest(wishes, at)
    return at if rule.urgent else after_quiet_hours(wishes, at)


def after_quiet_hours(wishes: Preference, at: datetime.datetime) -> datetime.datetime:
    """`at`, or the end of the quiet hours (the city's clock) in which it lies."""
    begins, ends = wishes.quiet_from, wishes.quiet_to
    if begins is None or ends is None or begins == ends:
        return at
    local = timezone.localtime(at)
    clock = local.time().replace(tzinfo=None)
    over_midnight = begins > ends
    is_quiet = (clock >= begins or clock < ends) if over_midnight else begins <= clock < ends
    if not is_quiet:
        return at
    end = local.replace(hour=ends.hour, minute=ends.minute, second=ends.second, microsecond=0)
    return end + datetime.timedelta(days=1) if over_midnight and clock >= begins else end


def _next_digest(wishes: Preference, at: datetime.datetime) -> datetime.datetime:
    hour = timezone.localtime(at).replace(
        hour=wishes.digest_hour, minute=0, second=0, microsecond=0
    )
    return hour if hour > at else hour + datetime.timedelta(days=1)
