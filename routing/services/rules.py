"""Categories, standards, the duty list, communities' lists and admissions: made, changed, ended.

A rule that has been applied is not rewritten: a change ends it and begins another. Every write is
counted, so that cases which a rule has refused are tried again.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from grids.services.counting import note_change
from lib.errors import RuleViolation
from lib.validity import Dated
from organizations.models import Body, User
from organizations.services import changes
from routing.models import Admission, Category, CommunityDuty, DutyEntry, FilingStandard
from routing.services.checks import check_parent, check_rule
from routing.services.duty_checking import check_soon
from routing.suggest import initials_of

CATALOGUE, DUTY = "catalogue", "duty"
_COUNTED: Mapping[type[models.Model], str] = {
    Category: CATALOGUE,
    FilingStandard: CATALOGUE,
    DutyEntry: DUTY,
    CommunityDuty: DUTY,
    Admission: DUTY,
}
R = TypeVar("R", bound=Dated)
Links = Mapping[str, Iterable[Body]]


def _changed(subject: str, *, by: User, at: datetime.datetime) -> None:
    """Waiting cases are tried again, and the whole list is checked."""
    note_change(subject)
    check_soon(by=by, at=at)


@transaction.atomic
def make_rule(rule: R, *, by: User, at: datetime.datetime, links: Links | None = None) -> R:
    """Save a new standard, duty entry, list entry or admission. `links`: a duty's assistants."""
    check_rule(rule, _assistants(links))
    made = changes.create(rule, by=by, at=at, links=links)
    _changed(_COUNTED[type(rule)], by=by, at=at)
    return made


@transaction.atomic
def change_rule(
    rule: R,
    values: Mapping[str, Any],
    *,
    by: User,
    at: datetime.datetime,
    links: Links | None = None,
) -> R:
    """From `values["valid_from"]` on the rule says this; before, it stays as it was."""
    changed = changes.succeed(rule, values, by=by, at=at, links=links)
    kept = changed.assistants.all() if isinstance(changed, DutyEntry) else ()
    check_rule(changed, list(kept))
    _changed(_COUNTED[type(rule)], by=by, at=at)
    return changed


def _assistants(links: Links | None) -> list[Body]:
    return list((links or {}).get("assistants", ()))


@transaction.atomic
def end_rule(rule: R, *, on: datetime.date, by: User, at: datetime.datetime) -> R:
    """A category takes its standards along, and does not end before its small classes."""
    if isinstance(rule, Category):
        _end_below(rule, on=on, by=by, at=at)
    ended = changes.end(rule, on=on, by=by, at=at)
    _changed(_COUNTED[type(rule)], by=by, at=at)
    return ended


def _end_below(category: Category, *, on: datetime.date, by: User, at: datetime.datetime) -> None:
    if Category.objects.filter(parent=category).going_on_after(on).exists():
        raise RuleViolation(_("End or move the small classes of this one first."), code="has_parts")
    for standard in FilingStandard.objects.filter(category=category).going_on_after(on):
        # One that would begin only later ends where it begins: a rule holds for a day at least.
        earliest = standard.valid_from + datetime.timedelta(days=1)
        changes.end(standard, on=max(on, earliest), by=by, at=at)


@transaction.atomic
def make_category(*, by: User, at: datetime.datetime, **values: Any) -> Category:
    check_parent(values.get("parent"))
    category = changes.create(
        Category(initials=initials_of(values["name"]), **values), by=by, at=at
    )
    _changed(CATALOGUE, by=by, at=at)
    return category


@transaction.atomic
def change_category(
    category: Category, *, by: User, at: datetime.datetime, **values: Any
) -> Category:
    """Cases keep their category, so it is changed in place."""
    check_parent(values.get("parent"), category)
    if "name" in values:
        values["initials"] = initials_of(values["name"])
    changed = changes.revise(category, values, by=by, at=at)
    _changed(CATALOGUE, by=by, at=at)
    return changed
