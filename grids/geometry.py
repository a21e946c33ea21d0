"""Outlines: from GeoJSON and back, why one is refused, and its true area.

Everything here is WGS-84 in degrees, (lon, lat); shapely does the geometry, GEOS is inside it.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy
import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from lib.coordinates import is_position

# WGS-84 ellipsoid (EPSG:4326).
_SEMI_MAJOR_AXIS = 6378137.0
_ECCENTRICITY_SQUARED = 0.0066943799901413165
_ECCENTRICITY = sqrt(_ECCENTRICITY_SQUARED)

Shift = Callable[[float, float], tuple[float, float]]
Coordinates = numpy.ndarray[Any, numpy.dtype[numpy.float64]]


class BadGeometry(ValueError):
    """A geometry that cannot be an outline; the message is translated and says why."""


def read_outline(geojson: Any, *, shift: Shift | None = None) -> BaseGeometry:
    """A valid, non-empty Polygon or MultiPolygon in WGS-84, or BadGeometry.

    `shift` turns each (lon, lat) of another system into WGS-84.
    """
    outline = _parsed(geojson)
    if shift is not None:
        outline = shapely.transform(outline, lambda points: _shifted(points, shift))
    _refuse_unless_usable(outline)
    return outline


def _parsed(geojson: Any) -> BaseGeometry:
    if not isinstance(geojson, dict) or geojson.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadGeometry(_("it has no Polygon or MultiPolygon"))
    try:
        outline: BaseGeometry = shapely.force_2d(shapely.geometry.shape(geojson))
    except (GEOSException, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadGeometry(_("its coordinates cannot be read: %(why)s") % {"why": error}) from error
    if outline.is_empty:
        raise BadGeometry(_("its geometry is empty"))
    return outline


def _shifted(points: Coordinates, shift: Shift) -> Coordinates:
    return numpy.array([shift(lon, lat) for lon, lat in points])


def _refuse_unless_usable(outline: BaseGeometry) -> None:
    west, south, east, north = outline.bounds
    if not (is_position(west, south) and is_position(east, north)):
        raise BadGeometry(_("its coordinates are not degrees of longitude and latitude"))
    if not outline.is_valid:
        raise BadGeometry(_("its ring is invalid: %(why)s") % {"why": explain_validity(outline)})


def geojson_of(outline: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry as plain lists, ready for a JSON column."""
    plain: dict[str, Any] = shapely.geometry.mapping(outline)
    return {"type": plain["type"], "coordinates": _as_lists(plain["coordinates"])}


def _as_lists(part: Any) -> Any:
    return [_as_lists(inner) for inner in part] if isinstance(part, list | tuple) else part


def area_m2(outline: BaseGeometry) -> float:
    """Area on the WGS-84 ellipsoid (cylindrical equal-area projection), in square metres."""
    return float(shapely.transform(outline, _equal_area).area)


def _equal_area(points: Coordinates) -> Coordinates:
    sine = numpy.sin(numpy.radians(points[:, 1]))
    flat = _ECCENTRICITY * sine
    height = (1 - _ECCENTRICITY_SQUARED) * (
        sine / (1 - flat**2) + numpy.arctanh(flat) / _ECCENTRICITY
    )
    return numpy.column_stack(
        (numpy.radians(points[:, 0]) * _SEMI_MAJOR_AXIS, height * _SEMI_MAJOR_AXIS / 2)
    )
