"""Saving a change of borders as dated versions, and taking the last one back.

The unit's row is locked: two who draw in one community come one after the other, and the second
plans on what the first has saved. Everything that follows from a change (codes, posts, members of
teams, households, where premises stand) is written with it, or on the day on which it begins, and
taken back with it.
"""

import datetime
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.codes import next_codes
from grids.models import BorderEdit, Boundary, FindingKind, Level, Territory
from grids.models.changes import BOUNDARIES, COVERAGE
from grids.services.borders import Asked, Plan, plan_edit
from grids.services.boundaries import store_outline
from grids.services.checking import ask_check
from grids.services.counting import note_change
from grids.services.inheriting import begin_with, hand_over, taken_back
from grids.services.premises import place_premises_of
from grids.services.territory import end_territory, make_territory
from grids.services.visit_placing import begin_rounds_again, give_targets_back, settle_targets_of
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

SOURCE = "drawn in the portal"
# So long the nightly settling may have stood still.
_DAYS_LATE = 7
# Stands in a change until its day, for what happens only then.
_WAITS = "waits"
Did = dict[str, Any]


@transaction.atomic
def save_edit(
    unit: Territory,
    asked: Asked,
    *,
    day: datetime.date,
    by: User,
    at: datetime.datetime,
    seen: str | None = None,
) -> BorderEdit:
    """Change borders inside a unit from `day` (today or later) on. Nothing that would leave a gap,
    an overlap or something beyond the border is saved: the refusal says what, whose and where.

    `seen`: digest of the plan that a person has looked at; another one is not saved.
    """
    changes.locked(unit)
    _refuse_day(unit, day, at)
    plan = plan_edit(unit, asked, day=day)
    _refuse_faults(plan)
    if not (plan.after or plan.new or plan.ended):
        raise RuleViolation(_("Nothing would change."), code="nothing")
    if seen is not None and seen != plan.digest:
        raise RuleViolation(
            _("The borders have changed since you looked. Look at the preview again."), code="stale"
        )
    did = _carry_out(plan, day=day, by=by, at=at)
    edit = BorderEdit(
        unit=unit, kind=asked.kind, effective=day, asked=asked.spelled(), changes=did, by=by, at=at
    )
    changes.create(edit, by=by, at=at)
    _make_known(unit, by=by, at=at)
    return edit


def _refuse_day(unit: Territory, day: datetime.date, at: datetime.datetime) -> None:
    if day < timezone.localdate(at):
        raise RuleViolation(
            _("What was decided yesterday stays. Choose today or a later day."), code="past"
        )
    later = Boundary.objects.filter(territory__parent=unit, valid_from__gt=day)
    if (last := later.order_by("-valid_from").first()) is not None:
        raise RuleViolation(
            _("A change from %(day)s on is saved already. Choose that day or a later one.")
            % {"day": last.valid_from},
            code="later_change",
        )


def _refuse_faults(plan: Plan) -> None:
    if plan.faults:
        raise RuleViolation(" ".join(fault_words(plan)), code="faults")


def fault_words(plan: Plan) -> list[str]:
    """Each fault of a plan as a sentence: what, whose and where."""
    names = {row.pk: str(row) for row in Territory.objects.filter(pk__in=plan.before)}
    names[-1] = str(plan.unit)
    return [
        _("%(kind)s of %(area)s m² at %(lon)s, %(lat)s: %(whose)s.")
        % {
            "kind": FindingKind(fault.kind).label,
            "area": f"{fault.area_m2:,.0f}",
            "lon": fault.lon,
            "lat": fault.lat,
            "whose": " / ".join(names.get(key, _("the new one")) for key in fault.territories),
        }
        for fault in plan.faults
    ]


def _carry_out(plan: Plan, *, day: datetime.date, by: User, at: datetime.datetime) -> list[Did]:
    who: dict[str, Any] = {"day": day, "by": by, "at": at}
    known = Territory.objects.in_bulk([*plan.before])
    did = [_outline(known[key], shape, **who) for key, shape in sorted(plan.after.items())]
    for (shape, origin), code in zip(plan.new, _codes(plan), strict=True):
        founded = _found(plan.unit, code, **who)
        did.append({"did": "founded", "territory": founded.pk, "origin": origin})
        did.append(_outline(founded, shape, **who))
        if origin is not None:
            did += hand_over(known[origin], founded, **who)
    for key, heir in sorted(plan.ended.items()):
        did += hand_over(known[key], known[heir], ends=True, **who)
        did.append({**_ended(known[key], **who), "heir": heir})
    begins_now = day <= timezone.localdate(at)
    return did + (begin_with(did, **who) if begins_now else [{"did": _WAITS}])


