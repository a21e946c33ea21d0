"""What the talent teams offer to pages of other apps."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from organizations.models import User
from talent import catalogues, holdings, notifications
from talent.models import Candidate, Course, Enrolment, Objection, Selection
from talent.models.chain import LEADERS, ORGANISERS
from talent.notifications import COURSE, SELECTION
from talent.workflow.selection import CandidateState, SelectionState

Rows = Callable[[User, datetime.date], QuerySet[Any]]
SHOWN = 3
MENU: tuple[tuple[str, Any, str, Collection[str], int], ...] = (
    ("talent:desk_courses", _("Training courses"), "school", ORGANISERS, 70),
    ("talent:desk_selections", _("Selections"), "user-star", ORGANISERS, 71),
    ("talent:judging", _("To be judged by me"), "gavel", (), 72),
    ("talent:staffing", _("Staff, posts and pay"), "users-group", LEADERS, 73),
    ("talent:mine", _("My career"), "id-badge-2", (), 74),
)
QUEUES: tuple[tuple[str, Any, Collection[str], str, Rows], ...] = (
    (
        "objections", _("Objections to short lists"), ORGANISERS, "talent:desk_selections",
        lambda user, on: Objection.objects.to_answer(user, on=on),
    ),
    (
        "judging", _("Candidates to judge"), (), "talent:judging",
        lambda user, _on: Selection.objects.judged_by(user).filter(state=SelectionState.JUDGING),
    ),
)  # fmt: skip


def register() -> None:
    """Menu entries, panels, queues, references and wordings; may be called twice."""
    for name, label, icon, roles, order in MENU:
        menu.register(MenuEntry(name, label, name, icon, roles, order))
    for order, (key, label, roles, name, rows) in enumerate(QUEUES, start=180):
        url = cast("str", reverse_lazy(name))
        queues.register(Queue(f"talent:{key}", label, order, roles, _counting(rows), url))
    panels.register("organizations:me", Panel("talent", 40, "talent/_me_panel.html", on_my_page))
    panels.register("portal:home", Panel("talent", 40, "talent/_home_panel.html", on_home))
    references.register(COURSE, name_courses)
    references.register(SELECTION, name_selections)
    notifications.register_wordings()
    holdings.register()
    catalogues.register()


def _counting(rows: Rows) -> Callable[[Any], int]:
    return lambda user: rows(user, timezone.localdate()).count()


def on_my_page(_request: HttpRequest, user: User) -> dict[str, Any] | None:
    """What is ahead of a resident: courses, and selections in which they stand."""
    courses = Enrolment.objects.of(user).filter(state="enrolled").with_names()
    standing = [CandidateState.RECOMMENDED, CandidateState.APPLIED, CandidateState.PROPOSED]
    rows = Candidate.objects.of(user).filter(state__in=standing).with_names()
    found = {"courses": list(courses.order_by("pk")[:SHOWN]), "rows": list(rows[:SHOWN])}
    return found if any(found.values()) else None


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """What is open to everybody: courses, selections, short lists."""
    now = timezone.now()
    courses = Course.objects.open().filter(sign_up_until__gt=now).with_names()
    rows = Selection.objects.filter(state__in=[SelectionState.OPEN, SelectionState.PUBLISHED])
    found = {
        "courses": list(courses.order_by("starts_at", "pk")[:SHOWN]),
        "selections": list(rows.with_names().order_by("-pk")[:SHOWN]),
    }
    return found if any(found.values()) else None


def _keys(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdigit()]


def name_courses(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Course.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(str(row), reverse("talent:course", args=[row.pk])) for row in rows
    }


def name_selections(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Selection.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    return {
        str(row.pk): Reference(str(row), reverse("talent:selection", args=[row.pk])) for row in rows
    }
