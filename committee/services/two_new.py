"""New economic and social organisations: the register, and how party work reaches them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from committee.models import Activity, CoverageRule, Instructor, NewOrganisation, PartySetup
from committee.models.two_new import KEEPERS
from committee.services.keys import made_before
from grids.models import Level, Territory
from lib.errors import NotYours, RuleViolation
from lib.identifiers import is_credit_code
from lib.roles import COMMITTEE
from organizations.models import User
from organizations.services import changes


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says of an organisation; `party_members` are full members."""

    kind: str
    name: str
    uscc: str
    community: Territory
    staff: int
    party_members: int
    contact: str = ""
    phone: str = ""

    def columns(self) -> dict[str, Any]:
        """Raises RuleViolation."""
        code = self.uscc.strip().upper()
        if not is_credit_code(code):
            text = _("This is no unified social credit code: compare it with the certificate.")
            raise RuleViolation(text, code="uscc")
        if self.community.level != Level.COMMUNITY or self.community.parent_id is None:
            raise RuleViolation(_("Choose a community."), code="community")
        if self.party_members > self.staff:
            text = _("There cannot be more party members than people working there.")
            raise RuleViolation(text, code="members")
        return {
            "kind": self.kind,
            "name": self.name.strip(),
            "uscc": code,
            "community": self.community,
            "town_id": self.community.parent_id,
            "staff": self.staff,
            "party_members": self.party_members,
            "contact": self.contact.strip(),
            "phone": self.phone.strip(),
        }


def rule_on(day: datetime.date) -> CoverageRule:
    """The rule of that day; the law's numbers where nobody has entered any."""
    return CoverageRule.objects.valid_on(day).order_by("-valid_from").first() or CoverageRule(
        valid_from=day
    )


def _demand(
    row: NewOrganisation, roles: frozenset[Any], *, by: User, at: datetime.datetime
) -> None:
    near = NewOrganisation.objects.near(by, roles, on=localdate(at)).filter(pk=row.pk)
    if not near.exists():
        raise NotYours(_("Only those who work for this place may do that."))


@transaction.atomic
def register(facts: Facts, *, by: User, at: datetime.datetime) -> NewOrganisation:
    """Raises NotYours, RuleViolation (code, known already)."""
    columns = facts.columns()
    if NewOrganisation.objects.filter(uscc=columns["uscc"]).exists():
        text = _("An organisation with this code stands on the register already.")
        raise RuleViolation(text, code="known")
    row = changes.create(NewOrganisation(registered_on=localdate(at), **columns), by=by, at=at)
    _demand(row, KEEPERS, by=by, at=at)
    return row


@transaction.atomic
def change(
    row: NewOrganisation, facts: Facts, *, by: User, at: datetime.datetime
) -> NewOrganisation:
    _demand(row, KEEPERS, by=by, at=at)
    changed = changes.revise(row, facts.columns(), by=by, at=at)
    _demand(changed, KEEPERS, by=by, at=at)
    return changed


@transaction.atomic
def close(
    row: NewOrganisation, *, on: datetime.date, by: User, at: datetime.datetime
) -> NewOrganisation:
    """Off the register from `on`; what it had ends with it."""
    _demand(row, KEEPERS, by=by, at=at)
    locked = changes.locked(row)
    if locked.closed_on is not None:
        raise RuleViolation(_("This organisation is closed already."), code="closed")
    if not locked.registered_on <= on <= localdate(at):
        raise RuleViolation(
            _("Choose a day since it was registered, not later than today."), code="day"
        )
    for setup in locked.setups.going_on_after(on):
        _end(setup, on, by=by, at=at)
    for sent in locked.instructors.going_on_after(on):
        _end(sent, on, by=by, at=at)
    return changes.revise(locked, {"closed_on": on}, by=by, at=at, action=changes.END)


def _end(row: Any, on: datetime.date, *, by: User, at: datetime.datetime) -> None:
    """A row that has not begun by then holds for one day: its end lies after its beginning."""
    end = max(on, row.valid_from + datetime.timedelta(days=1))
    changes.revise(row, {"valid_to": end}, by=by, at=at, action=changes.END)


