"""Changes of borders as dated versions, taken back whole, and what goes with the ground."""

import datetime

import pytest
from django.utils import timezone, translation
from shapely.geometry import box, shape

from grids import services
from grids.locate import locate
from grids.models import (
    BorderEdit,
    Boundary,
    CoverageFinding,
    Level,
    PostTerritory,
    Premises,
    TeamMember,
    Territory,
)
from grids.services import Asked
from grids.services.premises import place_premises_of
from lib.errors import RuleViolation
from lib.roles import Role
from tests.factories.cases import filed, make_town
from tests.factories.grids import BoundaryFactory, PostTerritoryFactory, TerritoryFactory
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = pytest.mark.django_db
ACROSS = [(113.99, 22.95), (114.11, 22.95)]


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are matched by their English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def save(by):
    def save(unit, kind, *, days=0, **asked):
        at = timezone.now()
        day = timezone.localdate(at) + datetime.timedelta(days=days)
        keys = [one.pk for one in asked.pop("grids", [])]
        return services.save_edit(
            unit, Asked(kind=kind, territories=keys, **asked), day=day, by=by, at=at
        )

    return save


def outlines(on=None):
    rows = Boundary.objects.current(on=on or timezone.localdate())
    return {
        row.territory.code: shape(row.geometry).normalize()
        for row in rows.select_related("territory")
    }


def everything():
    return (
        outlines(),
        set(Territory.objects.values_list("pk", "valid_to", "households")),
        set(PostTerritory.objects.values_list("post", "territory", "valid_to")),
        set(Boundary.objects.values_list("pk", "valid_to")),
    )


def test_a_split_keeps_the_code_of_the_larger_part_and_numbers_the_other_next(town, save):
    edit = save(town.west, "split", grids=[town.north], points=[(113.99, 22.94), (114.2, 22.94)])
    new = Territory.objects.get(code="441900114006003")
    assert (new.level, new.parent, new.name) == (Level.GRID, town.west, "长龙第3网格")
    now = outlines()
    assert now["441900114006001"].equals(box(114.0, 22.94, 114.1, 23.0))
    assert now["441900114006003"].equals(box(114.0, 22.9, 114.1, 22.94))
    assert edit.kind == "split"
    assert locate(114.05, 22.92).grid_id == new.pk


def test_the_old_border_stays_readable_on_the_days_before(town, save):
    save(town.west, "split", grids=[town.north], points=ACROSS, days=3)
    today = timezone.localdate()
    assert outlines(today)["441900114006001"].equals(box(114.0, 22.9, 114.1, 23.0))
    later = outlines(today + datetime.timedelta(days=3))
    assert set(later) >= {"441900114006001", "441900114006003"}


def test_people_go_with_the_ground(town, save):
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=town.north)
    TeamMember.objects.create(
        territory=town.north, role="police", name="何警官", valid_from="2026-01-01"
    )
    save(town.west, "split", grids=[town.north], points=ACROSS)
    new = Territory.objects.get(code="441900114006003")
    assert new.posts.get().post == post
    assert new.team.get().name == "何警官"


def test_households_are_shared_by_premises_else_by_area_and_add_up(town, save):
    Territory.objects.filter(pk=town.north.pk).update(households=301)
    save(town.west, "split", grids=[town.north], points=[(113.99, 22.94), (114.2, 22.94)])
    town.north.refresh_from_db()
    new = Territory.objects.get(code="441900114006003")
    assert town.north.households + new.households == 301
    assert new.households == pytest.approx(120, abs=2)


def test_a_merge_ends_the_others_and_keeps_the_first(town, save):
    Territory.objects.filter(parent=town.west).update(households=100)
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=town.north)
    save(town.west, "merge", grids=[town.south, town.north])
    now = outlines()
    assert now["441900114006002"].equals(box(114.0, 22.8, 114.1, 23.0))
    assert "441900114006001" not in now
    town.north.refresh_from_db()
    town.south.refresh_from_db()
    assert town.north.valid_to == timezone.localdate()
    assert town.south.households == 200
    assert town.south.posts.get().post == post
    assert town.north.posts.get().valid_to == timezone.localdate()


def test_a_move_changes_all_that_share_the_corner(town, save):
    save(town.west, "move", moves=[((114.05, 22.9), (114.05, 22.91))])
    now = outlines()
    whole = now["441900114006001"].union(now["441900114006002"])
    assert whole.equals(box(114.0, 22.8, 114.1, 23.0))
    assert now["441900114006001"].area < 0.1 * 0.1
    assert BorderEdit.objects.get().of_kind("outline")[0]["territory"] == town.north.pk


def test_a_new_grid_is_drawn_into_free_ground(town, save):
    corners = [(114.1, 22.8), (114.2, 22.8), (114.2, 23.0), (114.1, 23.0)]
    save(town.east, "draw", points=corners)
    assert outlines()["441900114002001"].equals(box(114.1, 22.8, 114.2, 23.0))


