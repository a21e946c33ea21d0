import datetime

import pytest

from grids.locate import Place, locate, locate_many
from grids.models import Boundary, ChangeCounter, Territory
from grids.models.changes import BOUNDARIES
from grids.snapshots import forget_all
from tests.factories.grids import BoundaryFactory, TerritoryFactory, note_change


def test_a_point_lies_in_its_grid_community_and_town(town):
    assert locate(114.05, 22.95) == Place(town.town.pk, town.west.pk, town.north.pk)


def test_where_there_is_no_grid_the_community_answers(town):
    assert locate(114.15, 22.95) == Place(town.town.pk, town.east.pk)


def test_where_there_is_no_community_the_town_answers(town):
    assert locate(113.95, 22.95) == Place(town.town.pk)


@pytest.mark.parametrize(
    "point", [(0, 0), (114.05, 23.5), (float("nan"), 22.9), (float("inf"), 22.9), (500, 22.9)]
)
def test_outside_there_is_no_place(town, point):
    assert locate(*point) is None
    assert locate_many([point]) == [None]


def test_a_point_on_the_border_belongs_to_the_smaller_number(town):
    assert locate(114.05, 22.9) == Place(town.town.pk, town.west.pk, town.north.pk)
    assert locate(114.1, 22.9).grid_id == town.north.pk
    assert locate_many([(114.05, 22.9)])[0] == locate(114.05, 22.9)


def test_the_outer_corner_still_belongs(town):
    assert locate(114.2, 23.0) == Place(town.town.pk, town.east.pk)


def test_many_points_are_located_as_one_by_one(town):
    points = [(113.85 + i / 50, 22.75 + j / 50) for i in range(21) for j in range(16)]
    assert locate_many(points) == [locate(*point) for point in points]


def test_no_points_have_no_places(town):
    assert locate_many([]) == []


def test_without_any_outline_nothing_is_located(db):
    assert locate(114.05, 22.95) is None
    assert locate_many([(114.05, 22.95)]) == [None]


def test_a_community_without_a_town_is_a_place(db):
    district = TerritoryFactory(community=True, code="101")
    BoundaryFactory(territory=district, square=(-74, 40, -73, 41))
    assert locate(-73.5, 40.5) == Place(None, district.pk)


def test_a_hole_is_outside(db):
    ring = TerritoryFactory()
    outer = [[114.0, 22.0], [114.3, 22.0], [114.3, 22.3], [114.0, 22.3], [114.0, 22.0]]
    hole = [[114.1, 22.1], [114.2, 22.1], [114.2, 22.2], [114.1, 22.2], [114.1, 22.1]]
    BoundaryFactory(territory=ring, geometry={"type": "Polygon", "coordinates": [outer, hole]})
    assert locate(114.05, 22.05) == Place(None, None, ring.pk)
    assert locate(114.15, 22.15) is None


def test_an_ended_outline_or_territory_is_not_found(town):
    Boundary.objects.filter(territory=town.north).update(valid_to=datetime.date(2021, 1, 1))
    Territory.objects.filter(pk=town.south.pk).update(valid_to=datetime.date(2021, 1, 1))
    note_change()
    assert locate(114.05, 22.95) == Place(town.town.pk, town.west.pk)
    assert locate(114.05, 22.85) == Place(town.town.pk, town.west.pk)


def test_the_place_of_a_territory_names_what_is_above_it(town):
    assert Place.of(town.north) == Place(town.town.pk, town.west.pk, town.north.pk)
    assert Place.of(town.east) == Place(town.town.pk, town.east.pk)
    assert Place.of(town.town) == Place(town.town.pk)
    assert Place.of(town.city) == Place()


def test_locating_asks_the_database_nothing_for_a_second(town, django_assert_num_queries):
    locate(114.05, 22.95)
    with django_assert_num_queries(0):
        for _ in range(100):
            locate(114.05, 22.95)


def test_an_unchanged_counter_costs_one_query(town, django_assert_num_queries, monkeypatch):
    locate(114.05, 22.95)
    monkeypatch.setattr("grids.snapshots.CHECK_EVERY_SECONDS", 0)
    with django_assert_num_queries(1):
        assert locate(114.05, 22.95).grid_id == town.north.pk


def test_a_raised_counter_makes_the_next_look_see_the_change(town, monkeypatch):
    assert locate(114.05, 22.95).grid_id == town.north.pk
    monkeypatch.setattr("grids.snapshots.CHECK_EVERY_SECONDS", 0)
    Boundary.objects.filter(territory=town.north).delete()
    assert locate(114.05, 22.95).grid_id == town.north.pk
    ChangeCounter.objects.raised(BOUNDARIES)
    assert locate(114.05, 22.95).grid_id is None


def test_a_change_that_was_rolled_back_is_forgotten(town, monkeypatch):
    from django.db import transaction

    monkeypatch.setattr("grids.snapshots.CHECK_EVERY_SECONDS", 0)
    with transaction.atomic():
        Boundary.objects.filter(territory=town.north).delete()
        ChangeCounter.objects.raised(BOUNDARIES)
        assert locate(114.05, 22.95).grid_id is None
        transaction.set_rollback(True)
    Boundary.objects.filter(territory=town.south).delete()
    ChangeCounter.objects.raised(BOUNDARIES)
    assert locate(114.05, 22.95).grid_id == town.north.pk


def test_the_counter_counts(db):
    assert ChangeCounter.objects.stamp_of("subject") == ""
    ChangeCounter.objects.raised("subject")
    first = ChangeCounter.objects.stamp_of("subject")
    ChangeCounter.objects.raised("subject")
    assert ChangeCounter.objects.get(pk="subject").value == 2
    assert ChangeCounter.objects.stamp_of("subject") != first


def test_forgetting_reads_again(town):
    locate(114.05, 22.95)
    Boundary.objects.filter(territory=town.north).delete()
    forget_all()
    assert locate(114.05, 22.95).grid_id is None
