import datetime

import pytest
from django.db import IntegrityError, transaction
from shapely.geometry import box

from grids import services
from grids.geometry import geojson_of
from grids.locate import locate
from grids.models import (
    AreaMembership,
    BodyTerritory,
    Boundary,
    ChangeCounter,
    Level,
    PostTerritory,
    Territory,
)
from grids.models.changes import BOUNDARIES, COVERAGE
from grids.scopes import scopes_of
from lib.errors import RuleViolation
from organizations.models import ChangeRecord, User
from tests.factories.grids import (
    AreaMembershipFactory,
    BodyTerritoryFactory,
    BoundaryFactory,
    TerritoryFactory,
)
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

AT = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 6, 1)
SQUARE = geojson_of(box(114.3, 22.8, 114.4, 22.9))


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def counted():
    """How often a counter has been raised since the last question."""
    seen = {}

    def since(subject):
        row = ChangeCounter.objects.filter(pk=subject).first()
        now = row.value if row else 0
        raised, seen[subject] = now - seen.get(subject, 0), now
        return raised

    return since


def actions(obj):
    label = obj._meta.label_lower
    rows = ChangeRecord.objects.filter(kind=label, key=str(obj.pk)).order_by("number")
    return list(rows.values_list("action", "by__username"))


# Territory


def test_a_territory_is_founded(town, by, counted):
    counted(BOUNDARIES)
    grid = services.make_territory(
        level=Level.GRID, code="441900114006003", name="第三网格", parent=town.west,
        valid_from=TODAY, by=by, at=AT,
    )  # fmt: skip
    assert Territory.objects.get(code="441900114006003") == grid
    assert counted(BOUNDARIES) == 1
    assert actions(grid) == [("create", by.username)]


@pytest.mark.parametrize(
    ("level", "code", "parent", "refusal"),
    [
        (Level.GRID, "441900114006004", None, "no_parent"),
        (Level.GRID, "441900114006004", "town", "wrong_parent"),
        (Level.GRID, "441900114002004", "west", "grid_code"),
        (Level.GRID, "441900114006000", "west", "grid_code"),
        (Level.GRID, "44190011400604", "west", "grid_code"),
        (Level.TOWN, "441900115", "west", "wrong_parent"),
        (Level.CITY, "441901", "city", "wrong_parent"),
        (Level.GRID, "441900114006001", "west", "invalid"),
    ],
)
def test_a_territory_in_the_wrong_place_is_refused(town, by, level, code, parent, refusal):
    before = Territory.objects.count()
    with pytest.raises(RuleViolation) as refused:
        services.make_territory(
            level=level, code=code, name="X", parent=parent and getattr(town, parent),
            valid_from=TODAY, by=by, at=AT,
        )  # fmt: skip
    assert refused.value.code == refusal
    assert Territory.objects.count() == before


def test_a_territory_is_renamed_but_not_moved(town, by, counted):
    counted(BOUNDARIES)
    services.change_territory(town.west, name="长龙新社区", by=by, at=AT)
    town.west.refresh_from_db()
    assert (town.west.name, counted(BOUNDARIES)) == ("长龙新社区", 1)
    with pytest.raises(RuleViolation):
        services.change_territory(town.west, parent=None, by=by, at=AT)
    town.west.refresh_from_db()
    assert (town.west.parent_id, counted(BOUNDARIES)) == (town.town.pk, 0)


def test_a_territory_ends_after_its_parts(town, by):
    with pytest.raises(RuleViolation):
        services.end_territory(town.west, on=TODAY, by=by, at=AT)
    for grid in (town.north, town.south):
        services.end_territory(grid, on=TODAY, by=by, at=AT)
    assert services.end_territory(town.west, on=TODAY, by=by, at=AT).valid_to == TODAY
    assert locate(114.05, 22.95).community_id is None


# Outlines


def test_a_drawn_outline_is_found_at_once(town, by, counted):
    counted(BOUNDARIES)
    assert locate(114.35, 22.85) is None
    boundary = services.draw_boundary(town.east, geometry=SQUARE, source="test", by=by, at=AT)
    assert locate(114.35, 22.85).community_id == town.east.pk
    assert (boundary.valid_from, boundary.west, boundary.north) == (TODAY, 114.3, 22.9)
    assert boundary.area_m2 == pytest.approx(113_647_000, rel=0.001)
    assert counted(BOUNDARIES) == 1
    assert actions(town.east) == [("draw", by.username)]


def test_the_outline_before_stays_with_its_end(town, by):
    services.draw_boundary(town.east, geometry=SQUARE, by=by, at=AT)
    versions = Boundary.objects.filter(territory=town.east).order_by("valid_from")
    assert [version.valid_to for version in versions] == [TODAY, None]


