import csv
import datetime
import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from shapely.geometry import box

from grids import services
from grids.geometry import geojson_of
from grids.locate import locate, locate_many
from grids.models import Boundary, ChangeCounter, Level, Territory
from grids.models.changes import BOUNDARIES
from grids.services import ImportOptions
from grids.services.reference import load_reference
from lib.coordinates import gcj02_from_wgs84
from organizations.models import User
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import UserFactory

AT = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)
DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def feature(code=None, name=None, square=(113.9, 22.8, 113.98, 22.9), **other):
    properties = {key: value for key, value in (("code", code), ("name", name)) if value}
    return {"properties": properties, "geometry": geojson_of(box(*square))} | other


@pytest.fixture
def run(db):
    by = UserFactory()

    def run(*features, level=Level.COMMUNITY, at=AT, **options):
        return services.import_territory(
            features, ImportOptions(level=level, **options), by=by, at=at
        )

    return run


def reasons(report):
    return [(refused.number, refused.reason) for refused in report.refused]


def state():
    return (
        list(Territory.objects.order_by("pk").values_list("code", flat=True)),
        list(Boundary.objects.order_by("pk").values_list("pk", "valid_to")),
        ChangeCounter.objects.stamp_of(BOUNDARIES),
    )


def test_new_territories_are_founded_below_what_their_code_names(town, run):
    report = run(feature("441900114003", "三新社区"), source="file.geojson")
    founded = Territory.objects.get(code="441900114003")
    assert (founded.parent_id, founded.name, founded.level) == (
        town.town.pk,
        "三新社区",
        "community",
    )
    assert locate(113.95, 22.85).community_id == founded.pk
    assert (report.founded, report.written) == (["441900114003 三新社区"], True)
    assert founded.boundaries.get().source == "file.geojson"


def test_known_territories_get_a_new_version_of_their_outline(town, run):
    report = run(feature(name="长龙"), feature("441900114002"))
    assert (len(report.redrawn), report.founded) == (2, [])
    versions = Boundary.objects.filter(territory=town.west).order_by("valid_from")
    assert [version.valid_to for version in versions] == [AT.date(), None]
    assert ChangeCounter.objects.get(pk=BOUNDARIES).value > 0


def test_the_same_file_again_changes_nothing(town, run):
    run(feature("441900114002"))
    versions = Boundary.objects.count()
    report = run(feature("441900114002"), at=AT + datetime.timedelta(days=1))
    assert (report.unchanged, report.redrawn) == (["441900114002 441900114002"], [])
    assert Boundary.objects.count() == versions


def test_one_bad_feature_keeps_everything_out(town, run):
    before = state()
    report = run(feature("441900114003"), feature("441900114004", geometry=BOW_TIE))
    assert (report.written, report.founded) == (False, [])
    assert [number for number, _reason in reasons(report)] == [2]
    assert state() == before


def test_bad_features_may_be_skipped(town, run):
    report = run(
        feature("441900114003"), feature("441900114004", geometry=BOW_TIE), skip_invalid=True
    )
    assert (report.written, report.founded) == (True, ["441900114003 441900114003"])
    assert not Territory.objects.filter(code="441900114004").exists()


