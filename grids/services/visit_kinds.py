"""Kinds of visits with the versions of their forms, rules, and what is visited."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.locate import Place, locate
from grids.models import TargetKind, Territory, VisitForm, VisitKind, VisitRule, VisitTarget
from grids.models.visit_plans import place_columns
from grids.questions import faults_of_form
from grids.services.visit_planning import plan_visits
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

FORGOTTEN = "—"


def publish_form(
    kind: VisitKind, questions: Sequence[Mapping[str, Any]], *, by: User, at: datetime.datetime
) -> VisitForm:
    """The next version of a kind's form; visits that were written with an older one keep it."""
    if faults := faults_of_form(questions):
        raise RuleViolation(" ".join(faults), code="form")
    with transaction.atomic():
        changes.locked(kind)
        newest = kind.form
        if newest is not None and newest.questions == list(questions):
            raise RuleViolation(_("Nothing has changed: version %(number)d asks the same.")
                                % {"number": newest.number}, code="same")  # fmt: skip
        last = kind.forms.aggregate(last=Max("number"))["last"] or 0
        return VisitForm.objects.create(
            kind=kind, number=last + 1, questions=list(questions), made_by=by, made_at=at
        )


def make_target(values: Mapping[str, Any], *, by: User, at: datetime.datetime) -> VisitTarget:
    """Enter a place, dwelling or household in care; its visits are planned at once."""
    target = VisitTarget(**_placed(values))
    target.is_private = target.is_private or target.kind == TargetKind.PERSON
    with transaction.atomic():
        if target.kind == TargetKind.PERSON:
            _checked(target).save(force_insert=True)
            _record_of_person(target, changes.CREATE, by=by, at=at)
        else:
            changes.create(target, by=by, at=at)
        plan_visits(on=timezone.localdate(at), targets=[target.pk])
    return target


def change_target(
    target: VisitTarget, values: Mapping[str, Any], *, by: User, at: datetime.datetime
) -> VisitTarget:
    placed = _placed({"grid": target.grid, **values})
    with transaction.atomic():
        if target.kind == TargetKind.PERSON:
            changed = changes.locked(target)
            for name, value in placed.items():
                setattr(changed, name, value)
            changed.is_private = True
            _checked(changed).save()
            _record_of_person(changed, changes.CHANGE, by=by, at=at)
        else:
            changed = changes.revise(target, placed, by=by, at=at)
        plan_visits(on=timezone.localdate(at), targets=[target.pk])
    return changed


def _checked(target: VisitTarget) -> VisitTarget:
    try:
        target.full_clean()
    except ValidationError as error:
        raise RuleViolation(changes.sentence_of(error, target), code="invalid") from error
    return target


def _record_of_person(target: VisitTarget, action: str, *, by: User, at: datetime.datetime) -> None:
    """Records are for ever: of somebody in care they say when and by whom, never who or where."""
    after = {"kind": target.kind, "grid_id": target.grid_id, "at": at.isoformat()}
    changes.record_values(target, before={}, after=after, by=by, at=at, action=action)


def end_target(
    target: VisitTarget, *, on: datetime.date, by: User, at: datetime.datetime
) -> VisitTarget:
    """No more visits from `on`. Of somebody in care nothing stays but that visits were made."""
    with transaction.atomic():
        ended = changes.end(target, on=on, by=by, at=at)
        if ended.kind == TargetKind.PERSON:
            ended.name, ended.address, ended.note = FORGOTTEN, "", ""
            ended.lon = ended.lat = None
            ended.save(update_fields=["name", "address", "note", "lon", "lat"])
        plan_visits(on=on, targets=[target.pk])
    return ended


def _placed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The grid as it was given, else that of the point; and what the grid lies in."""
    given = dict(values)
    grid: Territory | None = given.pop("grid", None)
    lon, lat = given.get("lon"), given.get("lat")
    if grid is None and lon is not None and lat is not None:
        place = locate(lon, lat) or Place()
        grid = Territory.objects.filter(pk=place.grid_id or 0).first()
    if grid is None:
        raise RuleViolation(_("Name the grid, or a point inside one."), code="no_grid")
    return {**given, **place_columns(grid)}


def make_rule(values: Mapping[str, Any], *, by: User, at: datetime.datetime) -> VisitRule:
    return _planned_again(changes.create(VisitRule(**values), by=by, at=at))


def change_rule(
    rule: VisitRule, values: Mapping[str, Any], *, by: User, at: datetime.datetime
) -> VisitRule:
    return _planned_again(changes.succeed(rule, values, by=by, at=at))


def end_rule(rule: VisitRule, *, on: datetime.date, by: User, at: datetime.datetime) -> VisitRule:
    return _planned_again(changes.end(rule, on=on, by=by, at=at))


def _planned_again(rule: VisitRule) -> VisitRule:
    """The plan is made anew in the background; the nightly run finds what was lost."""
    wanted = current_app.signature("grids.tasks.plan_visits")
    transaction.on_commit(lambda: wanted.apply_async(retry=False))
    return rule
