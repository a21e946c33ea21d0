"""What legislation offers to other pages: menu, queue, reference data, the tracker on the home."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.registry import MenuEntry, Panel, Queue, menu, panels, queues
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations import catalogues
from organizations.catalogues import Catalogue
from organizations.models import User
from oversight.forms.legislation import LimitForm
from oversight.legislation_workflow import Stage
from oversight.models import Legislation, LegislationLimit

SHOWN = 3
LIMITS = Catalogue(
    key="legislation-limits",
    label=_("Limits of stages of legislation"),
    about=_("How long a stage lasts at least and at most."),
    icon="gavel",
    group=_("Legal basis"),
    place=122,
    model=LegislationLimit,
    form=LimitForm,
    rows=lambda _user, _day: LegislationLimit.objects.all(),
    columns=("stage", "least_days", "most_days", "valid_from"),
    search=("legal_basis",),
    order=("stage", "pk"),
    readers=ADMINISTRATORS | COMMITTEE | {Role.SUPERVISOR},
    keep_past=True,
)


def register() -> None:
    desk = "oversight:legislation_desk"
    menu.register(MenuEntry("legislation", _("Legislation"), desk, "gavel", COMMITTEE, 76))
    url = cast("str", reverse_lazy(desk))
    label = _("Files of legislation that are late")
    queues.register(Queue("oversight:legislation", label, 190, COMMITTEE, _overdue, url))
    panels.register(
        "portal:home", Panel("legislation", 50, "oversight/_legislation_panel.html", on_home)
    )
    catalogues.register(LIMITS)


def _overdue(user: User) -> int:
    today = timezone.localdate()
    return Legislation.objects.led_by(user, on=today).overdue(today).count()


def on_home(_request: HttpRequest, _nothing: Any) -> dict[str, Any] | None:
    """Drafts that everybody may comment on now."""
    rows = Legislation.objects.filter(state=Stage.COMMENTING).with_names()
    found = list(rows.prefetch_related("steps").order_by("-pk")[:SHOWN])
    return {"rows": found} if found else None
