"""Who may take part in what: ages, guardians, insurance, skills, courses, each with its words.

Pure judgement over rows read before: `Record.of` takes a volunteer as
`Volunteer.objects.with_record` has prefetched it, `Demand.of` an activity as
`Activity.objects.with_demands`. Neither asks the database again, so that a thousand volunteers are
judged for one shift in a handful of queries.
"""

import datetime
from dataclasses import dataclass, field
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.models import Activity, Prerequisite, Volunteer
from volunteers.models.people import ALONE_FROM, OF_AGE
from volunteers.workflow.people import State


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why not, as a code for programs and a sentence that says what to do."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the rules ask of a volunteer on a day."""

    state: str
    age: int | None
    barred_until: datetime.date | None
    consented: bool
    insured: bool
    skills: frozenset[int]
    proven: frozenset[int]
    courses: frozenset[int]

    @classmethod
    def of(cls, volunteer: Volunteer, *, on: datetime.date) -> Self:
        skills = list(volunteer.skills.all())
        return cls(
            state=volunteer.state,
            age=volunteer.age_on(on),
            barred_until=volunteer.barred_until,
            consented=any(
                row.ended_at is None and row.consented_at is not None
                for row in volunteer.guardianships.all()
            ),
            insured=any(row.is_valid_on(on) for row in volunteer.insurances.all()),
            skills=frozenset(row.skill_id for row in skills),
            proven=frozenset(row.skill_id for row in skills if row.certified_at is not None),
            courses=frozenset(
                row.course_id for row in volunteer.trainings.all() if row.is_valid_on(on)
            ),
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """What an activity asks of who takes part."""

    min_age: int
    max_age: int
    is_dangerous: bool
    required: tuple[Prerequisite, ...] = ()
    wished: tuple[Prerequisite, ...] = field(default=())

    @classmethod
    def of(cls, activity: Activity) -> Self:
        rows = list(activity.prerequisites.all())
        return cls(
            min_age=activity.min_age,
            max_age=activity.max_age,
            is_dangerous=activity.is_dangerous,
            required=tuple(row for row in rows if row.is_required),
            wished=tuple(row for row in rows if not row.is_required),
        )

    @property
    def skills(self) -> frozenset[int]:
        """Every skill that is required or wished."""
        return frozenset(
            row.skill_id for row in (*self.required, *self.wished) if row.skill_id is not None
        )


def hindrances(record: Record, demand: Demand, *, on: datetime.date) -> list[Hindrance]:
    """Everything that keeps a volunteer from taking part on that day; empty: nothing does."""
    found = [
        _registered(record),
        _barred(record, on),
        _age(record, demand),
        _guarded(record),
        _insured(record, demand),
        *(_met(record, row) for row in demand.required),
    ]
    seen: dict[str, Hindrance] = {}
    for one in found:
        if one is not None:
            seen.setdefault(one.sentence, one)
    return list(seen.values())


def _registered(record: Record) -> Hindrance | None:
    words = {
        State.ACTIVE: "",
        State.WAITING: _(
            "Your registration is still being reviewed. Sign up once it is confirmed."
        ),
        State.RETURNED: _("Your registration was returned. Complete it first."),
        State.SUSPENDED: _("Your registration is suspended. Speak to the organiser."),
    }
    said = words.get(State(record.state), _("You are not registered as a volunteer."))
    return Hindrance("not_registered", said) if said else None


def _barred(record: Record, on: datetime.date) -> Hindrance | None:
    if record.barred_until is None or record.barred_until <= on:
        return None
    text = _("You cannot take part before %(day)s.")
    return Hindrance("barred", text % {"day": date_format(record.barred_until)})


def _age(record: Record, demand: Demand) -> Hindrance | None:
    if record.age is None:
        return None
    if record.age < demand.min_age:
        text = _("This is for people of %(age)s years and more.")
        return Hindrance("too_young", text % {"age": demand.min_age})
    if record.age > demand.max_age:
        text = _("This is for people of at most %(age)s years.")
        return Hindrance("too_old", text % {"age": demand.max_age})
    return None


def _guarded(record: Record) -> Hindrance | None:
    if record.age is None or record.age >= OF_AGE or record.consented:
        return None
    text = _("Below 18 a guardian must consent first: enter your guardian in your registration.")
    return Hindrance("no_consent", text)


def _insured(record: Record, demand: Demand) -> Hindrance | None:
    if not demand.is_dangerous or record.insured:
        return None
    text = _(
        "This work is dangerous: you need personal accident insurance that is valid on that day. "
        "Ask the organiser to enter it."
    )
    return Hindrance("not_insured", text)


def _met(record: Record, row: Prerequisite) -> Hindrance | None:
    if row.kind == Prerequisite.Kind.INSURANCE:
        return (
            None if record.insured else Hindrance("not_insured", _("You need insurance for this."))
        )
    if row.kind == Prerequisite.Kind.COURSE:
        text = _("Take the course “%(course)s” first.")
        met = row.course_id in record.courses
        return None if met else Hindrance("no_course", text % {"course": row.course})
    if row.needs_proof and row.skill_id not in record.proven:
        text = _("Show the organiser proof of the skill “%(skill)s” first.")
        return Hindrance("no_proof", text % {"skill": row.skill})
    text = _("This needs the skill “%(skill)s”.")
    met = row.skill_id in record.skills
    return None if met else Hindrance("no_skill", text % {"skill": row.skill})


def comes_alone(record: Record) -> bool:
    """Whether the volunteer may come without a guardian beside them."""
    return record.age is None or record.age >= ALONE_FROM
