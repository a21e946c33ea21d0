"""Whatever is split, merged, moved or given: the ground stays whole, nobody claims it twice."""

import math

import pytest
import shapely
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from grids import drawing
from grids.geometry import BadGeometry, area_m2

SQUARE = box(114.0, 22.8, 114.01, 22.81)
SETTINGS = settings(max_examples=60, deadline=None)
inner = st.floats(0.0005, 0.0095)
angles = st.floats(0, math.pi)


@pytest.fixture(autouse=True, scope="module")
def in_english():
    """Refusals are matched by their English words."""
    with translation.override("en"):
        yield


def same_ground(one, two):
    return (
        area_m2(shapely.symmetric_difference(one, two)) < 0.01
        if not (shapely.symmetric_difference(one, two).is_empty)
        else True
    )


def overlap(shapes):
    return sum(
        shapely.intersection(one, two).area
        for place, one in enumerate(shapes)
        for two in shapes[place + 1 :]
    )


def line_through(x, y, angle):
    far = 0.05
    return [
        (x - far * math.cos(angle), y - far * math.sin(angle)),
        (x + far * math.cos(angle), y + far * math.sin(angle)),
    ]


def test_a_line_that_ends_on_the_border_or_a_step_before_it_splits():
    for short in (0, 2e-5, -2e-5):
        line = [(114.004, 22.8 + short), (114.006, 22.805), (114.005, 22.81 - short)]
        parts = drawing.split(SQUARE, line)
        assert len(parts) == 2
        assert same_ground(shapely.union_all(parts), SQUARE)


def test_a_line_that_ends_in_the_middle_does_not_split():
    with pytest.raises(BadGeometry, match="from border to border"):
        drawing.split(SQUARE, [(114.004, 22.8), (114.005, 22.8095)])


@SETTINGS
@given(inner, inner, angles)
def test_a_split_leaves_the_union_and_no_overlap(x, y, angle):
    parts = drawing.split(SQUARE, line_through(114 + x, 22.8 + y, angle))
    assert len(parts) == 2
    assert same_ground(shapely.union_all(parts), SQUARE)
    assert overlap(parts) < 1e-15


@SETTINGS
@given(inner, inner, angles)
def test_what_was_split_merges_to_what_it_was(x, y, angle):
    parts = drawing.split(SQUARE, line_through(114 + x, 22.8 + y, angle))
    assert same_ground(drawing.merged(parts), SQUARE)


@pytest.fixture(scope="module")
def tiles():
    """Nine squares; the middle one's eastern edge carries a corner of its own (a T)."""
    found = {
        row * 3 + column + 1: box(
            114 + column / 100, 22.8 + row / 100, 114 + (column + 1) / 100, 22.8 + (row + 1) / 100
        )
        for row in range(3)
        for column in range(3)
    }
    parts = drawing.split(found[6], [(114.02, 22.815), (114.03, 22.815)])
    return {**found, 6: parts[0], 10: parts[1]}


@SETTINGS
@given(
    corner=st.sampled_from([(114.01, 22.81), (114.02, 22.82), (114.02, 22.815), (114.01, 22.82)]),
    east=st.floats(-0.004, 0.004),
    north=st.floats(-0.004, 0.004),
)
def test_a_shared_corner_moves_in_all_that_have_it(tiles, corner, east, north):
    whole = shapely.union_all(list(tiles.values()))
    changed = drawing.moved(tiles, [(corner, (corner[0] + east, corner[1] + north))], border=whole)
    after = [*({**tiles, **changed}).values()]
    assert same_ground(shapely.union_all(after), whole)
    assert overlap(after) * 1.1e10 < 0.01  # square metres
    assert drawing.faults_of(tiles, {**tiles, **changed}, border=whole) == []


@SETTINGS
@given(
    west=st.floats(113.995, 114.02), south=st.floats(22.795, 22.82),
    wide=st.floats(0.005, 0.03), high=st.floats(0.005, 0.03),
)  # fmt: skip
def test_a_new_outline_takes_only_free_ground(tiles, west, south, wide, high):
    others = {key: shape for key, shape in tiles.items() if key != 5}
    border = shapely.union_all(list(tiles.values()))
    asked = box(west, south, west + wide, south + high)
    try:
        new = drawing.drawn(asked, among=list(others.values()), border=border)
    except BadGeometry:
        assert shapely.intersection(asked, tiles[5]).area < 1e-9
        return
    assert overlap([new, *others.values()]) < 1e-14
    assert shapely.difference(new, border).area < 1e-14


@SETTINGS
@given(inner, inner, st.floats(0.0002, 0.002))
def test_a_gap_given_to_its_neighbour_is_no_gap(x, y, size):
    gap = shapely.intersection(Point(114 + x, 22.8 + y).buffer(size), SQUARE)
    rest = {1: shapely.difference(SQUARE, gap)}
    heir = drawing.heir_of(gap, rest)
    mended = {heir: drawing.given(gap, rest[heir])}
    assert drawing.faults_of({}, mended, border=SQUARE) == []
    assert same_ground(mended[1], SQUARE)


def test_the_heir_is_the_neighbour_with_the_longest_common_border():
    gap = box(114.0, 22.8, 114.001, 22.81)
    narrow, wide = box(114.0, 22.81, 114.001, 22.82), box(114.001, 22.8, 114.01, 22.81)
    assert drawing.heir_of(gap, {1: narrow, 2: wide}) == 2
    with pytest.raises(BadGeometry):
        drawing.heir_of(gap, {3: box(115, 23, 115.1, 23.1)})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ([(114.005, 22.805)], "two points"),
        ([(114.002, 22.805), (114.008, 22.805)], "border to border"),
        ([(113, 22.8), (115, 22.81), (114.5, 22.9), (114.2, 22.7)], "crosses itself"),
        ([(113.99, 22.805), (113.99, 22.9)], "border to border"),
    ],
)
def test_lines_that_do_not_split_say_why(line, why):
    with pytest.raises(BadGeometry, match=why):
        drawing.split(SQUARE, line)


def test_corners_alone_do_not_make_neighbours():
    with pytest.raises(BadGeometry, match="share no border"):
        drawing.merged([SQUARE, box(114.01, 22.81, 114.02, 22.82)])


def test_a_border_that_would_cross_itself_is_refused(tiles):
    with pytest.raises(BadGeometry):
        drawing.moved(tiles, [((114.01, 22.81), (114.5, 22.85))], border=None)


def test_a_point_near_a_corner_snaps_to_it_and_near_an_edge_to_the_edge():
    assert drawing.snapped((114.00001, 22.80001), [SQUARE]) == (114.0, 22.8)
    at = drawing.snapped((114.005, 22.80001), [SQUARE])
    assert at == pytest.approx((114.005, 22.8), abs=1e-9)
    assert drawing.snapped((114.005, 22.805), [SQUARE]) == (114.005, 22.805)


def test_a_fault_says_what_whose_and_where():
    before = {1: box(0, 0, 1, 1), 2: box(1, 0, 2, 1)}
    after = {1: box(0, 0, 0.5, 1), 2: box(1, 0, 2, 1)}
    faults = drawing.faults_of(before, after, border=box(0, 0, 2, 1))
    assert [(fault.kind, fault.territories) for fault in faults] == [("blind", (-1,))]
    assert 0.5 < faults[0].lon < 1
