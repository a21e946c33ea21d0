"""Catalogues of routing: what a matter is, by which standard, who must do it, who admitted it."""

import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from grids.locate import Place
from grids.models import BodyTerritory
from grids.scopes import Scope, scopes_of
from lib.fen import yuan
from lib.registry import panels
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column, Values
from organizations.catalogues.related import related
from organizations.models import Body, User
from routing import services
from routing.forms import catalogues as forms
from routing.models import Admission, Category, CommunityDuty, DangerWord, DutyEntry, FilingStandard

GROUP = _("Matters and duties")
READERS = (
    ADMINISTRATORS
    | COMMITTEE
    | {
        Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.SUPERVISOR,
        Role.ASSESSOR,
    }
)  # fmt: skip
RULERS = COMMITTEE | {Role.SYSTEM_ADMIN}
Moment = datetime.datetime


def _make(model: type[Any], values: Values, by: User, at: Moment) -> Any:
    columns, links = _split(values)
    return services.make_rule(model(**columns), by=by, at=at, links=links)


def _change(row: Any, values: Values, by: User, at: Moment) -> Any:
    columns, links = _split(values)
    return services.change_rule(row, columns, by=by, at=at, links=links)


def _end(row: Any, on: datetime.date, by: User, at: Moment) -> Any:
    return services.end_rule(row, on=on, by=by, at=at)


