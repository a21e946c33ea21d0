"""All that is amiss inside a unit mended at once: a made map, real ones, and the page."""

import datetime
import json
import os
import random
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from shapely.geometry import Polygon, box, shape

from grids import services
from grids.drawing import flaws_of
from grids.geometry import area_m2, geojson_of
from grids.models import BorderEdit, Boundary, CoverageFinding, Level, Territory
from grids.services import Asked
from grids.services.borders import Tiling
from grids.services.imports import ImportOptions, import_territory
from grids.services.reference import load_reference
from grids.tiling import NOBODY, pieces_of, tiled
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import User
from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
AT = datetime.datetime(2026, 11, 24, 2, tzinfo=datetime.UTC)
GROUND = ("blind", "hole", "overlap", "overhang")
ACROSS, DOWN = 6, 5
BORDER = box(114.1, 22.8, 114.2, 23.0)


def surveyed_apart(seed):
    """Thirty grids, each drawn by itself: no corner is quite where its neighbour's is."""
    chance = random.Random(seed)

    def corner(column, row):
        return (
            114.1 + column * 0.1 / ACROSS + chance.gauss(0, 0.0003),
            22.8 + row * 0.2 / DOWN + chance.gauss(0, 0.0003),
        )

    return {
        row * ACROSS + column + 1: Polygon(
            [corner(column + dx, row + dy) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
        )
        for row in range(DOWN)
        for column in range(ACROSS)
    }


def by_the_rule(piece):
    return next(iter(piece.claimants), None)


@pytest.mark.parametrize("seed", range(6))
def test_a_map_of_which_every_grid_was_drawn_by_itself_tiles_when_mended(seed):
    outlines = surveyed_apart(seed)
    pieces = pieces_of(outlines, BORDER)
    assert {str(piece.kind) for piece in pieces} == {"blind", "overlap", "overhang"}
    assert len(pieces) > 40
    after = {**outlines, **tiled(outlines, BORDER, pieces=pieces, decide=by_the_rule)}
    assert list(flaws_of(after, BORDER)) == []
    assert sum(area_m2(each) for each in after.values()) == pytest.approx(area_m2(BORDER), abs=30)
    for key, outline in outlines.items():
        assert after[key].intersection(outline).area > 0.9 * outline.area


def test_what_is_left_stays_the_very_same_ground_and_all_else_is_mended():
    outlines = surveyed_apart(3)
    pieces = pieces_of(outlines, BORDER)
    large = {piece.digest for piece in pieces[:9]}
    changed = tiled(
        outlines, BORDER, pieces=pieces,
        decide=lambda piece: None if piece.digest in large else by_the_rule(piece),
    )  # fmt: skip
    rest = pieces_of({**outlines, **changed}, BORDER)
    assert {piece.kind for piece in rest} <= {piece.kind for piece in pieces[:9]}
    stays = [piece.shape for piece in pieces[:9]]
    for piece in rest:
        assert max(piece.shape.intersection(one).area for one in stays) > 0.5 * piece.shape.area


def test_a_person_decides_who_gets_a_piece():
    west, east = box(114.1, 22.8, 114.16, 23.0), box(114.14, 22.8, 114.2, 23.0)
    outlines = {1: west, 2: east}
    (piece,) = pieces_of(outlines, BORDER)
    assert (piece.kind, piece.holders, set(piece.claimants)) == ("overlap", (1, 2), {1, 2})
    for heir, loser in ((1, 2), (2, 1)):
        changed = tiled(outlines, BORDER, pieces=[piece], decide=lambda _piece, to=heir: to)
        assert set(changed) == {loser}
        assert changed[loser].equals(outlines[loser].difference(outlines[heir]))


def test_who_would_have_nothing_left_keeps_the_ground_and_overhang_goes_to_nobody():
    outlines = {1: box(114.1, 22.8, 114.2, 23.1), 2: box(114.12, 22.85, 114.14, 22.87)}
    pieces = {str(piece.kind): piece for piece in pieces_of(outlines, BORDER)}
    assert pieces["overlap"].claimants == (2, 1)
    assert pieces["overhang"].claimants == (NOBODY,)
    after = {
        **outlines,
        **tiled(outlines, BORDER, pieces=list(pieces.values()), decide=by_the_rule),
    }
    assert list(flaws_of(after, BORDER)) == []
    assert after[2].equals(outlines[2])
    changed = tiled(outlines, BORDER, pieces=[pieces["overlap"]], decide=lambda _piece: 1)
    assert 2 not in changed


# -- In the tables --------------------------------------------------------------------------------


@pytest.fixture
def ragged(town):
    """The eastern community divided by thirty grids that were drawn apart."""
    for key, outline in surveyed_apart(1).items():
        west, south, east, north = outline.bounds
        grid = TerritoryFactory(parent=town.east, code=f"441900114002{key:03}")
        BoundaryFactory(
            territory=grid, square=(west, south, east, north), geometry=geojson_of(outline)
        )
    check()
    return town


def check():
    services.ask_check(by=User.objects.system(), at=timezone.now())
    services.check_waiting(moment=timezone.now)


def amiss(unit):
    return CoverageFinding.objects.standing().filter(kind__in=GROUND, unit=unit).count()


def looked_at(unit, tiling):
    asked = Asked(kind="mend", tiling=tiling)
    return services.plan_edit(unit, asked, day=timezone.localdate()).digest


def mended(unit, tiling, by):
    return services.mend_all(unit, tiling, seen=looked_at(unit, tiling), by=by, at=timezone.now())


def drawn(unit):
    rows = Boundary.objects.filter(territory__parent=unit)
    return sorted(rows.values_list("pk", "valid_to", "geometry"), key=str)


@pytest.mark.django_db
def test_the_number_falls_to_zero_in_one_change_that_is_taken_back_whole(ragged):
    by, before = UserFactory(), drawn(ragged.east)
    assert amiss(ragged.east) > 40
    edit = mended(ragged.east, Tiling(), by)
    check()
    assert amiss(ragged.east) == 0
    assert BorderEdit.objects.get() == edit
    assert edit.asked["tiling"] == {"limit": None, "heirs": {}}
    services.undo_edit(edit, by=by, at=timezone.now())
    assert drawn(ragged.east) == before


@pytest.mark.django_db
def test_what_nobody_has_looked_at_is_not_saved(ragged):
    by, before = UserFactory(), drawn(ragged.east)
    seen = looked_at(ragged.east, Tiling(limit=100.0))
    with translation.override("en"), pytest.raises(RuleViolation, match="Look at the preview"):
        services.mend_all(ragged.east, Tiling(), seen=seen, by=by, at=timezone.now())
    assert drawn(ragged.east) == before


@pytest.mark.django_db
def test_a_piece_goes_to_nobody_who_does_not_lie_beside_it(ragged):
    asked = Asked(kind="mend", tiling=Tiling())
    piece = services.plan_edit(ragged.east, asked, day=timezone.localdate()).pieces[0]
    with translation.override("en"), pytest.raises(RuleViolation, match="neighbour"):
        looked_at(ragged.east, Tiling(heirs={piece.digest: ragged.north.pk}))


@pytest.mark.django_db
def test_nothing_to_do_is_refused(town):
    with translation.override("en"), pytest.raises(RuleViolation, match="Nothing would change"):
        mended(town.west, Tiling(), UserFactory())


# -- The page -------------------------------------------------------------------------------------


@pytest.fixture
def dispatcher(ragged, client):
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=ragged.town)
    person = PostFactory(role=Role.DISPATCHER, body=body).person
    client.force_login(person)
    return person