def test_a_second_drawing_on_one_day_replaces_the_first(town, by):
    services.draw_boundary(town.east, geometry=SQUARE, by=by, at=AT)
    again = geojson_of(box(114.5, 22.8, 114.6, 22.9))
    services.draw_boundary(town.east, geometry=again, by=by, at=AT)
    assert Boundary.objects.filter(territory=town.east).count() == 2
    assert Boundary.objects.get(territory=town.east, valid_to=None).west == 114.5
    assert len(actions(town.east)) == 2


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [114, 22]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[114, 22], [114, 23]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 900], [900, 900], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [0, 2], [0, 0]]]},
        {"type": "Polygon", "coordinates": "x"},
    ],
    ids=["none", "point", "empty", "short", "bow tie", "metres", "line", "text"],
)  # fmt: skip
def test_what_is_no_outline_is_refused_and_changes_nothing(town, by, geometry, counted):
    counted(BOUNDARIES)
    with pytest.raises(RuleViolation) as refused:
        services.draw_boundary(town.east, geometry=geometry, by=by, at=AT)
    assert refused.value.code == "bad_geometry"
    assert Boundary.objects.filter(territory=town.east).count() == 1
    assert counted(BOUNDARIES) == 0


# Who covers what


def test_a_body_is_given_a_territory_and_its_posts_reach_it(town, by, counted):
    post = PostFactory()
    row = services.give_territory_to_body(post.body, territory=town.town, since=TODAY, by=by, at=AT)
    assert scopes_of(post.person, on=TODAY)[0].towns == {town.town.pk}
    assert (counted(COVERAGE), actions(row)) == (1, [("create", by.username)])


def test_a_territory_is_not_given_twice(town, by):
    body = BodyFactory()
    services.give_territory_to_body(body, territory=town.town, since=TODAY, by=by, at=AT)
    with pytest.raises(RuleViolation) as refused:
        services.give_territory_to_body(body, territory=town.town, since=TODAY, by=by, at=AT)
    assert refused.value.code == "covered"
    assert BodyTerritory.objects.count() == 1


@pytest.mark.parametrize(
    "given", ["grid itself", "its town", "its city", "its area", "by the body above"]
)
def test_a_post_covers_what_lies_within_its_body(town, by, given):
    body = BodyFactory()
    area = TerritoryFactory(area=True)
    AreaMembershipFactory(area=area, town=town.town)
    territory = {"grid itself": town.north, "its city": town.city, "its area": area}.get(
        given, town.town
    )
    BodyTerritoryFactory(body=body, territory=territory)
    post = PostFactory(body=BodyFactory(parent=body) if given == "by the body above" else body)
    row = services.give_territory_to_post(post, territory=town.north, since=TODAY, by=by, at=AT)
    assert scopes_of(post.person, on=TODAY)[0].grids == {town.north.pk}
    assert actions(row) == [("create", by.username)]


def test_a_post_does_not_cover_what_its_body_does_not(town, by, counted):
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=town.east)
    with pytest.raises(RuleViolation) as refused:
        services.give_territory_to_post(post, territory=town.north, since=TODAY, by=by, at=AT)
    assert refused.value.code == "outside_body"
    assert (PostTerritory.objects.count(), counted(COVERAGE)) == (0, 0)


def test_a_post_is_not_given_a_territory_twice(town, by):
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=town.town)
    services.give_territory_to_post(post, territory=town.north, since=TODAY, by=by, at=AT)
    with pytest.raises(RuleViolation):
        services.give_territory_to_post(post, territory=town.north, since=TODAY, by=by, at=AT)
    assert PostTerritory.objects.count() == 1


def test_coverage_ends(town, by, counted):
    post = PostFactory()
    of_body = services.give_territory_to_body(
        post.body, territory=town.town, since=TODAY, by=by, at=AT
    )
    of_post = services.give_territory_to_post(post, territory=town.north, since=TODAY, by=by, at=AT)
    counted(COVERAGE)
    later = TODAY + datetime.timedelta(days=9)
    assert services.end_territory_of_post(of_post, on=later, by=by, at=AT).valid_to == later
    assert services.end_territory_of_body(of_body, on=later, by=by, at=AT).valid_to == later
    assert counted(COVERAGE) == 2
    assert scopes_of(User.objects.get(pk=post.person_id), on=later)[0].grids == frozenset()


# What the database itself refuses


def refuses(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_the_database_keeps_one_outline_now(town):
    refuses(lambda: BoundaryFactory(territory=town.town))


def test_the_database_refuses_an_outline_without_extent(town):
    rows = Boundary.objects.filter(territory=town.town)
    refuses(lambda: rows.update(east=113.0))
    refuses(lambda: rows.update(north=22.0))


def test_the_database_refuses_an_end_before_the_beginning(town):
    early = datetime.date(2019, 1, 1)
    body = BodyTerritoryFactory()
    refuses(lambda: Territory.objects.update(valid_to=early))
    refuses(lambda: Boundary.objects.update(valid_to=early))
    refuses(lambda: BodyTerritory.objects.filter(pk=body.pk).update(valid_to=early))


def test_the_database_keeps_a_town_in_one_area(town):
    AreaMembershipFactory(town=town.town)
    refuses(lambda: AreaMembershipFactory(town=town.town))
    assert AreaMembership.objects.count() == 1


def test_the_database_keeps_codes_apart(town):
    refuses(lambda: TerritoryFactory(code="441900114"))