def _split(values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    columns = dict(values)
    links = {"assistants": columns.pop("assistants")} if "assistants" in columns else {}
    return columns, links


# -- How far a committee may rule ------------------------------------------------------------------


def _rules_duty(user: User, row: Any, day: datetime.date) -> bool:
    territory = row["territory"] if isinstance(row, dict) else row.territory
    return _is_system(user, day) or _covers(_committees(user, day), Place.of(territory))


def _rules_list(user: User, row: Any, day: datetime.date) -> bool:
    """A list of every community belongs to those who rule the whole city."""
    body = row["body"] if isinstance(row, dict) else row.body
    if _is_system(user, day):
        return True
    if body is None:
        return any(scope.everywhere for scope in _committees(user, day))
    return _reaches(user, body, day)


def _rules_admission(user: User, row: Any, day: datetime.date) -> bool:
    body = row["community"] if isinstance(row, dict) else row.community
    return _is_system(user, day) or _reaches(user, body, day)


def _is_system(user: User, day: datetime.date) -> bool:
    return Role.SYSTEM_ADMIN in user.roles_on(day)


def _committees(user: User, day: datetime.date) -> list[Scope]:
    return [scope for scope in scopes_of(user, on=day) if scope.role in COMMITTEE]


def _covers(scopes: list[Scope], place: Place) -> bool:
    return any(
        scope.covers(town=place.town_id, community=place.community_id, grid=place.grid_id)
        for scope in scopes
    )


def _reaches(user: User, body: Body, day: datetime.date) -> bool:
    scopes = _committees(user, day)
    if any(body.pk in scope.body_ids for scope in scopes):
        return True
    rows = BodyTerritory.objects.filter(body=body).valid_on(day).select_related("territory")
    places = [Place.of(row.territory) for row in rows]
    return bool(places) and all(_covers(scopes, place) for place in places)


# -- The catalogues --------------------------------------------------------------------------------


def _limit(row: FilingStandard, step: str) -> str:
    return f"{getattr(row, f'{step}_limit')} {getattr(row, f'get_{step}_unit_display')()}"


CATEGORIES = Catalogue(
    key="categories",
    label=_("Categories"),
    about=_("Large and small classes of matters; a case is filed under a small class."),
    icon="category-2",
    group=GROUP,
    place=40,
    model=Category,
    form=forms.CategoryForm,
    rows=lambda _user, _day: Category.objects.select_related("parent"),
    columns=("name", "parent", "code", "publicity"),
    search=("code", "name", "name_en", "initials"),
    filters=("is_emergency",),
    readers=READERS,
    is_suggested=True,
    fixed=("valid_from",),
    create=lambda values, by, at: services.make_category(by=by, at=at, **values),
    change=lambda row, values, by, at: services.change_category(row, by=by, at=at, **values),
    end=_end,
)
STANDARDS = Catalogue(
    key="standards",
    label=_("Filing standards"),
    about=_(
        "When a matter is filed, how long it may take, when it is closed, what it needs and costs."
    ),
    icon="clipboard-check",
    group=GROUP,
    place=41,
    model=FilingStandard,
    form=forms.StandardForm,
    rows=lambda _user, _day: FilingStandard.objects.select_related("category", "skill", "purpose"),
    columns=(
        "condition", "category", Column(_("To be signed in"), partial(_limit, step="sign")),
        Column(_("To be handled in"), partial(_limit, step="handle")),
        Column(_("Cost (yuan)"), lambda row: yuan(row.cost)),
    ),
    search=("condition", "condition_en", "category__code", "category__name", "category__name_en"),
    filters=("urgent", "skill", "purpose"),
    order=("category__code", "rank", "pk"),
    readers=READERS,
    keep_past=True,
    create=partial(_make, FilingStandard),
    change=_change,
    end=_end,
)  # fmt: skip
DUTIES = Catalogue(
    key="duties",
    label=_("Duty list"),
    about=_("Who leads, assists and pays: by category and territory, with the legal basis."),
    icon="list-check",
    group=GROUP,
    place=42,
    model=DutyEntry,
    form=forms.DutyForm,
    rows=lambda _user, _day: DutyEntry.objects.select_related(
        "category", "territory", "lead", "payer"
    ),
    columns=(
        Column(_("Category"), lambda row: row.category or _("Every category (the last resort)")),
        *("territory", "lead", "origin", "valid_from"),
    ),
    search=(
        "category__name", "category__name_en", "category__code", "territory__name",
        "territory__code", "lead__name", "lead__name_en", "lead__code",
    ),
    filters=("origin",),
    order=("territory__code", "pk"),
    readers=READERS,
    editors=RULERS,
    keep_past=True,
    may_edit=_rules_duty,
    create=partial(_make, DutyEntry),
    change=_change,
    end=_end,
    name_of=lambda row: f"{row.category or '*'} · {row.territory}",
)  # fmt: skip
COMMUNITY_LISTS = Catalogue(
    key="community-lists",
    label=_("Communities' lists"),
    about=_("What communities must do, help with, and may not be given."),
    icon="list-details",
    group=GROUP,
    place=43,
    model=CommunityDuty,
    form=forms.CommunityDutyForm,
    rows=lambda _user, _day: CommunityDuty.objects.select_related("body", "category"),
    columns=("category", "list", "body", "legal_basis"),
    search=("category__name", "category__name_en", "category__code", "body__name", "body__name_en"),
    filters=("list",),
    order=("category__code", "pk"),
    readers=READERS,
    editors=RULERS,
    keep_past=True,
    may_edit=_rules_list,
    create=partial(_make, CommunityDuty),
    change=_change,
    end=_end,
    name_of=lambda row: f"{row.category} · {row.get_list_display()}",
)
ADMISSIONS = Catalogue(
    key="admissions",
    label=_("Admitted matters"),
    about=_(
        "Matters that departments hand to communities, with the people and the money for them."
    ),
    icon="door-enter",
    group=GROUP,
    place=44,
    model=Admission,
    form=forms.AdmissionForm,
    rows=lambda _user, _day: Admission.objects.select_related(
        "category", "department", "community", "line"
    ),
    columns=("category", "department", "community", "points", "line"),
    search=("category__name", "category__code", "department__name", "community__name"),
    order=("category__code", "pk"),
    readers=READERS,
    editors=RULERS,
    keep_past=True,
    may_edit=_rules_admission,
    create=partial(_make, Admission),
    change=_change,
    end=_end,
    name_of=lambda row: f"{row.category} · {row.community}",
)

DANGER_WORDS = Catalogue(
    key="danger-words",
    label=_("Words of danger"),
    about=_(
        "A report with such a word is stopped before it is routed, the writer sees whom to call, "
        "and the duty officer gets it at once."
    ),
    icon="urgent",
    group=GROUP,
    place=45,
    model=DangerWord,
    form=forms.DangerWordForm,
    rows=lambda _user, _day: DangerWord.objects.all(),
    columns=("word", "kind", "number", "valid_from", "valid_to"),
    search=("word",),
    filters=("kind", "number"),
    order=("kind", "pk"),
    readers=READERS,
    editors=RULERS | {Role.DUTY_OFFICER},
    keep_past=True,
)


def register() -> None:
    for catalogue in (CATEGORIES, STANDARDS, DUTIES, COMMUNITY_LISTS, ADMISSIONS, DANGER_WORDS):
        catalogues.register(catalogue)
    for order, key in enumerate(("standards", "duties", "community-lists", "admissions")):
        panels.register("catalogue:categories", related(key, field="category", order=order))
    panels.register("catalogue:bodies", related("duties", field="lead", order=30))
    panels.register("catalogue:territories", related("duties", field="territory", order=30))
