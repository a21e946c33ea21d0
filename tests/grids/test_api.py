import pytest

from grids import services
from tests.factories.grids import BoundaryFactory, TerritoryFactory
from tests.factories.organizations import UserFactory
from tests.grids.test_services import AT, SQUARE


def outlines(client, **asked):
    return client.get("/grids/outlines.geojson", asked, headers={"Accept-Language": "en"})


def codes(answer):
    return [feature["properties"]["code"] for feature in answer.json()["features"]]


def test_a_point_is_named_in_the_readers_language(client, town):
    answer = client.get(
        "/grids/locate", {"lon": 114.05, "lat": 22.95}, headers={"Accept-Language": "en"}
    )
    assert answer.json() == {
        "town": {"id": town.town.pk, "code": "441900114", "name": "Huangjiang Town"},
        "community": {"id": town.west.pk, "code": "441900114006", "name": "Changlong Community"},
        "grid": {"id": town.north.pk, "code": "441900114006001", "name": town.north.name_en},
    }


def test_outside_everything_is_null(client, town):
    answer = client.get("/grids/locate", {"lon": 1, "lat": 1})
    assert answer.json() == {"town": None, "community": None, "grid": None}


@pytest.mark.parametrize("point", [{}, {"lon": "x", "lat": 1}, {"lon": 181, "lat": 1}])
def test_what_is_no_point_is_refused(client, db, point):
    assert client.get("/grids/locate", point).status_code == 400


def test_the_communities_come_unless_another_level_is_asked(client, town):
    assert codes(outlines(client)) == ["441900114006", "441900114002"]
    assert codes(outlines(client, level="town")) == ["441900114"]
    assert codes(outlines(client, level="grid", town="441900114")) == [
        "441900114006001",
        "441900114006002",
    ]


def test_without_outlines_the_map_is_empty(client, db):
    assert outlines(client).json() == {"type": "FeatureCollection", "features": []}


def test_a_feature_has_level_code_and_name(client, town):
    feature = outlines(client, level="town").json()["features"][0]
    assert feature["properties"] == {
        "level": "town",
        "code": "441900114",
        "name": "Huangjiang Town",
        "schematic": False,
    }
    assert feature["geometry"]["type"] == "Polygon"


def test_another_towns_outlines_are_left_out(client, town):
    other = TerritoryFactory(community=True, parent=TerritoryFactory(town=True, code="441900113"))
    BoundaryFactory(territory=other, square=(113.5, 22.5, 113.6, 22.6))
    assert codes(outlines(client, town="441900114")) == ["441900114006", "441900114002"]
    assert codes(outlines(client, town="441900113")) == [other.code]
    assert codes(outlines(client, bbox="113.4,22.4,113.7,22.7")) == [other.code]


@pytest.mark.parametrize(
    "asked",
    [{"level": "grid"}, {"level": "city"}, {"town": "x"}, {"bbox": "1,2"}, {"bbox": "2,2,1,1"}],
)
def test_what_cannot_be_answered_is_refused(client, db, asked):
    assert outlines(client, **asked).status_code == 400


def test_an_unchanged_map_is_not_sent_twice(client, town, django_assert_num_queries):
    first = outlines(client)
    with django_assert_num_queries(1):
        second = client.get(
            "/grids/outlines.geojson",
            headers={"Accept-Language": "en", "If-None-Match": first.headers["ETag"]},
        )
    assert (second.status_code, second.content) == (304, b"")
    with django_assert_num_queries(1):
        assert outlines(client).content == first.content


def test_a_redrawn_map_is_sent_anew(client, town):
    first = outlines(client)
    services.draw_boundary(town.east, geometry=SQUARE, by=UserFactory(), at=AT)
    second = client.get(
        "/grids/outlines.geojson",
        headers={"Accept-Language": "en", "If-None-Match": first.headers["ETag"]},
    )
    assert second.status_code == 200
    assert second.content != first.content


def test_each_language_has_its_own_map(client, town):
    chinese = client.get("/grids/outlines.geojson", headers={"Accept-Language": "zh-hans"})
    assert chinese.headers["ETag"] != outlines(client).headers["ETag"]
    assert chinese.json()["features"][0]["properties"]["name"] == "长龙社区"


def test_more_outlines_cost_no_more_queries(client, town, django_assert_num_queries):
    with django_assert_num_queries(2):
        outlines(client)
    for _ in range(3):
        BoundaryFactory(territory=TerritoryFactory(community=True, parent=town.town))
    with django_assert_num_queries(2):
        assert len(codes(outlines(client))) == 5


def test_a_machine_that_copies_is_slowed_down(client, town, monkeypatch):
    monkeypatch.setattr("grids.api.views.MapThrottle.rate", "3/min")
    answers = [outlines(client).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
