"""Premises: brought in from a table with a dry run, and found again when borders move."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.locate import locate_many
from grids.models import Premises, PremisesKind, Territory
from lib.coordinates import is_position
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

COLUMNS = ("code", "name", "kind", "lon", "lat")
Row = Mapping[str, str]


@dataclass(slots=True)
class PremisesReport:
    """What an import did, or would do; `refused`: number of the row, and why."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    outside: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    written: bool = False


def import_premises(
    rows: Iterable[Row], *, dry_run: bool, by: User, at: datetime.datetime
) -> PremisesReport:
    """Add or change premises by their code. One bad row keeps everything out.

    Columns: code, name, kind, lon, lat; also address, households, is_key (1, yes, 是).
    """
    report = PremisesReport()
    with transaction.atomic():
        wanted = _read(rows, report, day=timezone.localdate(at))
        _write(wanted, report, by=by, at=at)
        report.written = not dry_run and not report.refused and bool(wanted)
        if not report.written:
            transaction.set_rollback(True)
    return report


def _read(rows: Iterable[Row], report: PremisesReport, *, day: datetime.date) -> list[Premises]:
    found: dict[str, Premises] = {}
    for number, row in enumerate(rows, start=1):
        try:
            one = _premises(row, day)
            _refuse_second(one, found)
            found[one.code] = one
        except ValueError as bad:
            report.refused.append((number, str(bad)))
    return list(found.values())


def _refuse_second(one: Premises, found: Mapping[str, Premises]) -> None:
    if one.code in found:
        raise ValueError(_("the code %(code)s stands twice") % {"code": one.code})


def _premises(row: Row, day: datetime.date) -> Premises:
    given = {key: (value or "").strip() for key, value in row.items() if key}
    missing = [column for column in COLUMNS if not given.get(column)]
    if missing:
        raise ValueError(_("nothing stands in: %(columns)s") % {"columns": ", ".join(missing)})
    return Premises(
        code=given["code"][:40],
        name=given["name"][:120],
        kind=_kind(given["kind"]),
        address=given.get("address", "")[:200],
        households=_whole(given.get("households", "")),
        is_key=given.get("is_key", "").lower() in {"1", "yes", "true", "是"},
        valid_from=day,
        **_point(given["lon"], given["lat"]),
    )


def _kind(said: str) -> str:
    for kind in PremisesKind:
        if said in {kind.value, str(kind.label)}:
            return kind.value
    raise ValueError(_("%(kind)s is no kind of premises") % {"kind": said})


def _whole(said: str) -> int:
    if said and not (said.isascii() and said.isdigit()):
        raise ValueError(_("%(number)s is no number of households") % {"number": said})
    return int(said or 0)


def _point(lon: str, lat: str) -> dict[str, float]:
    try:
        point = {"lon": float(lon), "lat": float(lat)}
    except ValueError:
        point = {"lon": 999.0, "lat": 999.0}
    if not is_position(point["lon"], point["lat"]):
        raise ValueError(_("longitude and latitude are no degrees"))
    return point


_KEPT = ("name", "kind", "address", "households", "is_key", "lon", "lat")


def _write(
    wanted: list[Premises], report: PremisesReport, *, by: User, at: datetime.datetime
) -> None:
    codes = [one.code for one in wanted]
    known: dict[str, Premises] = {}
    for start in range(0, len(codes), 500):
        rows = Premises.objects.filter(code__in=codes[start : start + 500])
        known |= {row.code: row for row in rows}
    _place(wanted)
    report.outside = sum(one.community_id is None for one in wanted)
    new = [one for one in wanted if one.code not in known]
    Premises.objects.bulk_create(new, batch_size=300)
    report.added = len(new)
    for one in wanted:
        if one.code in known:
            _change(known[one.code], one, report, by=by, at=at)


def _change(
    row: Premises, wanted: Premises, report: PremisesReport, *, by: User, at: datetime.datetime
) -> None:
    values: dict[str, Any] = {
        name: getattr(wanted, name) for name in _KEPT if getattr(row, name) != getattr(wanted, name)
    }
    if not values:
        report.unchanged += 1
        return
    places = {name: getattr(wanted, name) for name in _PLACED}
    changes.revise(row, {**values, **places}, by=by, at=at)
    report.changed += 1


_PLACED = ("town_id", "community_id", "grid_id")


def _place(premises: Iterable[Premises]) -> list[Premises]:
    """Find grid and community of each by its point; answers those that moved."""
    rows = list(premises)
    moved = []
    for row, place in zip(rows, locate_many((row.lon, row.lat) for row in rows), strict=True):
        found = {name: getattr(place, name, None) for name in _PLACED}
        if any(getattr(row, name) != key for name, key in found.items()):
            for name, key in found.items():
                setattr(row, name, key)
            moved.append(row)
    return moved


def save_premises(row: Premises, *, by: User, at: datetime.datetime, **values: Any) -> Premises:
    """Make or change one by hand; its grid follows from the point."""
    for name, value in values.items():
        setattr(row, name, value)
    _place([row])
    if row._state.adding:  # noqa: SLF001 -- Django's own sign of a row not saved yet
        return changes.create(row, by=by, at=at)
    placed = {name: getattr(row, name) for name in _PLACED}
    return changes.revise(row, {**values, **placed}, by=by, at=at)


def place_premises_of(unit: Territory) -> int:
    """After a change of borders: find again what stands in a territory or nowhere."""
    rows = Premises.objects.filter(town=unit) | Premises.objects.filter(community=unit)
    moved = _place([*rows, *Premises.objects.filter(grid=None)])
    Premises.objects.bulk_update(moved, list(_PLACED), batch_size=300)
    return len(moved)


def refuse_unreadable(columns: Iterable[str]) -> None:
    missing = sorted(set(COLUMNS) - set(columns))
    if missing:
        raise RuleViolation(
            _("The first line must name the columns. Missing: %(columns)s.")
            % {"columns": ", ".join(missing)},
            code="columns",
        )
