"""Words of cases that several pages share."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.columns import Column, cells
from cases.models import Case
from cases.workflow import FAULT
from lib.languages import in_language
from lib.masking import mask_address, mask_text
from lib.worktime import is_continuous
from routing import wording
from routing.models import FilingStandard

register = template.Library()

REFUSALS: dict[str, Promise] = {
    "no_place": _("The place is not certain"),
    "no_category": _("The category is not certain"),
    "no_staff": _("Nobody has room"),
    "no_money": _("No line has enough money"),
    "gap": _("Nobody answers for it"),
    "overlap": _("Two answer for it"),
    "not_admitted": _("Not the community's to do"),
    "emergency": _("Emergency"),
    FAULT: _("The router failed on it"),
}


@register.filter
def refusal_words(code: str) -> str:
    """Why the router did not decide, in a few words for a list."""
    return str(REFUSALS.get(code, code))


@register.filter
def known_to(text: str, knows: bool) -> str:  # noqa: FBT001 -- a filter's one argument
    """Free text as it is for those who may know the reporter, masked for everybody else."""
    return text if knows else mask_text(text)


@register.filter
def place_known_to(address: str, knows: bool) -> str:  # noqa: FBT001 -- the same
    """An address, to its community only for those who need not go there."""
    return address if knows else mask_address(address)


@register.filter
def closing(standard: FilingStandard) -> str:
    """The closing condition in the reader's language."""
    return in_language(standard.closing_condition, standard.closing_condition_en)


@register.filter
def limit(standard: FilingStandard) -> str:
    """The limit for handling: “2 working days”."""
    return wording.limit(standard.handle_limit, standard.handle_unit)


@register.filter
def clock_time(seconds: int) -> str:
    """Seconds of a limit's clock as hours and minutes: “16:30”."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


@register.filter
def clock_words(unit: str) -> str:
    """Which hours count."""
    return str(_("around the clock") if is_continuous(unit) else _("working time"))


@register.filter
def in_columns(case: Case, columns: Sequence[Column]) -> list[tuple[Column, Any]]:
    """What stands in the columns of a list row."""
    return cells(case, columns)
