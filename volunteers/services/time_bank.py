"""The time bank: open accounts, pay for help, give, save confirmed hours, lapse, reverse.

Every service is atomic and joins an outer transaction. `key` is made by the caller: the same key
again changes nothing and answers as before; with another content it is refused.
"""

import datetime

from django.db import transaction
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from funding.services.answers import booked
from grids.scopes import scopes_of
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User
from organizations.models.bodies import Nature
from volunteers.models import TimeAccount, TimeKind, TimeRule, TimeTransfer
from volunteers.models.time_bank import KEEPERS
from volunteers.services.time_refusals import (
    AlreadyReversed,
    MoreThanGifts,
    NoRoom,
    NotAPositiveTime,
    NotEnoughTime,
    NoTimeRule,
    NotToOneself,
    TimeKeyReused,
)
from volunteers.time_ledger import NOTHING, Subject, TimeBooks, Wanted

DEPOSIT_SUBJECT = "volunteers.hours"


def rule_on(day: datetime.date) -> TimeRule:
    """The rule of that day. Raises NoTimeRule."""
    found = TimeRule.objects.valid_on(day).order_by("-valid_from").first()
    if found is None:
        raise NoTimeRule(day)
    return found


def keeps(user: User, body_id: int | None, *, at: datetime.datetime) -> bool:
    """Whether `user` keeps the pool of this body."""
    scopes = scopes_of(user, on=localdate(at))
    return any(scope.role in KEEPERS and body_id in scope.body_ids for scope in scopes)


def bodies_without_pool(user: User, *, at: datetime.datetime) -> list[Body]:
    """Communities whose pool `user` would keep, and which have none yet."""
    mine = {
        body
        for scope in scopes_of(user, on=localdate(at))
        if scope.role in KEEPERS
        for body in scope.body_ids
    }
    communities = Body.objects.valid_on(localdate(at)).filter(kind__nature=Nature.COMMUNITY)
    return list(communities.filter(pk__in=mine, time_pool=None).order_by("code"))


# -- Accounts ----------------------------------------------------------------------------------


@transaction.atomic
def open_pool(body: Body, *, by: User, at: datetime.datetime) -> TimeAccount:
    """The pool of a community, once. Raises NotYours, NoTimeRule."""
    if not by.is_system and not keeps(by, body.pk, at=at):
        raise NotYours(_("Only who keeps the time bank of this community may open its pool."))
    limits = {"floor": -rule_on(localdate(at)).pool_overdraft, "opened_at": at}
    return TimeAccount.objects.get_or_create(body=body, defaults=limits)[0]


@transaction.atomic
def open_account(
    person: User, home: TimeAccount, *, by: User, at: datetime.datetime
) -> TimeAccount:
    """A person's account with the pool of the community, once; by oneself or its keeper.

    Raises NotYours, NoTimeRule.
    """
    if by.pk != person.pk and not by.is_system and not keeps(by, home.body_id, at=at):
        raise NotYours(_("Only the person, or who keeps the community's pool, opens an account."))
    rule = rule_on(localdate(at))
    limits = {"home": home, "floor": -rule.overdraft, "ceiling": rule.ceiling, "opened_at": at}
    return TimeAccount.objects.get_or_create(person=person, defaults=limits)[0]


# -- Transfers ---------------------------------------------------------------------------------


@booked
def _move(wanted: Wanted, *, by: User, at: datetime.datetime, note: str = "") -> TimeTransfer:
    """Lock both accounts, answer a used key, ask the limits, write."""
    _check_amounts(wanted)
    books = TimeBooks.open(wanted.source_id, wanted.target_id, key=wanted.key)
    if books.done is not None:
        if books.done.payload_hash != wanted.payload_hash:
            raise TimeKeyReused(books.done)
        return books.done
    _check_limits(books, wanted, at=at)
    return books.write(wanted, by=by, at=at, note=note[:200])


def _check_amounts(wanted: Wanted) -> None:
    if wanted.amount <= 0:
        raise NotAPositiveTime
    if wanted.source_id == wanted.target_id:
        raise NotToOneself


def _check_limits(books: TimeBooks, wanted: Wanted, *, at: datetime.datetime) -> None:
    source, target = books.accounts[wanted.source_id], books.accounts[wanted.target_id]
    if source.spendable < wanted.amount:
        raise NotEnoughTime(source, asked=wanted.amount)
    if target.ceiling is not None and target.balance + wanted.amount > target.ceiling:
        raise NoRoom(target)
    if wanted.kind == TimeKind.GIFT:
        _check_gifts(source, wanted.amount, at=at)


def _check_gifts(source: TimeAccount, amount: int, *, at: datetime.datetime) -> None:
    most = rule_on(localdate(at)).gift_minutes
    first = localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    given = TimeTransfer.objects.given_by(source, since=first, until=after)
    if given + amount > most:
        raise MoreThanGifts(left=max(0, most - given))


def _demand_owner(account: TimeAccount, by: User, at: datetime.datetime) -> None:
    mine = account.person_id == by.pk if not account.is_pool else keeps(by, account.body_id, at=at)
    if not mine:
        raise NotYours(_("Only the owner of an account spends its minutes."))


