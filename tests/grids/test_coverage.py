"""What the check finds, that it finds it again only where something changed, and its figures."""

import datetime
import itertools
import json
import math
import os
import time
from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from shapely.geometry import box, shape

from grids import services, visited
from grids.coverage import SLIVER_M2
from grids.geometry import geojson_of
from grids.models import (
    CoverageCount,
    CoverageFinding,
    CoverageMark,
    CoverageRule,
    CoverageRun,
    FindingKind,
    Level,
    Territory,
)
from grids.services.imports import ImportOptions, import_territory
from grids.services.reference import load_reference
from grids.services.schematic import draw_schematic
from lib.roles import Role
from organizations.models import User
from tests.factories.grids import LONG_AGO, BoundaryFactory, PostTerritoryFactory, TerritoryFactory
from tests.factories.organizations import PostFactory, UserFactory

DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
AT = datetime.datetime(2026, 11, 24, 2, tzinfo=datetime.UTC)
GROUND = ("blind", "hole", "overlap", "overhang")

pytestmark = pytest.mark.django_db


def check(*, full=False):
    services.ask_check(by=User.objects.system(), at=timezone.now(), is_full=full)
    return services.check_waiting(moment=timezone.now)


def standing(*kinds):
    rows = CoverageFinding.objects.standing().order_by("kind", "territory__code")
    found = rows.filter(kind__in=kinds) if kinds else rows
    return [(row.kind, row.territory.code, row.other and row.other.code) for row in found]


@pytest.fixture
def tiled(town):
    """The town of the shared fixture without what it leaves open on purpose."""
    east = TerritoryFactory(parent=town.east, code="441900114002001", name="第一网格")
    BoundaryFactory(territory=east, square=(114.1, 22.8, 114.2, 23.0))
    town.town.boundaries.update(geometry=geojson_of(box(114.0, 22.8, 114.2, 23.0)), west=114.0)
    town.only = east
    return town


def redraw(territory, *square):
    services.draw_boundary(
        territory, geometry=geojson_of(box(*square)), by=UserFactory(), at=timezone.now()
    )


def test_a_town_that_is_tiled_has_no_gap_and_no_overlap(tiled):
    check()
    assert standing(*GROUND) == []


def test_a_gap_is_found_with_its_true_area(tiled):
    redraw(tiled.south, 114.0, 22.8, 114.1, 22.89)
    check()
    assert standing(*GROUND) == [("blind", "441900114006", None)]
    row = CoverageFinding.objects.standing().get(kind="blind")
    # A belt of the sphere between two parallels, radius of authalic latitude: within a thousandth.
    belt = (
        6371007.2**2
        * math.radians(0.1)
        * (math.sin(math.radians(22.9)) - math.sin(math.radians(22.89)))
    )
    assert row.area_m2 == pytest.approx(belt, rel=5e-3)
    assert shape(row.geometry).equals_exact(box(114.0, 22.89, 114.1, 22.9).normalize(), 1e-9) or (
        shape(row.geometry).symmetric_difference(box(114.0, 22.89, 114.1, 22.9)).area < 1e-12
    )
    assert (row.town, row.community, row.grid) == (tiled.town, tiled.west, None)


def test_an_overlap_names_both_and_is_found_across_communities_too(tiled):
    redraw(tiled.south, 114.0, 22.8, 114.11, 22.9)
    check()
    assert standing(*GROUND) == [
        ("overhang", "441900114006002", None),
        ("overlap", "441900114002001", "441900114006002")
        if tiled.only.pk < tiled.south.pk
        else ("overlap", "441900114006002", "441900114002001"),
    ]


def test_a_community_that_nobody_has_divided_is_one_blind_area(tiled):
    tiled.only.boundaries.all().delete()
    check()
    assert standing("blind") == [("blind", "441900114002", None)]


def test_towns_without_a_city_around_them_are_measured_by_the_holes_between_them(db):
    ring = shapely.difference(box(0, 0, 3, 3), box(1, 1, 2, 2))
    town = TerritoryFactory(town=True, code="441900114")
    BoundaryFactory(territory=town, geometry=geojson_of(ring), square=(0, 0, 3, 3))
    check()
    assert standing() == [("hole", "441900114", None)]
    services.draw_boundary(
        town, geometry=geojson_of(box(0, 0, 3, 3)), by=UserFactory(), at=timezone.now()
    )
    check()
    assert standing() == []


