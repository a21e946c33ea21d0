"""Checking coverage: asked for, carried out in steps that can be seen and repeated, counted.

A step settles some units in one transaction: what is found stands, what is no longer found has
gone. So a check that broke off, or ran twice, changes nothing that the next one would not.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import blake2b

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from grids.coverage import Flaw, flaws_inside, overlaps
from grids.geometry import geojson_of
from grids.ground import Board
from grids.models import CoverageCount, CoverageFinding, CoverageMark, CoverageRun, RunState
from grids.models.checking import OF_GROUND, OPEN_RUNS, FindingKind
from grids.notifications import wake_checker
from grids.services import attending
from organizations.models import User

_UNITS_OF_A_STEP = 25
# A check that has said nothing for so long was broken off: another worker takes it up.
_SILENT = datetime.timedelta(minutes=5)
_INSIDE = OF_GROUND - {FindingKind.OVERLAP}
Now = Callable[[], datetime.datetime]


def ask_check(*, by: User, at: datetime.datetime, is_full: bool = False) -> CoverageRun:
    """A check that waits; where one is waiting or running already, that one."""
    try:
        with transaction.atomic():
            wake_checker()
            return CoverageRun.objects.create(asked_by=by, asked_at=at, is_full=is_full)
    except IntegrityError:
        return CoverageRun.objects.filter(state__in=OPEN_RUNS).latest("pk")


def check_waiting(*, moment: Now) -> CoverageRun | None:
    """Carry out the check that waits; None where there is none, or another worker has it."""
    run = _claimed(moment())
    if run is not None:
        try:
            _carry_out(run, moment)
        except Exception:
            _end(run, RunState.FAILED, moment())
            raise
    return run


def _claimed(at: datetime.datetime) -> CoverageRun | None:
    free = Q(state=RunState.WAITING) | Q(state=RunState.RUNNING, seen_at__lt=at - _SILENT)
    run = CoverageRun.objects.filter(free).order_by("pk").first()
    if run is None:
        return None
    mine = CoverageRun.objects.filter(free, pk=run.pk)
    if not mine.update(state=RunState.RUNNING, seen_at=at, done=0, total=0):
        return None
    run.refresh_from_db()
    return run


def _end(run: CoverageRun, state: str, at: datetime.datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])


def _carry_out(run: CoverageRun, moment: Now) -> None:
    day = timezone.localdate(moment())
    board = Board.load(day)
    units = board.units()
    changed = units if run.is_full else _changed(board, units)
    run.total = len(changed) + 1
    run.save(update_fields=["total"])
    _forget_lost_units(run, units)
    for step in _batched(changed, _UNITS_OF_A_STEP):
        with transaction.atomic():
            _settle_ground(run, board, step)
            _seen(run, len(step), moment())
    with transaction.atomic():
        _settle(run, _attended(run, board, day), ~Q(kind__in=OF_GROUND))
        _seen(run, 1, moment())
        _count(run)
        _end(run, RunState.DONE, moment())


def _batched(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _changed(board: Board, units: Iterable[int]) -> list[int]:
    marks = dict(CoverageMark.objects.values_list("territory_id", "digest"))
    return [unit for unit in units if marks.get(unit) != board.digest(unit)]


def _seen(run: CoverageRun, more: int, at: datetime.datetime) -> None:
    run.done, run.seen_at = run.done + more, at
    run.save(update_fields=["done", "seen_at"])


def _forget_lost_units(run: CoverageRun, units: Collection[int]) -> None:
    """Territories that have lost all their parts have no findings inside either."""
    inside = CoverageFinding.objects.standing().filter(kind__in=_INSIDE)
    lost = set(inside.values_list("unit_id", flat=True)) - {unit or None for unit in units}
    inside.filter(Q(unit__in=lost - {None})).update(gone_in=run)
    if None in lost:
        inside.filter(unit=None).update(gone_in=run)


def _settle_ground(run: CoverageRun, board: Board, units: Collection[int]) -> None:
    found: list[CoverageFinding] = []
    parts: dict[str, set[int]] = {}
    for key in units:
        unit = board.unit(key)
        found += [_finding(run, board, key, flaw) for flaw in flaws_inside(unit)]
        if unit.parts:
            parts.setdefault(board.level_of_parts(key), set()).update(unit.parts)
    here = Q(unit__in=[key for key in units if key])
    if 0 in units:
        here |= Q(unit=None)
    _settle(run, found, Q(kind__in=_INSIDE) & here)
    for level, among in parts.items():
        _settle_overlaps(run, board, board.all_at(level), among)
    CoverageMark.objects.bulk_create(
        [CoverageMark(territory_id=key, digest=board.digest(key)) for key in units if key],
        update_conflicts=True,
        unique_fields=["territory"],
        update_fields=["digest"],
    )


def _settle_overlaps(
    run: CoverageRun, board: Board, keys: list[int], among: Collection[int]
) -> None:
    flaws = overlaps(keys, board.shapes(keys), among=among)
    found = [_finding(run, board, board.places[flaw.territory][0], flaw) for flaw in flaws]
    pair = Q(territory__in=among) | Q(other__in=among)
    _settle(run, found, Q(kind=FindingKind.OVERLAP) & pair)


def _finding(run: CoverageRun, board: Board, unit: int | None, flaw: Flaw) -> CoverageFinding:
    spelled = flaw.shape.normalize().wkb
    return CoverageFinding(
        found_in=run,
        kind=flaw.kind,
        unit_id=unit or None,
        territory_id=flaw.territory,
        other_id=flaw.other,
        geometry=geojson_of(flaw.shape),
        area_m2=flaw.area_m2,
        digest=blake2b(spelled, digest_size=16).hexdigest(),
        **_place(board, flaw.territory),
    )


def _place(board: Board, territory: int) -> dict[str, int | None]:
    line = dict(board.line_of(territory))
    return {f"{level}_id": line.get(level) for level in ("town", "community", "grid")}


def _attended(run: CoverageRun, board: Board, day: datetime.date) -> list[CoverageFinding]:
    return [
        CoverageFinding(
            found_in=run, kind=kind, unit_id=board.places[grid][0], territory_id=grid,
            measure=measure, **_place(board, grid),
        )
        for kind, grid, measure in attending.neglected(day)
    ]  # fmt: skip


def _settle(run: CoverageRun, found: Iterable[CoverageFinding], scope: Q) -> None:
    """`found` is all that there is within `scope`: new ones stand, others have gone."""
    standing = {row.key: row for row in CoverageFinding.objects.standing().filter(scope)}
    new = {row.key: row for row in found}
    gone = [row.pk for key, row in standing.items() if key not in new]
    for keys in _batched(gone, 500):
        CoverageFinding.objects.filter(pk__in=keys).update(gone_in=run)
    again = [_measured(standing[key], row) for key, row in new.items() if key in standing]
    CoverageFinding.objects.bulk_update(filter(None, again), ["measure"], batch_size=300)
    CoverageFinding.objects.bulk_create(
        [row for key, row in new.items() if key not in standing], batch_size=300
    )


def _measured(standing: CoverageFinding, row: CoverageFinding) -> CoverageFinding | None:
    if standing.measure == row.measure:
        return None
    standing.measure = row.measure
    return standing


def _count(run: CoverageRun) -> None:
    counted: dict[tuple[str, str], list[float]] = {("", kind): [0, 0.0] for kind in FindingKind}
    rows = CoverageFinding.objects.standing().values_list("town__code", "kind", "area_m2")
    for town, kind, area in rows.iterator():
        for place in {town or "", ""}:
            figures = counted.setdefault((place, kind), [0, 0.0])
            figures[0] += 1
            figures[1] += area
    CoverageCount.objects.bulk_create(
        CoverageCount(run=run, town=town, kind=kind, number=number, area_m2=area)
        for (town, kind), (number, area) in counted.items()
    )
