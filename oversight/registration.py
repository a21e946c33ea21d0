"""What oversight offers to pages of other apps."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.registry import EVERYBODY, MenuEntry, Queue, Reference, menu, queues, references
from lib.roles import Role
from oversight import appraisal_notifications, catalogues, legislation_offers
from oversight.models import Appeal, Appraisal, Appraised, Consequence
from oversight.services import appealing, reviewing, rewarding
from oversight.subjects import READERS
from oversight.workflow import FIRST_REVIEWERS, OPENERS, OVERSEERS, SECOND_REVIEWERS

MORNING = OVERSEERS | {Role.DUTY_OFFICER}

MENU: tuple[tuple[str, Any, str, Collection[str], int], ...] = (
    ("oversight:morning", _("This morning"), "sunrise", MORNING, 68),
    ("oversight:screen", _("Duty room screen"), "device-tv", MORNING, 74),
    ("oversight:staffing", _("Staff and load"), "users-group", MORNING, 73),
    ("oversight:indicators", _("Indicators"), "chart-bar", READERS, 70),
    ("oversight:appraisals", _("Appraisals"), "award", EVERYBODY, 71),
    ("oversight:appeals", _("Appeals and rewards"), "scale", OVERSEERS, 72),
)


def register() -> None:
    """Menu entries, queues, references, catalogues and wordings; may be called twice."""
    for name, label, icon, roles, order in MENU:
        menu.register(MenuEntry(name, label, name, icon, roles, order))
    for key, label, roles, count, url in (
        ("reviews", _("Appraisals to review"), FIRST_REVIEWERS | SECOND_REVIEWERS, to_review,
         "oversight:appraisals"),
        ("appeals", _("Appeals to answer"), OVERSEERS, to_answer, "oversight:appeals"),
        ("rewards", _("Rewards and penalties to decide"), SECOND_REVIEWERS, to_decide,
         "oversight:appeals"),
        ("poor-twice", _("Not competent two years in a row: to be followed up"), OPENERS,
         to_follow_up, "oversight:appeals"),
    ):  # fmt: skip
        queues.register(Queue(f"oversight:{key}", label, 180, roles, count, reverse_lazy(url)))  # type: ignore[arg-type]  # lazy
    references.register("oversight.appraisal", name_appraisals)
    references.register("oversight.appeal", name_appeals)
    references.register("oversight.consequence", name_consequences)
    catalogues.register()
    legislation_offers.register()
    appraisal_notifications.register_wordings()


def to_review(user: Any) -> int:
    """Appraisals of which this person may sign something."""
    return reviewing.waiting_for(user, on=timezone.localdate())


def to_answer(user: Any) -> int:
    at = timezone.now()
    rows = Appeal.objects.visible_to(user, on=timezone.localdate(at)).open().with_names()
    return sum("grant" in moves for moves in appealing.open_to_each(user, rows, at=at).values())


def to_decide(user: Any) -> int:
    at = timezone.now()
    rows = Consequence.objects.visible_to(user, on=timezone.localdate(at)).waiting().with_names()
    return sum(bool(moves) for moves in rewarding.open_to_each(user, rows, at=at).values())


def to_follow_up(user: Any) -> int:
    """People of two years not competent in a row for whom nothing is proposed yet."""
    return rewarding.to_follow_up(user, on=timezone.localdate()).count()


def name_appraisals(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Appraisal.objects.visible_to(user, on=timezone.localdate()).with_names()
    return {
        str(row.pk): Reference(str(row), reverse("oversight:appraisal", args=[row.pk]))
        for row in rows.filter(pk__in=_numbers(keys))
    }


def name_appeals(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    rows = Appeal.objects.visible_to(user, on=timezone.localdate()).with_names()
    return {
        str(row.pk): Reference(str(row), reverse("oversight:appeal", args=[row.pk]))
        for row in rows.filter(pk__in=_numbers(keys))
    }


def name_consequences(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    seen = Appraised.objects.visible_to(user, on=timezone.localdate())
    rows = Consequence.objects.filter(pk__in=_numbers(keys), appraised__in=seen.values("pk"))
    return {
        str(row.pk): Reference(str(row), reverse("oversight:appraised", args=[row.appraised_id]))
        for row in rows.with_names()
    }


def _numbers(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdigit()]
