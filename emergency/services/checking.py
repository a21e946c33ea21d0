"""Checks of households: kept as far as the measure names it; who reads them is written down."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency.models import Check, CheckDetail, CheckReading, Measure, Order, Task
from emergency.models.orders import FIELD
from emergency.scopes import parts_of
from emergency.services.actors import commands
from emergency.workflow import OrderState
from grids.locate import Place
from grids.models import Territory
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User
from volunteers.models.places import reaches


@transaction.atomic
def check_household(  # noqa: PLR0913 -- what the form asks
    order: Order,
    measure: Measure,
    territory: Territory,
    *,
    address: str,
    answers: Mapping[str, Any],
    by: User,
    at: datetime.datetime,
    needs_more: bool = False,
) -> Check:
    """A household in a grid of the order. Raises NotYours, WrongState, RuleViolation.

    By workers of the place, commanders, and who has a task in that grid.
    """
    if order.state != OrderState.IN_FORCE:
        raise WrongState(_("The order is not in force."))
    if not order.measures.filter(pk=measure.pk).exists() or not measure.asks:
        text = _("No measure of this order asks for checks of households.")
        raise RuleViolation(text, code="no_measure")
    if territory.pk not in parts_of(order.territory):
        text = _("Choose a grid within the territory of the order.")
        raise RuleViolation(text, code="elsewhere")
    if not address.strip():
        raise RuleViolation(_("Enter the address."), code="no_address")
    check = _checked(order, measure, territory, needs_more=needs_more, by=by, at=at)
    CheckDetail.objects.create(
        check_row=check, address=address.strip()[:120], answers=measure.kept(dict(answers))
    )
    return check


def _checked(
    order: Order,
    measure: Measure,
    territory: Territory,
    *,
    needs_more: bool,
    by: User,
    at: datetime.datetime,
) -> Check:
    place = Place.of(territory)
    check = Check(
        order=order, measure=measure, territory=territory, town_id=place.town_id,
        community_id=place.community_id, grid_id=place.grid_id, needs_more=needs_more, by=by, at=at,
    )  # fmt: skip
    on = localdate(at)
    has_task = Task.objects.open().of(by, on=on).filter(order=order, territory=territory).exists()
    if not (has_task or reaches(by, FIELD, check, on=on) or commands(by, order, at=at)):
        raise NotYours(_("Only workers of the place, and who has a task there, check households."))
    check.save()
    return check


def may_check(order: Order, *, by: User, at: datetime.datetime) -> bool:
    """Whether `by` may check households somewhere in the territory of the order."""
    on = localdate(at)
    if commands(by, order, at=at) or Task.objects.open().of(by, on=on).filter(order=order).exists():
        return True
    return (
        bool(by.roles_on(on) & FIELD)
        and Order.objects.worked_by(by, on=on).filter(pk=order.pk).exists()
    )


@transaction.atomic
def read_check(check: Check, *, by: User, at: datetime.datetime) -> CheckDetail | None:
    """The personal part, and that `by` has read it; None once it is deleted.

    Whether `by` may see the check is the caller's to know (`Check.objects.visible_to`).
    """
    detail = CheckDetail.objects.filter(check_row=check).first()
    if detail is not None:
        CheckReading.objects.create(check_row=check, by=by, at=at)
    return detail
