import pytest
from shapely.geometry import box

from grids.codes import check_grid_code, grid_codes, in_numbering_order
from grids.geometry import area_m2, geojson_of, read_outline
from lib.errors import RuleViolation

CHANGLONG = "441900114006"


def test_a_grid_code_continues_its_communitys():
    assert check_grid_code("441900114006001", community=CHANGLONG) is None
    assert check_grid_code("441900114006999", community=CHANGLONG) is None


@pytest.mark.parametrize(
    "code",
    ["", "44190011400600", "4419001140060010", "44190011400600x", "441900114006000",
     "441900114002001", "４４１９００１１４００６００１"],
)  # fmt: skip
def test_another_code_is_refused(code):
    with pytest.raises(RuleViolation):
        check_grid_code(code, community=CHANGLONG)


def test_other_cities_keep_their_own_codes():
    assert check_grid_code("M-1", community="101") is None


def test_after_999_there_is_none():
    with pytest.raises(RuleViolation):
        grid_codes(CHANGLONG, [box(0, 0, 1, 1)] * 1000)


def test_grids_are_numbered_from_the_north_each_row_from_the_west():
    south_east, north_west = box(1, 0, 2, 1), box(0, 1.1, 1, 2.1)
    south_west, north_east = box(0, 0.1, 1, 1.1), box(1, 1, 2, 2)
    squares = [south_east, north_west, south_west, north_east]
    assert in_numbering_order(squares) == [1, 3, 2, 0]
    assert grid_codes(CHANGLONG, squares) == [
        "441900114006004",
        "441900114006001",
        "441900114006003",
        "441900114006002",
    ]
    assert in_numbering_order([]) == []


def test_a_square_kilometre_is_one():
    degree_east, degree_north = 102_597.9, 110_742.6  # at 22.9° on WGS-84
    square = box(114, 22.9, 114 + 1000 / degree_east, 22.9 + 1000 / degree_north)
    assert area_m2(square) == pytest.approx(1e6, rel=2e-4)


def test_an_outline_survives_the_way_through_json():
    geometry = geojson_of(box(114, 22.8, 114.1, 22.9))
    assert isinstance(geometry["coordinates"][0][0], list)
    assert geojson_of(read_outline(geometry)) == geometry


def test_heights_are_dropped():
    ring = [[114, 22, 5], [114.1, 22, 5], [114.1, 22.1, 5], [114, 22, 5]]
    outline = read_outline({"type": "Polygon", "coordinates": [ring]})
    assert not outline.has_z
