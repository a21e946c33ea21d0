"""What cases offer to pages of other apps: menu entries, queues, references, wordings."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import agenda_matters, catalogues, wording
from cases.models import SUBJECT, CallBack, Case, Request, Whistle
from cases.models.callbacks import CALLERS
from cases.models.queries import ROLES_OF_DESK
from cases.models.requests import REVIEWS
from cases.models.whistles import WATCHES
from cases.views import (
    assists,
    callbacks,
    deadlines,
    duplicates,
    effects,
    emergency,
    findings,
    mobilising,
    stages,
    supervisions,
    together,
    topics,
    whistles,
)
from cases.whistle_workflow import ANSWERS
from cases.workflow import Desk
from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from lib.roles import COMMITTEE, Role
from organizations.models import FeedAddress, User
from routing.rights import READERS as RULE_READERS

HANDLES = frozenset({Role.HANDLER, Role.GRID_WORKER, Role.COMMUNITY_WORKER})
LOGS = HANDLES | {
    Role.ACCEPTOR,
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
    Role.VERIFIER,
    Role.DEPARTMENT_HEAD,
}
WORKS = LOGS | COMMITTEE | {Role.SUPERVISOR, Role.ASSESSOR}
MENU = (
    MenuEntry("cases:log", _("Log a case"), "cases:log", "camera-plus", LOGS, 10),
    MenuEntry("cases:tasks", _("My tasks"), "cases:tasks", "checkbox", HANDLES, 20),
    MenuEntry(
        "cases:department",
        _("My department"),
        "cases:department",
        "building",
        {Role.DEPARTMENT_HEAD},
        30,
    ),
    MenuEntry("cases:deadlines", _("Deadlines"), "cases:deadlines", "clock-hour-4", WORKS, 35),
    MenuEntry(
        "cases:lost_receipt",
        _("The receipt was lost"),
        "cases:lost_receipt",
        "receipt-off",
        {Role.ACCEPTOR},
        35,
    ),
    MenuEntry("cases:list", _("Cases"), "cases:list", "folders", order=40),
    MenuEntry(
        "cases:duplicates",
        _("Possible duplicates"),
        "cases:duplicate_pairs",
        "copy",
        duplicates.MERGERS,
        45,
    ),
    MenuEntry(
        "cases:supervisions",
        _("Supervision"),
        "cases:supervisions",
        "eye-exclamation",
        COMMITTEE | {Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.DISPATCHER},
        48,
    ),
    MenuEntry(
        "cases:whistles",
        _("Whistles"),
        "cases:whistles",
        "speakerphone",
        WATCHES | ANSWERS,
        50,
    ),
    MenuEntry("cases:topics", _("Hot topics"), "cases:topics", "flame", topics.READERS, 60),
    MenuEntry(
        "cases:classifier",
        _("What suggestions learn from"),
        "cases:classifier",
        "brain",
        RULE_READERS,
        95,
    ),
    MenuEntry(
        "cases:replay",
        _("What would change"),
        "cases:replay",
        "player-play",
        COMMITTEE | {Role.DISPATCHER, Role.SYSTEM_ADMIN},
        90,
    ),
)
# What is said of a desk to the person who serves it.
WAITING = {
    Desk.ACCEPTANCE: _("Reports to accept"),
    Desk.SITE: _("To look at on site"),
    Desk.DISPATCH: _("Cases to dispatch"),
    Desk.DUTY: _("Emergencies"),
    Desk.HEAD: _("Waits for the head"),
    Desk.FINANCE: _("Money to decide"),
    Desk.COMMITTEE: _("Duties to decide"),
    Desk.HANDLER: _("My tasks"),
    Desk.VERIFIER: _("Cases to check"),
}


def name_exports(keys: Collection[str], _user: User) -> Mapping[str, Reference]:
    """Files that were asked for lie on one page."""
    return {key: Reference(str(_("My files")), reverse("cases:exports")) for key in keys}


def _feed(_request: HttpRequest, user: User) -> dict[str, Any]:
    return {"feed": FeedAddress.objects.filter(person=user).first()}


def _requests(user: User) -> int:
    return Request.objects.for_reviewer(user, on=timezone.localdate()).count()


def _queue(desk: Desk, label: Any, order: int) -> Queue:
    url = cast("str", reverse_lazy("cases:queue", args=[desk.value]))
    return Queue(f"cases:{desk}", label, order, ROLES_OF_DESK[desk], partial(_count, desk), url)


def _listed(
    name: str,
    label: Any,
    order: int,
    roles: Collection[Role],
    count: Callable[[User], int],
    *,
    page: str = "",
) -> Queue:
    """A queue with a page of its own: `page`, or that of its name."""
    url = cast("str", reverse_lazy(f"cases:{page or name}"))
    return Queue(f"cases:{name}", label, order, roles, count, url)


def _count(desk: Desk, user: User) -> int:
    return Case.objects.on_desk(user, on=timezone.localdate()).filter(desk=desk).count()


def _count_callbacks(user: User) -> int:
    rows = CallBack.objects.visible_to(user, on=timezone.localdate())
    return rows.to_call(timezone.now()).count()


def _count_whistles(user: User) -> int:
    return Whistle.objects.waiting_for(user, on=timezone.localdate()).count()


def name_whistles(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Whistles by primary key, for the inbox."""
    wanted = [key for key in keys if key.isdigit()]
    mine = Whistle.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=wanted)
    return {
        str(row.pk): Reference(row.text, reverse("cases:whistle", args=[row.pk])) for row in mine
    }


