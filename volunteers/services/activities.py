"""An activity from its draft through review to its end, and the shifts it has."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.locate import Place, locate
from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User
from volunteers import notifications
from volunteers.models import Activity, Organisation, Prerequisite, Recurrence, Shift
from volunteers.models.people import OF_AGE, ORGANIZERS
from volunteers.models.places import reaches, town_of
from volunteers.services.actors import leads
from volunteers.services.places import lock_shift
from volunteers.services.shifts import call_off_locked, make_due_shifts, tell_changed
from volunteers.services.ways import ACTIVITY
from volunteers.workflow.activities import State

COLUMNS = frozenset(
    {
        *("title", "title_en", "summary", "topic", "form", "address", "lon", "lat", "min_age"),
        *("max_age", "danger", "risks", "equipment", "needs_approval", "cancel_hours"),
        *("confirm_hours",),
    }
)
# What may still be said otherwise once people have signed up: nobody is shut out by it.
AMENDABLE = frozenset(
    {"title", "title_en", "summary", "address", "lon", "lat", "equipment", "risks"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A prerequisite as it is asked for: one of skill and course, or neither: insurance."""

    kind: str
    skill: Any = None
    course: Any = None
    is_required: bool = True
    needs_proof: bool = False


@transaction.atomic
def draft(
    *,
    by: User,
    at: datetime.datetime,
    body: Body,
    community: Territory,
    organisation: Organisation | None = None,
    asked: Iterable[Asked] = (),
    **content: Any,
) -> Activity:
    """A draft for a community, of an organisation or of the responsible body itself.

    Made by who acts for the organisation, or organises volunteers there. `content`: COLUMNS.
    """
    activity = Activity(body=body, organisation=organisation, made_by=by, made_at=at)
    _place(activity, community, content)
    _demand_maker(activity, by, at=at)
    _write(activity, content, COLUMNS)
    ACTIVITY.start(activity, "draft", by=by, at=at)
    _ask(activity, asked)
    return activity


def _demand_maker(activity: Activity, by: User, *, at: datetime.datetime) -> None:
    organisation = activity.organisation
    if organisation is not None and leads(by, organisation, at=at):
        if organisation.state != "active":
            text = _("The organisation is not registered: its activities wait until it is.")
            raise RuleViolation(text, code="not_registered")
        return
    if not reaches(by, ORGANIZERS, activity, on=localdate(at)):
        text = _("Activities are made by organisers of the place and leaders of organisations.")
        raise NotYours(text)


def _place(activity: Activity, community: Territory, content: Mapping[str, Any]) -> None:
    """The community that was chosen; the grid only where the point lies in it."""
    place = Place.of(community)
    lon, lat = content.get("lon"), content.get("lat")
    found = locate(lon, lat) if lon is not None and lat is not None else None
    if found is not None and found.community_id == place.community_id:
        place = found
    activity.town_id, activity.community_id = town_of(place), place.community_id
    activity.grid_id = place.grid_id


def _write(activity: Activity, content: Mapping[str, Any], columns: Collection[str]) -> list[str]:
    if unknown := content.keys() - columns:
        raise TypeError(f"cannot be written: {', '.join(sorted(unknown))}")
    for name, value in content.items():
        setattr(activity, name, value)
    _check(activity)
    return list(content)


def _check(activity: Activity) -> None:
    if activity.min_age > activity.max_age:
        raise RuleViolation(_("The lowest age lies above the highest."), code="ages")
    if activity.danger != Activity.Danger.NONE and not activity.risks.strip():
        text = _("Say which risks there are: people must know them before they sign up.")
        raise RuleViolation(text, code="risks_missing")
    if activity.is_dangerous and activity.min_age < OF_AGE:
        text = _("Dangerous work is for adults: let the lowest age be 18.")
        raise RuleViolation(text, code="dangerous_for_adults")


def _ask(activity: Activity, asked: Iterable[Asked]) -> None:
    activity.prerequisites.all().delete()
    Prerequisite.objects.bulk_create(
        Prerequisite(
            activity=activity,
            kind=one.kind,
            skill=one.skill,
            course=one.course,
            is_required=one.is_required,
            needs_proof=one.needs_proof,
        )
        for one in asked
    )


@transaction.atomic
def edit(
    activity: Activity,
    *,
    by: User,
    at: datetime.datetime,
    asked: Iterable[Asked] | None = None,
    **content: Any,
) -> Activity:
    """Change a draft, or what was returned."""
    locked = ACTIVITY.begin(activity, "edit", by=by, at=at)
    columns = _write(locked, content, COLUMNS)
    if asked is not None:
        _ask(locked, asked)
    return ACTIVITY.finish(locked, "edit", by=by, at=at, **_values(locked, columns))


def _values(activity: Activity, columns: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(activity, name) for name in columns}


