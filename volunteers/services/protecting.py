"""What the organiser enters for a volunteer: insurance, proof of skills, courses taken."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from organizations.models import User
from volunteers.models import Course, Insurance, Training, Volunteer, VolunteerSkill
from volunteers.services.actors import organizes, speaks_for

MONTHS_OF_A_YEAR = 12


def _demand_organizer(volunteer: Volunteer, by: User, *, at: datetime.datetime) -> None:
    if speaks_for(by, volunteer) or not organizes(by, volunteer, at=at):
        raise NotYours(_("Only the organiser of the place may do that."))


@transaction.atomic
def insure(  # noqa: PLR0913 -- what a policy says
    volunteer: Volunteer,
    *,
    insurer: str,
    policy: str,
    valid_from: datetime.date,
    valid_to: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Insurance:
    """Personal accident insurance whose policy the organiser has seen; `valid_to` is excluded."""
    _demand_organizer(volunteer, by, at=at)
    if valid_to <= valid_from:
        raise RuleViolation(_("The end must lie after the beginning."), code="days")
    if volunteer.insurances.filter(policy=policy.strip(), valid_from=valid_from).exists():
        raise RuleViolation(_("This policy is entered already."), code="twice")
    return Insurance.objects.create(
        volunteer=volunteer,
        insurer=insurer.strip(),
        policy=policy.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        by=by,
        at=at,
    )


@transaction.atomic
def certify_skill(
    row: VolunteerSkill, *, proof: str, by: User, at: datetime.datetime
) -> VolunteerSkill:
    """The organiser has seen the certificate that `proof` names."""
    _demand_organizer(row.volunteer, by, at=at)
    if not proof.strip():
        raise RuleViolation(_("Say which proof you have seen."), code="no_proof")
    row.proof, row.certified_by, row.certified_at = proof.strip(), by, at
    row.save(update_fields=["proof", "certified_by", "certified_at"])
    return row


@transaction.atomic
def record_training(
    volunteer: Volunteer,
    course: Course,
    *,
    taken_on: datetime.date,
    hours: float,
    by: User,
    at: datetime.datetime,
) -> Training:
    """A course that was taken; it is valid for as long as the course says."""
    _demand_organizer(volunteer, by, at=at)
    if volunteer.trainings.filter(course=course, valid_from=taken_on).exists():
        raise RuleViolation(_("This course is entered for that day already."), code="twice")
    until = _months_after(taken_on, course.months) if course.months else None
    return Training.objects.create(
        volunteer=volunteer,
        course=course,
        valid_from=taken_on,
        valid_to=until,
        hours=hours,
        by=by,
        at=at,
    )


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the first of the next month where there is none."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_A_YEAR)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        return datetime.date(day.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
