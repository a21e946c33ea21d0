"""Making a visit: where, when and what, and what is refused."""

import datetime

import pytest
from django.utils import timezone

from grids import services
from grids.models import (
    Finding,
    Visit,
    VisitEvent,
    VisitPhoto,
)
from grids.services import CheckIn, Found, SentPhoto
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation
from tests.factories import visits as made
from tests.factories.cases import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return made.visited_town()


def everything():
    return {model: model.objects.count() for model in (Visit, Finding, VisitEvent, VisitPhoto)}


def test_a_visit_keeps_where_when_and_what_and_moves_the_plan(town):
    at = timezone.now()
    found = [Found("楼道堆物"), Found("灯坏了", settled="当场换好")]
    photos = [SentPhoto(photo("red"), question="shot"), SentPhoto(photo("blue"), finding=0)]
    visit = made.make(
        town.home, town.kind, by=town.worker, at=at, findings=found, photos=photos, note=" 好 "
    )
    assert (visit.distance_m, visit.accuracy_m, visit.note) == (0, 10, "好")
    assert (visit.grid, visit.community, visit.town) == (town.grid, town.community, town.place)
    assert list(visit.findings.order_by("pk").values_list("state", "remark")) == [
        ("open", ""), ("resolved", "当场换好"),
    ]  # fmt: skip
    assert visit.photos.filter(finding=None).get().question == "shot"
    town.plan.refresh_from_db()
    assert town.plan.last_at == at
    assert town.plan.due_on == timezone.localdate(at) + made.days(30)
    event = visit.events.get()
    assert (event.move, event.facts["place"]) == ("check_in", [114.05, 22.85, 10, 0])
    assert first_break(visit.events.order_by("number")) is None
    assert Visit.objects.last_by_grid() == {town.grid.pk: at}


def test_the_same_key_is_the_same_visit_and_of_somebody_else_refused(town):
    visit = made.make(town.home, town.kind, by=town.worker, findings=[Found("x")])
    before = everything()
    assert made.make(town.home, town.kind, by=town.worker, findings=[Found("x")]) == visit
    with pytest.raises(NotYours):
        made.make(town.home, town.kind, by=town.secretary)
    other = made.target_in(town.grid, name="四栋")
    with pytest.raises(RuleViolation) as refusal:
        made.make(other, town.kind, by=town.worker)
    assert refusal.value.code == "key"
    assert everything() == before


def test_far_away_needs_a_reason_and_so_does_no_position(town):
    far = (114.06, 22.85)
    for point in (far, None):
        with pytest.raises(RuleViolation) as refusal:
            made.make(town.home, town.kind, by=town.worker, point=point)
        assert refusal.value.code == "far"
    assert Visit.objects.count() == 0
    visit = made.make(town.home, town.kind, by=town.worker, point=far, far_reason="电话走访")
    assert 1000 < visit.distance_m < 1100
    assert visit.far_reason == "电话走访"


def test_who_goes_through_a_grid_is_at_the_place_anywhere_inside(town):
    kind = made.kind_of("grid", code="patrol", every=7)
    services.plan_visits(on=timezone.localdate())
    target = town.grid.visit_targets.get(kind="grid")
    assert made.make(target, kind, by=town.worker, point=(114.001, 22.801)).distance_m == 0


def refused(town, code, **said):
    with pytest.raises(RuleViolation) as refusal:
        made.make(
            said.pop("target", town.home),
            said.pop("kind", town.kind),
            by=said.pop("by", town.worker),
            **said,
        )
    assert refusal.value.code == code
    assert Visit.objects.count() == 0


def test_what_does_not_fit_is_refused_and_nothing_is_kept(town):
    now = timezone.now()
    refused(town, "answers", answers={"people": 3})
    refused(town, "answers", answers={"met": "yes"})
    refused(town, "answers", answers={"met": True, "waste": "很多"})
    refused(town, "answers", answers={"met": True, "unknown": 1})
    refused(town, "answers", answers={"met": True, "where": [200, 1]})
    refused(town, "answers", answers={"met": True, "people": float("nan")})
    refused(town, "old", was=now - made.days(31))
    refused(town, "empty", findings=[Found("  ")])
    refused(town, "target_kind", kind=made.kind_of("key_place", code="shop"))
    refused(town, "point", point=(200, 22))
    refused(town, "too_many_findings", findings=[Found("x")] * 11)
    refused(town, "not_yours", by=town.handler)
    refused(town, "not_yours", by=town.supervisor)


def test_a_telephone_may_bring_a_visit_after_its_target_has_ended(town):
    now = timezone.now()
    services.end_target(town.home, on=timezone.localdate(now), by=town.worker, at=now)
    town.home.refresh_from_db()
    yesterday = now - made.days(1)
    assert made.make(town.home, town.kind, by=town.worker, was=yesterday).at == yesterday
    with pytest.raises(RuleViolation) as refusal:
        made.make(town.home, town.kind, by=town.worker, key="k2")
    assert refusal.value.code == "target"


def test_a_clock_that_is_ahead_is_not_believed(town):
    at = timezone.now()
    ahead = at + datetime.timedelta(hours=2)
    assert made.make(town.home, town.kind, by=town.worker, at=at, was=ahead).at == at


def test_an_old_version_of_the_form_is_taken_as_it_was(town):
    old = town.kind.form
    services.publish_form(
        town.kind, [{"key": "new", "label": "新", "type": "text", "required": True}],
        by=town.committee, at=timezone.now(),
    )  # fmt: skip
    visit = services.make_visit(
        town.home, old, check_in=CheckIn(at=timezone.now(), lon=114.05, lat=22.85),
        report=services.Report(client_key="o", answers={"met": False}),
        by=town.worker, at=timezone.now(),
    )  # fmt: skip
    assert visit.form.number == 1
    assert town.kind.form.number == 2
