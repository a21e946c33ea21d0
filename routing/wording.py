"""Reasons and candidates in the reader's language.

A stored reason is [code, params]. Values of params are numbers, texts, names as [Chinese, English],
lists of such names, amounts in fen (`…_fen`), moments in ISO form (`…_due`) and limits ([amount,
unit] of `sign` and `handle`).
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from lib.fen import yuan
from lib.units import Unit
from lib.worktime import CITY_ZONE

_SENTENCES: dict[str, Promise] = {
    # Place and matter
    "place": gettext_lazy("The place lies in %(territory)s."),
    "place_in_grid": gettext_lazy("The place lies in a known grid of %(territory)s."),
    "standard_chosen": gettext_lazy("%(category)s, as chosen: %(condition)s."),
    "standard_first": gettext_lazy("%(category)s: %(condition)s."),
    "standard_urgent": gettext_lazy("%(category)s, urgent: %(condition)s."),
    "order_in_force": gettext_lazy(
        "The order “%(order)s” (%(number)s) is in force here: its priority and limits hold."
    ),
    "order_pays": gettext_lazy("The special line of the order “%(order)s” pays first."),
    "sorted_by_words": gettext_lazy("The words mean this category with confidence %(confidence)s."),
    # Duty
    "duty_list": gettext_lazy(
        "By the duty list, %(body)s leads for “%(category)s” in %(territory)s.%(basis)s"
    ),
    "duty_precedent": gettext_lazy(
        "By an earlier decision, %(body)s leads for “%(category)s” in %(territory)s.%(basis)s"
    ),
    "duty_chosen": gettext_lazy("%(body)s was chosen by a person."),
    "assistants": gettext_lazy("Assisting: %(bodies)s."),
    "community_lawful": gettext_lazy("The matter is on %(community)s's own list of duties."),
    "community_admitted": gettext_lazy(
        "%(department)s has handed the matter to %(community)s with people (%(headcount)s) and "
        "money.%(basis)s"
    ),
    # Person, money, limits
    "person": gettext_lazy(
        "%(person)s is on duty and has the most room: %(load)s of %(capacity)s points taken, this "
        "adds %(points)s."
    ),
    "person_next_period": gettext_lazy(
        "Nobody able is on duty now; %(person)s will be when work begins next: %(load)s of "
        "%(capacity)s points taken, this adds %(points)s."
    ),
    "money": gettext_lazy(
        "“%(line)s” of %(body)s pays for %(purpose)s: ¥%(amount_fen)s reserved, ¥%(left_fen)s left."
    ),
    "no_cost": gettext_lazy("The matter costs nothing."),
    "limits": gettext_lazy(
        "To be signed within %(sign)s (by %(sign_due)s), handled within %(handle)s (by "
        "%(handle_due)s)."
    ),
    # Refusals
    "no_place": gettext_lazy("Where it is is not known. Choose the place."),
    "no_category": gettext_lazy("What it is is not certain. Choose a category."),
    "no_standard": gettext_lazy(
        "“%(category)s” has no filing standard in force. Choose another category."
    ),
    "gap": gettext_lazy("The duty list names nobody for this matter in this place."),
    "body_ended": gettext_lazy("The body that was named no longer exists."),
    "overlap": gettext_lazy("The duty list names several with equal right: %(bodies)s."),
    "not_admitted": gettext_lazy(
        "The matter is neither on %(community)s's own list of duties nor admitted with people and "
        "money."
    ),
    "not_admitted_assist": gettext_lazy("%(community)s only assists with this matter."),
    "not_admitted_negative": gettext_lazy(
        "This matter must not be handed to %(community)s: it is on the negative list."
    ),
    "admitted_for_less": gettext_lazy(
        "The matter needs %(points)s points of work; admitted were %(admitted)s."
    ),
    "no_staff": gettext_lazy("None of the %(people)s people of %(body)s can take it now."),
    "no_staff_at_all": gettext_lazy("%(body)s has nobody who handles matters."),
    "no_staff_with_skill": gettext_lazy(
        "None of the %(people)s people of %(body)s has the skill “%(skill)s”."
    ),
    "no_money": gettext_lazy(
        "No line of %(body)s may pay ¥%(amount_fen)s for %(purpose)s and has enough."
    ),
    "ledger_frozen": gettext_lazy(
        "¥%(amount_fen)s cannot be reserved: the ledger is frozen until its check is mended."
    ),
    "no_purpose": gettext_lazy(
        "The matter costs ¥%(amount_fen)s, but its standard names no purpose of money."
    ),
    "emergency": gettext_lazy("“%(category)s” is an emergency: the duty officer decides at once."),
}
_WHY: dict[str, Promise] = {
    "chosen": gettext_lazy("chosen"),
    "suggested": gettext_lazy("suggested by the words"),
    "less_specific": gettext_lazy("holds more generally"),
    "equal": gettext_lazy("equal right"),
    "same_lead": gettext_lazy("the same lead"),
    "settled_by_precedent": gettext_lazy("an earlier decision settles it"),
    "returned_before": gettext_lazy("has returned it before"),
    "body_ended": gettext_lazy("no longer exists"),
    "no_skill": gettext_lazy("lacks the skill"),
    "other_territory": gettext_lazy("covers other places"),
    "off_duty": gettext_lazy("off duty"),
    "on_leave": gettext_lazy("on leave"),
    "full": gettext_lazy("no room"),
    "on_duty_later": gettext_lazy("on duty only later"),
    "busier": gettext_lazy("has more to do"),
    "served_later": gettext_lazy("was given work more recently"),
    "other_purpose": gettext_lazy("for other purposes"),
    "line_of_other_territory": gettext_lazy("for other places"),
    "not_enough": gettext_lazy("not enough left"),
    "later_source": gettext_lazy("comes later in the order of sources"),
}
CODES = frozenset(_SENTENCES)
WHY_CODES = frozenset(_WHY)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """One reason as a sentence; a code of an older version stands for itself."""
    found = _SENTENCES.get(code)
    if found is None:
        return code
    return str(found) % {name: _shown(name, value) for name, value in params.items()}


def why(code: str) -> str:
    """Why a candidate was (not) taken, in a few words."""
    return str(_WHY.get(code, code))


def name(value: Any) -> str:
    """A name that a trace keeps as [Chinese, English]."""
    chinese, english = value
    return str(english if get_language() == "en" else chinese)


def _shown(key: str, value: Any) -> str:
    if key.endswith("_fen"):
        return yuan(value)
    if key.endswith("_due"):
        moment = datetime.datetime.fromisoformat(value).astimezone(CITY_ZONE)
        return moment.strftime("%Y-%m-%d %H:%M")
    if key in ("sign", "handle"):
        return limit(*value)
    if key == "basis":
        return _(" Basis: %(law)s.") % {"law": value} if value else ""
    if isinstance(value, list | tuple):
        return _names(value)
    return str(value)


def _names(value: list[Any] | tuple[Any, ...]) -> str:
    if not value or isinstance(value[0], str):
        return name(value) if value else ""
    return pgettext("between names", ", ").join(name(each) for each in value)


def limit(amount: int, unit: str) -> str:
    """A time limit in words: “2 working days”."""
    count = {"count": amount}
    if unit == Unit.URGENT_HOUR:
        text = ngettext(
            "%(count)s hour around the clock", "%(count)s hours around the clock", amount
        )
    elif unit == Unit.WORK_HOUR:
        text = ngettext("%(count)s working hour", "%(count)s working hours", amount)
    elif unit == Unit.WORK_DAY:
        text = ngettext("%(count)s working day", "%(count)s working days", amount)
    else:
        text = ngettext("%(count)s calendar day", "%(count)s calendar days", amount)
    return text % count
