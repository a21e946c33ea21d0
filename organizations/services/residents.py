"""A resident's account: made by who proves a number, changed, copied and erased by its owner."""

import datetime
import re
import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lib import registry
from lib.errors import RuleViolation
from organizations.identity import level_of, number_of, phone_key
from organizations.models import (
    AccessToken,
    Delivery,
    FeedAddress,
    Message,
    Preference,
    Resident,
    User,
    Verification,
)

# Which privacy notice a person agreed to; another number asks everybody anew.
PRIVACY_VERSION = "2026-11"
NICKNAME_LENGTH = (2, 20)
_A_NUMBER = re.compile(r"\d{7}")


def resident_of(phone: str) -> User | None:
    """The account of a number, also a locked one."""
    rows = User.objects.filter(resident__phone_key=phone_key(phone))
    return rows.select_related("resident").first()


def join(
    phone: str, *, nickname: str, agreed: bool, at: datetime.datetime, full_name: str = ""
) -> User:
    """An account for a number that was just proven by a code; asked twice it is the same one."""
    if not agreed:
        raise RuleViolation(
            _("Agree to the privacy notice, or go on without an account."), code="not_agreed"
        )
    number, name = number_of(phone), _nickname(nickname)
    with transaction.atomic():
        if known := resident_of(number):
            return known
        person = User(
            username=f"r-{secrets.token_hex(8)}",
            nickname=name,
            full_name=full_name.strip(),
            phone=number,
            is_resident=True,
            date_joined=at,
        )
        person.set_unusable_password()
        person.save(force_insert=True)
        kept = Resident(person=person, phone_key=phone_key(number), joined_at=at)
        kept.agreed_at, kept.agreed_to = at, PRIVACY_VERSION
        if Resident.objects.bulk_create([kept], ignore_conflicts=True) and _is_mine(person):
            return person
        transaction.set_rollback(True)
    return User.objects.get(resident__phone_key=phone_key(number))


def _is_mine(person: User) -> bool:
    """Of two that join with one number at once, one row stands."""
    return Resident.objects.filter(person=person).exists()


def _nickname(text: str) -> str:
    name = " ".join(text.split())
    shortest, longest = NICKNAME_LENGTH
    if not shortest <= len(name) <= longest:
        raise RuleViolation(
            _("Choose a name of 2 to 20 letters that others will see."), code="nickname"
        )
    if _A_NUMBER.search(number_of(name)):
        raise RuleViolation(_("Do not use a number of yours as a name."), code="nickname")
    return name


def change_profile(person: User, *, nickname: str, full_name: str) -> User:
    """What others see, and the name that only clerks see. A confirmed name stays as confirmed."""
    row = _own(person)
    row.nickname = _nickname(nickname)
    name = full_name.strip()
    if name != row.full_name and Verification.objects.filter(person=row, revoked_at=None).exists():
        raise RuleViolation(
            _("Your name was confirmed. A clerk at the counter changes it."), code="confirmed"
        )
    row.full_name = name
    row.save(update_fields=["nickname", "full_name"])
    return row


def change_number(person: User, phone: str) -> User:
    """The new number was proven by a code before. Refused where it has an account already."""
    row, number = _own(person), number_of(phone)
    with transaction.atomic():
        taken = Resident.objects.filter(phone_key=phone_key(number)).exclude(person=row)
        if taken.exists():
            raise RuleViolation(
                _("This number has an account of its own. Erase that first."), code="taken"
            )
        Resident.objects.filter(person=row).update(phone_key=phone_key(number))
        row.phone = number
        row.save(update_fields=["phone"])
    return row


def _own(person: User) -> User:
    if not person.is_resident or not person.is_active:
        raise RuleViolation(_("This is no resident's account."), code="no_resident")
    return User.objects.select_related("resident").get(pk=person.pk)


# -- One's own data --------------------------------------------------------------------------------


def export(person: User, *, at: datetime.datetime) -> dict[str, Any]:
    """Everything that is kept of a person, as JSON values, also from the apps above."""
    row = _own(person)
    account = {
        "phone": row.phone,
        "nickname": row.nickname,
        "name": row.full_name,
        "joined_at": row.resident.joined_at,
        "agreed_at": row.resident.agreed_at,
        "agreed_to": row.resident.agreed_to,
        "level": level_of(row, at=at).name.lower(),
        "has_password": row.has_usable_password(),
    }
    confirmed = Verification.objects.filter(person=row).order_by("pk")
    told = Message.objects.filter(to=row).order_by("pk").values("kind", "sent_at", "read_at")
    return {
        "account": account,
        "confirmations": list(confirmed.values("how", "at", "until", "revoked_at")),
        "messages": list(told),
        **{holding.key: holding.export(row) for holding in registry.holdings},
    }


def erase(person: User, *, at: datetime.datetime) -> None:
    """Name, number, nickname, messages and sign-in go; acts stay, without saying whose they were.

    What the apps above hold is erased by them, in the same transaction.
    """
    row = _own(person)
    with transaction.atomic():
        for holding in registry.holdings:
            holding.erase(row, at)
        for model in (AccessToken, Preference, FeedAddress):
            model.objects.filter(person=row).delete()
        Message.objects.filter(to=row).delete()
        Delivery.objects.filter(to=row).delete()
        Verification.objects.filter(person=row).update(note="")
        Resident.objects.filter(person=row).update(phone_key=None, erased_at=at)
        row.full_name = row.full_name_en = row.phone = row.email = row.nickname = ""
        row.is_active = False
        row.set_unusable_password()
        row.save()
