"""What cases lay before a committee, and what is under way of joint work and supervision."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import SUBJECT, Case, Supervision, Topic, Whistle
from cases.workflow import Desk
from lib.registry import Matter, MatterSource, agenda_sources, verb_sources
from organizations.models import User

MOST = 20


def _case_matters(cases: Iterable[Case]) -> list[Matter]:
    return [
        Matter(
            SUBJECT, str(case.pk), f"{case.number} {case.title}",
            reverse("cases:detail", args=[case.number]), case.created_at,
        )
        for case in cases
    ]  # fmt: skip


def to_adjudicate(user: User) -> list[Matter]:
    rows = Case.objects.on_desk(user, on=timezone.localdate()).filter(desk=Desk.COMMITTEE)
    return _case_matters(rows.order_by("pk")[:MOST])


def overdue(user: User) -> list[Matter]:
    """Cases that lie with a handler past their limit, the oldest first."""
    now = timezone.now()
    rows = Case.objects.visible_to(user, on=timezone.localdate(now))
    late = rows.filter(desk=Desk.HANDLER, handle_due_at__lt=now)
    return _case_matters(late.order_by("handle_due_at", "pk")[:MOST])


def hot_topics(user: User) -> list[Matter]:
    rows = Topic.objects.visible_to(user, on=timezone.localdate()).current().hottest_first()
    return [
        Matter("cases.topic", str(row.pk), row.title, reverse("cases:topic", args=[row.pk]))
        for row in rows[:MOST]
    ]


def whistles(user: User) -> list[Matter]:
    rows = Whistle.objects.visible_to(user, on=timezone.localdate()).going_on().for_list()
    return [
        Matter("whistle", str(row.pk), row.text, reverse("cases:whistle", args=[row.pk]))
        for row in rows[:MOST]
    ]


def supervisions(user: User) -> list[Matter]:
    rows = Supervision.objects.visible_to(user, on=timezone.localdate()).open().for_list()
    return [
        Matter(
            SUBJECT, str(row.case_id), f"{row.case.number} {row.words}",
            reverse("cases:detail", args=[row.case.number]), row.at,
        )
        for row in rows.order_by("reply_due_at")[:MOST]
    ]  # fmt: skip


AGENDA: tuple[tuple[str, Any, int, Any], ...] = (
    ("adjudicate", _("Duties to decide"), 10, to_adjudicate),
    ("overdue", _("Cases past their limit"), 40, overdue),
    ("topics", _("Hot topics"), 50, hot_topics),
)
VERBS: tuple[tuple[str, Any, int, str, Any], ...] = (
    ("whistles", _("Whistles"), 10, "coordinate", whistles),
    ("supervisions", _("Supervision"), 20, "advance", supervisions),
    ("disputes", _("Duties to decide"), 30, "coordinate", to_adjudicate),
    ("hot", _("Hot topics"), 40, "plan", hot_topics),
)


def register() -> None:
    for key, label, order, rows in AGENDA:
        agenda_sources.register(MatterSource(f"cases:{key}", label, order, rows))
    for key, label, order, verb, rows in VERBS:
        verb_sources.register(MatterSource(f"cases:{key}", label, order, rows, verb))
