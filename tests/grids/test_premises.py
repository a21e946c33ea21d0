"""Premises: imported with a dry run, standing in their grid, counted."""

import pytest
from django.utils import timezone

from grids import services
from grids.models import Premises, Territory
from grids.services.premises import place_premises_of
from tests.factories.organizations import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

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
