"""Catalogues of territory: the pieces of the city, functional areas, and who covers what."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from grids import services
from grids.forms import borders as border_forms
from grids.forms import catalogues as forms
from grids.forms import teams as team_forms
from grids.models import (
    AreaMembership,
    BodyTerritory,
    CoverageRule,
    PostTerritory,
    Premises,
    ShiftKind,
    Territory,
)
from lib.registry import panels
from organizations import catalogues
from organizations.catalogues import Catalogue, Values
from organizations.catalogues.related import related
from organizations.models import User

GROUP = _("Territory")
Moment = datetime.datetime


def _name_of(row: Any) -> str:
    return f"{getattr(row, 'body', None) or row.post} · {row.territory}"


def _give_to_body(values: Values, by: User, at: Moment) -> BodyTerritory:
    return services.give_territory_to_body(
        values["body"], territory=values["territory"], since=values["valid_from"], by=by, at=at
    )


def _give_to_post(values: Values, by: User, at: Moment) -> PostTerritory:
    return services.give_territory_to_post(
        values["post"], territory=values["territory"], since=values["valid_from"], by=by, at=at
    )


TERRITORIES = Catalogue(
    key="territories",
    label=_("Territories"),
    about=_("City, functional areas, towns, communities and grids, with their codes."),
    icon="map-2",
    group=GROUP,
    place=20,
    model=Territory,
    form=forms.TerritoryForm,
    rows=lambda _user, _day: Territory.objects.select_related("parent"),
    columns=("name", "level", "parent", "code", "households"),
    search=("code", "name", "name_en"),
    filters=("level",),
    is_suggested=True,
    fixed=("level", "code", "parent", "valid_from"),
    create=lambda values, by, at: services.make_territory(by=by, at=at, **values),
    change=lambda row, values, by, at: services.change_territory(row, by=by, at=at, **values),
    end=lambda row, on, by, at: services.end_territory(row, on=on, by=by, at=at),
)
AREAS = Catalogue(
    key="area-members",
    label=_("Members of functional areas"),
    about=_("Which town belongs to which functional area, and since when."),
    icon="layout-grid-add",
    group=GROUP,
    place=21,
    model=AreaMembership,
    form=forms.AreaMembershipForm,
    rows=lambda _user, _day: AreaMembership.objects.select_related("area", "town"),
    columns=("town", "area", "valid_from"),
    search=("area__name", "area__name_en", "town__name", "town__name_en"),
    order=("town__code", "pk"),
    keep_past=True,
    name_of=lambda row: f"{row.area} · {row.town}",
)
BODY_TERRITORIES = Catalogue(
    key="body-territories",
    label=_("Territories of bodies"),
    about=_("What each body answers for, with everything inside it."),
    icon="map-pin",
    group=GROUP,
    place=22,
    model=BodyTerritory,
    form=forms.BodyTerritoryForm,
    rows=lambda _user, _day: BodyTerritory.objects.select_related("body", "territory"),
    columns=("territory", "body", "valid_from", "valid_to"),
    search=("body__name", "body__name_en", "territory__name", "territory__code"),
    order=("territory__code", "pk"),
    is_changeable=False,
    create=_give_to_body,
    end=lambda row, on, by, at: services.end_territory_of_body(row, on=on, by=by, at=at),
    name_of=_name_of,
)
POST_TERRITORIES = Catalogue(
    key="post-territories",
    label=_("Territories of posts"),
    about=_(
        "Which part of its body's territory a post covers; a post without any covers all of it."
    ),
    icon="map-pin-2",
    group=GROUP,
    place=23,
    model=PostTerritory,
    form=forms.PostTerritoryForm,
    rows=lambda _user, _day: PostTerritory.objects.select_related(
        "post__person", "post__body", "territory"
    ),
    columns=("territory", "post", "valid_from", "valid_to"),
    search=(
        "post__person__full_name",
        "post__person__username",
        "territory__name",
        "territory__code",
    ),
    order=("territory__code", "pk"),
    is_changeable=False,
    create=_give_to_post,
    end=lambda row, on, by, at: services.end_territory_of_post(row, on=on, by=by, at=at),
    name_of=_name_of,
)
COVERAGE_RULES = Catalogue(
    key="coverage-rules",
    label=_("Rules of coverage"),
    about=_("How many households a grid may have, and how long it may go without a visit."),
    icon="ruler-measure",
    group=GROUP,
    place=24,
    model=CoverageRule,
    form=forms.CoverageRuleForm,
    rows=lambda _user, _day: CoverageRule.objects.all(),
    columns=("setting", "least_households", "most_households", "visit_days", "valid_from"),
    order=("setting", "pk"),
    keep_past=True,
)
SHIFT_KINDS = Catalogue(
    key="shift-kinds",
    label=_("Kinds of shifts"),
    about=_("Shifts of rosters with their hours and the sign that a pattern uses."),
    icon="clock",
    group=GROUP,
    place=25,
    model=ShiftKind,
    form=team_forms.ShiftKindForm,
    rows=lambda _user, _day: ShiftKind.objects.all(),
    columns=("name", "mark", "starts", "ends", "valid_from"),
    order=("code", "pk"),
    keep_past=True,
)
PREMISES = Catalogue(
    key="premises",
    label=_("Premises and key places"),
    about=_("What a grid has to look after: points with a kind; the grid follows from the point."),
    icon="building-store",
    group=GROUP,
    place=26,
    model=Premises,
    form=border_forms.PremisesForm,
    rows=lambda _user, _day: Premises.objects.with_names(),
    columns=("name", "kind", "is_key", "households", "grid"),
    search=("code", "name", "address"),
    filters=("kind", "is_key"),
    order=("code",),
    fixed=("code", "valid_from"),
    create=lambda values, by, at: services.save_premises(Premises(), by=by, at=at, **values),
    change=lambda row, values, by, at: services.save_premises(row, by=by, at=at, **values),
)


def register() -> None:
    ours = (TERRITORIES, AREAS, BODY_TERRITORIES, POST_TERRITORIES, COVERAGE_RULES)
    for catalogue in (*ours, SHIFT_KINDS, PREMISES):
        catalogues.register(catalogue)
    panels.register("catalogue:bodies", related("body-territories", field="body", order=20))
    panels.register(
        "catalogue:posts", related("post-territories", field="post", code="pk", order=20)
    )
    panels.register(
        "catalogue:territories", related("body-territories", field="territory", order=10)
    )
    panels.register(
        "catalogue:territories", related("post-territories", field="territory", order=20)
    )