@pytest.mark.django_db
def test_the_page_previews_before_it_saves_and_can_be_taken_back(client, ragged, dispatcher):
    address = reverse("grids:mend_all", args=[ragged.east.code])
    assert address in client.get(reverse("grids:coverage")).content.decode()
    answer = client.get(address)
    first = answer.context["pieces"][0]
    assert answer.context["plan"].after
    assert len(answer.context["pieces"]) + answer.context["small"][0] > 40
    gains = sum(more for _row, _was, _then, more in answer.context["areas"])
    choice = {"limit": "any", f"to_{first['digest']}": "leave"}
    preview = client.post(address, {**choice, "preview": "1"})
    assert preview.context["left"][0] == 1
    assert preview.context["pieces"][0]["chosen"] == "leave"
    assert BorderEdit.objects.count() == 0
    stale = client.post(
        address, {"limit": "any", "seen": answer.context["plan"].digest, "save": "1"}
    )
    assert stale.status_code == 422
    seen = preview.context["plan"].digest
    assert client.post(address, {**choice, "seen": seen, "save": "1"}).status_code == 302
    check()
    assert 0 < amiss(ragged.east) < 4
    assert abs(gains) < 1e6
    edit = BorderEdit.objects.get()
    assert reverse("grids:border_undo", args=[edit.pk]) in client.get(address).content.decode()


@pytest.mark.django_db
def test_only_who_may_draw_there_sees_the_page(client, ragged):
    address = reverse("grids:mend_all", args=[ragged.east.code])
    other = BodyFactory()
    BodyTerritoryFactory(body=other, territory=ragged.west)
    client.force_login(PostFactory(role=Role.DISPATCHER, body=other).person)
    assert client.get(address).status_code == 403
    client.force_login(PostFactory(role=Role.GRID_WORKER, body=other).person)
    assert client.get(address).status_code == 403
    assert client.get(reverse("grids:mend_all", args=["000"])).status_code in {403, 404}


# -- Real towns -----------------------------------------------------------------------------------


def real(name):
    file = DATA / "dongguan" / name
    if not file.exists():
        pytest.skip(f"{file} is not here: the map of the real towns is no part of the project")
    sound = []
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        try:
            if shape(feature["geometry"]).is_valid:
                sound.append(feature)
        except ValueError:  # a ring of too few points: the import refuses it too
            continue
    return sound


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "at_least", "large"),
    [("towns.geojson", 8, 4), ("towns_with_a_broken_ring.geojson", 1000, 1)],
)
def test_a_real_map_is_mended_to_zero(name, at_least, large):
    by = User.objects.system()
    features = real(name)
    load_reference(by=by, at=AT)
    options = ImportOptions(level=Level.TOWN, skip_invalid=True, source=name)
    assert import_territory(features, options, by=by, at=AT).written
    city = Territory.objects.at_level(Level.CITY).get()
    check()
    assert amiss(city) >= at_least
    # Lakes, and a town that the map lacks: what is larger than a square kilometre is left.
    mended(city, Tiling(limit=1e6), by)
    check()
    assert amiss(city) == large
    mended(city, Tiling(), by)
    check()
    assert CoverageFinding.objects.standing().filter(kind__in=GROUND).count() == 0