def test_a_rehearsal_tells_all_and_writes_nothing(town, run):
    before = state()
    report = run(feature("441900114003"), feature(), feature(name="长龙"), dry_run=True)
    assert (report.written, report.founded) == (False, ["441900114003 441900114003"])
    assert (report.redrawn, len(report.refused)) == (["长龙"], 1)
    assert state() == before


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (feature(), "it has neither code nor name"),
        (feature(name="新的"), "no territory is named 新的, and it has no code"),
        (feature("441900114"), "the code 441900114 belongs to a territory of another level"),
        (feature("1", geometry=None), "it has no Polygon or MultiPolygon"),
        (feature("1", geometry={"type": "Point"}), "it has no Polygon or MultiPolygon"),
        (
            feature("1", geometry={"type": "Polygon", "coordinates": []}),
            "its geometry is empty",
        ),
        (
            feature("1", geometry=BOW_TIE),
            "its ring is invalid: Self-intersection[0.5 0.5]",
        ),
        (
            feature("1", geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}),
            "its coordinates cannot be read: A linearring requires at least 4 coordinates.",
        ),
        (
            feature("1", square=(4e5, 2e6, 5e5, 3e6)),
            "its coordinates are not degrees of longitude and latitude",
        ),
        (
            feature("441900114002", square=(113.5, 22.8, 114.0, 23.0)),
            "80 % of it lies outside Huangjiang Town",
        ),
        ("text", "it has neither code nor name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_bad_feature_is_named_with_its_reason(town, run, bad, reason):
    with translation.override("en"):
        report = run(bad)
    assert reasons(report) == [(1, reason)]


def test_two_features_for_one_territory_are_one_too_many(town, run):
    report = run(feature("441900114002"), feature("x", "X"), feature(name="新市"))
    assert [number for number, _reason in reasons(report)] == [3]
    assert not report.written


def test_a_name_of_several_territories_needs_the_code(town, run):
    other = TerritoryFactory(town=True, code="441900120")
    TerritoryFactory(community=True, parent=other, name="长龙社区", code="441900120001")
    assert len(run(feature(name="长龙社区"), dry_run=True).refused) == 1
    report = run(feature(name="长龙社区"), parent=town.town)
    assert report.redrawn == ["长龙社区"]


def test_a_grid_needs_its_community(town, run):
    report = run(
        feature("441900114006003", square=(114.0, 22.8, 114.05, 22.85)),
        feature("441900999001001"),
        level=Level.GRID,
        skip_invalid=True,
    )
    assert (report.founded, [number for number, _why in reasons(report)]) == (
        ["441900114006003 441900114006003"],
        [2],
    )


def test_a_grid_code_out_of_order_is_named_too(town, run):
    report = run(feature("441900114006000", square=(114.0, 22.8, 114.05, 22.85)), level=Level.GRID)
    assert (report.written, [number for number, _why in reasons(report)]) == (False, [1])


def test_schematic_outlines_of_a_parent_bind_nobody(town, run):
    Boundary.objects.filter(territory=town.town).update(is_schematic=True)
    assert run(feature("441900114002", square=(113.5, 22.8, 114.0, 23.0))).written


def test_shifted_coordinates_are_turned_back(town, run):
    corners = [gcj02_from_wgs84(*corner) for corner in ((113.91, 22.81), (113.98, 22.9))]
    run(feature("441900114003", square=(*corners[0], *corners[1])), crs="gcj02")
    drawn = Boundary.objects.get(territory__code="441900114003")
    assert (drawn.west, drawn.south) == pytest.approx((113.91, 22.81), abs=5e-4)


def test_places_of_another_city_need_no_parent(db, run):
    report = run(feature("101", "Manhattan 1", square=(-74, 40, -73, 41)))
    assert report.founded == ["101 Manhattan 1"]
    assert locate(-73.5, 40.5).town_id is None


# The command


def write(path, features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def command(*arguments, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command("import_territory", *arguments, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


def test_the_command_imports_and_counts(town, tmp_path):
    file = write(tmp_path / "communities.geojson", [feature("441900114003"), feature(name="长龙")])
    out, err, error = command(file, level="community", parent="441900114")
    assert ([int(n) for n in out.split() if n.isdigit()], err, error) == ([1, 1, 0, 0], "", "")
    assert Boundary.objects.filter(source="communities.geojson").count() == 2


def test_the_command_names_what_is_bad_and_fails(town, tmp_path):
    file = write(tmp_path / "x.geojson", [feature("441900114003"), feature(name="无此村")])
    _out, err, error = command(file, level="community")
    assert err.startswith("2. 无此村:")
    assert error
    assert not Territory.objects.filter(code="441900114003").exists()


def test_a_rehearsal_does_not_fail(town, tmp_path):
    file = write(tmp_path / "x.geojson", [feature(name="无此村")])
    assert command(file, level="community", dry_run=True)[2] == ""


@pytest.mark.parametrize("content", ["{", "[]", '{"features": 1}', None])
def test_a_file_that_is_no_collection_is_refused(db, tmp_path, content):
    file = tmp_path / "x.geojson"
    if content is not None:
        file.write_text(content)
    assert command(file, level="town")[2]


def test_an_unknown_parent_is_refused(db, tmp_path):
    file = write(tmp_path / "x.geojson", [])
    assert "999" in command(file, level="community", parent="999")[2]


# Files that other people made


def real(name):
    file = DATA / name
    if not file.exists():
        pytest.skip(f"The file is not part of the project; none at {file}.")
    return file


def test_the_real_outlines_of_the_towns_come_in(db):
    load_reference(by=User.objects.system(), at=AT)
    file = real("dongguan/towns.geojson")
    assert command(file, level="town", crs="gcj02")[1:] == ("", "")
    assert Boundary.objects.count() == 33
    assert str(Territory.objects.get(pk=locate(113.996, 22.877).town_id).code) == "441900114"


def test_the_real_broken_ring_is_named_and_may_be_skipped(db):
    load_reference(by=User.objects.system(), at=AT)
    file = real("dongguan/towns_with_a_broken_ring.geojson")
    _out, err, error = command(file, level="town", crs="gcj02")
    assert (err[:7], bool(error), Boundary.objects.count()) == ("29. 寮步镇", True, 0)
    assert command(file, level="town", crs="gcj02", skip_invalid=True)[2] == ""
    assert Boundary.objects.count() == 31


def test_the_districts_of_new_york_agree_with_its_requests(db):
    """5,836 requests record a district; 5,801 of them lie in its polygon."""
    file = real("city311/nyc_community_districts_orig.geojson")
    properties = {"code_property": "BoroCD", "name_property": "BoroCD"}
    assert command(file, level="community", **properties)[1:] == ("", "")
    boroughs = ("MANHATTAN", "BRONX", "BROOKLYN", "QUEENS", "STATEN ISLAND")
    expected, points = [], []
    with real("city311/nyc_311_animal.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            number, _space, borough = row["Community Board"].partition(" ")
            if number.isdigit() and borough in boroughs and row["Longitude"]:
                expected.append(f"{boroughs.index(borough) + 1}{number}")
                points.append((float(row["Longitude"]), float(row["Latitude"])))
    codes = dict(Territory.objects.values_list("pk", "code"))
    found = [place and codes[place.community_id] for place in locate_many(points)]
    agreeing = sum(one == other for one, other in zip(found, expected, strict=True))
    assert agreeing >= 5795
    assert agreeing / len(points) > 0.99
