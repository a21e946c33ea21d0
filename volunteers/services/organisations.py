"""Organisations: registered and reviewed, with members, ratings and yearly reports."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.locate import Place
from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from lib.identifiers import is_credit_code
from organizations.models import User
from volunteers.models import (
    Organisation,
    OrganisationMember,
    Rating,
    Volunteer,
    YearlyReport,
)
from volunteers.services.actors import leads, organizes
from volunteers.services.ways import ORGANISATION
from volunteers.workflow.organisations import OrganisationState
from volunteers.workflow.people import State

COLUMNS = frozenset(
    {
        *("code", "name", "name_en", "kind", "scope", "contact_name", "contact_phone"),
        *("founded_on",),
    }
)
# Kinds that need not be registered with the civil affairs, so may have no code.
WITHOUT_CODE = frozenset({Organisation.Kind.TEAM, Organisation.Kind.UNIT})
RATED_FOR = 5
REPORT_DUE = (5, 31)


@transaction.atomic
def register_organisation(
    *, place: Territory, by: User, at: datetime.datetime, **content: Any
) -> Organisation:
    """It waits for review. `place`: its community, or the town where it works in all of it."""
    where = Place.of(place)
    if where.town_id is None:
        raise RuleViolation(_("Choose a town or a community."), code="no_place")
    organisation = Organisation(
        town_id=where.town_id,
        community_id=where.community_id,
        registered_by=by,
        registered_at=at,
    )
    _write(organisation, content)
    return ORGANISATION.start(organisation, "register", by=by, at=at)


def _write(organisation: Organisation, content: dict[str, Any]) -> list[str]:
    if unknown := content.keys() - COLUMNS:
        raise TypeError(f"an organisation has no {', '.join(sorted(unknown))}")
    for name, value in content.items():
        setattr(organisation, name, value)
    organisation.code = organisation.code.strip().upper()
    check_code(organisation.code, organisation.kind)
    taken = Organisation.objects.filter(code=organisation.code).exclude(code="")
    if taken.exclude(pk=organisation.pk).exists():
        text = _("An organisation with this code is registered already.")
        raise RuleViolation(text, code="code_taken")
    return [*content, *(["code"] if "code" not in content else [])]


def check_code(code: str, kind: str) -> None:
    """A unified social credit code (GB 32100-2015), or none for a team on record."""
    if not code and kind in WITHOUT_CODE:
        return
    if not code:
        text = _("Enter the unified social credit code; only teams on record have none.")
        raise RuleViolation(text, code="code_missing")
    if not is_credit_code(code):
        text = _(
            "This is no valid unified social credit code: compare its 18 characters with the "
            "certificate (there is no I, O, S, V, Z in it)."
        )
        raise RuleViolation(text, code="code_invalid")


@transaction.atomic
def edit_organisation(
    organisation: Organisation, *, by: User, at: datetime.datetime, **content: Any
) -> Organisation:
    locked = ORGANISATION.begin(organisation, "edit", by=by, at=at)
    columns = _write(locked, content)
    values = {name: getattr(locked, name) for name in columns}
    return ORGANISATION.finish(locked, "edit", by=by, at=at, **values)


@transaction.atomic
def confirm_organisation(
    organisation: Organisation, *, by: User, at: datetime.datetime
) -> Organisation:
    """Reviewed; who registered it acts for it from now on, if registered as a volunteer."""
    locked = ORGANISATION.begin(organisation, "confirm", by=by, at=at)
    done = ORGANISATION.finish(
        locked, "confirm", by=by, at=at, reviewed_by=by, reviewed_at=at, reason=""
    )
    first = Volunteer.objects.active().filter(person=done.registered_by).first()
    if first is not None and not done.members.exists():
        OrganisationMember.objects.create(
            organisation=done, volunteer=first, is_leader=True, valid_from=localdate(at)
        )
    return done


@transaction.atomic
def decide_organisation(
    organisation: Organisation, move: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> Organisation:
    """`return`, `refuse`, `suspend`, `end` with the reason; `resubmit`, `resume` without."""
    locked = ORGANISATION.begin(organisation, move, by=by, at=at, reason=reason)
    return ORGANISATION.finish(locked, move, by=by, at=at, reason=reason.strip()[:300])


# -- Members --------------------------------------------------------------------------------------


def _demand_leader(organisation: Organisation, by: User, *, at: datetime.datetime) -> None:
    if not (leads(by, organisation, at=at) or organizes(by, organisation, at=at)):
        raise NotYours(_("Only who acts for the organisation may do that."))


@transaction.atomic
def add_member(
    organisation: Organisation,
    volunteer: Volunteer,
    *,
    by: User,
    at: datetime.datetime,
    is_leader: bool = False,
) -> OrganisationMember:
    """A registered volunteer becomes a member, or one who leads."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _demand_leader(organisation, by, at=at)
    if volunteer.state != State.ACTIVE:
        raise RuleViolation(_("Only registered volunteers become members."), code="not_registered")
    standing = organisation.members.filter(volunteer=volunteer, valid_to=None).first()
    if standing is None:
        return OrganisationMember.objects.create(
            organisation=organisation,
            volunteer=volunteer,
            is_leader=is_leader,
            valid_from=localdate(at),
        )
    if standing.is_leader != is_leader:
        standing.is_leader = is_leader
        standing.save(update_fields=["is_leader"])
    return standing


