"""Visits corrected, amended or declared void, and what was found decided."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from grids import services
from grids.models import (
    Finding,
    Visit,
    VisitRevision,
)
from grids.services import Found
from grids.services import findings as finding_services
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import visits as made
from tests.factories.grids import TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return made.visited_town()


def test_a_correction_keeps_what_stood_there(town):
    visit = made.make(town.home, town.kind, by=town.worker, note="旧")
    at = timezone.now()
    with pytest.raises(RuleViolation):
        services.correct(visit, answers={"met": True}, note="", reason=" ", by=town.worker, at=at)
    services.correct(
        visit, answers={"met": False}, note="新", reason="写错了", by=town.worker, at=at
    )
    visit.refresh_from_db()
    assert (visit.answers, visit.note) == ({"met": False}, "新")
    kept = VisitRevision.objects.get()
    assert (kept.answers, kept.note, kept.reason) == ({"met": True}, "旧", "写错了")
    assert [event.move for event in visit.events.order_by("number")] == ["check_in", "correct"]
    assert first_break(visit.events.order_by("number")) is None


def test_a_void_visit_does_not_count_and_the_target_is_due_again(town):
    visit = made.make(town.home, town.kind, by=town.worker)
    at = timezone.now()
    with pytest.raises(NotYours):
        services.declare_void(visit, reason="x", by=town.worker, at=at)
    services.declare_void(visit, reason="没有去", by=town.secretary, at=at)
    town.plan.refresh_from_db()
    assert (town.plan.last_at, town.plan.due_on) == (None, timezone.localdate(visit.at))
    assert Visit.objects.last_by_grid() == {}
    with pytest.raises(WrongState):
        services.correct(visit, answers={"met": True}, note="", reason="x", by=town.worker, at=at)


def test_a_finding_is_settled_or_dropped_once_and_says_why(town):
    visit = made.make(town.home, town.kind, by=town.worker, findings=[Found("a"), Found("b")])
    one, two = visit.findings.order_by("pk")
    at = timezone.now()
    with pytest.raises(RuleViolation):
        services.resolve(one, remark=" ", by=town.worker, at=at)
    with pytest.raises(NotYours):
        services.resolve(one, remark="x", by=town.supervisor, at=at)
    services.resolve(one, remark="已清理", by=town.worker, at=at)
    services.drop(two, remark="不存在", by=town.secretary, at=at)
    with pytest.raises(WrongState):
        services.drop(one, remark="x", by=town.worker, at=at)
    assert set(Finding.objects.values_list("state", flat=True)) == {"resolved", "dropped"}


def test_handing_over_and_giving_back(town):
    finding = made.make(town.home, town.kind, by=town.worker, findings=[Found("a")]).findings.get()
    services.hand_over(finding, by=town.worker, at=timezone.now())
    assert list(Finding.objects.waiting()) == [finding]
    finding_services.give_back(finding, by=town.system, at=timezone.now())
    assert not Finding.objects.waiting().exists()


# -- Whom and when --------------------------------------------------------------------------------


def amended(visit, **said):
    given = {"target": visit.target, "was": visit.at, "reason": "点错了门", "at": timezone.now()}
    return services.amend(visit, **{**given, **said})


def test_another_household_counts_for_it_and_no_longer_for_the_first(town):
    other = made.target_in(town.grid, name="四栋", point=(114.0501, 22.85))
    plan = made.planned(town.kind, other)
    visit = made.make(town.home, town.kind, by=town.worker)
    amended(visit, target=other, by=town.worker)
    visit.refresh_from_db()
    assert (visit.target, visit.far_reason) == (other, "")
    assert 9 <= visit.distance_m <= 11
    town.plan.refresh_from_db()
    plan.refresh_from_db()
    assert (town.plan.last_at, town.plan.due_on) == (None, timezone.localdate(visit.at))
    assert plan.last_at == visit.at
    kept = VisitRevision.objects.get()
    assert (kept.target, kept.visited_at, kept.reason) == (town.home, visit.at, "点错了门")
    event = visit.events.get(move="amend")
    assert (event.facts["was"]["target"], event.facts["now"]["target"]) == (town.home.pk, other.pk)
    assert first_break(visit.events.order_by("number")) is None


def test_a_household_that_lies_far_keeps_the_reason_and_where_the_device_stood(town):
    other = made.target_in(town.grid, name="远楼", point=(114.07, 22.85))
    visit = made.make(town.home, town.kind, by=town.worker)
    amended(visit, target=other, by=town.worker, reason="回办公室后才补记")
    visit.refresh_from_db()
    assert (visit.lon, visit.lat) == made.DOOR
    assert visit.far_reason == "回办公室后才补记"
    assert visit.distance_m > 2000


def test_a_wrong_time_is_amended_and_the_plan_follows(town):
    at = timezone.now()
    visit = made.make(town.home, town.kind, by=town.worker, at=at)
    was = at - made.days(3)
    amended(visit, was=was, by=town.secretary, reason="手机时间错了")
    visit.refresh_from_db()
    town.plan.refresh_from_db()
    assert (visit.at, visit.received_at) == (was, at)
    assert town.plan.due_on == timezone.localdate(was) + made.days(30)


@pytest.mark.parametrize(
    ("what", "code"),
    [("later", "later"), ("old", "old"), ("same", "nothing"), ("kind", "target_kind"),
     ("ended", "target"), ("silent", "reason_missing")],
)  # fmt: skip
def test_what_cannot_have_been_is_refused_and_nothing_changes(town, what, code):
    visit = made.make(town.home, town.kind, by=town.worker)
    shop = made.target_in(town.grid, kind="key_place", name="超市")
    gone = made.target_in(town.grid, name="旧楼", valid_to=timezone.localdate() - made.days(1))
    said = {
        "later": {"was": visit.received_at + made.days(1)},
        "old": {"was": visit.received_at - made.days(31)},
        "same": {},
        "kind": {"target": shop},
        "ended": {"target": gone},
        "silent": {"target": shop, "reason": " "},
    }[what]
    before = Visit.objects.values().get()
    with pytest.raises(RuleViolation) as refusal:
        amended(visit, by=town.worker, **said)
    assert refusal.value.code == code
    assert Visit.objects.values().get() == before
    assert not VisitRevision.objects.exists()


def test_neither_strangers_nor_ground_beyond_ones_own_are_amended(town):
    visit = made.make(town.home, town.kind, by=town.worker)
    other = made.target_in(TerritoryFactory(parent=town.community), name="别格")
    with pytest.raises(NotYours):
        amended(visit, was=visit.at - made.days(1), by=town.supervisor)
    with pytest.raises(NotYours):
        amended(visit, target=other, by=town.worker)
    amended(visit, target=other, by=town.secretary)
    visit.refresh_from_db()
    assert visit.grid == other.grid


def test_who_reads_the_visit_reads_what_stood_there_and_what_stands_now(town, client):
    other = made.target_in(town.grid, name="四栋")
    visit = made.make(town.home, town.kind, by=town.worker, note="旧")
    services.correct(
        visit, answers={"met": False}, note="新", reason="记反了", by=town.worker, at=timezone.now()
    )
    client.force_login(town.worker)
    address = reverse("grids:visit_amend", args=[visit.pk])
    shown = client.get(address).context["form"]
    assert set(shown.fields["target"].queryset) == {town.home, other}
    minute = f"{timezone.localtime(visit.at):%Y-%m-%dT%H:%M}"
    sent = client.post(address, {"target": other.pk, "was": minute, "reason": "点错了门"})
    assert sent.status_code == 302
    client.force_login(town.supervisor)
    newest, oldest = client.get(reverse("grids:visit", args=[visit.pk])).context["revisions"]
    assert [line[1:] for line in newest["changed"]] == [("三栋", "四栋")]
    assert [line[1:] for line in oldest["changed"]][1:] == [("旧", "新")]
    assert client.get(address).status_code == 403


def test_the_database_wants_whom_and_when_together(town):
    visit = made.make(town.home, town.kind, by=town.worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRevision.objects.create(
            visit=visit, number=1, answers={}, reason="x", by=town.worker, at=timezone.now(),
            target=town.home,
        )  # fmt: skip