@transaction.atomic
def set_rule(activity: Activity, *, by: User, at: datetime.datetime, **rule: Any) -> Recurrence:
    """The rule of a recurring or open activity; its shifts are made when it is published."""
    locked = ACTIVITY.begin(activity, "edit", by=by, at=at)
    if not rule["weekdays"]:
        raise RuleViolation(_("Choose at least one weekday."), code="no_weekday")
    if rule["ends"] <= rule["starts"]:
        raise RuleViolation(_("The end must lie after the beginning."), code="times")
    recurrence, _made = Recurrence.objects.update_or_create(activity=locked, defaults=rule)
    ACTIVITY.finish(locked, "edit", by=by, at=at)
    return recurrence


@transaction.atomic
def submit(activity: Activity, *, by: User, at: datetime.datetime) -> Activity:
    """For review: it must have a shift, or a rule that makes some."""
    locked = ACTIVITY.begin(activity, "submit", by=by, at=at)
    _check(locked)
    has_rule = Recurrence.objects.filter(activity=locked).exists()
    if not has_rule and not locked.shifts.standing().filter(starts_at__gt=at).exists():
        raise RuleViolation(_("Enter a shift that lies ahead first."), code="no_shift")
    done = ACTIVITY.finish(locked, "submit", by=by, at=at, reason="")
    others = [one for one in notifications.organizers_of(done, at=at) if one != done.made_by]
    notifications.tell_of_activity(done, "activity-to-review", others, at=at)
    return done


@transaction.atomic
def take_back(activity: Activity, *, by: User, at: datetime.datetime) -> Activity:
    locked = ACTIVITY.begin(activity, "take_back", by=by, at=at)
    return ACTIVITY.finish(locked, "take_back", by=by, at=at)


@transaction.atomic
def publish(activity: Activity, *, by: User, at: datetime.datetime) -> Activity:
    """Reviewed by somebody who did not make it: everybody sees it, and shifts are made."""
    locked = ACTIVITY.begin(activity, "publish", by=by, at=at)
    done = ACTIVITY.finish(locked, "publish", by=by, at=at, reviewed_by=by, published_at=at)
    make_due_shifts(done, at=at)
    notifications.tell_of_activity(done, "activity-published", [done.made_by], at=at)
    return done


@transaction.atomic
def send_back(activity: Activity, *, by: User, at: datetime.datetime, reason: str) -> Activity:
    locked = ACTIVITY.begin(activity, "return", by=by, at=at, reason=reason)
    done = ACTIVITY.finish(locked, "return", by=by, at=at, reason=reason.strip()[:300])
    notifications.tell_of_activity(done, "activity-returned", [done.made_by], at=at)
    return done


@transaction.atomic
def amend(activity: Activity, *, by: User, at: datetime.datetime, **content: Any) -> Activity:
    """Say something otherwise on a published activity; who has signed up is told."""
    locked = ACTIVITY.begin(activity, "amend", by=by, at=at)
    before = _values(locked, content)
    columns = _write(locked, content, AMENDABLE)
    changed = sorted(name for name in columns if before[name] != getattr(locked, name))
    done = ACTIVITY.finish(
        locked, "amend", by=by, at=at, facts={"changed": changed}, **_values(locked, columns)
    )
    if changed:
        for shift in done.shifts.ahead(at):
            tell_changed(shift, key=f"{shift.pk}:{done.version}", at=at)
    return done


@transaction.atomic
def cancel_activity(
    activity: Activity, *, by: User, at: datetime.datetime, reason: str
) -> Activity:
    """The activity with every shift that has not ended; all who have a place or wait are told."""
    ahead = activity.shifts.ahead(at).order_by("pk")
    locked_shifts = [lock_shift(shift) for shift in ahead]
    locked = ACTIVITY.begin(activity, "cancel", by=by, at=at, reason=reason)
    done = ACTIVITY.finish(locked, "cancel", by=by, at=at, reason=reason.strip()[:300])
    for shift in locked_shifts:
        call_off_locked(shift, by=by, at=at, reason=reason)
    return done


def finish_over(*, at: datetime.datetime) -> int:
    """Activities whose shifts are all over, and whose rule makes no more; how many."""
    running = Shift.objects.ahead(at).values("activity")
    going_on = Recurrence.objects.filter(Q(last_day=None) | Q(last_day__gte=localdate(at)))
    rows = Activity.objects.published().exclude(pk__in=running)
    rows = rows.exclude(pk__in=going_on.values("activity"))
    return sum(_finish(row, at=at) for row in rows)


@transaction.atomic
def _finish(activity: Activity, *, at: datetime.datetime) -> int:
    system = User.objects.system()
    fresh = Activity.objects.select_for_update().get(pk=activity.pk)
    if fresh.state != State.PUBLISHED:
        return 0
    locked = ACTIVITY.begin(fresh, "finish", by=system, at=at)
    ACTIVITY.finish(locked, "finish", by=system, at=at)
    return 1
