"""Catalogues of consultation: its forms, and what is consulted on."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation import form_words
from consultation.comparing import differences
from consultation.forms import catalogues as forms
from consultation.models import Blueprint, ListedMatter
from consultation.services import blueprints, content
from consultation.services.foreseeing import outlook
from consultation.workflow import HOSTS, READERS
from grids.scopes import scopes_of
from lib.registry import Panel, panels
from lib.roles import ADMINISTRATORS, Role
from organizations import catalogues
from organizations.catalogues import Catalogue
from organizations.http import roles_of
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


def _editor(row: Blueprint | None) -> str:
    if row is None:
        return reverse("consultation:form_new")
    return reverse("consultation:form_edit", args=[row.pk])


def _versions(request: HttpRequest, row: Blueprint) -> dict[str, Any]:
    """What a form asks for, what the version before said instead, and how long it takes."""
    newer_first = list(Blueprint.objects.versions_of(row.code))
    older = [one for one in newer_first if one.valid_from < row.valid_from]
    stages = blueprints.words_of(row)
    before = form_words.lines(blueprints.words_of(older[0])) if older else ""
    return {
        "stages": [(form_words.name_of(one), list(form_words.facts(one))) for one in stages],
        "outlook": outlook(stages, whole_days=row.whole_days, at=timezone.now()),
        "versions": newer_first,
        "before": older[0] if older else None,
        "rows": differences(before, form_words.lines(stages)) if older else [],
        "may_edit": BLUEPRINTS.is_edited_by(roles_of(request)),
    }


BLUEPRINTS = Catalogue(
    key="consultation-forms",
    label=_("Forms of consultation"),
    about=_("Stages, who takes part, notice, quorum and majority, what is published when."),
    icon="list-check",
    group=GROUP,
    place=80,
    model=Blueprint,
    form=forms.BlueprintForm,
    editor=_editor,
    rows=lambda _user, _day: Blueprint.objects.all(),
    columns=("name", "form", "basis", "valid_from"),
    order=("place", "pk"),
    readers=READERS | ADMINISTRATORS,
    keep_past=True,
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
    stages = Panel("consultation-stages", 10, "consultation/_form_panel.html", _versions)
    panels.register(f"catalogue:{BLUEPRINTS.key}", stages)
