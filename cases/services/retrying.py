"""Refused cases are tried again when what was missing may have arrived.

The apps below count their changes (grids.ChangeCounter). Each refused case remembers the sum of the
counters that matter to its refusal; the sweep picks those whose sum has grown since.
"""

import datetime

from django.db import transaction
from django.db.models import Max, Q

from cases.models import Case
from cases.services.moves import begin, finish
from cases.workflow import FAULT, Desk, State
from grids.models import ChangeCounter
from organizations.models import ChangeRecord, User

MATTERS_TO = {
    "no_place": ("boundaries",),
    "no_category": ("catalogue",),
    "gap": ("duty", "catalogue"),
    "overlap": ("duty", "catalogue"),
    "not_admitted": ("duty",),
    "no_staff": ("posts", "coverage", "loads", "duty"),
    "no_money": ("lines",),
    "emergency": (),
    FAULT: (),
}
# Work that ends and money that comes free are not counted one by one unless somebody waits for
# them; so these two are tried again after a while in any case.
ALSO_AFTER = {
    "no_staff": datetime.timedelta(minutes=15),
    "no_money": datetime.timedelta(minutes=15),
}


def known_versions() -> dict[str, int]:
    """Per refusal the sum of its counters now; they only grow. To be read before the world is."""
    values = dict(ChangeCounter.objects.values_list("subject", "value"))
    # Posts stand below the counters; that something about people changed is on record all the same.
    values["posts"] = ChangeRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return {
        code: sum(values.get(subject, 0) for subject in subjects)
        for code, subjects in MATTERS_TO.items()
    }


def retry_refused(*, at: datetime.datetime, limit: int = 500) -> int:
    """Let the router try refused cases again, the longest refused first; how many.

    They stay on the desk on which they lie. What exceeds `limit` follows with the next sweep, so a
    new duty list does not keep new cases waiting.
    """
    versions = known_versions()
    left = limit
    for code, version in versions.items():
        if left > 0:
            left -= _wake(code, version, at=at, limit=left)
    return limit - left


def _wake(code: str, version: int, *, at: datetime.datetime, limit: int) -> int:
    due = Q(tried_version__lt=version)
    if code in ALSO_AFTER:
        due |= Q(tried_at__lt=at - ALSO_AFTER[code])
    refused = Case.objects.filter(
        due, refusal=code, route_at=None, state__in=[State.FILED, State.RETURNED]
    )
    keys = list(refused.order_by("tried_at", "id").values_list("pk", flat=True)[:limit])
    return Case.objects.filter(pk__in=keys, refusal=code, route_at=None).update(route_at=at)


def freed(subject: str) -> None:
    """Points or money have come free: counted once this holds, if a case waits for it."""
    codes = [code for code, subjects in MATTERS_TO.items() if subject in subjects]
    if Case.objects.filter(refusal__in=codes).exists():
        transaction.on_commit(lambda: ChangeCounter.objects.raised(subject), robust=True)


def escalate_unstaffed(*, at: datetime.datetime, limit: int = 500) -> int:
    """Cases for which a head has found nobody within the signing limit go to the dispatcher."""
    system = User.objects.system()
    waiting = Case.objects.filter(desk=Desk.HEAD, refusal="no_staff", sign_due_at__lt=at)
    keys = waiting.order_by("id").values_list("pk", flat=True)[:limit]
    return sum(_escalate(key, by=system, at=at) for key in list(keys))


def _escalate(key: int, *, by: User, at: datetime.datetime) -> int:
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=key)
        if case.desk != Desk.HEAD or case.refusal != "no_staff":
            return 0
        locked = begin(case, "refuse_match", by=by, at=at)
        facts = {"code": "no_staff", "desk": Desk.DISPATCH}
        finish(locked, "refuse_match", by=by, at=at, facts=facts, desk=Desk.DISPATCH)
    return 1
