"""How often a name may be tried from everywhere, without closing it to the one whose name it is.

Five failures from one address close name and address (django-axes). Many addresses together may
try a name twenty times in a quarter of an hour; then only browsers in which this person has signed
in before are let through (a signed cookie), so a stranger closes the name to strangers alone.
"""

import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Sum

from organizations.models import User

MOST_FOR_NAME = 20
KNOWN_DAYS = 180
_SALT = "organizations.known-browser"


def mark_of(person: User) -> str:
    """What a browser keeps after a sign-in; it opens nothing."""
    return signing.dumps(person.pk, salt=_SALT)


def is_closed(name: str, *, mark: str, at: datetime.datetime) -> bool:
    """Whether a sign-in with this name from a browser with this mark must wait."""
    since = at - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    tried = AccessAttempt.objects.filter(username=name, attempt_time__gt=since)
    failures = tried.aggregate(all=Sum("failures_since_start"))["all"] or 0
    return failures >= MOST_FOR_NAME and not _is_known(name, mark)


def _is_known(name: str, mark: str) -> bool:
    try:
        key = signing.loads(mark, salt=_SALT, max_age=datetime.timedelta(days=KNOWN_DAYS))
    except signing.BadSignature:
        return False
    return User.objects.filter(pk=key, username=name).exists()
