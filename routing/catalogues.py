"""Catalogues of routing: what a matter is, by which standard, who must do it, who admitted it."""

import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from lib.fen import yuan
from lib.registry import panels
from lib.roles import COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column, Values
from organizations.catalogues.related import related
from organizations.models import User
from routing import services
from routing.forms import catalogues as forms
from routing.models import (
    Admission,
    AdmissionRule,
    Category,
    CentreStandard,
    CommunityDuty,
    DangerWord,
    DutyEntry,
    FilingStandard,
    ServiceCentre,
    ServiceItem,
)
from routing.rights import READERS

GROUP = _("Matters and duties")
RULERS = COMMITTEE | {Role.SYSTEM_ADMIN}
Moment = datetime.datetime


def _make(model: type[Any], values: Values, by: User, at: Moment) -> Any:
    return services.make_rule(model(**values), by=by, at=at)


def _change(row: Any, values: Values, by: User, at: Moment) -> Any:
    return services.change_rule(row, values, by=by, at=at)


def _end(row: Any, on: datetime.date, by: User, at: Moment) -> Any:
    return services.end_rule(row, on=on, by=by, at=at)


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
    about=_(
        "Who leads, assists and pays: by category and territory, with the legal basis. It changes "
        "by drafts that a second person reviews."
    ),
    icon="list-check",
    group=GROUP,
    place=42,
    model=DutyEntry,
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
    name_of=lambda row: f"{row.category or '*'} · {row.territory}",
)  # fmt: skip
COMMUNITY_LISTS = Catalogue(
    key="community-lists",
    label=_("Communities' lists"),
    about=_(
        "What communities must do, help with, and may not be given. They change by drafts that a "
        "second person reviews."
    ),
    icon="list-details",
    group=GROUP,
    place=43,
    model=CommunityDuty,
    rows=lambda _user, _day: CommunityDuty.objects.select_related("body", "category"),
    columns=("category", "list", "body", "legal_basis"),
    search=("category__name", "category__name_en", "category__code", "body__name", "body__name_en"),
    filters=("list",),
    order=("category__code", "pk"),
    readers=READERS,
    name_of=lambda row: f"{row.category} · {row.get_list_display()}",
)
ADMISSIONS = Catalogue(
    key="admissions",
    label=_("Admitted matters"),
    about=_(
        "Matters that departments hand to communities, with the people and the money for them: "
        "applied for, reviewed, and given back in the end."
    ),
    icon="door-enter",
    group=GROUP,
    place=44,
    model=Admission,
    rows=lambda _user, _day: Admission.objects.select_related(
        "category", "department", "community", "line"
    ),
    columns=("category", "department", "community", "points", "line"),
    search=("category__name", "category__code", "department__name", "community__name"),
    order=("category__code", "pk"),
    readers=READERS,
    name_of=lambda row: f"{row.category} · {row.community}",
)
ADMISSION_RULES = Catalogue(
    key="admission-rules",
    label=_("Rules of admission"),
    about=_("How far ahead it is applied for, how long review and trial take, what is renewed."),
    icon="ruler",
    group=GROUP,
    place=46,
    model=AdmissionRule,
    form=forms.AdmissionRuleForm,
    rows=lambda _user, _day: AdmissionRule.objects.all(),
    columns=("notice_days", "review_days", "trial_days", "least_score", "valid_from", "valid_to"),
    search=(),
    order=("-valid_from", "pk"),
    readers=READERS,
    editors={Role.SYSTEM_ADMIN},
    keep_past=True,
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
SERVICE_ITEMS = Catalogue(
    key="service-items",
    label=_("Matters to apply for"),
    about=_(
        "What residents apply for: who may, what to bring, how long it takes. Any counter accepts "
        "it as a case of its category."
    ),
    icon="file-certificate",
    group=GROUP,
    place=47,
    model=ServiceItem,
    form=forms.ServiceItemForm,
    rows=lambda _user, _day: ServiceItem.objects.select_related("category"),
    columns=("name", "category", "applicants", "days"),
    search=("code", "name", "name_en", "category__name", "category__name_en"),
    readers=READERS,
    editors=RULERS,
    fixed=("code", "valid_from"),
)
SERVICE_CENTRES = Catalogue(
    key="service-centres",
    label=_("Service centres"),
    about=_("Counters where everything is accepted: where, when, and what they have."),
    icon="building-bank",
    group=GROUP,
    place=48,
    model=ServiceCentre,
    form=forms.ServiceCentreForm,
    rows=lambda _user, _day: ServiceCentre.objects.select_related("territory"),
    columns=("name", "territory", "windows", "staff", "week_hours"),
    search=("code", "name", "name_en", "address", "territory__name", "territory__name_en"),
    order=("territory__code", "pk"),
    readers=READERS,
    editors=RULERS,
    fixed=("code", "valid_from"),
)
CENTRE_STANDARDS = Catalogue(
    key="centre-standards",
    label=_("Standards of service centres"),
    about=_("What a centre of a town or a community must have at least."),
    icon="ruler-2",
    group=GROUP,
    place=49,
    model=CentreStandard,
    form=forms.CentreStandardForm,
    rows=lambda _user, _day: CentreStandard.objects.all(),
    columns=("level", "floor_area", "windows", "staff", "week_hours", "valid_from", "valid_to"),
    search=(),
    order=("level", "pk"),
    readers=READERS,
    editors=RULERS,
    keep_past=True,
)


def register() -> None:
    for catalogue in (
        CATEGORIES, STANDARDS, DUTIES, COMMUNITY_LISTS, ADMISSIONS, ADMISSION_RULES, DANGER_WORDS,
        SERVICE_ITEMS, SERVICE_CENTRES, CENTRE_STANDARDS,
    ):  # fmt: skip
        catalogues.register(catalogue)
    kept = ("standards", "duties", "community-lists", "admissions", "service-items")
    for order, key in enumerate(kept):
        panels.register("catalogue:categories", related(key, field="category", order=order))
    panels.register("catalogue:bodies", related("duties", field="lead", order=30))
    panels.register("catalogue:territories", related("duties", field="territory", order=30))