def test_mended_ground_is_no_longer_found_and_the_trend_keeps_it(tiled):
    redraw(tiled.south, 114.0, 22.8, 114.1, 22.89)
    first = check()
    redraw(tiled.south, 114.0, 22.8, 114.1, 22.9)
    second = check()
    assert standing(*GROUND) == []
    blind = CoverageCount.objects.filter(kind="blind", town="").order_by("run")
    assert list(blind.values_list("run", "number")) == [(first.pk, 1), (second.pk, 0)]
    assert CoverageFinding.objects.get(kind="blind").gone_in == second


def test_only_what_changed_is_measured_again(tiled):
    neglect = 1  # is looked at every time, of all grids at once
    assert check().done == 4 + neglect  # the city, the town, its two communities
    assert check().done == neglect
    redraw(tiled.south, 114.0, 22.8, 114.1, 22.89)
    assert check().done == 1 + neglect
    assert check(full=True).done == 4 + neglect


def test_checking_twice_finds_nothing_twice(tiled):
    redraw(tiled.south, 114.0, 22.8, 114.12, 22.89)
    check()
    before = list(CoverageFinding.objects.order_by("pk").values_list("pk", "gone_in"))
    check(full=True)
    assert list(CoverageFinding.objects.order_by("pk").values_list("pk", "gone_in")) == before


def test_a_check_that_broke_off_is_taken_up_again_after_a_while(tiled, monkeypatch):
    run = services.ask_check(by=User.objects.system(), at=timezone.now())
    CoverageRun.objects.filter(pk=run.pk).update(state="running", seen_at=timezone.now())
    assert services.check_waiting(moment=timezone.now) is None
    later = timezone.now() + datetime.timedelta(minutes=6)
    assert services.check_waiting(moment=lambda: later).state == "done"


def test_a_check_that_fails_says_so_and_the_next_one_may_begin(tiled, monkeypatch):
    def broken(*_arguments):
        raise OSError("disk")

    services.ask_check(by=User.objects.system(), at=timezone.now())
    with monkeypatch.context() as patched:
        patched.setattr("grids.services.checking.flaws_inside", broken)
        with pytest.raises(OSError, match="disk"):
            services.check_waiting(moment=timezone.now)
    assert CoverageRun.objects.get().state == "failed"
    assert check().state == "done"


def test_asking_while_a_check_waits_is_the_same_check(tiled):
    by = UserFactory()
    first = services.ask_check(by=by, at=AT)
    assert services.ask_check(by=by, at=AT) == first


# -- Neglect ----------------------------------------------------------------------------------


def test_a_grid_without_a_worker_in_office_is_unstaffed(tiled):
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=tiled.north)
    PostTerritoryFactory(territory=tiled.east, post=PostFactory(role=Role.GRID_WORKER))
    PostTerritoryFactory(territory=tiled.south, post=PostFactory(role=Role.HANDLER))
    check()
    assert standing("unstaffed") == [("unstaffed", tiled.south.code, None)]
    post.valid_to = timezone.localdate()
    post.save(update_fields=["valid_to"])
    check()
    assert [code for _kind, code, _other in standing("unstaffed")] == [
        tiled.north.code, tiled.south.code,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("community", "households", "found"),
    [("441900114002", 500, 0), ("441900114002", 501, 1), ("441900114206", 301, 1)],
)
def test_size_is_judged_by_the_rule_of_city_or_country(db, community, households, found):
    load_reference(by=User.objects.system(), at=AT)
    parent = Territory.objects.filter(code=community).first() or TerritoryFactory(
        community=True, code=community
    )
    TerritoryFactory(parent=parent, code=f"{community}001", households=households)
    check()
    assert len(standing("oversize")) == found


def test_a_grid_without_a_visit_for_longer_than_the_rule_allows_is_found(tiled, monkeypatch):
    today = timezone.localdate()
    CoverageRule.objects.create(
        setting="urban", most_households=500, visit_days=30, valid_from=LONG_AGO
    )
    with monkeypatch.context() as nobody:
        nobody.setattr(visited, "_keepers", [])
        check()
    assert standing("unvisited") == []  # nobody keeps visits: nobody is blamed
    days = {tiled.north.pk: 30, tiled.south.pk: 31}
    seen = {grid: today - datetime.timedelta(days=number) for grid, number in days.items()}
    monkeypatch.setattr(visited, "_keepers", [lambda _day: seen])
    check()
    rows = CoverageFinding.objects.standing().filter(kind="unvisited").order_by("measure")
    assert {(row.territory, row.measure) for row in rows} == {
        (tiled.south, 31), (tiled.only, None),
    }  # fmt: skip


