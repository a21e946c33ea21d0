"""Making, correcting and voiding visits; the plan that follows."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids import services
from grids.models import (
    Finding,
    Visit,
    VisitEvent,
    VisitForm,
    VisitPhoto,
    VisitPlan,
    VisitRevision,
    VisitRule,
)
from grids.reach import plans_of_visitor, plans_seen_by, targets_seen_by, visits_seen_by
from grids.services import CheckIn, Found, SentPhoto
from grids.services import findings as finding_services
from grids.services.visit_drawing import draw_states
from grids.visit_workflow import FINDING_MOVES, VISIT_MOVES
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.workflow import arrows
from organizations.models import Message
from tests.factories import visits as made
from tests.factories.cases import make_town, photo
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory


@pytest.fixture
def town(db):
    town = make_town()
    town.worker.__dict__.pop("_scopes_by_day", None)
    town.posts.worker.territories.create(territory=town.grid, valid_from=made.LONG_AGO)
    home = BodyFactory(community=True)
    BodyTerritoryFactory(body=home, territory=town.community)
    town.secretary = PostFactory(body=home, role=Role.COMMUNITY_WORKER).person
    town.supervisor = PostFactory(body=town.centre, role=Role.SUPERVISOR).person
    town.kind = made.kind_of()
    town.home = made.target_in(town.grid)
    town.plan = made.planned(town.kind, town.home)
    return town


def everything():
    return {model: model.objects.count() for model in (Visit, Finding, VisitEvent, VisitPhoto)}


# -- The tables of moves ---------------------------------------------------------------------


def test_the_table_of_visits_is_this():
    assert arrows(VISIT_MOVES) == {
        ("correct", "made", "made", "visitor"),
        ("correct", "made", "made", "community"),
        ("void", "made", "void", "community"),
    }


def test_the_table_of_findings_is_this():
    both = ("visitor", "community")
    assert arrows(FINDING_MOVES) == {
        *(("hand_over", "open", "waiting", who) for who in both),
        ("give_back", "waiting", "open", "visitor"),
        *(("claim", one, "case", who) for one in ("open", "waiting") for who in both),
        *(("resolve", one, "resolved", who) for one in ("open", "waiting") for who in both),
        *(("drop", "open", "dropped", who) for who in both),
    }


# -- A visit ---------------------------------------------------------------------------------


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


# -- The plan --------------------------------------------------------------------------------


def test_the_rule_of_the_smallest_territory_holds(town):
    VisitRule.objects.create(
        kind=town.kind, territory=town.community, every_days=10, valid_from=made.LONG_AGO
    )
    VisitRule.objects.create(
        kind=town.kind, territory=town.grid, every_days=5, valid_from=made.LONG_AGO
    )
    assert services.plan_visits(on=timezone.localdate(), targets=[town.home.pk]) == 1
    town.plan.refresh_from_db()
    assert town.plan.every_days == 5


def test_planning_twice_writes_nothing_more(town):
    made.kind_of("grid", code="patrol", every=7)
    on = timezone.localdate()
    assert services.plan_visits(on=on) == 1
    assert services.plan_visits(on=on) == 0
    assert VisitPlan.objects.count() == 2


def test_planning_costs_the_same_for_more_targets(town):
    on = timezone.localdate()
    services.plan_visits(on=on)

    def queries_for(*names):
        for name in names:
            made.target_in(town.grid, name=name)
        with CaptureQueriesContext(connection) as asked:
            services.plan_visits(on=on)
        return len(asked)

    assert queries_for("a") == queries_for("b", "c", "d")


def test_what_was_never_visited_comes_due_within_one_period(town):
    on = timezone.localdate()
    assert on <= town.plan.due_on < on + made.days(30)


def test_an_ended_rule_ends_the_plan_and_an_ended_person_is_forgotten(town):
    care = made.kind_of("person", code="care", every=7)
    now, on = timezone.now(), timezone.localdate()
    values = {"kind": "person", "name": "三栋张奶奶", "grid": town.grid, "valid_from": on}
    person = services.make_target(values, by=town.worker, at=now)
    assert person.is_private
    assert person.plans.get().kind == care
    services.end_target(person, on=on + made.days(1), by=town.worker, at=now)
    services.plan_visits(on=on + made.days(1))
    person.refresh_from_db()
    assert (person.name, person.address, person.plans.count()) == ("—", "", 0)


def test_nothing_of_a_person_in_care_stands_in_the_record_of_changes(town):
    from organizations.models import ChangeRecord

    now, on = timezone.now(), timezone.localdate()
    values = {
        "kind": "person", "name": "三栋张奶奶", "address": "环城路 5 号", "grid": town.grid,
        "valid_from": on,
    }  # fmt: skip
    person = services.make_target(values, by=town.worker, at=now)
    services.change_target(person, {"name": "三栋张婆婆"}, by=town.worker, at=now)
    kept = str([(row.before, row.after) for row in ChangeRecord.objects.of(person)])
    assert ChangeRecord.objects.of(person).count() == 2
    assert "张" not in kept
    assert "环城路" not in kept


@pytest.mark.parametrize("text", ["张三 13812345678", "441900 19900101 1234", "138-1234-5678"])
def test_a_target_takes_no_numbers_of_people(town, text):
    values = {"kind": "person", "name": text, "grid": town.grid, "valid_from": timezone.localdate()}
    with pytest.raises(RuleViolation):
        services.make_target(values, by=town.worker, at=timezone.now())


def test_in_the_morning_the_worker_hears_once(town):
    VisitPlan.objects.update(due_on=timezone.localdate() - made.days(2))
    at = timezone.now()
    assert services.tell_of_due(at=at) == 1
    services.tell_of_due(at=at)
    message = Message.objects.get(kind="visits-due")
    assert (message.to, message.params) == (town.worker, {"count": 1, "late": 1})


def test_the_morning_counts_what_each_worker_sees_in_the_same_queries_for_one_and_for_four(town):
    care = made.kind_of("person", code="care", every=7)
    made.planned(care, made.target_in(town.grid, kind="person", name="张奶奶"))
    elsewhere = TerritoryFactory(parent=town.community)
    made.planned(town.kind, made.target_in(elsewhere, name="五栋"))
    VisitPlan.objects.update(due_on=timezone.localdate())
    VisitPlan.objects.filter(grid=elsewhere).update(due_on=timezone.localdate() - made.days(1))
    at = timezone.now()

    def cost():
        with CaptureQueriesContext(connection) as seen:
            services.tell_of_due(at=at)
        return len(seen)

    one = cost()
    people = [town.worker]
    for given in ([town.place], [town.community], [town.grid, elsewhere]):
        post = PostFactory(body=town.centre, role=Role.GRID_WORKER)
        for territory in given:
            post.territories.create(territory=territory, valid_from=made.LONG_AGO)
        people.append(post.person)
    assert cost() <= one + 1  # those who have heard it are looked up once more
    told = dict(Message.objects.filter(kind="visits-due").values_list("to", "params"))
    seen = []
    for person in people:
        person.__dict__.pop("_scopes_by_day", None)
        plans = plans_of_visitor(person, on=timezone.localdate())
        due = plans.due_by(timezone.localdate())
        late = due.filter(due_on__lt=timezone.localdate())
        seen.append({"count": due.count(), "late": late.count()})
    assert [told[person.pk] for person in people] == seen
    assert [row["count"] for row in seen] == [2, 2, 3, 3]


# -- Who sees what ---------------------------------------------------------------------------


def test_private_visits_are_read_by_the_grid_and_the_community_only(town):
    care = made.kind_of("person", code="care", every=7)
    person = made.target_in(town.grid, kind="person", name="张奶奶")
    made.planned(care, person)
    made.make(person, care, by=town.worker, key="private")
    made.make(town.home, town.kind, by=town.worker, key="open")
    on = timezone.localdate()
    seen = {
        name: (
            visits_seen_by(getattr(town, name), on=on).count(),
            targets_seen_by(getattr(town, name), on=on).filter(kind="person").count(),
            plans_seen_by(getattr(town, name), on=on).count(),
        )
        for name in ("worker", "secretary", "supervisor", "handler", "resident")
    }
    assert seen == {
        "worker": (2, 1, 2), "secretary": (2, 1, 2), "supervisor": (1, 0, 1),
        "handler": (0, 0, 0), "resident": (0, 0, 0),
    }  # fmt: skip
    far = PostFactory(body=town.centre, role=Role.GRID_WORKER).person  # for the whole town
    assert visits_seen_by(far, on=on).count() == 1
    assert plans_of_visitor(town.supervisor, on=on).count() == 0


# -- What the database refuses ---------------------------------------------------------------


@pytest.mark.parametrize("table", ["grids_visitevent", "grids_visitform"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_history_and_forms_are_append_only(town, table, verb):
    made.make(town.home, town.kind, by=town.worker)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grids_visit SET lon = NULL",
        "UPDATE grids_visit SET lon = NULL, lat = NULL, far_reason = ''",
        "UPDATE grids_finding SET state = 'case'",
        "UPDATE grids_finding SET state = 'resolved'",
        "UPDATE grids_finding SET text = ''",
        "UPDATE grids_finding SET case_key = '1'",
        "UPDATE grids_visittarget SET kind = 'person'",
        "UPDATE grids_visitkind SET target_kind = 'person'",
        "UPDATE grids_visitrule SET every_days = 0",
        "UPDATE grids_visitplan SET every_days = 0",
    ],
)
def test_the_database_refuses_what_cannot_be(town, statement):
    made.make(town.home, town.kind, by=town.worker, findings=[Found("x")])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_rule_for_everywhere_at_a_time(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRule.objects.create(kind=town.kind, every_days=3, valid_from=made.LONG_AGO)


def test_a_form_needs_questions_with_choices_and_different_keys(town):
    at = timezone.now()
    one = {"key": "a", "label": "a", "type": "text"}
    for bad in (
        [],
        [one, one],
        [{**one, "type": "choice", "choices": ["x"]}],
        [{**one, "type": "?"}],
    ):
        with pytest.raises(RuleViolation):
            services.publish_form(town.kind, bad, by=town.committee, at=at)
    with pytest.raises(RuleViolation) as refusal:
        services.publish_form(town.kind, made.QUESTIONS, by=town.committee, at=at)
    assert refusal.value.code == "same"
    assert VisitForm.objects.count() == 1


def test_a_grid_elsewhere_is_not_mine(town):
    other = TerritoryFactory(parent=TerritoryFactory(community=True, parent=town.place))
    target = made.target_in(other)
    with pytest.raises(NotYours):
        made.make(target, town.kind, by=town.worker)


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "visit-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py visit_states"