def name_cases(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Cases by primary key, for the inbox and the ledger."""
    wanted = [key for key in keys if key.isdigit()]
    mine = Case.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=wanted)
    return {str(case.pk): _reference(case) for case in mine.only("number", "title")}


def _reference(case: Case) -> Reference:
    return Reference(f"{case.number} {case.title}", reverse("cases:detail", args=[case.number]))


_QUEUES = (
    *(_queue(desk, label, order * 10) for order, (desk, label) in enumerate(WAITING.items(), 1)),
    _listed("whistles", _("Whistles that wait for us"), 5, ANSWERS, _count_whistles),
    _listed("requests", _("Requests to review"), 95, REVIEWS, _requests),
    _listed("callbacks", _("Residents to call"), 15, CALLERS, _count_callbacks),
    _listed("assists", _("Assistance asked of us"), 75, HANDLES | {Role.DEPARTMENT_HEAD},
            assists.count),
    _listed("supervisions", _("Replies that we owe"), 6, {Role.DEPARTMENT_HEAD},
            supervisions.count),
    _listed("late", _("Late"), 6, WORKS, deadlines.count_late, page="deadlines"),
)  # fmt: skip
_PANELS = (
    ("routing:change", Panel("effects", 10, "cases/_effect_panel.html", effects.panel)),
    ("cases:detail", Panel("danger", 5, "cases/_danger_panel.html", emergency.panel)),
    ("cases:detail", Panel("found", 7, "cases/_found_panel.html", findings.of_case)),
    ("cases:detail", Panel("together", 10, "cases/_several_panel.html", together.panel)),
    ("cases:detail", Panel("stages", 20, "cases/_stages.html", stages.panel)),
    ("cases:detail", Panel("whistles", 50, "cases/_whistles_panel.html", whistles.panel)),
    ("cases:detail", Panel("callbacks", 55, "cases/_callbacks_panel.html", callbacks.panel)),
    ("cases:detail", Panel("topics", 60, "cases/_topic_panel.html", topics.of_case)),
    ("cases:detail", Panel("volunteers", 70, "volunteers/_calls_panel.html", mobilising.panel)),
    ("organizations:account", Panel("feed", 10, "cases/_account_feed.html", _feed)),
    ("grids:finding", Panel("case", 10, "cases/_finding_panel.html", findings.of_finding)),
)


def register() -> None:
    agenda_matters.register()
    catalogues.register()
    for entry in MENU:
        menu.register(entry)
    for queue in _QUEUES:
        queues.register(queue)
    for page, panel in _PANELS:
        panels.register(page, panel)
    references.register("case-export", name_exports)
    references.register(SUBJECT, name_cases)
    references.register("whistle", name_whistles)
    wording.register_wordings()
