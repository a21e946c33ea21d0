"""A case, a commitment, anything of a higher app calls for volunteers; the organiser answers."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grids.locate import Place
from lib.errors import RuleViolation
from organizations.models import Body, Skill, User
from volunteers import notifications
from volunteers.models import Activity, Call, Prerequisite, Topic
from volunteers.services import activities
from volunteers.services.activities import Asked
from volunteers.services.shifts import add_shift
from volunteers.services.ways import CALL


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many people are wanted for what, when and where (WGS-84)."""

    title: str
    text: str
    people: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    address: str
    lon: float | None = None
    lat: float | None = None
    skills: Iterable[Skill] = ()


@transaction.atomic
def call_for(  # noqa: PLR0913 -- who calls, for what, where
    kind: str,
    key: str,
    wanted: Wanted,
    *,
    body: Body,
    place: Place,
    by: User,
    at: datetime.datetime,
) -> Call:
    """A call that lies with the organisers of the place; of one subject one is open at a time.

    Nobody is enrolled by it (志愿服务条例, article 25): the organiser makes an activity of it, and
    people sign up. Whether `by` may call for (kind, key) is the caller's to know.
    """
    if place.community_id is None or place.town_id is None:
        text = _("Say in which community the place lies before you call for volunteers.")
        raise RuleViolation(text, code="no_place")
    if wanted.starts_at <= at or wanted.ends_at <= wanted.starts_at:
        raise RuleViolation(_("Enter a time that lies ahead, and an end after it."), code="times")
    if Call.objects.about(kind, key).open().select_for_update().exists():
        raise RuleViolation(_("A call for this is open already."), code="open_already")
    call = Call(
        subject_kind=kind, subject_key=key, title=wanted.title, text=wanted.text,
        people=wanted.people, starts_at=wanted.starts_at, ends_at=wanted.ends_at,
        address=wanted.address, lon=wanted.lon, lat=wanted.lat, body=body,
        town_id=place.town_id, community_id=place.community_id, grid_id=place.grid_id, by=by, at=at,
    )  # fmt: skip
    CALL.start(call, "call", by=by, at=at)
    call.skills.set(wanted.skills)
    notifications.tell_of_call(call, "call-made", notifications.organizers_of(call, at=at), at=at)
    return call


@transaction.atomic
def answer_call(
    call: Call, *, by: User, at: datetime.datetime, topic: Topic, **changes: Any
) -> Activity:
    """A draft with one shift of what was called for; `changes` of its words and places."""
    locked = CALL.begin(call, "answer", by=by, at=at)
    if locked.community is None:
        raise RuleViolation(_("The call names no community."), code="no_place")
    activity = activities.draft(
        by=by,
        at=at,
        body=locked.body,
        community=locked.community,
        asked=[Asked(Prerequisite.Kind.SKILL, skill=one, is_required=False)
               for one in locked.skills.all()],
        topic=topic,
        title=locked.title,
        summary=locked.text,
        address=locked.address,
        lon=locked.lon,
        lat=locked.lat,
        **changes,
    )  # fmt: skip
    add_shift(
        activity,
        by=by,
        at=at,
        starts_at=locked.starts_at,
        ends_at=locked.ends_at,
        places=locked.people,
    )
    done = CALL.finish(locked, "answer", by=by, at=at, activity=activity)
    notifications.tell_of_call(done, "call-answered", [done.by], at=at)
    return activity


@transaction.atomic
def decline_call(call: Call, *, by: User, at: datetime.datetime, reason: str) -> Call:
    locked = CALL.begin(call, "decline", by=by, at=at, reason=reason)
    done = CALL.finish(locked, "decline", by=by, at=at, reason=reason.strip()[:300])
    notifications.tell_of_call(done, "call-declined", [done.by], at=at)
    return done


@transaction.atomic
def withdraw_call(call: Call, *, by: User, at: datetime.datetime) -> Call:
    locked = CALL.begin(call, "withdraw", by=by, at=at)
    return CALL.finish(locked, "withdraw", by=by, at=at)
