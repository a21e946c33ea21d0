"""What this app offers to the pages: menu, queues, references, wordings, catalogues."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funding import agenda_matters, catalogues, notifications
from funding.models import Application, Approval, BankRow, Budget, Instruction, Question
from funding.models.lines import READERS
from funding.models.standards import READERS as STANDARDS_READERS
from lib.registry import MenuEntry, Queue, Reference, menu, queues, references
from lib.roles import COMMITTEE, FINANCE, Role
from organizations.models import User

DECIDE = COMMITTEE | FINANCE | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR}
ASKED = {Role.SUPERVISOR, Role.FINANCE_MAKER, Role.PARTY_SECRETARY}
Rows = Callable[[User, datetime.date], QuerySet[Any]]


def _instructions(user: User, on: datetime.date) -> QuerySet[Any]:
    return Instruction.objects.visible_to(user, on=on).waiting().exclude(asked_by=user)


def _budgets(user: User, on: datetime.date) -> QuerySet[Any]:
    return Budget.objects.visible_to(user, on=on).waiting().exclude(made_by=user)


QUEUES: tuple[tuple[str, Any, Collection[str], str, Rows], ...] = (
    ("applications", _("Applications that wait for me"), DECIDE, "?state=mine",
     lambda user, on: Approval.objects.applications_for(user, on=on)),
    ("applications", _("Owed by cases, to be applied for"), {Role.FINANCE_MAKER}, "?owed",
     lambda user, on: Application.objects.owed(user, on=on)),
    ("instructions", _("Receipts and adjustments to decide"), {Role.FINANCE_CHECKER}, "",
     _instructions),
    ("budgets", _("Budgets to decide"), COMMITTEE, "", _budgets),
    ("accounts", _("Bank movements without a match"), {Role.FINANCE_PAYER}, "",
     lambda user, on: BankRow.objects.visible_to(user, on=on).unmatched()),
    ("questions", _("Questions about money"), ASKED, "",
     lambda user, on: Question.objects.visible_to(user, on=on).waiting()),
)  # fmt: skip
MENU = (
    ("donations", _("Donations"), "heart-handshake", READERS),
    ("questions", _("Questions about money"), "message-question", READERS),
    ("standards", _("Pay and services"), "users", STANDARDS_READERS),
    ("checks", _("Checks of the ledger"), "shield-check", READERS),
)


def register() -> None:
    agenda_matters.register()
    entry = MenuEntry("funding", _("Money"), "funding:lines", "coins", READERS, order=60)
    menu.register(entry)
    for order, (name, label, icon, readers) in enumerate(MENU, start=70):
        menu.register(MenuEntry(f"funding:{name}", label, f"funding:{name}", icon, readers, order))
    for order, (name, label, roles, query, rows) in enumerate(QUEUES, start=200):
        address = cast("str", format_lazy("{}{}", reverse_lazy(f"funding:{name}"), query))
        queues.register(Queue(f"funding:{order}", label, order, roles, _counting(rows), address))
    references.register(notifications.SUBJECT, name_applications)
    notifications.register_wordings()
    catalogues.register()


def _counting(rows: Rows) -> Callable[[Any], int]:
    return lambda user: rows(user, timezone.localdate()).count()


def name_applications(keys: Collection[str], user: User) -> Mapping[str, Reference]:
    """Applications by primary key, for the inbox and the ledger."""
    wanted = [key for key in keys if key.isdigit()]
    seen = Application.objects.visible_to(user, on=timezone.localdate()).filter(pk__in=wanted)
    return {
        str(row.pk): Reference(
            f"{row.number} {row.title}", reverse("funding:application", args=[row.pk])
        )
        for row in seen
    }