def _codes(plan: Plan) -> list[str]:
    used = Territory.objects.filter(parent=plan.unit).values_list("code", flat=True)
    return next_codes(plan.unit.code, used, [shape for shape, _origin in plan.new])


def _found(
    community: Territory, code: str, *, day: datetime.date, by: User, at: datetime.datetime
) -> Territory:
    number = int(code[-3:])
    return make_territory(
        level=Level.GRID,
        code=code,
        parent=community,
        name=f"{community.short_name or community.name}第{number}网格",
        short_name=f"第{number}网格",
        name_en=f"{community.name_en.rsplit(' ', 1)[0]} Grid {number}",
        valid_from=day,
        by=by,
        at=at,
    )


def _outline(
    territory: Territory,
    shape: BaseGeometry,
    *,
    day: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Did:
    current = Boundary.objects.filter(territory=territory, valid_to=None).first()
    schematic = current.is_schematic if current else _is_schematic(territory)
    before = _row(current) if current else None
    moment = at if day == timezone.localdate(at) else _noon(day)
    new = store_outline(
        territory, outline=shape, by=by, at=moment, source=SOURCE, is_schematic=schematic
    )
    return {
        "did": "outline", "territory": territory.pk, "row": new.pk, "before": before,
        "digest": _digest(new.geometry),
    }  # fmt: skip


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _is_schematic(territory: Territory) -> bool:
    beside = Boundary.objects.filter(territory__parent=territory.parent_id, valid_to=None)
    return beside.filter(is_schematic=True).exists()


def _row(boundary: Boundary) -> Did:
    return {
        "pk": boundary.pk,
        "geometry": boundary.geometry,
        "area_m2": boundary.area_m2,
        "box": [boundary.west, boundary.south, boundary.east, boundary.north],
        "source": boundary.source,
        "is_schematic": boundary.is_schematic,
    }


def _digest(geometry: Any) -> str:
    return sha256(json.dumps(geometry, separators=(",", ":")).encode()).hexdigest()


def _ended(territory: Territory, *, day: datetime.date, by: User, at: datetime.datetime) -> Did:
    if territory.valid_from >= day:
        raise RuleViolation(
            _("%(territory)s begins on that day itself. Choose a later day, or take back the "
              "change that made it.") % {"territory": territory},
            code="begins_then",
        )  # fmt: skip
    end_territory(territory, on=day, by=by, at=at)
    rows = list(Boundary.objects.filter(territory=territory, valid_to=None))
    keys = [row.pk for row in rows if row.valid_from < day]
    Boundary.objects.filter(pk__in=keys).update(valid_to=day)
    # An outline drawn for that very day never held: it goes, and is kept for taking back.
    dropped = [row for row in rows if row.valid_from >= day]
    Boundary.objects.filter(pk__in=[row.pk for row in dropped]).delete()
    return {
        "did": "ended", "territory": territory.pk, "rows": keys,
        "dropped": [{**_row(row), "from": row.valid_from.isoformat()} for row in dropped],
    }  # fmt: skip


def _make_known(unit: Territory, *, by: User, at: datetime.datetime) -> None:
    note_change(BOUNDARIES)
    note_change(COVERAGE)
    _settle(unit, on=timezone.localdate(at))
    ask_check(by=by, at=at)


def _settle(unit: Territory, *, on: datetime.date) -> None:
    """What stands in the ground is found again in it."""
    place_premises_of(unit)
    settle_targets_of(unit, on=on)


def settle_begun(*, by: User, at: datetime.datetime) -> int:
    """Changes that were saved for a later day and have begun: how many units they settled."""
    today = timezone.localdate(at)
    begun = BorderEdit.objects.standing().filter(
        effective__range=(today - datetime.timedelta(days=_DAYS_LATE), today)
    )
    units = list(Territory.objects.filter(pk__in=begun.values("unit")).order_by("pk"))
    for unit in units:
        with transaction.atomic():
            changes.locked(unit)
            for edit in begun.filter(unit=unit).order_by("pk"):
                _begin(edit, by=by, at=at)
            _settle(unit, on=today)
    return len(units)


def _begin(edit: BorderEdit, *, by: User, at: datetime.datetime) -> None:
    if not edit.of_kind(_WAITS):
        return
    did = [row for row in edit.changes if row["did"] != _WAITS]
    did += begin_with(did, day=edit.effective, by=by, at=at)
    changes.revise(edit, {"changes": did}, by=by, at=at)


@transaction.atomic
def undo_edit(edit: BorderEdit, *, by: User, at: datetime.datetime) -> BorderEdit:
    """Take back the last change inside a unit, while nothing stands on it."""
    changes.locked(edit.unit)
    edit = changes.locked(edit)
    _refuse_undoing(edit)
    for did in reversed(edit.changes):
        _UNDO[did["did"]](did, by, at)
    undone = changes.revise(edit, {"undone_by": by, "undone_at": at}, by=by, at=at, action="undo")
    _make_known(edit.unit, by=by, at=at)
    return undone


def _refuse_undoing(edit: BorderEdit) -> None:
    if edit.undone_at is not None:
        raise RuleViolation(_("This was taken back already."), code="undone")
    last = BorderEdit.objects.standing().filter(unit=edit.unit).latest("pk")
    if last.pk != edit.pk:
        raise RuleViolation(
            _("Only the last change can be taken back. First take back what came after it."),
            code="not_last",
        )


def _undo_outline(did: Did, by: User, at: datetime.datetime) -> None:
    row = Boundary.objects.filter(pk=did["row"], valid_to=None).first()
    if row is None or _digest(row.geometry) != did["digest"]:
        raise RuleViolation(
            _("The border was drawn again since. Draw it once more instead."), code="drawn_since"
        )
    before = did["before"]
    if before is None or before["pk"] != row.pk:
        row.delete()
    if before is not None:
        _restore(before)
    _record(Territory.objects.get(pk=did["territory"]), did, by, at)


def _restore(before: Did) -> None:
    west, south, east, north = before["box"]
    Boundary.objects.filter(pk=before["pk"]).update(
        valid_to=None, geometry=before["geometry"], area_m2=before["area_m2"], west=west,
        south=south, east=east, north=north, source=before["source"],
        is_schematic=before["is_schematic"],
    )  # fmt: skip


def _record(territory: Territory, did: Did, by: User, at: datetime.datetime) -> None:
    before = {"outline_sha256": did["digest"]}
    was = did["before"]
    after = {"outline_sha256": _digest(was["geometry"]) if was else ""}
    changes.record_values(territory, before=before, after=after, by=by, at=at, action="undo")


def _undo_founding(did: Did, by: User, at: datetime.datetime) -> None:
    territory = Territory.objects.get(pk=did["territory"])
    give_targets_back(territory, did.get("origin"))
    try:
        changes.remove(territory, by=by, at=at)
    except RuleViolation as used:
        raise RuleViolation(
            _("Something stands in %(territory)s already, such as a case. Merge it instead.")
            % {"territory": territory},
            code="in_use",
        ) from used


def _undo_ending(did: Did, by: User, at: datetime.datetime) -> None:
    territory = Territory.objects.get(pk=did["territory"])
    begin_rounds_again(territory)
    changes.revise(territory, {"valid_to": None}, by=by, at=at, action="undo")
    Boundary.objects.filter(pk__in=did["rows"]).update(valid_to=None)
    for row in did.get("dropped", []):
        _draw_again(territory, row)


def _draw_again(territory: Territory, was: Did) -> None:
    """With its old key, by which earlier changes know it."""
    west, south, east, north = was["box"]
    row = Boundary(
        pk=was["pk"], territory=territory, geometry=was["geometry"], area_m2=was["area_m2"],
        west=west, south=south, east=east, north=north, source=was["source"],
        is_schematic=was["is_schematic"], valid_from=datetime.date.fromisoformat(was["from"]),
    )  # fmt: skip
    row.save(force_insert=True)


_UNDO: dict[str, Callable[[Did, User, datetime.datetime], None]] = {
    "outline": _undo_outline,
    "founded": _undo_founding,
    "ended": _undo_ending,
    _WAITS: lambda _did, _by, _at: None,
    **dict.fromkeys(
        ("row_made", "row_ended", "row_moved", "row_dropped", "households"),
        lambda did, by, at: taken_back(did, by=by, at=at),
    ),
}