@pytest.mark.parametrize("kind", ["split", "merge", "move", "split_then_merge"])
def test_the_last_change_is_taken_back_whole(town, save, by, kind):
    PostTerritoryFactory(post=PostFactory(role=Role.GRID_WORKER), territory=town.north)
    Territory.objects.filter(parent=town.west).update(households=100)
    before = everything()
    if kind == "merge":
        edits = [save(town.west, "merge", grids=[town.south, town.north])]
    elif kind == "move":
        edits = [save(town.west, "move", moves=[((114.05, 22.9), (114.05, 22.91))])]
    else:
        edits = [save(town.west, "split", grids=[town.north], points=ACROSS)]
    if kind == "split_then_merge":
        new = Territory.objects.get(code="441900114006003")
        edits.append(save(town.west, "merge", grids=[town.north, new], days=1))
    for edit in reversed(edits):
        assert everything() != before
        services.undo_edit(edit, by=by, at=timezone.now())
    assert everything() == before


def test_a_grid_that_was_split_is_merged_away_on_the_same_day_and_both_are_taken_back(
    town, save, by
):
    before = everything()
    down = [(114.05, 22.79), (114.05, 22.91)]
    first = save(town.west, "split", grids=[town.south], points=down)
    between = everything()
    second = save(town.west, "merge", grids=[town.north, town.south])
    assert not Boundary.objects.filter(territory=town.south, valid_to=None).exists()
    services.undo_edit(second, by=by, at=timezone.now())
    assert everything() == between
    services.undo_edit(first, by=by, at=timezone.now())
    assert everything() == before


def test_only_the_last_change_is_taken_back_and_only_once(town, save, by):
    first = save(town.west, "move", moves=[((114.05, 22.9), (114.05, 22.91))])
    second = save(town.west, "move", moves=[((114.025, 22.905), (114.025, 22.9))])
    with pytest.raises(RuleViolation, match="last change"):
        services.undo_edit(first, by=by, at=timezone.now())
    services.undo_edit(second, by=by, at=timezone.now())
    with pytest.raises(RuleViolation, match="already"):
        services.undo_edit(second, by=by, at=timezone.now())


def test_a_grid_with_a_case_is_not_unmade(by):
    town = make_town()
    at = timezone.now()
    unit = town.community
    outline = Boundary.objects.get(territory=town.grid)
    west, east = outline.west, outline.east
    middle = (outline.south + outline.north) / 2
    line = [(west - 0.01, middle), (east + 0.01, middle)]
    asked = Asked(kind="split", territories=[town.grid.pk], points=line)
    edit = services.save_edit(unit, asked, day=timezone.localdate(at), by=by, at=at)
    case = filed(town)
    new = Territory.objects.filter(parent=unit).exclude(pk=town.grid.pk).get()
    type(case).objects.filter(pk=case.pk).update(grid=new)
    with pytest.raises(RuleViolation, match="stands in"):
        services.undo_edit(edit, by=by, at=timezone.now())
    case.refresh_from_db()
    assert case.grid == new
    assert BorderEdit.objects.get().undone_at is None


def test_what_would_leave_a_gap_or_reach_beyond_is_named_and_changes_nothing(town, save):
    before = everything()
    with pytest.raises(RuleViolation) as refusal:
        save(town.west, "move", moves=[((114.0, 23.0), (113.9, 23.1))])
    assert "Beyond the border" in str(refusal.value)
    with pytest.raises(RuleViolation) as refusal:
        save(town.west, "move", moves=[((114.0, 23.0), (114.04, 22.97))])
    assert "Blind area" in str(refusal.value)
    assert "长龙社区" in str(refusal.value) or "Changlong" in str(refusal.value)
    assert everything() == before


def test_yesterday_stays_and_a_later_change_comes_first(town, save):
    with pytest.raises(RuleViolation, match="yesterday"):
        save(town.west, "split", grids=[town.north], points=ACROSS, days=-1)
    save(town.west, "split", grids=[town.north], points=ACROSS, days=5)
    with pytest.raises(RuleViolation, match="saved already"):
        save(town.west, "merge", grids=[town.south, town.north])


def test_grids_of_another_community_and_units_without_grids_are_refused(town, save):
    with pytest.raises(RuleViolation, match="Choose territories"):
        save(town.east, "split", grids=[town.north], points=ACROSS)
    with pytest.raises(RuleViolation, match="inside a community"):
        save(town.town, "split", grids=[town.west], points=ACROSS)


# -- Mending ------------------------------------------------------------------------------------


def check():
    services.ask_check(by=UserFactory(), at=timezone.now())
    services.check_waiting(moment=timezone.now)


def found(*kinds):
    return list(CoverageFinding.objects.standing().filter(kind__in=kinds).order_by("pk"))


def redraw(territory, *square):
    from grids.geometry import geojson_of

    services.draw_boundary(
        territory, geometry=geojson_of(box(*square)), by=UserFactory(), at=timezone.now()
    )


