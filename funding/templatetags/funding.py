"""Parts of pages about money."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models.lines import READERS
from lib.fen import in_capitals
from lib.roles import FINANCE, Role
from organizations.http import roles_of

register = template.Library()
TABS = (
    ("lines", _("Lines"), READERS),
    ("applications", _("Applications"), READERS),
    ("payments", _("To pay"), {Role.FINANCE_PAYER}),
    ("instructions", _("Receipts and adjustments"), READERS),
    ("budgets", _("Budgets"), READERS),
    ("vouchers", _("Vouchers"), READERS),
    ("accounts", _("Bank"), FINANCE),
    ("months", _("Months"), READERS),
    ("interests", _("My interests"), READERS),
)


@register.filter
def capitals(fen: int) -> str:
    """10305 → "壹佰零叁元零伍分", as Chinese papers write an amount."""
    return in_capitals(fen)


@register.simple_tag(takes_context=True)
def money_tabs(context: Context) -> list[dict[str, Any]]:
    """The pages of money that this reader may open."""
    request: HttpRequest = context["request"]
    roles = roles_of(request)
    return [
        {"key": key, "label": label, "url": reverse(f"funding:{key}")}
        for key, label, readers in TABS
        if roles & readers
    ]