# -- The tables ---------------------------------------------------------------------------------


def test_figures_of_a_check_cannot_be_rewritten(tiled):
    check()
    for statement in (
        "UPDATE grids_coveragecount SET number = 0",
        "DELETE FROM grids_coveragecount",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "blind", "geometry": None, "area_m2": 0},
        {"kind": "unstaffed", "geometry": {"type": "Polygon"}, "area_m2": 1},
        {"kind": "overlap", "geometry": {"type": "Polygon"}, "area_m2": 1},
    ],
)
def test_findings_that_make_no_sense_are_refused(tiled, values):
    run = check()
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverageFinding.objects.create(found_in=run, territory=tiled.north, **values)


def test_two_checks_never_run_at_once(tiled):
    by = UserFactory()
    CoverageRun.objects.create(asked_by=by, asked_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverageRun.objects.create(asked_by=by, asked_at=AT)


# -- A whole city, and the real one ----------------------------------------------------------------


@pytest.fixture
def city(db):
    load_reference(by=User.objects.system(), at=AT)
    draw_schematic(seed=1, since=datetime.date(2026, 1, 1), by=User.objects.system(), at=AT)


def test_the_schematic_city_of_2900_grids_tiles_and_is_checked_in_seconds(city):
    assert Territory.objects.at_level(Level.GRID).count() > 2800
    began = time.monotonic()
    run = check()
    assert time.monotonic() - began < 20
    assert standing(*GROUND) == []
    assert run.done > 600
    assert CoverageMark.objects.count() == run.done - 1


def real(name):
    file = DATA / "dongguan" / name
    if not file.exists():
        pytest.skip(f"{file} is not here: the map of the real towns is no part of the project")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return [feature for feature in features if is_sound(feature["geometry"])]


def is_sound(geometry):
    try:
        return shape(geometry).is_valid
    except ValueError:  # a ring of too few points: the import refuses it too
        return False


def plane_m2(ground):
    """Square metres on a plane that touches the earth at the middle of the ground."""
    middle = math.radians(ground.centroid.y)
    semi_major, flat = 6378137.0, 0.0066943799901413165
    bent = 1 - flat * math.sin(middle) ** 2
    north = semi_major * (1 - flat) / bent**1.5
    east = semi_major / math.sqrt(bent) * math.cos(middle)
    return ground.area * math.radians(1) ** 2 * north * east


@pytest.mark.parametrize("name", ["towns.geojson", "towns_with_a_broken_ring.geojson"])
def test_a_real_map_has_the_gaps_and_overlaps_that_an_independent_calculation_finds(name, db):
    features = real(name)
    load_reference(by=User.objects.system(), at=AT)
    report = import_territory(
        features,
        ImportOptions(level=Level.TOWN, skip_invalid=True, source=name),
        by=User.objects.system(),
        at=AT,
    )
    assert report.written
    check()
    drawn = {
        row.territory_id: shape(row.geometry)
        for town in Territory.objects.at_level(Level.TOWN)
        for row in town.boundaries.all()
    }
    pairs = {}
    for (one, first), (two, second) in itertools.combinations(sorted(drawn.items()), 2):
        ground = first.intersection(second)
        if plane_m2(ground) >= SLIVER_M2 if ground.area else False:
            pairs[one, two] = plane_m2(ground)
    found = {
        (row.territory_id, row.other_id): row.area_m2
        for row in CoverageFinding.objects.standing().filter(kind="overlap")
    }
    assert {key for key, area in pairs.items() if area > SLIVER_M2 * 1.01} <= found.keys()
    assert found.keys() <= pairs.keys() | {k for k, area in found.items() if area < 1.01}
    assert sum(found.values()) == pytest.approx(sum(pairs.values()), rel=1e-4, abs=1)
    whole = None
    for outline in drawn.values():
        whole = outline if whole is None else whole.union(outline)
    rings = [
        plane_m2(shapely.Polygon(ring))
        for part in shapely.get_parts(whole)
        for ring in part.interiors
    ]
    holes = CoverageFinding.objects.standing().filter(kind="hole")
    assert sum(row.area_m2 for row in holes) == pytest.approx(
        sum(area for area in rings if area >= SLIVER_M2), rel=1e-4, abs=1
    )


def test_the_command_says_what_stands(tiled):
    redraw(tiled.south, 114.0, 22.8, 114.1, 22.89)
    out = StringIO()
    call_command("check_coverage", "--full", stdout=out)
    assert f"{FindingKind.BLIND.label}: 1 (" in out.getvalue()
