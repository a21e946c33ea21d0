"""Tasks by grid: given out, begun, reported on, done with proof, reopened, dropped."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency import notifications
from emergency.models import Called, Order, Task, TaskHand, TaskKind, TaskPhoto, TaskProof
from emergency.scopes import parts_of
from emergency.services.actors import commands
from emergency.services.ways import TASK
from emergency.workflow import OrderState
from grids.locate import Place
from grids.models import Territory
from lib.errors import NotYours, RuleViolation, WrongState
from lib.uploads import ReadyPhoto, prepare_photo
from organizations.models import User
from volunteers.eligibility import Demand, Record, hindrances
from volunteers.models import Volunteer
from volunteers.models.people import OF_AGE

OLDEST = 120
MOST_PHOTOS = 6


@transaction.atomic
def give_task(  # noqa: PLR0913 -- what the form asks
    order: Order,
    kind: TaskKind,
    territory: Territory,
    *,
    by: User,
    at: datetime.datetime,
    text: str = "",
    due_at: datetime.datetime | None = None,
    called: Collection[Called] = (),
) -> Task:
    """For the workers of the grid, or for these people who accepted. Raises NotYours, WrongState,
    RuleViolation (not in the territory; no measure brings it; not insured).
    """
    if not commands(by, order, at=at):
        raise NotYours(_("Only the committee and duty officers of the place may do that."))
    if not Order.objects.filter(pk=order.pk, state=OrderState.IN_FORCE).exists():
        raise WrongState(_("The order is not in force."))
    _check(order, kind, territory, called, at=at)
    place = Place.of(territory)
    task = Task(
        order=order, kind=kind, text=text.strip()[:200], for_team=not called, territory=territory,
        town_id=place.town_id, community_id=place.community_id, grid_id=place.grid_id, by=by,
        at=at, due_at=due_at,
    )  # fmt: skip
    TASK.start(task, "give", by=by, at=at, kind=kind.code, people=len(called))
    TaskHand.objects.bulk_create(TaskHand(task=task, called=row) for row in called)
    people = User.objects.filter(pk__in=[row.person_id for row in called])
    notifications.tell_of_task(task, "emergency-task", people, at=at)
    return task


@transaction.atomic
def give_tasks(
    order: Order,
    kind: TaskKind,
    territories: Iterable[Territory],
    *,
    by: User,
    at: datetime.datetime,
    **more: Any,
) -> list[Task]:
    """One task for each of these grids, all or none. Raises as `give_task`."""
    return [give_task(order, kind, one, by=by, at=at, **more) for one in territories]


def _check(
    order: Order,
    kind: TaskKind,
    territory: Territory,
    called: Collection[Called],
    *,
    at: datetime.datetime,
) -> None:
    if territory.pk not in parts_of(order.territory):
        text = _("Choose a grid within the territory of the order.")
        raise RuleViolation(text, code="elsewhere")
    if not order.measures.filter(code=kind.measure.code).exists():
        text = _("No measure of this order brings such a task.")
        raise RuleViolation(text, code="no_measure")
    keys = [row.pk for row in called]
    if Called.objects.filter(pk__in=keys, order=order).standing().count() != len(keys):
        text = _("Tasks are for people who said that they come, or who are there.")
        raise RuleViolation(text, code="not_accepted")
    if kind.is_dangerous:
        _check_insured(called, on=localdate(at))


def _check_insured(called: Collection[Called], *, on: datetime.date) -> None:
    """Dangerous work is for adults with accident insurance (志愿服务条例, article 17)."""
    rows = Volunteer.objects.filter(pk__in=[row.volunteer_id for row in called if row.volunteer_id])
    demand = Demand(min_age=OF_AGE, max_age=OLDEST, is_dangerous=True)
    for volunteer in rows.with_record():
        for hindrance in hindrances(Record.of(volunteer, on=on), demand, on=on):
            text = _("This task is dangerous: %(name)s may not do it. %(why)s")
            words = {"name": volunteer.number, "why": hindrance.sentence}
            raise RuleViolation(text % words, code=hindrance.code)


@transaction.atomic
def begin_task(task: Task, *, by: User, at: datetime.datetime) -> Task:
    return TASK.finish(TASK.begin(task, "begin", by=by, at=at), "begin", by=by, at=at)


@transaction.atomic
def note_progress(task: Task, *, progress: int, by: User, at: datetime.datetime) -> Task:
    """How far it has come, in per cent."""
    locked = TASK.begin(task, "progress", by=by, at=at)
    if not 0 <= progress < 100:
        text = _("Enter how far you are, from 0 to 99. When it is done, say so with the proof.")
        raise RuleViolation(text, code="progress")
    facts = {"progress": progress}
    return TASK.finish(locked, "progress", by=by, at=at, facts=facts, progress=progress)


@transaction.atomic
def finish_task(
    task: Task,
    *,
    proof: str,
    households: int,
    by: User,
    at: datetime.datetime,
    photos: Iterable[BinaryIO] = (),
) -> Task:
    """Done, with words about what was done, photos, and how many households were reached.

    Raises NotYours, WrongState, RuleViolation, BadUpload.
    """
    locked = TASK.begin(task, "finish", by=by, at=at)
    if not proof.strip():
        raise RuleViolation(_("Say what was done."), code="no_proof")
    shown = {one.sha256: one for one in map(prepare_photo, photos)}
    if len(shown) > MOST_PHOTOS:
        raise RuleViolation(_("At most six photos at once."), code="too_many")
    done = TASK.finish(
        locked, "finish", by=by, at=at, progress=100, households=households,
        facts={"households": households},
    )  # fmt: skip
    row = TaskProof.objects.create(task=done, text=proof.strip()[:500], by=by, at=at)
    for one in shown.values():
        _keep_photo(row, one)
    notifications.tell_of_task(done, "emergency-task-done", [done.by], at=at)
    return done


def _keep_photo(proof: TaskProof, photo: ReadyPhoto) -> None:
    name = photo.sha256[:16]
    TaskPhoto.objects.create(
        proof=proof, sha256=photo.sha256, image=ContentFile(photo.image, name=f"{name}.jpg"),
        thumbnail=ContentFile(photo.thumbnail, name=f"{name}-small.jpg"),
    )  # fmt: skip


@transaction.atomic
def reopen_task(task: Task, *, reason: str, by: User, at: datetime.datetime) -> Task:
    locked = TASK.begin(task, "reopen", by=by, at=at, reason=reason)
    words = reason.strip()[:300]
    return TASK.finish(locked, "reopen", by=by, at=at, reason=words, progress=0)


@transaction.atomic
def drop_task(task: Task, *, reason: str, by: User, at: datetime.datetime) -> Task:
    locked = TASK.begin(task, "drop", by=by, at=at, reason=reason)
    return TASK.finish(locked, "drop", by=by, at=at, reason=reason.strip()[:300])