@transaction.atomic
def end_membership(
    member: OrganisationMember, *, by: User, at: datetime.datetime
) -> OrganisationMember:
    """A member leaves, or is taken off; the last who acts for the organisation stays."""
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    if member.volunteer.person_id != by.pk:
        _demand_leader(member.organisation, by, at=at)
    others = member.organisation.members.leading().filter(valid_to=None).exclude(pk=member.pk)
    active = member.organisation.state == OrganisationState.ACTIVE
    if member.is_leader and active and not others.exists():
        text = _("Somebody must act for the organisation: name another one first.")
        raise RuleViolation(text, code="last_leader")
    today = localdate(at)
    if member.valid_from == today:
        member.delete()
        return member
    member.valid_to = today
    member.save(update_fields=["valid_to"])
    return member


# -- Ratings and reports --------------------------------------------------------------------------


@transaction.atomic
def rate(
    organisation: Organisation, *, level: str, since: datetime.date, by: User, at: datetime.datetime
) -> Rating:
    """A rating of the civil affairs, 1A to 5A, for five years; the one before ends that day."""
    if leads(by, organisation, at=at) or not organizes(by, organisation, at=at):
        raise NotYours(_("Only the organiser of the place may do that."))
    rows = organisation.ratings.select_for_update()
    if rows.filter(valid_from__gte=since).exists():
        raise RuleViolation(_("There is a rating of that day or later."), code="later")
    rows.filter(valid_to__gt=since).update(valid_to=since)
    until = datetime.date(since.year + RATED_FOR, since.month, min(since.day, 28))
    return Rating.objects.create(
        organisation=organisation, level=level, valid_from=since, valid_to=until, by=by, at=at
    )


@transaction.atomic
def hand_in_report(
    organisation: Organisation, *, year: int, by: User, at: datetime.datetime, **content: Any
) -> YearlyReport:
    """The report of a year that is over, once."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not leads(by, organisation, at=at):
        raise NotYours(_("Only who acts for the organisation may do that."))
    if year >= localdate(at).year:
        raise RuleViolation(_("The year is not over yet."), code="not_over")
    if organisation.reports.filter(year=year).exists():
        raise RuleViolation(_("The report of this year was handed in."), code="twice")
    return YearlyReport.objects.create(
        organisation=organisation, year=year, by=by, at=at, **content
    )


def owed_report(
    organisation: Organisation, *, on: datetime.date
) -> tuple[int, datetime.date] | None:
    """The year whose report is missing, and the day by which it is due; None: nothing is owed."""
    year = on.year - 1
    begun = localdate(organisation.registered_at).year
    if organisation.state != OrganisationState.ACTIVE or begun > year:
        return None
    if organisation.reports.filter(year=year).exists():
        return None
    return year, datetime.date(on.year, *REPORT_DUE)
