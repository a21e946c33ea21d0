"""Confirmed hours in the time bank, as the volunteer wishes; revoked hours go back."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from organizations.models import User
from volunteers.models import Presence, TimeAccount, TimeKind, TimeTransfer
from volunteers.services import time_bank
from volunteers.services.time_refusals import NotEnoughTime
from volunteers.time_ledger import TimeBooks, Wanted


def is_saved(hours: str) -> bool:
    """Whether these hours were saved; `hours` names their row."""
    return TimeTransfer.objects.filter(key=f"hours:{hours}", reversed_by=None).exists()


@transaction.atomic
def save_stay(presence: Presence, *, by: User, at: datetime.datetime) -> TimeTransfer:
    """Confirmed hours of a stay into the volunteer's own account, as he wishes, once.

    Raises NotYours, RuleViolation (not confirmed, no account), NotEnoughTime, NoRoom.
    """
    locked = Presence.objects.select_for_update(of=("self",)).get(pk=presence.pk)
    if locked.volunteer.person_id != by.pk:
        raise NotYours(_("Everybody saves his own hours."))
    if not locked.counted:
        raise RuleViolation(_("Only confirmed hours are saved."), code="not_confirmed")
    account = TimeAccount.objects.filter(person=by).first()
    if account is None:
        raise RuleViolation(_("Open an account of the time bank first."), code="no_account")
    return time_bank.deposit(account, minutes=locked.counted, hours=str(locked.pk), by=by, at=at)


def take_back_saved(presence: Presence, *, reason: str, by: User, at: datetime.datetime) -> None:
    """Revoked hours that were saved go back to the pool, as far as the account still has them."""
    saved = TimeTransfer.objects.filter(key=f"hours:{presence.pk}", reversed_by=None)
    for transfer in saved.select_related("source", "target__home"):
        system = User.objects.system()
        try:
            time_bank.reverse(
                transfer, reason=reason, key=f"unhours:{presence.pk}", by=system, at=at
            )
        except NotEnoughTime:
            books = TimeBooks.open(transfer.source_id, transfer.target_id, key="")
            left = books.accounts[transfer.target_id].spendable
            if left > 0:
                wanted = Wanted(
                    TimeKind.RETURN, transfer.target_id, transfer.source_id, left,
                    f"unhours:{presence.pk}", (time_bank.DEPOSIT_SUBJECT, str(presence.pk)),
                )  # fmt: skip
                books.write(wanted, by=by, at=at, note=reason[:200])
