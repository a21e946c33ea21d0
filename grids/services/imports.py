"""Territory from a GeoJSON file: all of it or nothing, unless bad features may be skipped."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.geometry import BadGeometry, geojson_of, read_outline
from grids.models import Boundary, Level, Territory
from grids.models.changes import BOUNDARIES
from grids.services.boundaries import store_outline
from grids.services.counting import note_change
from grids.services.gazetteer import Gazetteer, UnknownTerritory
from grids.services.territory import make_territory
from lib.coordinates import wgs84_from_gcj02
from lib.errors import RuleViolation
from organizations.models import User

WGS84, GCJ02 = "wgs84", "gcj02"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`parent`: the territory that everything lies in; without one the code's beginning tells."""

    level: str
    crs: str = WGS84
    name_property: str = "name"
    code_property: str = "code"
    parent: Territory | None = None
    skip_invalid: bool = False
    dry_run: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature (numbered from 1, as in the file) that cannot be imported, and why."""

    number: int
    label: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with `dry_run` or `refused` features would do."""

    founded: list[str] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    written: bool = False


@dataclass(slots=True)
class _Candidate:
    number: int
    code: str
    name: str
    outline: BaseGeometry
    territory: Territory | None
    parent: Territory | None


def import_territory(
    features: Iterable[Any], options: ImportOptions, *, by: User, at: datetime.datetime
) -> ImportReport:
    """Found what is new and draw what has moved, from GeoJSON features of one level.

    Without `skip_invalid` one bad feature keeps everything out: `written` is then False and
    `refused` names every bad one.
    """
    report = ImportReport()
    with transaction.atomic():
        candidates = _checked(features, options, report, day=timezone.localdate(at))
        if options.skip_invalid or options.dry_run or not report.refused:
            for candidate in candidates:
                _write(candidate, options, report, by=by, at=at)
        done = bool(report.founded or report.redrawn or report.unchanged)
        report.written = (
            done and not options.dry_run and (options.skip_invalid or not report.refused)
        )
        if report.written:
            note_change(BOUNDARIES)
        else:
            transaction.set_rollback(True)
    return report


def _checked(
    features: Iterable[Any], options: ImportOptions, report: ImportReport, *, day: datetime.date
) -> list[_Candidate]:
    gazetteer = Gazetteer(options.level, parent=options.parent, day=day)
    candidates: list[_Candidate] = []
    seen: dict[object, int] = {}
    for number, feature in enumerate(features, start=1):
        label = _label(feature, options)
        try:
            candidate = _read(number, feature, options, gazetteer)
            _refuse_second(candidate, seen)
            gazetteer.refuse_outside(candidate.outline, candidate.parent)
        except (BadGeometry, UnknownTerritory) as bad:
            report.refused.append(Refused(number, label, str(bad)))
        else:
            candidates.append(candidate)
    return candidates


def _read(number: int, feature: Any, options: ImportOptions, gazetteer: Gazetteer) -> _Candidate:
    code, name = (
        _property(feature, options.code_property),
        _property(feature, options.name_property),
    )
    territory = gazetteer.find(code=code, name=name)
    parent = territory.parent if territory is not None else gazetteer.parent_for(code)
    shift = wgs84_from_gcj02 if options.crs == GCJ02 else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    outline = read_outline(geometry, shift=shift)
    return _Candidate(number, code, name or code, outline, territory, parent)


def _property(feature: Any, name: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    value = properties.get(name) if isinstance(properties, dict) else None
    return "" if value is None else str(value).strip()


def _label(feature: Any, options: ImportOptions) -> str:
    names = (_property(feature, key) for key in (options.code_property, options.name_property))
    return " ".join(filter(None, names)) or "?"


def _refuse_second(candidate: _Candidate, seen: dict[object, int]) -> None:
    key = candidate.territory.pk if candidate.territory is not None else candidate.code
    first = seen.setdefault(key, candidate.number)
    if first != candidate.number:
        raise UnknownTerritory(
            _("it stands for the same territory as feature %(first)s") % {"first": first}
        )


def _write(
    candidate: _Candidate,
    options: ImportOptions,
    report: ImportReport,
    *,
    by: User,
    at: datetime.datetime,
) -> None:
    label = f"{candidate.code} {candidate.name}".strip()
    try:
        with transaction.atomic():
            done = _drawn(candidate, options, by=by, at=at)
    except RuleViolation as refusal:
        report.refused.append(Refused(candidate.number, label, refusal.message))
    else:
        getattr(report, done).append(label)


def _drawn(
    candidate: _Candidate, options: ImportOptions, *, by: User, at: datetime.datetime
) -> str:
    territory, done = candidate.territory, "redrawn"
    if territory is None:
        territory, done = _founded(candidate, options, by=by, at=at), "founded"
    elif _is_drawn_so(territory, candidate.outline):
        return "unchanged"
    store_outline(
        territory,
        outline=candidate.outline,
        by=by,
        at=at,
        source=options.source,
        is_schematic=False,
    )
    return done


def _founded(
    candidate: _Candidate, options: ImportOptions, *, by: User, at: datetime.datetime
) -> Territory:
    return make_territory(
        level=Level(options.level),
        code=candidate.code,
        name=candidate.name,
        parent=candidate.parent,
        valid_from=timezone.localdate(at),
        by=by,
        at=at,
    )


def _is_drawn_so(territory: Territory, outline: BaseGeometry) -> bool:
    current = Boundary.objects.filter(territory=territory, valid_to=None, is_schematic=False)
    return current.values_list("geometry", flat=True).first() == geojson_of(outline)
