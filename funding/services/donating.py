"""Donations: recorded by one person, found on the account by another, then money of their line."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import (
    DONATION,
    Document,
    Donation,
    DonationBook,
    Line,
    LinePurpose,
    Purpose,
)
from funding.services.answers import check_positive
from funding.services.receiving import receive
from lib.chain import fingerprint
from lib.errors import NotYours, RuleViolation, WrongState
from lib.numbering import new_code, next_number
from organizations.models import User
from organizations.services import changes


class NotForThisWish(RuleViolation):
    def __init__(self, line: Line) -> None:
        text = _(
            "%(line)s does not serve the donor's purpose alone. Choose or make a line that allows "
            "this purpose and no other."
        )
        super().__init__(text % {"line": line}, code="not_for_this_wish")


class NotADonationLine(RuleViolation):
    def __init__(self, line: Line) -> None:
        text = _("%(line)s holds no donated money. Choose a line of the source of donations.")
        super().__init__(text % {"line": line}, code="not_a_donation_line")


@dataclass(frozen=True, slots=True)
class Gift:
    """What the donor gave and wished; `purpose` None: as the receiver sees fit."""

    amount: int
    given_on: datetime.date
    purpose: Purpose | None = None
    donor_kind: str = Donation.Donor.PERSON
    donor_name: str = ""
    donor_phone: str = ""
    receipt: str = Donation.Receipt.ISSUED
    name_shown: bool = False
    amount_shown: bool = True

    def columns(self) -> dict[str, Any]:
        anonymous = self.receipt == Donation.Receipt.ANONYMOUS
        return {
            "amount": self.amount,
            "given_on": self.given_on,
            "purpose": self.purpose,
            "donor_kind": self.donor_kind,
            "donor_name": "" if anonymous else self.donor_name.strip(),
            "donor_phone": "" if anonymous else self.donor_phone.strip(),
            "receipt": self.receipt,
            "name_shown": self.name_shown and not anonymous,
            "amount_shown": self.amount_shown,
        }


@transaction.atomic
def record_donation(
    line: Line,
    gift: Gift,
    *,
    key: str,
    by: User,
    at: datetime.datetime,
    agreement: Document | None = None,
) -> Donation:
    """The gift as a clerk enters it; the same key again answers with the first.

    Raises NotADonationLine, NotForThisWish, NotAPositiveAmount, RuleViolation.
    """
    columns = gift.columns()
    payload = fingerprint({"line": line.pk, **{k: str(v) for k, v in columns.items()}})
    if found := _known(key, payload):
        return found
    line = changes.locked(line)
    _check(line, gift, on=localdate(at))
    more = {"key": key, "payload_hash": payload, "code": new_code(8), "agreement": agreement}
    return Donation.objects.create(line=line, recorded_by=by, recorded_at=at, **columns, **more)


def _known(key: str, payload: str) -> Donation | None:
    found = Donation.objects.filter(key=key).first()
    if found and found.payload_hash != payload:
        text = _("The key “%(key)s” was already used for another donation.")
        raise RuleViolation(text % {"key": key}, code="key_reused")
    return found


def _check(line: Line, gift: Gift, *, on: datetime.date) -> None:
    check_positive(gift.amount)
    if line.source.code != DONATION:
        raise NotADonationLine(line)
    if gift.given_on > on:
        raise RuleViolation(_("A donation cannot lie in the future."), code="in_the_future")
    if gift.receipt == Donation.Receipt.ISSUED and not gift.donor_name.strip():
        raise RuleViolation(
            _("A receipt names the donor. Enter the name, or choose an anonymous donation."),
            code="donor_missing",
        )
    purposes = set(LinePurpose.objects.filter(line=line).values_list("purpose", flat=True))
    if gift.purpose and purposes != {gift.purpose.pk}:
        raise NotForThisWish(line)


@transaction.atomic
def confirm_donation(donation: Donation, *, by: User, at: datetime.datetime) -> Donation:
    """It is on the account: number, entry in the ledger. Raises NotYours, WrongState."""
    donation = _to_decide(donation, by)
    posting = receive(
        donation.line,
        amount=donation.amount,
        key=f"donation:{donation.pk}",
        by=by,
        at=at,
        note=_("Donation"),
    )
    number = next_number(DonationBook, "JZ", at=at)
    return _decided(donation, Donation.State.RECEIVED, by, at, posting=posting, number=number)


@transaction.atomic
def refuse_donation(
    donation: Donation, *, reason: str, by: User, at: datetime.datetime
) -> Donation:
    """It never came, or must not be taken. Raises NotYours, WrongState."""
    return _decided(_to_decide(donation, by), Donation.State.REFUSED, by, at, answer=reason)


def _to_decide(donation: Donation, by: User) -> Donation:
    row = changes.locked(donation)
    if row.state != Donation.State.RECORDED:
        raise WrongState(_("This donation has been decided already."))
    if row.recorded_by_id == by.pk:
        raise NotYours(_("Who recorded a donation does not check it. Ask another reviewer."))
    return row


def _decided(
    donation: Donation, state: str, by: User, at: datetime.datetime, **columns: Any
) -> Donation:
    values = {"state": state, "decided_by": by, "decided_at": at, **columns}
    for name, value in values.items():
        setattr(donation, name, value)
    donation.save(update_fields=list(values))
    return donation


@transaction.atomic
def hide_donor(donation: Donation, *, by: User, at: datetime.datetime) -> Donation:
    """The donor no longer wants to be named (慈善法 art. 82): from now on nowhere in public."""
    return changes.revise(donation, {"name_shown": False}, by=by, at=at)