@transaction.atomic
def set_up(  # noqa: PLR0913 -- what the form asks
    row: NewOrganisation,
    *,
    form: str,
    branch: str,
    since: datetime.date,
    by: User,
    at: datetime.datetime,
    secretary: str = "",
) -> PartySetup:
    """A branch of its own, or a joint one; what it had before ends on that day.

    Raises NotYours; RuleViolation: too few members for one of its own, none for a joint one.
    """
    _demand(row, COMMITTEE, by=by, at=at)
    locked = changes.locked(row)
    if form == PartySetup.Form.OWN and locked.party_members < rule_on(since).own_from:
        text = _("It takes %(least)s full members for a branch of its own; it has %(found)s.")
        raise RuleViolation(
            text % {"least": rule_on(since).own_from, "found": locked.party_members},
            code="too_few_members",
        )
    if not locked.party_members:
        raise RuleViolation(_("It has no party member: send an instructor."), code="no_members")
    for before in locked.setups.going_on_after(since):
        _end(before, since, by=by, at=at)
    made = PartySetup(
        organisation=locked, form=form, branch=branch.strip(), secretary=secretary.strip(),
        valid_from=since,
    )  # fmt: skip
    return changes.create(made, by=by, at=at)


@transaction.atomic
def send_instructor(
    row: NewOrganisation,
    person: User,
    *,
    since: datetime.date,
    until: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Instructor:
    """For a term until `until` (excluded). Raises NotYours, RuleViolation (twice, too many)."""
    _demand(row, COMMITTEE, by=by, at=at)
    if until <= since:
        raise RuleViolation(_("The end must lie after the beginning."), code="order")
    changes.locked(row)
    terms = Instructor.objects.overlapping(since, until).filter(person=person)
    if terms.filter(organisation=row).exists():
        raise RuleViolation(_("This person instructs here already."), code="instructs_already")
    limit = rule_on(since).instructor_limit
    if terms.values("organisation").distinct().count() >= limit:
        text = _("This person instructs %(limit)s organisations already: choose another.")
        raise RuleViolation(text % {"limit": limit}, code="too_many")
    made = Instructor(organisation=row, person=person, valid_from=since, valid_to=until)
    return changes.create(made, by=by, at=at)


@transaction.atomic
def end_instructor(
    sent: Instructor, *, on: datetime.date, by: User, at: datetime.datetime
) -> Instructor:
    _demand(sent.organisation, COMMITTEE, by=by, at=at)
    if sent.valid_to is not None and sent.valid_to <= on:
        raise RuleViolation(_("This term has ended already."), code="ended")
    return changes.revise(sent, {"valid_to": on}, by=by, at=at, action=changes.END)


@transaction.atomic
def record_activity(  # noqa: PLR0913 -- an activity says all this
    row: NewOrganisation,
    *,
    held_on: datetime.date,
    title: str,
    attended: int,
    by: User,
    at: datetime.datetime,
    client_key: str | None = None,
) -> Activity:
    """By its instructor, or who keeps the register. The same key again changes nothing.

    Raises NotYours, RuleViolation.
    """
    if known := made_before(Activity, client_key, by=by):
        return known
    today = localdate(at)
    instructs = row.instructors.valid_on(today).filter(person=by).exists()
    if not instructs:
        _demand(row, KEEPERS, by=by, at=at)
    if held_on > today:
        raise RuleViolation(_("Enter it when it has taken place."), code="in_the_future")
    if not title.strip() or attended < 1:
        raise RuleViolation(_("Say what took place and how many came."), code="no_words")
    changes.locked(row)
    if known := made_before(Activity, client_key, by=by):
        return known  # the same request came twice at once: the first had the lock
    return Activity.objects.create(
        organisation=row, held_on=held_on, title=title.strip(), attended=attended, by=by, at=at,
        client_key=client_key or None,
    )  # fmt: skip
