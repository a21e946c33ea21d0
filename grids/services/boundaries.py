"""Outlines: every drawing is a new dated version."""

import datetime
import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.geometry import BadGeometry, area_m2, geojson_of, read_outline
from grids.models import Boundary, Territory
from grids.models.changes import BOUNDARIES
from grids.services.counting import note_change
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes


def draw_boundary(
    territory: Territory,
    *,
    geometry: dict[str, Any],
    by: User,
    at: datetime.datetime,
    source: str = "",
    is_schematic: bool = False,
) -> Boundary:
    """Give a territory an outline (GeoJSON, WGS-84) from the day of `at` on.

    The outline before it ends on that day; one drawn earlier on the same day is replaced.
    Raises RuleViolation where the geometry cannot be an outline.
    """
    try:
        outline = read_outline(geometry)
    except BadGeometry as bad:
        raise RuleViolation(
            _("The outline of %(territory)s cannot be used: %(why)s.")
            % {"territory": territory, "why": bad},
            code="bad_geometry",
        ) from bad
    with transaction.atomic():
        boundary = store_outline(
            territory, outline=outline, by=by, at=at, source=source, is_schematic=is_schematic
        )
        note_change(BOUNDARIES)
    return boundary


def store_outline(
    territory: Territory,
    *,
    outline: BaseGeometry,
    by: User,
    at: datetime.datetime,
    source: str,
    is_schematic: bool,
) -> Boundary:
    """One version of a checked outline; the caller's transaction raises the counter."""
    day = timezone.localdate(at)
    changes.locked(territory)
    new = outlined(territory, outline, day=day, source=source, is_schematic=is_schematic)
    current = Boundary.objects.filter(territory=territory, valid_to=None).first()
    before = _recorded(current) if current else {}
    if current is not None and current.valid_from >= day:
        new.pk = current.pk
        new.valid_from = current.valid_from
        new.save(force_update=True)
    else:
        if current is not None:
            current.valid_to = day
            current.save(update_fields=["valid_to"])
        new.save(force_insert=True)
    changes.record_values(
        territory, before=before, after=_recorded(new), by=by, at=at, action="draw"
    )
    return new


def outlined(
    territory: Territory,
    outline: BaseGeometry,
    *,
    day: datetime.date,
    source: str,
    is_schematic: bool,
) -> Boundary:
    """An unsaved boundary with its extent and area."""
    west, south, east, north = outline.bounds
    return Boundary(
        territory=territory,
        geometry=geojson_of(outline),
        area_m2=area_m2(outline),
        west=west,
        south=south,
        east=east,
        north=north,
        is_schematic=is_schematic,
        source=source,
        valid_from=day,
    )


def _recorded(boundary: Boundary) -> dict[str, Any]:
    # The versions themselves stay in the table; the record proves which one it was.
    spelled = json.dumps(boundary.geometry, separators=(",", ":")).encode()
    return {
        "outline_sha256": hashlib.sha256(spelled).hexdigest(),
        "area_m2": round(boundary.area_m2),
        "source": boundary.source,
        "is_schematic": boundary.is_schematic,
        "valid_from": boundary.valid_from.isoformat(),
    }
