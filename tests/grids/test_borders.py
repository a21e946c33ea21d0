"""Changes of borders as dated versions, taken back whole, and what goes with the ground."""

import datetime

import pytest
from django.utils import timezone
from shapely.geometry import box, shape

from grids import services
from grids.locate import locate
from grids.models import (
    BorderEdit,
    Boundary,
    Level,
    PostTerritory,
    TeamMember,
    Territory,
)
from grids.services import Asked
from lib.errors import RuleViolation
from lib.masking import mask_name
from lib.roles import Role
from tests.factories.cases import filed, make_town
from tests.factories.grids import PostTerritoryFactory
from tests.factories.organizations import PostFactory

# Refusals are matched by their English words.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ACROSS = [(113.99, 22.95), (114.11, 22.95)]


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


def days(number):
    return timezone.localdate() + datetime.timedelta(days=number)


def covers(grid):
    rows = PostTerritory.objects.filter(territory=grid).order_by("post", "valid_from")
    return [(row.post, row.valid_from, row.valid_to) for row in rows]


def team_of(grid):
    rows = TeamMember.objects.filter(territory=grid).order_by("name", "valid_from")
    return [(row.name, row.role, row.valid_from, row.valid_to) for row in rows]


@pytest.mark.parametrize(("begins", "ends"), [(0, None), (0, 40), (20, None), (20, 40)])
def test_who_would_only_begin_on_a_grid_that_is_merged_away_begins_on_the_one_that_stays(
    town, save, by, begins, ends
):
    post = PostFactory(role=Role.GRID_WORKER)
    end = ends and days(ends)
    PostTerritoryFactory(post=post, territory=town.north, valid_from=days(begins), valid_to=end)
    TeamMember.objects.create(
        territory=town.north, role="police", name="何警官", valid_from=days(begins), valid_to=end
    )
    before = everything(), team_of(town.north)
    edit = save(town.west, "merge", grids=[town.south, town.north])
    assert covers(town.north) == team_of(town.north) == []
    assert covers(town.south) == [(post, days(begins), end)]
    assert team_of(town.south) == [("何警官", "police", days(begins), end)]
    services.undo_edit(edit, by=by, at=timezone.now())
    assert (everything(), team_of(town.north)) == before
    assert covers(town.south) == team_of(town.south) == []


def test_what_goes_over_ends_when_it_would_have_ended_and_fills_only_free_days(town, save, by):
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=town.north, valid_to=days(60))
    PostTerritoryFactory(post=post, territory=town.south, valid_from=days(10), valid_to=days(30))
    before = everything()
    edit = save(town.west, "merge", grids=[town.south, town.north])
    assert covers(town.south) == [
        (post, days(0), days(10)), (post, days(10), days(30)), (post, days(30), days(60)),
    ]  # fmt: skip
    assert [end for _post, _begins, end in covers(town.north)] == [days(0)]
    services.undo_edit(edit, by=by, at=timezone.now())
    assert everything() == before


def test_a_part_of_a_split_has_its_people_no_longer_than_the_whole(town, save):
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=town.north, valid_to=days(9))
    PostTerritoryFactory(post=post, territory=town.north, valid_from=days(9))
    save(town.west, "split", grids=[town.north], points=ACROSS)
    new = Territory.objects.get(code="441900114006003")
    assert covers(new) == [(post, days(0), days(9)), (post, days(9), None)]


@pytest.mark.parametrize("role", ["head", "police"])
def test_a_part_that_the_other_grid_has_already_is_dropped_and_comes_back_when_undone(
    town, save, by, role
):
    for grid, name in (
        (town.south, "何警官"),
        (town.north, "何警官" if role != "head" else "丁某"),
    ):
        TeamMember.objects.create(
            territory=grid, role=role, name=name, phone="0769-1", valid_from=days(0)
        )
    before = list(TeamMember.objects.order_by("pk").values())
    edit = save(town.west, "merge", grids=[town.south, town.north])
    assert team_of(town.north) == []
    assert team_of(town.south) == [("何警官", role, days(0), None)]
    services.undo_edit(edit, by=by, at=timezone.now())
    assert list(TeamMember.objects.order_by("pk").values()) == before


def test_the_name_of_who_was_dropped_is_forgotten_after_a_month(town, save):
    for grid in (town.south, town.north):
        TeamMember.objects.create(
            territory=grid, role="police", name="何警官", phone="0769-1", valid_from=days(0)
        )
    edit = save(town.west, "merge", grids=[town.south, town.north])
    assert services.forget_the_past(on=days(29)) == 0
    assert services.forget_the_past(on=days(30)) == 1
    assert services.forget_the_past(on=days(31)) == 0
    edit.refresh_from_db()
    kept = edit.of_kind("row_dropped")[0]["values"]
    assert (kept["name"], kept["phone"]) == (mask_name("何警官"), "")
    assert "何警官" not in str(edit.changes)


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
