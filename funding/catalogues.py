"""Catalogues of money: sources, purposes and lines. None of these pages changes an amount."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funding import services
from funding.forms import catalogues as forms
from funding.forms import public_money
from funding.models import (
    Ban,
    BankAccount,
    CollectiveOffice,
    Line,
    PayGrade,
    Purpose,
    Rung,
    ServiceStandard,
    Source,
    SourceRule,
)
from funding.models.lines import READERS
from grids.scopes import scopes_of
from lib.fen import yuan
from lib.roles import ADMINISTRATORS, FINANCE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column, Values
from organizations.models import User
from organizations.services import changes

GROUP = _("Money")
Moment = datetime.datetime


def _write_source(row: Source | None, values: Values, by: User, at: Moment) -> Source:
    columns = dict(values)
    purposes = columns.pop("purposes")
    with transaction.atomic():
        if row is None:
            source = changes.create(Source(**columns), by=by, at=at)
        else:
            source = changes.revise(row, columns, by=by, at=at)
        services.allow_purposes(source, purposes=purposes, by=by, at=at)
    return source


def _lines(user: User, day: datetime.date) -> QuerySet[Line]:
    """The system administrator looks up every line, other people those that `visible_to` opens."""
    rows = Line.objects.with_names()
    if Role.SYSTEM_ADMIN in user.roles_on(day):
        return rows
    return rows.visible_to(user, on=day)


def _is_of_their_body(user: User, row: Any, day: datetime.date) -> bool:
    body = row["body"] if isinstance(row, dict) else row.body
    makers = (scope for scope in scopes_of(user, on=day) if scope.role == Role.FINANCE_MAKER)
    return any(body.pk in scope.body_ids for scope in makers)


def _purposes_of(row: Any) -> list[Any]:
    rows = row.purposes if isinstance(row, Line) else row.allowed
    return [each.purpose for each in rows.select_related("purpose")]


SOURCES = Catalogue(
    key="sources",
    label=_("Sources of money"),
    about=_(
        "The kinds of money, the order in which they are asked, and what each may be used for."
    ),
    icon="coins",
    group=GROUP,
    place=60,
    model=Source,
    form=forms.SourceForm,
    rows=lambda _user, _day: Source.objects.all(),
    columns=("name", "rank", "code"),
    order=("rank", "pk"),
    readers=READERS | ADMINISTRATORS,
    create=lambda values, by, at: _write_source(None, values, by, at),
    change=_write_source,
    also=(Column(_("May be used for"), _purposes_of),),
)
PURPOSES = Catalogue(
    key="purposes",
    label=_("Purposes"),
    about=_("What money can be for; filing standards name one, lines and sources allow some."),
    icon="target",
    group=GROUP,
    place=61,
    model=Purpose,
    form=forms.PurposeForm,
    rows=lambda _user, _day: Purpose.objects.all(),
    columns=("name", "name_en", "code"),
    readers=READERS | ADMINISTRATORS,
    removable=True,
)
LINES = Catalogue(
    key="lines",
    label=_("Budget lines"),
    about=_("Amounts of one source, owned by a body, for some purposes, a territory and a period."),
    icon="wallet",
    group=GROUP,
    place=62,
    model=Line,
    form=forms.LineForm,
    rows=_lines,
    columns=("name", "source", "body", Column(_("Free (yuan)"), lambda row: yuan(row.available))),
    filters=("source",),
    readers=READERS | {Role.SYSTEM_ADMIN},
    editors=frozenset({Role.FINANCE_MAKER}),
    may_edit=_is_of_their_body,
    fixed=("code", "source", "body"),
    create=lambda values, by, at: services.make_line(by=by, at=at, **values),
    change=lambda row, values, by, at: services.change_line(row, by=by, at=at, **values),
    end=lambda row, on, by, at: services.end_line(row, on=on, by=by, at=at),
    also=(
        Column(_("May be used for"), _purposes_of),
        Column(_("Received (yuan)"), lambda row: yuan(row.received)),
        Column(_("Free (yuan)"), lambda row: yuan(row.available)),
        Column(_("Reserved (yuan)"), lambda row: yuan(row.reserved)),
        Column(_("Payable (yuan)"), lambda row: yuan(row.payable)),
        Column(_("Spent (yuan)"), lambda row: yuan(row.spent)),
    ),
)


OFFICES = Catalogue(
    key="offices",
    label=_("Offices of collectives"),
    about=_("Who directs, supervises or keeps the books; what conflicts is refused."),
    icon="users-group",
    group=GROUP,
    place=66,
    model=CollectiveOffice,
    form=public_money.OfficeForm,
    rows=lambda _user, _day: CollectiveOffice.objects.select_related("body", "person"),
    columns=("body", "person", "office", "valid_from", "valid_to"),
    search=("body__name", "person__full_name"),
    order=("pk",),
    readers=READERS | ADMINISTRATORS,
    create=lambda values, by, at: services.appoint(CollectiveOffice(**values), by=by, at=at),
    change=lambda row, values, by, at: services.change_office(row, values, by=by, at=at),
)
GRADES = Catalogue(
    key="pay-grades",
    label=_("Pay grades"),
    about=_("Posts and levels of community workers, and what the plan gives for one in a month."),
    icon="stairs",
    group=GROUP,
    place=67,
    model=PayGrade,
    form=public_money.PayGradeForm,
    rows=lambda _user, _day: PayGrade.objects.all(),
    columns=("post", "level", Column(_("Planned (yuan)"), lambda row: yuan(row.planned))),
    search=("basis",),
    order=("post", "level", "pk"),
    readers=READERS | ADMINISTRATORS,
)
SERVICES = Catalogue(
    key="service-standards",
    label=_("Standards of public services"),
    about=_("What every community should have, and how much of it in a year."),
    icon="building-community",
    group=GROUP,
    place=68,
    model=ServiceStandard,
    form=public_money.ServiceStandardForm,
    rows=lambda _user, _day: ServiceStandard.objects.all(),
    columns=("name", "amount", "unit", "code"),
    readers=READERS | ADMINISTRATORS,
)
RULES = Catalogue(
    key="source-rules",
    label=_("Rules of sources"),
    about=_("How each kind of money comes in, when it is published, how long it may be kept."),
    icon="scale",
    group=GROUP,
    place=63,
    model=SourceRule,
    form=forms.RuleForm,
    rows=lambda _user, _day: SourceRule.objects.select_related("source"),
    columns=("source", "publish_days", "publish_every", "carry_years", "valid_from"),
    search=("raising", "raising_en", "basis"),
    filters=("source",),
    order=("source__code", "-pk"),
    readers=READERS | ADMINISTRATORS,
    keep_past=True,
)
BANS = Catalogue(
    key="bans",
    label=_("Forbidden purposes"),
    about=_("What a kind of money must not pay for, with the reason; the database refuses it."),
    icon="ban",
    group=GROUP,
    place=64,
    model=Ban,
    form=forms.BanForm,
    rows=lambda _user, _day: Ban.objects.select_related("source", "purpose"),
    columns=("source", "purpose", "reason", "valid_from"),
    search=("reason", "purpose__name", "purpose__name_en"),
    filters=("source",),
    order=("source__code", "-pk"),
    readers=READERS | ADMINISTRATORS,
    keep_past=True,
)
RUNGS = Catalogue(
    key="rungs",
    label=_("Steps of approval"),
    about=_("Who approves an application by source and amount: every step from its amount on."),
    icon="stairs-up",
    group=GROUP,
    place=65,
    model=Rung,
    form=forms.RungForm,
    rows=lambda _user, _day: Rung.objects.select_related("source", "body"),
    columns=(
        "source",
        "position",
        Column(_("From (yuan)"), lambda row: yuan(row.above)),
        Column(_("role"), lambda row: row.get_role_display()),
        "body",
    ),
    search=("source__name", "source__name_en"),
    filters=("source",),
    order=("source__code", "position", "pk"),
    readers=READERS | ADMINISTRATORS,
    keep_past=True,
)
ACCOUNTS = Catalogue(
    key="bank-accounts",
    label=_("Bank accounts"),
    about=_("Accounts of bodies; money of a body never stands on a person's account."),
    icon="building-bank",
    group=GROUP,
    place=66,
    model=BankAccount,
    form=forms.BankAccountForm,
    rows=lambda _user, _day: BankAccount.objects.select_related("body"),
    columns=("name", "body", "bank"),
    search=("name", "bank", "number"),
    order=("pk",),
    readers=FINANCE | {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
    fixed=("body", "number"),
)


def register() -> None:
    for catalogue in (
        SOURCES,
        PURPOSES,
        LINES,
        RULES,
        BANS,
        RUNGS,
        ACCOUNTS,
        OFFICES,
        GRADES,
        SERVICES,
    ):
        catalogues.register(catalogue)
