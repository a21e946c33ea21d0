"""A mapping file: which column becomes which field, in YAML or JSON. See `cases/mappings/`."""

import datetime
import json
import re
import zoneinfo
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from lib.errors import RuleViolation

FIELDS = {
    "number",
    "channel",
    "title",
    "text",
    "category",
    "urgency",
    "publicity",
    "address",
    "created_at",
    "reporter_name",
    "reporter_phone",
}
# Of an archive: who had the matter and how they are called, its kind in words, when it was due and
# when it was closed there.
HISTORY = {"body", "body_name", "category_name", "due_at", "closed_at"}
TOP = FIELDS | HISTORY | {"system", "history", "place", "encoding", "delimiter", "require_place"}
PLACES = {"point", "territory", "address"}
SYSTEMS = {"wgs84", "gcj02"}


class BadMapping(RuleViolation):
    """The mapping file does not say what it must; the message names the place."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_mapping")


class Unusable(Exception):
    """A value of a row that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one field is read: columns joined, or a constant; changed by patterns, then a map."""

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str = ""
    replace: tuple[tuple[re.Pattern[str], str], ...] = ()
    map: AnyMapping[str, str] | None = None
    default: str | None = None
    formats: tuple[str, ...] = ()
    zone: zoneinfo.ZoneInfo | None = None

    def text(self, cells: dict[str, Any]) -> str:
        """The value as text. Raises Unusable for a value that the map does not know."""
        if not self.columns:
            return self.constant
        parts = [_spelled(cells.get(column)) for column in self.columns]
        value = self.join.join(part for part in parts if part)
        for pattern, becomes in self.replace:
            value = pattern.sub(becomes, value).strip()
        if self.map is None:
            return value or self.default or ""
        if value in self.map:
            return self.map[value]
        if self.default is None:
            raise Unusable(_("“%(value)s” is not in the map.") % {"value": value})
        return self.default

    def moment(self, cells: dict[str, Any]) -> datetime.datetime | None:
        """The value as an aware moment; None where the cell is empty. Raises Unusable."""
        zone = self.zone or zoneinfo.ZoneInfo("Asia/Shanghai")
        for column in self.columns:
            cell = cells.get(column)
            if isinstance(cell, datetime.datetime):
                return cell if cell.tzinfo else cell.replace(tzinfo=zone)
        value = self.text(cells)
        for form in self.formats if value else ():
            try:
                found = datetime.datetime.strptime(value, form)  # noqa: DTZ007 -- zone follows
            except ValueError:
                continue
            return found if found.tzinfo else found.replace(tzinfo=zone)
        if value:
            raise Unusable(_("“%(value)s” is not a date of the given form.") % {"value": value})
        return None


def _spelled(cell: Any) -> str:
    """A cell as text: spreadsheets hold numbers, and 12.0 means 12."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """One way to find the place; the first that finds one decides.

    `point`: columns of longitude and latitude in a system of coordinates; `territory`: a code or
    name; `address`: text in which names of territories are looked for.
    """

    kind: str
    reading: Reading
    by: str = "code"
    lon: str = ""
    lat: str = ""
    crs: str = "wgs84"


@dataclass(frozen=True, slots=True)
class Mapping:
    system: str
    fields: dict[str, Reading]
    places: tuple[PlaceRule, ...]
    encoding: str = ""
    delimiter: str = ","
    require_place: bool = False
    history: bool = False

    def columns(self) -> set[str]:
        """Every column that the mapping reads: the file must have them."""
        readings = [*self.fields.values(), *(place.reading for place in self.places)]
        named = {column for reading in readings for column in reading.columns}
        return (
            named
            | {place.lon for place in self.places if place.lon}
            | {place.lat for place in self.places if place.lat}
        )


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises BadMapping."""
    try:
        content = path.read_text(encoding="utf-8")
        said = json.loads(content) if path.suffix == ".json" else yaml.safe_load(content)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadMapping(_("The mapping cannot be read: %(error)s") % {"error": error}) from error
    if not isinstance(said, dict):
        raise BadMapping(_("The mapping must be a table of names and values."))
    _known(said, TOP, where=path.name)
    missing = {"system", "number", "text"} - said.keys()
    if missing:
        names = ", ".join(sorted(missing))
        raise BadMapping(_("The mapping lacks: %(names)s.") % {"names": names})
    if HISTORY & said.keys() and not said.get("history"):
        raise BadMapping(_("Say “history: true” to take over how matters ended elsewhere."))
    return Mapping(
        system=str(said["system"])[:40],
        fields={name: _reading(said[name], name) for name in (FIELDS | HISTORY) & said.keys()},
        places=tuple(_place(rule) for rule in said.get("place", ())),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ","),
        require_place=bool(said.get("require_place", False)),
        history=bool(said.get("history", False)),
    )


def _known(said: AnyMapping[str, Any], allowed: set[str], *, where: str) -> None:
    unknown = set(map(str, said)) - allowed
    if unknown:
        facts = {"names": ", ".join(sorted(unknown)), "where": where}
        raise BadMapping(_("Not understood in %(where)s: %(names)s.") % facts)


READING = {"column", "columns", "join", "constant", "replace", "map", "default", "formats", "zone"}


def _reading(said: Any, where: str) -> Reading:
    if isinstance(said, str):
        return Reading(columns=(said,))
    if not isinstance(said, dict):
        raise BadMapping(
            _("Not understood in %(where)s: %(names)s.") % {"where": where, "names": said}
        )
    _known(said, READING, where=where)
    columns = said.get("columns") or ([said["column"]] if "column" in said else [])
    if bool(columns) == ("constant" in said):
        raise BadMapping(_("%(where)s needs either a column or a constant.") % {"where": where})
    try:
        replace = tuple(
            (re.compile(pattern), becomes) for pattern, becomes in said.get("replace", ())
        )
        zone = zoneinfo.ZoneInfo(said["zone"]) if "zone" in said else None
    except (re.error, ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        facts = {"where": where, "names": error}
        raise BadMapping(_("Not understood in %(where)s: %(names)s.") % facts) from error
    given = said.get("map")
    return Reading(
        columns=tuple(map(str, columns)),
        join=said.get("join", " "),
        constant=str(said.get("constant", "")),
        replace=replace,
        map={str(key): str(value) for key, value in given.items()} if given is not None else None,
        default=str(said["default"]) if "default" in said else None,
        formats=tuple(said.get("formats", ())),
        zone=zone,
    )


def _place(said: Any) -> PlaceRule:
    if not isinstance(said, dict) or len(said) != 1 or not said.keys() <= PLACES:
        names = ", ".join(sorted(PLACES))
        raise BadMapping(_("Each rule of place is one of: %(names)s.") % {"names": names})
    kind, rule = next(iter(said.items()))
    if kind == "point":
        _known(rule, {"lon", "lat", "crs"}, where="place.point")
        crs = rule.get("crs", "wgs84")
        if crs not in SYSTEMS or not {"lon", "lat"} <= rule.keys():
            raise BadMapping(_("A point needs lon, lat, and wgs84 or gcj02 as crs."))
        return PlaceRule(kind, Reading(), lon=rule["lon"], lat=rule["lat"], crs=crs)
    by = rule.pop("by", "code") if isinstance(rule, dict) else "code"
    if by not in {"code", "name"}:
        raise BadMapping(_("A territory is looked up by code or by name."))
    return PlaceRule(kind, _reading(rule, f"place.{kind}"), by=by)
