"""Budgets and applications for money that wait for a committee."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding import notifications
from funding.models import Approval, Budget
from lib.registry import Matter, MatterSource, agenda_sources
from organizations.models import User

MOST = 20


def budgets(user: User) -> list[Matter]:
    rows = Budget.objects.visible_to(user, on=timezone.localdate()).waiting().with_names()
    return [
        Matter(
            "funding.budget", str(row.pk), f"{row.body} · {row.source} · {row.year}",
            reverse("funding:budget", args=[row.pk]), row.made_at,
        )
        for row in rows.order_by("pk")[:MOST]
    ]  # fmt: skip


def applications(user: User) -> list[Matter]:
    rows = Approval.objects.applications_for(user, on=timezone.localdate())
    return [
        Matter(
            notifications.SUBJECT, str(row.pk), f"{row.number} {row.title}",
            reverse("funding:application", args=[row.pk]),
        )
        for row in rows.exclude(asked_by=user).order_by("pk")[:MOST]
    ]  # fmt: skip


def register() -> None:
    agenda_sources.register(MatterSource("funding:budgets", _("Budgets to decide"), 30, budgets))
    agenda_sources.register(
        MatterSource("funding:applications", _("Applications for money"), 35, applications)
    )
