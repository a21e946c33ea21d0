"""Catalogues of consultation: its forms, and what is consulted on."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultation.forms import catalogues as forms
from consultation.models import Blueprint, ListedMatter
from consultation.services import blueprints, content
from consultation.workflow import HOSTS, READERS
from grids.scopes import scopes_of
from lib.roles import ADMINISTRATORS, Role
from organizations import catalogues
from organizations.catalogues import Catalogue, Column, Values
from organizations.models import User

GROUP = _("Consultation")


def _entries(_user: User, _day: datetime.date) -> QuerySet[ListedMatter]:
    return ListedMatter.objects.select_related("community")


def _is_of_their_community(user: User, row: Any, day: datetime.date) -> bool:
    """The system administrator edits the whole list, a host the entries of his communities."""
    if Role.SYSTEM_ADMIN in user.roles_on(day):
        return True
    place = row["community"] if isinstance(row, dict) else row.community
    if place is None:
        return False
    where = {"town": place.parent_id, "community": place.pk, "grid": None}
    return any(scope.role in HOSTS and scope.covers(**where) for scope in scopes_of(user, on=day))


def _write(row: Blueprint | None, values: Values, by: User, at: datetime.datetime) -> Blueprint:
    return blueprints.write_blueprint(row, dict(values), by, at)


BLUEPRINTS = Catalogue(
    key="consultation-forms",
    label=_("Forms of consultation"),
    about=_("Stages, who takes part, notice, quorum and majority, what is published when."),
    icon="list-check",
    group=GROUP,
    place=80,
    model=Blueprint,
    form=forms.BlueprintForm,
    rows=lambda _user, _day: Blueprint.objects.all(),
    columns=("name", "form", "basis", "valid_from"),
    order=("place", "pk"),
    readers=READERS | ADMINISTRATORS,
    create=lambda values, by, at: _write(None, values, by, at),
    change=_write,
    fixed=("code",),
    keep_past=True,
    also=(Column(_("stages"), blueprints.written),),
)
CONTENT = Catalogue(
    key="content-list",
    label=_("Content list"),
    about=_("What is consulted on and what is not, for the city and for single communities."),
    icon="list-details",
    group=GROUP,
    place=81,
    model=ListedMatter,
    form=forms.ListedMatterForm,
    rows=_entries,
    columns=("name", "kind", "community", "standing", "valid_from"),
    search=("code", "name", "name_en", "text"),
    filters=("kind",),
    order=("place", "pk"),
    readers=READERS | ADMINISTRATORS,
    editors=frozenset({Role.SYSTEM_ADMIN, *HOSTS}),
    may_edit=_is_of_their_community,
    create=lambda values, by, at: content.write_entry(None, values, by, at),
    change=content.write_entry,
    fixed=("code",),
    keep_past=True,
)


def register() -> None:
    for catalogue in (BLUEPRINTS, CONTENT):
        catalogues.register(catalogue)
