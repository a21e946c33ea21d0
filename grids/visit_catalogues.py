"""Catalogues of visits: kinds, what is visited, and how often."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from grids import services
from grids.forms import visits as forms
from grids.models import TargetKind, VisitKind, VisitRule, VisitTarget
from grids.models.visit_plans import VISITORS
from grids.reach import targets_seen_by
from grids.scopes import scopes_of
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column
from organizations.models import User

GROUP = _("Visits")
RULERS = COMMITTEE | {Role.SYSTEM_ADMIN}


def _in_my_grids(user: User, row: Any, day: datetime.date) -> bool:
    """`row` is a target, or what a form says of one; without a grid its service finds it."""
    grid = row.get("grid") if isinstance(row, dict) else row.grid
    if grid is None:
        return True
    place = {
        "grid": grid.pk,
        "community": grid.parent_id,
        "town": grid.parent.parent_id if grid.parent else None,
    }
    return any(
        scope.role in VISITORS and scope.covers(**place) for scope in scopes_of(user, on=day)
    )


KINDS = Catalogue(
    key="visit-kinds",
    label=_("Kinds of visits"),
    about=_("Household visits, patrols, checks of key places, care; each with its form."),
    icon="clipboard-list",
    group=GROUP,
    place=26,
    model=VisitKind,
    form=forms.VisitKindForm,
    rows=lambda _user, _day: VisitKind.objects.all(),
    columns=("name", "target_kind", "is_private", "farthest_m", "valid_from"),
    readers=ADMINISTRATORS | RULERS,
    editors=RULERS,
    fixed=("code", "target_kind"),
)
TARGETS = Catalogue(
    key="visit-targets",
    label=_("What is visited"),
    about=_("Key places, dwellings and households in care of my grids. Grids stand here already."),
    icon="home-search",
    group=GROUP,
    place=27,
    model=VisitTarget,
    form=forms.VisitTargetForm,
    rows=lambda user, day: (
        targets_seen_by(user, on=day).exclude(kind=TargetKind.GRID).select_related("grid__parent")
    ),
    columns=("name", "kind", "grid", "address", Column(_("valid from"), "valid_from")),
    search=("name", "address"),
    filters=("kind",),
    order=("name", "pk"),
    readers=VISITORS,
    editors=VISITORS,
    fixed=("kind",),
    may_edit=_in_my_grids,
    create=lambda values, by, at: services.make_target(values, by=by, at=at),
    change=lambda row, values, by, at: services.change_target(row, values, by=by, at=at),
    end=lambda row, on, by, at: services.end_target(row, on=on, by=by, at=at),
)
RULES = Catalogue(
    key="visit-rules",
    label=_("How often is visited"),
    about=_("Days between two visits, by kind and territory; the smallest territory's rule holds."),
    icon="calendar-repeat",
    group=GROUP,
    place=28,
    model=VisitRule,
    form=forms.VisitRuleForm,
    rows=lambda _user, _day: VisitRule.objects.select_related("kind", "territory"),
    columns=("kind", "territory", "every_days", "valid_from", "valid_to"),
    search=("kind__name", "kind__name_en", "territory__name"),
    order=("kind__code", "pk"),
    readers=ADMINISTRATORS | RULERS,
    editors=RULERS,
    keep_past=True,
    fixed=("kind", "territory"),
    create=lambda values, by, at: services.make_rule(values, by=by, at=at),
    change=lambda row, values, by, at: services.change_rule(row, values, by=by, at=at),
    end=lambda row, on, by, at: services.end_rule(row, on=on, by=by, at=at),
)


def register() -> None:
    for catalogue in (KINDS, TARGETS, RULES):
        catalogues.register(catalogue)
