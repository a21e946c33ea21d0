"""Households and rounds follow their ground when borders change."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from grids import services
from grids.models import Territory, VisitPlan, VisitTarget
from grids.snapshots import forget_all
from tests.factories import visits as visiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(town):
    """A household by its point and one without, in the northern grid, and the rounds of both."""

    class Visits:
        kind = visiting.kind_of()
        rounds = visiting.kind_of("grid", code="patrol", every=7)
        pointed = visiting.target_in(town.north, point=(114.05, 22.98))
        pointless = visiting.target_in(town.north, point=None, name="五栋")

    services.plan_visits(on=timezone.localdate())
    return Visits


def planned():
    return set(VisitPlan.objects.values_list("target", "kind", "grid"))


def test_households_of_a_grid_that_is_merged_away_are_visited_from_the_other(
    town, visits, save, by
):
    before = planned()
    assert len(before) == 4
    edit = save(town.west, "merge", grids=[town.south, town.north])
    patrol = VisitTarget.objects.get(grid=town.south, kind="grid")
    assert planned() == {
        (visits.pointed.pk, visits.kind.pk, town.south.pk),
        (visits.pointless.pk, visits.kind.pk, town.south.pk),
        (patrol.pk, visits.rounds.pk, town.south.pk),
    }
    services.undo_edit(edit, by=by, at=timezone.now())
    assert planned() == before
    assert not VisitTarget.objects.exclude(valid_to=None).exists()


def test_a_household_in_the_part_that_is_split_off_is_visited_from_there(town, visits, save, by):
    before = planned()
    line = [(113.99, 22.97), (114.11, 22.97)]
    edit = save(town.west, "split", grids=[town.north], points=line)
    new = Territory.objects.get(code="441900114006003")
    assert (visits.pointed.pk, visits.kind.pk, new.pk) in planned()
    assert (visits.pointless.pk, visits.kind.pk, town.north.pk) in planned()
    services.undo_edit(edit, by=by, at=timezone.now())
    assert planned() == before


def test_a_change_of_a_later_day_moves_households_on_that_day(town, visits, save, by):
    before = planned()
    save(town.west, "split", grids=[town.north], points=[(113.99, 22.97), (114.11, 22.97)], days=2)
    assert planned() == before
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        forget_all()
        assert services.settle_begun(by=by, at=timezone.now()) == 1
        new = Territory.objects.get(code="441900114006003")
        assert (visits.pointed.pk, visits.kind.pk, new.pk) in planned()
    forget_all()


def counted():
    rows = Territory.objects.filter(level="grid").order_by("code")
    return list(rows.values_list("households", flat=True))


@pytest.mark.parametrize("begun", [False, True])
def test_a_merge_of_a_later_day_moves_and_counts_households_on_that_day(
    town, visits, save, by, begun
):
    Territory.objects.filter(parent=town.west).update(households=100)
    before = planned()
    edit = save(town.west, "merge", grids=[town.south, town.north], days=2)
    services.settle_begun(by=by, at=timezone.now())
    assert (planned(), counted()) == (before, [100, 100])
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2 * begun)):
        forget_all()
        if begun:
            for _twice in range(2):
                services.settle_begun(by=by, at=timezone.now())
            assert {grid for _target, _kind, grid in planned()} == {town.south.pk}
            assert (visits.pointless.pk, visits.kind.pk, town.south.pk) in planned()
            assert counted() == [100, 200]
        edit.refresh_from_db()
        services.undo_edit(edit, by=by, at=timezone.now())
        assert (planned(), counted()) == (before, [100, 100])
    forget_all()


def test_the_parts_of_a_split_of_a_later_day_are_counted_on_that_day(town, visits, save, by):
    Territory.objects.filter(pk=town.north.pk).update(households=100)
    save(town.west, "split", grids=[town.north], points=[(113.99, 22.97), (114.11, 22.97)], days=2)
    assert counted() == [100, None, None]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        forget_all()
        services.settle_begun(by=by, at=timezone.now())
        kept, _south, split_off = counted()
        assert (kept + split_off, split_off) == (100, pytest.approx(30, abs=1))
    forget_all()
