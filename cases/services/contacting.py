"""Calls to the resident, on record: who called, when, whether somebody answered, what was said."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Reporter
from cases.services.moves import begin, finish
from lib.errors import RuleViolation
from organizations.models import User

# So often nobody answered: more cannot be asked of a handler.
TRIES = 3


def contact(case: Case, *, reached: bool, note: str, by: User, at: datetime.datetime) -> Case:
    """A call was made; `note` says what was said, or how often it rang."""
    with transaction.atomic():
        locked = begin(case, "contact", by=by, at=at, note=note)
        enough = reached or locked.events.filter(move="contact").count() + 1 >= TRIES
        changes = {"contacted_at": at} if enough else {}
        return finish(
            locked, "contact", by=by, at=at, note=note, facts={"reached": reached}, **changes
        )


def demand_contact(case: Case) -> None:
    """Where the standard asks for a call and the reporter left a telephone, one is on record."""
    wanted = case.standard is not None and case.standard.contact_first
    if not wanted or case.contacted_at is not None:
        return
    if Reporter.objects.filter(case=case).exclude(phone="").exists():
        raise RuleViolation(
            _("Call the resident first and record the call: this standard asks for it."),
            code="contact_missing",
        )
