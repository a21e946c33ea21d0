import datetime
from collections import Counter

import pytest
import shapely

from grids.geometry import area_m2
from grids.locate import Place, locate
from grids.models import Boundary, Territory
from grids.services.reference import load_reference
from grids.services.schematic import draw_schematic
from grids.synthesis import HUANGJIANG, draw_city, plan_grids
from lib.errors import RuleViolation
from organizations.models import User

AT = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)
SINCE = datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def plots():
    return draw_city(seed=2026)


def outlines(plots, level):
    return [plot.outline for plot in plots if plot.level == level]


def test_the_plan_follows_the_people_and_huangjiang_has_seventy():
    plan = plan_grids(2900)
    assert sum(plan[HUANGJIANG].values()) == 70
    assert len(plan[HUANGJIANG]) == 7
    assert len(plan) == 33
    assert 2850 <= sum(sum(counts.values()) for counts in plan.values()) <= 2950
    assert min(count for counts in plan.values() for count in counts.values()) == 1


def test_the_map_has_towns_communities_and_grids(plots):
    assert Counter(plot.level for plot in plots) == {"town": 33, "community": 606, "grid": 2899}
    assert len({plot.code for plot in plots}) == len(plots)


@pytest.mark.parametrize("level", ["town", "community", "grid"])
def test_neighbours_share_their_vertices_so_nothing_gaps_or_overlaps(plots, level):
    drawn = outlines(plots, level)
    assert shapely.coverage_is_valid(drawn)
    assert all(outline.is_valid and outline.geom_type == "Polygon" for outline in drawn)
    together = shapely.union_all(drawn)
    assert together.geom_type == "Polygon"
    assert not together.interiors
    assert sum(outline.area for outline in drawn) == pytest.approx(together.area, rel=1e-9)


def test_the_parts_are_exactly_the_whole(plots):
    whole = {plot.code: plot.outline for plot in plots}
    parts = {}
    for plot in plots:
        parts.setdefault(plot.parent, []).append(plot.outline)
    for code, outlined in parts.items():
        if code:
            assert sum(part.area for part in outlined) == pytest.approx(whole[code].area, rel=1e-9)


def test_grids_are_numbered_within_their_community(plots):
    grids = [plot for plot in plots if plot.level == "grid"]
    assert all(plot.code.startswith(plot.parent) and len(plot.code) == 15 for plot in grids)
    assert {plot.code[12:] for plot in grids if plot.parent == "441900114006"} == {
        f"{number:03d}" for number in range(1, 11)
    }


def test_the_city_is_about_as_large_as_it_is(plots):
    square_km = sum(map(area_m2, outlines(plots, "town"))) / 1e6
    assert 2300 < square_km < 2700


def test_the_same_seed_draws_the_same_map():
    one, two = draw_city(seed=5, grids=700), draw_city(seed=5, grids=700)
    assert [(plot.code, plot.outline.wkb) for plot in one] == [
        (plot.code, plot.outline.wkb) for plot in two
    ]
    assert one[0].outline.wkb != draw_city(seed=6, grids=700)[0].outline.wkb


@pytest.fixture
def by(db):
    return User.objects.system()


def draw(by):
    return draw_schematic(seed=1, since=SINCE, by=by, at=AT, towns=[HUANGJIANG], grids=700)


def test_a_town_is_put_into_the_tables_and_every_grid_is_found(by):
    load_reference(by=by, at=AT)
    assert draw(by) == 33 + 7 + 70
    grids = Boundary.objects.filter(territory__level="grid").select_related("territory__parent")
    assert grids.count() == 70
    for boundary in grids:
        inside = shapely.geometry.shape(boundary.geometry).representative_point()
        grid = boundary.territory
        expected = Place(grid.parent.parent_id, grid.parent_id, grid.pk)
        assert locate(inside.x, inside.y) == expected
    assert set(Boundary.objects.values_list("is_schematic", flat=True)) == {True}
    first = Territory.objects.get(code="441900114006001")
    assert (first.name, first.name_en) == ("长龙第1网格", "Changlong Grid 1")


def test_drawing_again_changes_nothing(by):
    load_reference(by=by, at=AT)
    draw(by)
    assert draw(by) == 0
    assert Boundary.objects.count() == 110


def test_without_the_reference_nothing_is_drawn(by):
    with pytest.raises(RuleViolation):
        draw(by)
    assert not Boundary.objects.exists()
