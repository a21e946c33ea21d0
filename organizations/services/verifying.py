"""Who has confirmed which resident: at the counter, or by a place on a roll."""

import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import User, Verification

CLERKS = frozenset({Role.ACCEPTOR, Role.COMMUNITY_WORKER})
How = Verification.How


class Shown(TypedDict, total=False):
    """What a confirmation rests on; `full_name` as the document shows it."""

    until: datetime.datetime | None
    note: str
    full_name: str


def verify_identity(
    person: User, *, how: str, by: User, at: datetime.datetime, **shown: Unpack[Shown]
) -> Verification:
    """Confirm a resident's account.

    At the counter only clerks confirm, nobody themselves; with a roll (`how="roll"`) the service
    that gives the place answers for it. Confirming again while one holds gives that one.
    """
    if not person.is_resident or not person.is_active:
        raise RuleViolation(_("Only residents' open accounts are confirmed."), code="no_resident")
    if how == How.COUNTER:
        _demand_clerk(by, person, at)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        standing = Verification.objects.filter(person=person, how=how).valid_at(at).first()
        if standing:
            return standing
        if name := shown.pop("full_name", "").strip():
            User.objects.filter(pk=person.pk).update(full_name=name)
            person.full_name = name
        return Verification.objects.create(person=person, how=how, by=by, at=at, **shown)


def revoke_verification(
    verification: Verification, *, reason: str, by: User, at: datetime.datetime
) -> Verification:
    if not reason.strip():
        raise RuleViolation(_("Say why the confirmation is taken back."), code="no_reason")
    if not by.is_system:
        _demand_clerk(by, verification.person, at)
    done = Verification.objects.filter(pk=verification.pk, revoked_at=None).update(
        revoked_at=at, revoked_by=by, revoke_reason=reason.strip()[:200]
    )
    if not done:
        raise RuleViolation(_("This confirmation was taken back before."), code="revoked")
    verification.refresh_from_db()
    return verification


def _demand_clerk(by: User, person: User, at: datetime.datetime) -> None:
    if not by.roles_on(timezone.localdate(at)) & CLERKS:
        raise NotYours(_("Clerks at the counter and community workers confirm residents."))
    if by.pk == person.pk:
        raise NotYours(_("Nobody confirms themselves."))
