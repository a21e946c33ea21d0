"""Personal details of reporters: read by those who need them, and every reading on the record."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Reporter
from cases.models.queries import OVERSEES_TERRITORY, WORKS_FOR_BODY
from cases.services.actors import actors_of
from cases.services.moves import record
from cases.workflow import Actor
from lib.errors import NotYours
from lib.roles import Role
from organizations.models import User

# Who must be able to call back: intake, dispatch, the department that works on it.
CALL_BACK = frozenset(
    {
        Actor.REPORTER,
        Actor.ACCEPTOR,
        Actor.DISPATCHER,
        Actor.DUTY_OFFICER,
        Actor.HANDLER,
        Actor.HEAD,
    }
)


# Posts through which cases are seen, and those among them that know who reported each of these.
SEES_CASES = OVERSEES_TERRITORY | WORKS_FOR_BODY
KNOWS_REPORTERS = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER})


def may_know_reporter(user: User | AnonymousUser, case: Case, *, at: datetime.datetime) -> bool:
    return not CALL_BACK.isdisjoint(actors_of(user, case, at=at))


def may_search_personal(user: User | AnonymousUser, *, at: datetime.datetime) -> bool:
    """Whether personal details are searched too: only for who may see them of every case found."""
    if not isinstance(user, User):
        return False
    roles = user.roles_on(timezone.localdate(at))
    return roles.isdisjoint(SEES_CASES - KNOWS_REPORTERS)


def reveal_reporter(case: Case, *, by: User, at: datetime.datetime) -> Reporter:
    """The details in full; the history says who read them. Raises NotYours."""
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if not may_know_reporter(by, locked, at=at):
            raise NotYours(_("Only those who work on the case see who reported it."))
        reporter = Reporter.objects.get(case=locked)
        if locked.logged_by_id != by.pk:
            record(locked, "reveal", before=locked.state, by=by, at=at)
            locked.save(update_fields=["version", "head"])
    return reporter