def pay(  # noqa: PLR0913 -- two accounts, and what every transfer says
    source: TimeAccount,
    target: TimeAccount,
    *,
    minutes: int,
    key: str,
    by: User,
    at: datetime.datetime,
    subject: Subject = NOTHING,
    note: str = "",
) -> TimeTransfer:
    """For help received; from a pool it is the community that pays.

    Raises NotYours, NotEnoughTime, NoRoom, NotAPositiveTime, NotToOneself, TimeKeyReused.
    """
    _demand_owner(source, by, at)
    if source.is_pool and target.person_id == by.pk:
        raise NotYours(_("Nobody pays himself from the community's pool. Ask a colleague."))
    kind = TimeKind.CARE if source.is_pool else TimeKind.HELP
    wanted = Wanted(kind, source.pk, target.pk, minutes, key, subject)
    return _move(wanted, by=by, at=at, note=note)


def give(  # noqa: PLR0913 -- as `pay`
    source: TimeAccount,
    target: TimeAccount,
    *,
    minutes: int,
    key: str,
    by: User,
    at: datetime.datetime,
    note: str = "",
) -> TimeTransfer:
    """A present: own minutes to another person or the pool, as many in a month as the rule allows.

    Raises as `pay`, and MoreThanGifts.
    """
    _demand_owner(source, by, at)
    wanted = Wanted(TimeKind.GIFT, source.pk, target.pk, minutes, key)
    return _move(wanted, by=by, at=at, note=note)


def deposit(
    account: TimeAccount, *, minutes: int, hours: str, by: User, at: datetime.datetime
) -> TimeTransfer:
    """Save confirmed hours once: the pool pays them into the account. `hours` names their row.

    Raises NotEnoughTime (of the pool), NoRoom, NotAPositiveTime, TimeKeyReused.
    """
    if account.home_id is None:
        raise NotYours(_("Hours are saved on a person's account."))
    subject = (DEPOSIT_SUBJECT, hours)
    wanted = Wanted(
        TimeKind.DEPOSIT, account.home_id, account.pk, minutes, f"hours:{hours}", subject
    )
    return _move(wanted, by=by, at=at)


def reverse(
    transfer: TimeTransfer, *, reason: str, key: str, by: User, at: datetime.datetime
) -> TimeTransfer:
    """Take a wrong transfer back, once; by who keeps one of the pools, never by who gains or loses.

    Raises NotYours, AlreadyReversed, NotEnoughTime, NoRoom.
    """
    _demand_keeper(transfer, by, at)
    if not reason.strip():
        raise RuleViolation(_("Say why this transfer is taken back."), code="reason_missing")
    wanted = Wanted(
        TimeKind.REVERSE, transfer.target_id, transfer.source_id, transfer.amount, key,
        (transfer.subject_kind, transfer.subject_key), transfer.pk,
    )  # fmt: skip
    with transaction.atomic():
        TimeBooks.open(transfer.source_id, transfer.target_id, key=key)
        known = TimeTransfer.objects.filter(reverses=transfer).exclude(key=key)
        if known.exists() or transfer.kind == TimeKind.REVERSE:
            raise AlreadyReversed
        return _move(wanted, by=by, at=at, note=reason.strip())


def _demand_keeper(transfer: TimeTransfer, by: User, at: datetime.datetime) -> None:
    accounts = (transfer.source, transfer.target)
    if any(account.person_id == by.pk for account in accounts):
        raise NotYours(_("Nobody takes back a transfer of his own. Ask a colleague."))
    bodies = [row.body_id if row.is_pool else _body_of(row) for row in accounts]
    if not by.is_system and not any(keeps(by, body, at=at) for body in bodies):
        raise NotYours(_("Only who keeps the community's pool takes a transfer back."))


def _body_of(account: TimeAccount) -> int | None:
    return account.home.body_id if account.home else None


# -- What the clock does -----------------------------------------------------------------------


def lapse_due(*, by: User, at: datetime.datetime) -> int:
    """Minutes unused for too long return to the pool; how many transfers. Once a month and account.

    The oldest are spent first, so what is left of the balance beyond all that came in since the
    day is older than it.
    """
    local = localtime(at)
    day = _months_before(local, rule_on(local.date()).keep_months)
    count = 0
    for account in TimeAccount.objects.of_people().filter(balance__gt=0).order_by("pk"):
        count += _lapse(account, day, f"lapse:{account.pk}:{local:%Y-%m}", by=by, at=at)
    return count


@transaction.atomic
def _lapse(
    account: TimeAccount, day: datetime.datetime, key: str, *, by: User, at: datetime.datetime
) -> bool:
    if account.home_id is None:
        return False
    books = TimeBooks.open(account.pk, account.home_id, key=key)
    locked = books.accounts[account.pk]
    old = locked.balance - TimeTransfer.objects.into(locked, since=day)
    if books.done is not None or old <= 0:
        return False
    books.write(Wanted(TimeKind.LAPSE, account.pk, account.home_id, old, key), by=by, at=at)
    return True


def _months_before(moment: datetime.datetime, months: int) -> datetime.datetime:
    """The same day so many months earlier, or the last of a shorter month."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    first = moment.replace(year=years, month=month + 1, day=1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return first.replace(day=min(moment.day, last.day))


def fit_accounts(*, at: datetime.datetime) -> int:
    """Give accounts the limits of today's rule; who stands beyond one keeps what he has."""
    rule = rule_on(localdate(at))
    count = 0
    for account in TimeAccount.objects.order_by("pk"):
        count += _fit(account, rule)
    return count


@transaction.atomic
def _fit(account: TimeAccount, rule: TimeRule) -> bool:
    row = TimeAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    floor = min(-(rule.pool_overdraft if row.is_pool else rule.overdraft), row.balance)
    ceiling = None if row.is_pool else max(rule.ceiling, row.balance)
    if (row.floor, row.ceiling) == (floor, ceiling):
        return False
    row.floor, row.ceiling = floor, ceiling
    row.save(update_fields=["floor", "ceiling"])
    return True
