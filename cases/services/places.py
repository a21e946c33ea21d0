"""Where a matter lies: by its point, else by what was chosen, else by what the address says."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import PlaceOrigin
from grids.addresses import find_in_text
from grids.locate import Place, locate
from grids.models import Territory
from lib.coordinates import is_position
from lib.errors import RuleViolation


@dataclass(frozen=True, slots=True)
class Found:
    """Primary keys of the place, the point (WGS-84) where there is one, and how it was found."""

    origin: str = PlaceOrigin.NONE
    town: int | None = None
    community: int | None = None
    grid: int | None = None
    lon: float | None = None
    lat: float | None = None


def find_place(
    lon: float | None, lat: float | None, territory: Territory | None, address: str
) -> Found:
    """A point outside every boundary is kept, but what was chosen or written then decides."""
    if (lon is None) != (lat is None):
        raise RuleViolation(_("A point needs both longitude and latitude."), code="point")
    if lon is not None and lat is not None:
        if not is_position(lon, lat):
            raise RuleViolation(_("This point does not lie on the Earth."), code="point")
        place = locate(lon, lat)
        if place is not None:
            return as_found(place, PlaceOrigin.POINT, lon, lat)
    if territory is not None:
        return as_found(Place.of(territory), PlaceOrigin.CHOSEN, lon, lat)
    place = find_in_text(address) if address else None
    return as_found(place, PlaceOrigin.ADDRESS, lon, lat)


def as_found(
    place: Place | None, origin: str, lon: float | None = None, lat: float | None = None
) -> Found:
    if place is None:
        return Found(lon=lon, lat=lat)
    return Found(origin, place.town_id, place.community_id, place.grid_id, lon, lat)
