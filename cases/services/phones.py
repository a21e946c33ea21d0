"""Cases of a telephone, for somebody at the window who has lost the receipt."""

import datetime
import hmac
import re

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.models.queries import CaseQuerySet
from cases.models.retention import PhoneKey, PhoneLookUp
from lib.errors import NotYours, RuleViolation
from lib.masking import mask_mobile
from lib.roles import Role
from organizations.models import User

MOST_A_DAY = 100
SHORTEST = 7


def key_of(phone: str) -> str:
    """A keyed hash of the digits, "" where there are too few; +86 and signs do not count."""
    digits = re.sub(r"\D", "", phone)
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if len(digits) < SHORTEST:
        return ""
    secret = f"cases.phones:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, digits.encode(), "sha256").hexdigest()


def find_by_phone(phone: str, *, reason: str, by: User, at: datetime.datetime) -> CaseQuerySet:
    """Cases that were reported with exactly this telephone, the newest first; the look is recorded.

    For window clerks, within what they see. Raises NotYours, RuleViolation.
    """
    on = timezone.localdate(at)
    if Role.ACCEPTOR not in by.roles_on(on):
        raise NotYours(_("Only clerks at the window look for a telephone."))
    key = key_of(phone)
    if not key or not reason.strip():
        raise RuleViolation(_("Give the whole telephone number and the reason."), code="incomplete")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        today = PhoneLookUp.objects.filter(by=by, at__gt=at - datetime.timedelta(days=1))
        if today.count() >= MOST_A_DAY:
            raise RuleViolation(_("A hundred looks a day are enough."), code="many_looks")
        found = Case.objects.visible_to(by, on=on).filter(
            pk__in=PhoneKey.objects.filter(key=key).values("pk")
        )
        PhoneLookUp.objects.create(
            by=by, at=at, phone=mask_mobile(phone), reason=reason.strip()[:200], found=found.count()
        )
    return found.newest_first()
