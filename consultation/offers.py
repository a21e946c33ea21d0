"""What results and projects offer to other pages: menu, queues, panels, names for the inbox."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from consultation import holdings
from consultation.board import board_of
from consultation.commitment_notifications import OF_CALL, OF_IDEA
from consultation.glances import glances
from consultation.models import SUBJECT as OF_CONSULTATION
from consultation.models import Commitment, Consultation, Idea, ProjectCall
from consultation.models.commitments import CARRIES_OUT, READERS, SUBJECT
from consultation.models.projects import OVERSEES
from consultation.project_workflow import CallState, IdeaState
from consultation.services import carrying_gates
from consultation.services.carriers import SUPERVISES
from consultation.views import mobilising
from consultation.workflow import HOSTS
from lib.registry import MenuEntry, Panel, Queue, Reference, menu, panels, queues, references
from lib.roles import Role
from organizations.http import roles_of
from organizations.models import User

HOST = {Role.CONSULTATION_HOST}
SHOWN = 3
LOOKED_AT = 30
DUE_SHOWN = 8


def register() -> None:
    menu.register(
        MenuEntry("consultation:board", _("What is due next"), "consultation:board",
                  "calendar-due", HOST, order=51)
    )  # fmt: skip
    menu.register(
        MenuEntry("consultation:commitments", _("Commitments"), "consultation:commitments",
                  "list-check", READERS, order=52)
    )  # fmt: skip
    menu.register(
        MenuEntry("consultation:projects", _("Project calls"), "consultation:project_calls",
                  "bulb", OVERSEES | CARRIES_OUT, order=53)
    )  # fmt: skip
    for order, (label, roles, count, url) in enumerate(QUEUES, start=300):
        queues.register(
            Queue(f"consultation:{order}", label, order, roles, count, cast("str", url))
        )
    panels.register(
        "cases:detail", Panel("consultations", 80, "consultation/_case_panel.html", about_case)
    )
    panels.register(
        "portal:workbench", Panel("due", 30, "consultation/_due_panel.html", due_for_host)
    )
    panels.register("portal:home", Panel("say", 20, "consultation/_home_panel.html", on_home))
    panels.register(
        "consultation:commitment",
        Panel("volunteers", 70, "volunteers/_calls_panel.html", mobilising.panel),
    )
    carrying_gates.register()
    holdings.register()
    references.register(SUBJECT, name_commitments)
    references.register(OF_CALL, name_calls)
    references.register(OF_IDEA, name_ideas)
    references.register(OF_CONSULTATION, name_consultations)


# -- Queues ------------------------------------------------------------------------------


def _overdue(user: User) -> int:
    on = timezone.localdate()
    return Commitment.objects.visible_to(user, on=on).overdue(on=on).count()


def _to_check(user: User) -> int:
    on = timezone.localdate()
    rows = Commitment.objects.visible_to(user, on=on).filter(state="reported")
    return rows.exclude(reported_by=user).count()


def _ideas_to_look_at(user: User) -> int:
    calls = ProjectCall.objects.overseen_by(user, on=timezone.localdate())
    return Idea.objects.filter(call__in=calls, state=IdeaState.SUBMITTED).count()


def _to_work_out(user: User) -> int:
    on = timezone.localdate()
    return Idea.objects.asked_of(user, on=on).count()


QUEUES = (
    (_("Commitments overdue"), SUPERVISES | CARRIES_OUT | HOST, _overdue,
     reverse_lazy("consultation:commitments", query={"state": "overdue"})),
    (_("Said to be done, to be checked"), HOST | {Role.SUPERVISOR}, _to_check,
     reverse_lazy("consultation:commitments", query={"state": "reported"})),
    (_("Ideas to look at"), HOST, _ideas_to_look_at, reverse_lazy("consultation:project_calls")),
    (_("Ideas to work out"), CARRIES_OUT, _to_work_out,
     reverse_lazy("consultation:project_calls")),
)  # fmt: skip


# -- Panels ------------------------------------------------------------------------------


def about_case(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Promises that opened this case, and public consultations on a topic that it raised."""
    commitments = Commitment.objects.filter(case=case).with_names().order_by("pk")
    published = Consultation.objects.published().filter(topic__case=case)
    if not commitments and not published:
        return None
    return {"commitments": commitments, "consultations": published.order_by("-pk")[:SHOWN]}


def due_for_host(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """The first rows of the board, for those who host."""
    at = timezone.now()
    if not roles_of(request) & HOSTS:
        return None
    rows = [due for due in board_of(user, at=at) if due.due_at][:DUE_SHOWN]
    return {"rows": rows} if rows else None


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    open_calls = ProjectCall.objects.published().with_names().filter(
        state__in=[CallState.COLLECTING, CallState.VOTING]
    )  # fmt: skip
    running = Consultation.objects.published().running().with_names().order_by("-pk")
    seen = glances(list(running[:LOOKED_AT]), at=timezone.now())
    found = {
        "calls": list(open_calls.order_by("-pk")[:SHOWN]),
        # What anybody can take part in comes first.
        "glances": sorted(seen, key=lambda glance: not glance.calls)[:SHOWN],
    }
    return found if found["calls"] or found["glances"] else None


# -- Names ------------------------------------------------------------------------------


def _keys(keys: Collection[str]) -> list[str]:
    return [key for key in keys if key.isdigit()]


def _is_resident(user: Any) -> bool:
    return bool(getattr(user, "is_resident", True))


def name_commitments(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """For the inbox and the ledger: residents go to the public page."""
    rows = Commitment.objects.filter(pk__in=_keys(keys))
    to = "published_commitment" if _is_resident(user) else "commitment"
    return {
        str(row.pk): Reference(
            f"{row.number} {row.title}", reverse(f"consultation:{to}", args=[row.pk])
        )
        for row in rows
    }


def name_calls(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = ProjectCall.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=_keys(keys))
    to = "published_call" if _is_resident(user) else "project_call"
    return {
        str(row.pk): Reference(str(row), reverse(f"consultation:{to}", args=[row.pk]))
        for row in rows
    }


def name_ideas(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    on = timezone.localdate()
    rows = Idea.objects.visible_to(user, on=on).filter(pk__in=_keys(keys)).select_related("call")
    if _is_resident(user):
        return {
            str(row.pk): Reference(
                str(row), reverse("consultation:published_call", args=[row.call_id])
            )
            for row in rows
        }
    return {
        str(row.pk): Reference(str(row), reverse("consultation:idea", args=[row.pk]))
        for row in rows
    }


def name_consultations(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Consultation.objects.published().filter(number__in=keys)
    to = "published_consultation" if _is_resident(user) else "consultation"
    return {
        row.number: Reference(str(row), reverse(f"consultation:{to}", args=[row.number]))
        for row in rows
    }
