"""The second factor: a code of six digits that an app makes every 30 seconds (TOTP, RFC 6238)."""

import base64
import datetime
import secrets
from urllib.parse import quote

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes
from organizations.services.people import leave_other_administrators

ISSUER = "Gongzhi"
RECOVERY_CODES = 10


def is_enrolled(person: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=person, confirmed=True).exists())


def begin(person: User) -> TOTPDevice:
    """The device to be confirmed by its first code; asked again it is the same, until confirmed."""
    device, _created = TOTPDevice.objects.get_or_create(
        user=person, confirmed=False, defaults={"name": "app"}
    )
    return device


def address_of(device: TOTPDevice) -> str:
    """What the QR code says (`otpauth://`); the user name tells accounts in the app apart."""
    label = quote(f"{ISSUER}:{device.user.get_username()}")
    return f"otpauth://totp/{label}?secret={secret_of(device)}&issuer={quote(ISSUER)}&digits=6"


def secret_of(device: TOTPDevice) -> str:
    """The secret in the letters that a person can type into the app."""
    return base64.b32encode(device.bin_key).decode().rstrip("=")


def confirm(person: User, *, code: str, at: datetime.datetime) -> list[str]:
    """Make the device count from now on; the recovery codes, shown this once."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    if device is None or not device.verify_token(code):
        raise RuleViolation(_("This code is wrong. Wait for the next one."), code="wrong_code")
    with transaction.atomic():
        TOTPDevice.objects.filter(user=person, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        _record(person, before=False, after=True, by=person, at=at)
        return _new_recovery_codes(person)


def _new_recovery_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery")
    codes = [secrets.token_hex(5) for _again in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=code)
    return codes


def check(person: User, *, code: str) -> None:
    """Raises RuleViolation unless `code` is the app's present one or an unused recovery code."""
    if match_token(person, code.strip().lower()) is None:
        raise RuleViolation(
            _("This code is wrong, or was used before. Wait for the next one."), code="wrong_code"
        )


def remove(person: User, *, by: User, at: datetime.datetime) -> None:
    """The person's own wish, or the security administrator's after a lost telephone.

    Raises RuleViolation for another administrator's (see `people.leave_other_administrators`).
    """
    leave_other_administrators(person, by=by, at=at)
    with transaction.atomic():
        had, _rows = TOTPDevice.objects.filter(user=person).delete()
        StaticDevice.objects.filter(user=person).delete()
        if had:
            _record(person, before=True, after=False, by=by, at=at)


def _record(person: User, *, before: bool, after: bool, by: User, at: datetime.datetime) -> None:
    changes.record_values(
        person,
        before={"second_factor": before},
        after={"second_factor": after},
        by=by,
        at=at,
        action="second_factor",
    )
