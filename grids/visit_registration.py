"""Visits in menu, queues, catalogues and inbox."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids import visit_catalogues, visit_notifications
from grids.models import VisitKind
from grids.models.visit_plans import OVERSEERS, VISITORS
from grids.models.visits import SUBJECT
from grids.reach import findings_seen_by, plans_of_visitor, visits_seen_by
from grids.standing import SEES
from grids.visit_workflow import FindingState
from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from organizations.models import User


def register() -> None:
    visit_catalogues.register()
    visit_notifications.register_wordings()
    menu.register(MenuEntry("grids:visits", _("Visits due"), "grids:visits", "walk", VISITORS, 15))
    menu.register(
        MenuEntry("grids:visits_made", _("Visits made"), "grids:visits_made", "shoe", SEES, 42)
    )
    menu.register(
        MenuEntry(
            "grids:visits_standing", _("Visits by grid"), "grids:visits_standing", "chart-bar",
            OVERSEERS | VISITORS, 43,
        )
    )  # fmt: skip
    due = cast("str", reverse_lazy("grids:visits"))
    queues.register(Queue("grids:visits", _("Visits due"), 8, VISITORS, _count_due, due))
    made = cast("str", reverse_lazy("grids:visits_made"))
    queues.register(
        Queue("grids:findings", _("Findings to decide"), 9, VISITORS, _count_open, made)
    )
    references.register(SUBJECT, name_visits)
    panels.register(
        "catalogue:visit-kinds", Panel("form", 10, "grids/_kind_form_panel.html", _form_of)
    )


def _today() -> datetime.date:
    return timezone.localdate()


def _count_due(user: User) -> int:
    return plans_of_visitor(user, on=_today()).due_by(_today()).count()


def _count_open(user: User) -> int:
    return findings_seen_by(user, on=_today()).filter(state=FindingState.OPEN).count()


def _form_of(_request: HttpRequest, kind: VisitKind) -> dict[str, Any]:
    return {"kind": kind, "form": kind.form}


def name_visits(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Visits by primary key."""
    wanted = [key for key in keys if key.isdigit()]
    seen = visits_seen_by(user, on=_today()).with_names().filter(pk__in=wanted)
    return {str(row.pk): Reference(str(row), reverse("grids:visit", args=[row.pk])) for row in seen}
