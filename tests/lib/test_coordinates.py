from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coordinates import (
    gcj02_from_wgs84,
    is_position,
    is_shifted,
    metres_between,
    wgs84_from_gcj02,
)


def test_the_town_hall_of_huangjiang_is_shifted_as_published():
    lon, lat = gcj02_from_wgs84(113.996, 22.877)
    assert (round(lon, 8), round(lat, 8)) == (114.00100615, 22.87420645)


def test_the_shift_in_huangjiang_is_513_m_east_and_309_m_south():
    there = gcj02_from_wgs84(113.996, 22.877)
    assert metres_between((113.996, 22.877), (there[0], 22.877)) == pytest.approx(513, abs=1)
    assert metres_between((113.996, 22.877), (113.996, there[1])) == pytest.approx(310, abs=1.5)


@given(st.floats(74, 135), st.floats(4, 53.5))
def test_there_and_back_is_the_same_place(lon, lat):
    back = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))
    assert back == pytest.approx((lon, lat), abs=1e-9)


@pytest.mark.parametrize("place", [(-73.97, 40.7), (2.35, 48.86), (151.2, -33.9)])
def test_outside_china_nothing_is_shifted(place):
    assert not is_shifted(*place)
    assert gcj02_from_wgs84(*place) == place
    assert wgs84_from_gcj02(*place) == place


@pytest.mark.parametrize(
    ("lon", "lat"), [(nan, 22), (114, inf), (181, 22), (114, -91), (-180.1, 0)]
)
def test_impossible_numbers_are_no_position(lon, lat):
    assert not is_position(lon, lat)


def test_corners_of_the_world_are_positions():
    assert is_position(180, 90)
    assert is_position(-180, -90)


def test_a_degree_of_latitude_is_111_km():
    assert metres_between((114, 22), (114, 23)) == pytest.approx(111_195, abs=1)


def test_the_distance_to_oneself_is_nothing():
    assert metres_between((114.1, 22.9), (114.1, 22.9)) == 0
