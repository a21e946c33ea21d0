"""Hours of volunteers who were called out by a higher app, from when they came to when they left.

Nobody signed up for a shift: what happened is written down afterwards, as an activity that is over.
The hours wait for confirmation like all others.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from grids.locate import Place
from organizations.models import Body, User
from volunteers.models import Activity, HoursRule, How, Presence, Shift, Signup, Topic, Volunteer
from volunteers.models.places import town_of
from volunteers.services.counting_hours import closing_time, counted_minutes, hours_rule_on
from volunteers.services.ways import ACTIVITY, PRESENCE, SIGNUP
from volunteers.workflow.activities import SignupState, State


@dataclass(frozen=True, slots=True)
class Work:
    """What people were called out for, who ordered it and who confirmed the order."""

    title: str
    title_en: str
    text: str
    body: Body
    place: Place
    address: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    ordered_by: User
    confirmed_by: User


@dataclass(frozen=True, slots=True)
class Stay:
    volunteer: Volunteer
    arrived_at: datetime.datetime
    left_at: datetime.datetime


@transaction.atomic
def record_work(work: Work, stays: Iterable[Stay], *, at: datetime.datetime) -> list[Presence]:
    """The stays that could be noted; one that overlaps another of the same person is left out.

    Raises RuleViolation where no rule of hours is valid.
    """
    stays = list(stays)
    if not stays:
        return []
    rule = hours_rule_on(localdate(at))
    shift = _shift(work, at=at)
    noted = (_note(shift, stay, rule, at=at) for stay in stays)
    return [presence for presence in noted if presence is not None]


def _shift(work: Work, *, at: datetime.datetime) -> Shift:
    topic, _made = Topic.objects.get_or_create(
        code="emergency", defaults={"name": "应急救援", "name_en": "Emergencies"}
    )
    activity = Activity(
        title=work.title, title_en=work.title_en, summary=work.text, topic=topic, body=work.body,
        form=Activity.Form.OPEN, address=work.address, min_age=18, town_id=town_of(work.place),
        community_id=work.place.community_id, grid_id=work.place.grid_id,
        state=State.FINISHED, made_by=work.ordered_by, made_at=work.starts_at,
        reviewed_by=work.confirmed_by, published_at=work.starts_at, ended_at=at,
    )  # fmt: skip
    ACTIVITY.start(activity, "mobilise", by=work.ordered_by, at=at)
    return Shift.objects.create(
        activity=activity, starts_at=work.starts_at, ends_at=work.ends_at, leader=work.ordered_by
    )


def _note(shift: Shift, stay: Stay, rule: HoursRule, *, at: datetime.datetime) -> Presence | None:
    barred = stay.volunteer.barred_until
    if barred is not None and localdate(stay.arrived_at) < barred:
        return None
    try:
        with transaction.atomic():
            return _stored(shift, stay, rule, at=at)
    except IntegrityError:  # noted elsewhere at the same time: one of the two counts
        return None


def _stored(shift: Shift, stay: Stay, rule: HoursRule, *, at: datetime.datetime) -> Presence:
    system = User.objects.system()
    signup = Signup(shift=shift, volunteer=stay.volunteer, state=SignupState.ATTENDED, at=at)
    SIGNUP.start(signup, "mobilise", by=system, at=at)
    presence = Presence(
        signup=signup,
        volunteer=stay.volunteer,
        arrived_at=stay.arrived_at,
        arrived_how=How.LEADER,
        closes_at=closing_time(shift, rule),
    )
    PRESENCE.start(presence, "arrive", by=system, at=at, how=How.LEADER.value)
    locked = PRESENCE.begin(presence, "leave", by=system, at=at)
    day = datetime.timedelta(days=1)
    return PRESENCE.finish(
        locked,
        "leave",
        by=system,
        at=at,
        left_at=stay.left_at,
        left_how=How.LEADER,
        minutes=counted_minutes(shift, stay.arrived_at, stay.left_at, rule),
        due_at=at + rule.confirm_days * day,
        remind_at=at + rule.remind_days * day,
    )
