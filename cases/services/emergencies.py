"""The duty officer has looked at what was stopped as an emergency."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Urgency
from cases.services.intake import waits_for_router
from cases.services.moves import begin, finish
from lib.errors import RuleViolation
from organizations.models import User
from routing.models import Category


def release(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    note: str,
    category: Category | None = None,
) -> Case:
    """No emergency, with the reason; the router takes the case over.

    Without a category, or with one of emergencies, it needs another: the words alone would bring it
    straight back.
    """
    with transaction.atomic():
        locked = begin(case, "release", by=by, at=at, note=note)
        locked.category = category or locked.category
        if locked.category is None or locked.category.is_emergency:
            raise RuleViolation(
                _("Choose what it is instead: the category is an emergency, or not known."),
                code="no_category",
            )
        facts = {"category": locked.category.pk}
        changes = {"category": locked.category, "urgency": Urgency.ORDINARY}
        waits = waits_for_router(locked, at=at)
        return finish(locked, "release", by=by, at=at, note=note, facts=facts, **changes, **waits)
