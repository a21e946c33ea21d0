"""The committee says who leads where the duty list does not, and the router follows it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services.intake import waits_for_router
from cases.services.moves import begin, finish
from lib.errors import RuleViolation
from organizations.models import Body, User
from routing import services as rules
from routing.models import DutyEntry


def settle(case: Case, *, lead: Body, by: User, at: datetime.datetime, note: str = "") -> Case:
    """`lead` answers for the small class of this case in its community from now on (in its town
    where the community is not known); the router takes this case up again at once.

    Raises RuleViolation where category or place is not known.
    """
    with transaction.atomic():
        locked = begin(case, "settle", by=by, at=at, note=note)
        entry = remember_lead(locked, lead, basis=note, by=by, at=at)
        facts = {"lead": lead.pk, "duty": entry.pk}
        again = waits_for_router(locked, at=at)
        return finish(locked, "settle", by=by, at=at, note=note, facts=facts, **again)


def remember_lead(
    case: Case, lead: Body, *, basis: str, by: User, at: datetime.datetime
) -> DutyEntry:
    """A precedent: `lead` answers for matters like this locked case where it lies.

    Raises RuleViolation where category or place is not known.
    """
    territory = case.community or case.town
    if case.category is None or territory is None:
        raise RuleViolation(
            _("Category and place must be certain before anybody can be made to lead."),
            code="not_certain",
        )
    return rules.record_precedent(
        category=case.category,
        territory=territory,
        lead=lead,
        legal_basis=basis.strip()[:200],
        by=by,
        at=at,
    )
