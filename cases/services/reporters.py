"""Personal details of reporters: read by those who need them, and every reading on the record."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Reporter
from cases.services.actors import actors_of
from cases.services.moves import record
from cases.workflow import Actor
from lib.errors import NotYours
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


def may_know_reporter(user: User | AnonymousUser, case: Case, *, at: datetime.datetime) -> bool:
    return not CALL_BACK.isdisjoint(actors_of(user, case, at=at))


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
