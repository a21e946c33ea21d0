"""One-time codes by text message. Nothing here tells whether a number has an account.

A code holds ten minutes, for the browser that asked for it, and bears five tries. Sends are
counted per number and per address, tries per address too; a browser that has signed in before has
a share of its own, so that strangers cannot use up somebody's codes.
"""

import datetime
import hmac
import secrets

from django.db.models import F
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.identifiers import is_mobile
from organizations.identity import keyed, number_of, phone_key
from organizations.models import Code, Delivery
from organizations.services import planning, quotas
from organizations.services.quotas import Limit

KIND = "sign_in_code"
LIFE = datetime.timedelta(minutes=10)
MOST_TRIES = 5
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
TO_NUMBER = (Limit("code-number-hour", 5, HOUR), Limit("code-number-day", 10, DAY))
TO_KNOWN_BROWSER = (Limit("code-known-hour", 5, HOUR), Limit("code-known-day", 10, DAY))
FROM_ADDRESS = Limit("code-address", 30, HOUR)
TRIES_FROM_ADDRESS = Limit("code-tries", 60, HOUR)


def send_code(
    phone: str, *, ticket: str, address: str, at: datetime.datetime, known: bool = False
) -> None:
    """A code for this browser (`ticket` is its secret); one it asked for before opens no more.

    Raises RuleViolation for what is no mobile number, and where too many were sent.
    """
    number = number_of(phone)
    if not is_mobile(number):
        raise RuleViolation(_("Give a mobile number of eleven digits."), code="no_mobile")
    key = phone_key(number)
    limits = TO_KNOWN_BROWSER if known else TO_NUMBER
    if not quotas.take(FROM_ADDRESS, address, at=at):
        raise RuleViolation(_("Many codes were asked for from here. Wait an hour."), code="many")
    if not all(quotas.take(limit, key, at=at) for limit in limits):
        raise RuleViolation(
            _("Many codes were sent to this number. Wait an hour, or ask at the service window."),
            code="many",
        )
    _make_code(number, key, ticket, at)


def _make_code(number: str, key: str, ticket: str, at: datetime.datetime) -> None:
    mine = _ticket_of(ticket)
    Code.objects.open_for(key, ticket=mine, at=at).update(ends_at=at)
    digits = f"{secrets.randbelow(10**6):06d}"
    row = Code.objects.create(
        phone_key=key, ticket=mine, digest=_digest(key, mine, digits), made_at=at, ends_at=at + LIFE
    )
    minutes = int(LIFE.total_seconds() // 60)
    params = {"code": digits, "minutes": minutes}
    planning.send_to_number(number, key=f"code:{row.pk}", kind=KIND, params=params, at=at)


def check_code(
    phone: str, digits: str, *, ticket: str, address: str, at: datetime.datetime
) -> None:
    """Use the code up. Raises RuleViolation for a wrong, used, old or too often tried one."""
    key, mine = phone_key(phone), _ticket_of(ticket)
    if not quotas.take(TRIES_FROM_ADDRESS, address, at=at):
        raise RuleViolation(_("Too many tries from here. Wait an hour."), code="many")
    row = Code.objects.open_for(key, ticket=mine, at=at).order_by("-pk").first()
    # Counted before it is compared: many at once have no more tries than one after the other.
    if row is None or not _try(row):
        raise RuleViolation(_("This code no longer holds. Have a new one sent."), code="no_code")
    if not hmac.compare_digest(row.digest, _digest(key, mine, digits.strip())):
        raise RuleViolation(_("This code is wrong. Compare it with the message."), code="wrong")
    if not Code.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
        raise RuleViolation(_("This code was used already. Have a new one sent."), code="no_code")


def _try(row: Code) -> bool:
    rows = Code.objects.filter(pk=row.pk, tries__lt=MOST_TRIES, used_at=None)
    return bool(rows.update(tries=F("tries") + 1))


def _ticket_of(secret: str) -> str:
    return keyed("ticket", secret)


def _digest(key: str, ticket: str, digits: str) -> str:
    return keyed("code", f"{key}:{ticket}:{digits}")


def forget(*, before: datetime.datetime) -> int:
    """Old codes, and what never arrived of them."""
    undelivered = Delivery.objects.filter(kind=KIND, made_at__lt=before, address__gt="")
    undelivered.update(state=Delivery.State.FAILED, params={}, address="")
    return Code.objects.filter(ends_at__lt=before).delete()[0]
