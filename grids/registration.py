"""What this app offers to the pages: menu, wordings, catalogues, what is kept of a person."""

import datetime
from collections.abc import Collection, Mapping
from typing import cast

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids import catalogues, notifications, visit_registration, visited
from grids.models import CoverageFinding, Leave, Swap
from grids.models.rolls import READERS as ROLL_READERS
from grids.rights import (
    DRAWERS,
    LEADS,
    ON_DUTY,
    READERS,
    TEAM_READERS,
    leaves_to_decide,
    led_bodies,
    swaps_to_answer,
    swaps_to_decide,
    visible,
)
from grids.services import kept_claims
from lib.registry import (
    Holding,
    MenuEntry,
    Queue,
    Reference,
    holdings,
    menu,
    queues,
    references,
)
from organizations.models import User

MENU = (
    MenuEntry("grids:rolls", _("Rolls"), "grids:rolls", "address-book", ROLL_READERS, 58),
    MenuEntry("grids:coverage", _("Coverage"), "grids:coverage", "map-check", READERS, 80),
    MenuEntry("grids:teams", _("Grid teams"), "grids:teams", "users-group", TEAM_READERS, 56),
    MenuEntry("grids:duty", _("My duty"), "grids:duty", "calendar-user", ON_DUTY, 55),
    MenuEntry(
        "grids:duty_requests",
        _("Leave and swaps"),
        "grids:duty_requests",
        "calendar-check",
        LEADS,
        57,
    ),
    MenuEntry("grids:borders", _("Borders of grids"), "grids:borders", "vector", DRAWERS, 81),
)


def register() -> None:
    for entry in MENU:
        menu.register(entry)
    notifications.register_wordings()
    catalogues.register()
    visit_registration.register()
    visited.register(visited.visits_made)
    queues.register(
        Queue(
            "grids:requests", _("Leave and swaps to decide"), 85, LEADS, _count_requests,
            cast("str", reverse_lazy("grids:duty_requests")),
        )
    )  # fmt: skip
    queues.register(
        Queue(
            "grids:swaps", _("Colleagues who ask to swap shifts"), 86, ON_DUTY, _count_swaps,
            cast("str", reverse_lazy("grids:duty")),
        )
    )  # fmt: skip
    references.register("grids.finding", name_findings)
    references.register("grids.leave", name_leaves)
    references.register("grids.swap", name_swaps)
    holdings.register(Holding("rolls", 40, kept_claims.export_claims, kept_claims.erase_claims))


def _today() -> datetime.date:
    return timezone.localdate()


def _count_requests(user: User) -> int:
    swaps = swaps_to_decide(user, at=timezone.now())
    return leaves_to_decide(user, on=_today()).count() + swaps.count()


def _count_swaps(user: User) -> int:
    return swaps_to_answer(user, at=timezone.now()).count()


def name_findings(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """What a check of coverage has found, by primary key."""
    rows = CoverageFinding.objects.filter(pk__in=_numbers(keys)).with_names()
    return {
        str(row.pk): Reference(
            f"{row.get_kind_display()} · {row.territory}",
            f"{reverse('grids:coverage')}?kind={row.kind}#finding-{row.pk}",
        )
        for row in visible(rows, user, on=_today())
    }


def name_leaves(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Leave, for who asks, who stands in and who decides."""
    led, found = led_bodies(user, on=_today()), {}
    for row in Leave.objects.filter(pk__in=_numbers(keys)).with_names():
        people = {row.post.person_id, row.stand_in.person_id if row.stand_in else None}
        if (url := _page_of(user, people, leads=row.post.body_id in led)) is not None:
            days = f"{row.first_day:%m-%d} – {row.last_day:%m-%d}"
            found[str(row.pk)] = Reference(f"{row.post.person} · {days}", url)
    return found


def name_swaps(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Swaps, for both who take part and who decides."""
    led, found = led_bodies(user, on=_today()), {}
    for row in Swap.objects.filter(pk__in=_numbers(keys)).with_names():
        people = {row.mine.post.person_id, row.theirs.post.person_id}
        if (url := _page_of(user, people, leads=row.mine.post.body_id in led)) is not None:
            names = f"{row.mine.post.person} ⇄ {row.theirs.post.person}"
            found[str(row.pk)] = Reference(names, url)
    return found


def _page_of(user: User, people: Collection[int | None], *, leads: bool) -> str | None:
    """Where somebody sees a request; None: it is not theirs to see."""
    if user.pk in people:
        return reverse("grids:duty")
    return reverse("grids:duty_requests") if leads else None


def _numbers(keys: Collection[str]) -> list[str]:
    return [key for key in keys if key.isdigit()]
