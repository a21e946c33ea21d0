"""A look at the place before filing: the clerk asks, the grid worker of the grid answers."""

import datetime
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, Photo, Terms, Verification
from cases.services import photos as photo_services
from cases.services.moves import begin, finish
from cases.services.pausing import limit
from cases.workflow import State
from lib.errors import RuleViolation
from organizations.models import User


def verify(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """Ask the grid worker to look, `note` says at what; due within the city's terms."""
    with transaction.atomic():
        locked = begin(case, "verify", by=by, at=at, note=note)
        if locked.category is not None and locked.category.is_emergency:
            raise RuleViolation(_("An emergency does not wait for a look."), code="emergency")
        if not notifications.on_site(locked, at=at):
            raise RuleViolation(
                _("No grid worker covers this place: correct the place first."), code="nobody"
            )
        terms = Terms.on(timezone.localdate(at))
        due = limit(at, terms.verify_limit, terms.verify_unit)
        Verification.objects.create(
            case=locked, question=note.strip()[:500], asked_by=by, asked_at=at, due_at=due
        )
        return finish(locked, "verify", by=by, at=at, note=note, facts={"due": due.isoformat()})


def verified(
    case: Case,
    *,
    found: bool | None,
    by: User,
    at: datetime.datetime,
    note: str = "",
    photos: Sequence[BinaryIO] = (),
) -> Case:
    """What the grid worker saw: whether the matter is there, with a photo or words of it."""
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "verified", by=by, at=at, note=note)
        if found is not None and not ready and not note.strip():
            raise RuleViolation(_("Take a photo, or write what you saw."), code="evidence_missing")
        asked = locked.verifications.open().get()
        asked.answered_by, asked.answered_at, asked.found = by, at, found
        asked.words = note.strip()[:1000]
        asked.save()
        kept = photo_services.store(locked, ready, kind=Photo.Kind.SITE, by=by, at=at)
        facts = {"found": found, "photos": [photo.sha256 for photo in kept]}
        return finish(locked, "verified", by=by, at=at, note=note, facts=facts)


def give_up_looks(*, at: datetime.datetime, limit: int = 500) -> int:
    """Where no grid worker answered in time, the clerk decides without; how many."""
    system = User.objects.system()
    late = Verification.objects.open().filter(due_at__lt=at, case__state=State.VERIFYING)
    keys = list(late.order_by("due_at", "id").values_list("case", flat=True)[:limit])
    return sum(_give_up(key, by=system, at=at) for key in keys)


def _give_up(key: int, *, by: User, at: datetime.datetime) -> int:
    """0 where the answer came in between."""
    with transaction.atomic():
        if not Case.objects.select_for_update(of=("self",)).filter(pk=key, state=State.VERIFYING):
            return 0
        verified(Case(pk=key), found=None, by=by, at=at)
    return 1
