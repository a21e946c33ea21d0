"""Coordinates in degrees, always (lon, lat): WGS-84 inside, GCJ-02 at the edges where maps need it.

GCJ-02 is the shifted system of maps published in China (高德, 腾讯, 微信): WGS-84 plus a smooth
offset of some hundred metres, on the Krasovsky ellipsoid. The formula is public knowledge; the
way back has no closed form and is found by iteration.
"""

from math import asin, cos, hypot, isfinite, pi, radians, sin, sqrt

_SEMI_MAJOR_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_MEAN_EARTH_RADIUS = 6371008.8
# The offset's slope is below 1/100: each step gains two digits, ten reach 1e-9 degrees and more.
_STEPS_BACK = 10

# Where the shift applies; outside, GCJ-02 equals WGS-84.
_WEST, _SOUTH, _EAST, _NORTH = 73.66, 3.86, 135.05, 53.55

Point = tuple[float, float]


def is_position(lon: float, lat: float) -> bool:
    """Whether the numbers can be a place on Earth at all."""
    return isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90


def is_shifted(lon: float, lat: float) -> bool:
    """Whether GCJ-02 differs from WGS-84 here (a box around China)."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _waves(x: float, y: float) -> Point:
    common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return east, north


def _offset(lon: float, lat: float) -> Point:
    east, north = _waves(lon - 105, lat - 35)
    phi = radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    per_degree_lat = _SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    per_degree_lon = _SEMI_MAJOR_AXIS / sqrt(magic) * cos(phi)
    return east * 180 / (per_degree_lon * pi), north * 180 / (per_degree_lat * pi)


def gcj02_from_wgs84(lon: float, lat: float) -> Point:
    if not is_shifted(lon, lat):
        return lon, lat
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def wgs84_from_gcj02(lon: float, lat: float) -> Point:
    """The inverse, to better than 1e-9 degrees (0.1 mm)."""
    if not is_shifted(lon, lat):
        return lon, lat
    wgs_lon, wgs_lat = lon, lat
    for _step in range(_STEPS_BACK):
        east, north = _offset(wgs_lon, wgs_lat)
        wgs_lon, wgs_lat = lon - east, lat - north
    return wgs_lon, wgs_lat


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance (haversine) on a sphere of the mean radius; error below 0.6 %."""
    (lon_a, lat_a), (lon_b, lat_b) = a, b
    across = sin(radians(lon_b - lon_a) / 2) * sqrt(cos(radians(lat_a)) * cos(radians(lat_b)))
    along = sin(radians(lat_b - lat_a) / 2)
    return 2 * _MEAN_EARTH_RADIUS * asin(min(1.0, hypot(across, along)))
