"""Arriving at the assembly point and leaving: by the code that is shown there, or by its keeper."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from emergency import checkin_codes
from emergency.models import Called
from emergency.services.actors import to_called
from emergency.workflow import CALLED_MOVES, CalledActor, OrderState
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User


class BadCode(RuleViolation):
    def __init__(self) -> None:
        text = _("This is no code of your assembly point, or it is too old. Read it again.")
        super().__init__(text, code="bad_code")


@transaction.atomic
def check_in(called: Called, *, by: User, at: datetime.datetime, code: str = "") -> Called:
    """Has arrived: by the code, or noted by the keeper. Sent again it is the same.

    Raises NotYours, BadCode, WrongState.
    """
    actors = to_called(by, called, at=at)
    move = CALLED_MOVES["arrive"]
    if not move.is_for(actors):
        raise NotYours(_("Only who keeps the assembly point notes others."))
    if CalledActor.CLERK not in actors and not checkin_codes.is_shown(
        called.callout.point, code, at
    ):
        raise BadCode
    if called.callout.order.state != OrderState.IN_FORCE:
        raise WrongState(_("The order is over. Thank you for being ready."))
    rows = Called.objects.filter(pk=called.pk, state__in=move.sources)
    if not rows.update(state=move.target, arrived_at=at):
        return _again(called, str(move.target))
    called.refresh_from_db()
    return called


@transaction.atomic
def check_out(called: Called, *, by: User, at: datetime.datetime) -> Called:
    """Goes home, or is sent home by the keeper. Raises NotYours, WrongState."""
    move = CALLED_MOVES["leave"]
    if not move.is_for(to_called(by, called, at=at)):
        raise NotYours(_("Only who keeps the assembly point notes others."))
    rows = Called.objects.filter(pk=called.pk, state__in=move.sources)
    if not rows.update(state=move.target, left_at=at):
        return _again(called, str(move.target))
    called.refresh_from_db()
    return called


def _again(called: Called, state: str) -> Called:
    called.refresh_from_db()
    if called.state != state:
        raise WrongState(_("This has moved on. Look at the page again."))
    return called