@pytest.fixture
def divided(town):
    """The fixture's town with a border of its own size and a grid in the eastern community."""
    redraw(town.town, 114.0, 22.8, 114.2, 23.0)
    town.only = TerritoryFactory(parent=town.east, code="441900114002001")
    BoundaryFactory(territory=town.only, square=(114.1, 22.8, 114.2, 23.0))
    return town


@pytest.mark.parametrize(
    ("which", "square", "kinds"),
    [
        ("south", (114.0, 22.8, 114.1, 22.89), ["blind"]),
        ("south", (114.0, 22.8, 114.1, 22.92), ["overlap"]),
        ("south", (114.0, 22.8, 114.13, 22.9), ["overhang", "overlap"]),
        ("only", (114.1, 22.78, 114.2, 23.0), ["overhang"]),
    ],
)
def test_everything_found_on_the_ground_falls_to_zero_when_mended(
    divided, by, which, square, kinds
):
    redraw(getattr(divided, which), *square)
    check()
    assert sorted({row.kind for row in found("blind", "overlap", "overhang", "hole")}) == kinds
    for _turn in range(3):
        for row in found("blind", "overlap", "overhang", "hole")[:1]:
            services.mend(row, by=by, at=timezone.now())
            check()
    assert found("blind", "overlap", "overhang", "hole") == []


def test_what_was_mended_cannot_be_mended_again(divided, by):
    redraw(divided.south, 114.0, 22.8, 114.1, 22.89)
    check()
    row = found("blind")[0]
    services.mend(row, by=by, at=timezone.now())
    with pytest.raises(RuleViolation, match="mended already"):
        services.mend(row, by=by, at=timezone.now())


def test_a_split_is_asked_for_once_and_those_who_draw_hear_it(
    divided, by, django_capture_on_commit_callbacks
):
    from grids.models import CoverageRule
    from organizations.models import Message

    CoverageRule.objects.create(setting="urban", most_households=300, valid_from="2020-01-01")
    Territory.objects.filter(pk=divided.north.pk).update(households=301)
    dispatcher = PostFactory(role=Role.DISPATCHER)
    dispatcher.body.territories.create(territory=divided.town, valid_from="2020-01-01")
    check()
    with django_capture_on_commit_callbacks(execute=True):
        services.ask_for_split(found("oversize")[0], by=by, at=timezone.now())
    message = Message.objects.get(to=dispatcher.person)
    assert (message.kind, message.params["households"]) == ("grid-split-asked", 301)
    with pytest.raises(RuleViolation, match="already"):
        services.ask_for_split(found("oversize")[0], by=by, at=timezone.now())


# -- Premises -----------------------------------------------------------------------------------

ROW = {"code": "p1", "name": "黄江小学", "kind": "school", "lon": "114.05", "lat": "22.95"}


def bring_in(*rows, dry_run=False):
    return services.import_premises(rows, dry_run=dry_run, by=UserFactory(), at=timezone.now())


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(town):
    report = bring_in(ROW, dry_run=True)
    assert (report.added, report.written, Premises.objects.count()) == (1, False, 0)


def test_premises_stand_in_their_grid_and_are_counted(town, save):
    bring_in(ROW, {**ROW, "code": "p2", "kind": "dwelling", "households": "40", "is_key": "是"})
    today = timezone.localdate()
    counts = Premises.objects.counted_by_grid(on=today)
    assert counts == {town.north.pk: {"premises": 2, "key": 1, "households": 40}}
    save(town.west, "split", grids=[town.north], points=[(113.99, 22.96), (114.2, 22.96)])
    assert (
        Premises.objects.counted_by_grid(on=today)[
            Territory.objects.get(code="441900114006001").pk
        ]["premises"]
        == 2
    )  # the larger part lies below the line
    save(
        town.west,
        "move",
        moves=[((114.1, 22.96), (114.1, 22.93)), ((114.0, 22.96), (114.0, 22.93))],
    )
    place_premises_of(town.west)
    new = Territory.objects.get(code="441900114006003")
    assert Premises.objects.counted_by_grid(on=today)[new.pk]["premises"] == 2


def test_importing_again_changes_only_what_differs(town):
    bring_in(ROW)
    report = bring_in({**ROW, "name": "黄江中心小学"}, {**ROW, "code": "p3", "lon": "1"})
    assert (report.added, report.changed, report.outside) == (1, 1, 1)
    assert bring_in({**ROW, "name": "黄江中心小学"}).unchanged == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "castle"}, "no kind"),
        ({"lon": "x"}, "degrees"),
        ({"households": "many"}, "number of households"),
        ({"name": " "}, "nothing stands in"),
    ],
)
def test_one_bad_row_keeps_everything_out(town, change, why):
    report = bring_in(ROW, {**ROW, "code": "p2", **change}, {**ROW})
    assert [number for number, _why in report.refused] == [2, 3]
    assert why in report.refused[0][1]
    assert Premises.objects.count() == 0
