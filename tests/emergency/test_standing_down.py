"""Stand-down, review, and the proof that what was collected is deleted."""

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from emergency.models import Called, CallOut, DeletionProof, Order, Report, Review, Task
from emergency.services import checking, deleting, reporting, standing_down, supplying, tasking
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message, User
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.cases import photo
from tests.factories.emergency import DAY, HOUR, MINUTE
from volunteers.models import Presence

pytestmark = pytest.mark.django_db

NAME, PHONE, ADDRESS, STORY = "欧阳震华", "13912345678", "翡翠巷99号1203", "背张婆婆下楼"


def ended(order, town, *, at):
    order = standing_down.stand_down(order, reason="台风过去", by=town.officer, at=at)
    for row in Report.objects.filter(order=order, done_at=None).with_names():
        reporting.make_report(row, receiver="镇", text="结束", by=town.officer, at=at)
    return order


def reviewed(order, town, *, at):
    words = {"went_well": "到得快", "to_mend": "雨衣不够"}
    lessons = [standing_down.Learnt("多备雨衣", town.body), standing_down.Learnt(" ")]
    return standing_down.review(order, by=town.officer, at=at, lessons=lessons, **words)


def delete(at):
    return deleting.delete_due(by=User.objects.system(), at=at)


@pytest.fixture
def busy(town, order, at):
    """One volunteer came for two hours, one worker said no, a grid is done, a household checked."""
    volunteer = people.active(town)
    row = made.accepted(made.called(order, town, volunteer.person), at=at + 5 * MINUTE)
    made.arrived(row, town, at=at + 15 * MINUTE)
    other = Called.objects.with_names().get(person=town.workers[1])
    made.calling.decline(other, by=other.person, at=at)
    task = tasking.give_task(
        order, made.task_kind("knock-on-doors"), town.grid, by=town.officer, at=at, called=[row]
    )
    tasking.finish_task(task, proof=STORY, households=8, by=row.person, at=at + HOUR)
    tasking.give_task(order, made.task_kind(), town.second, by=town.officer, at=at)
    checking.check_household(
        order, made.measures("relocation")[0], town.grid, by=town.worker, at=at, address=ADDRESS,
        answers={"name": NAME, "phone": PHONE, "people": 2},
    )  # fmt: skip
    return order


def test_who_came_is_thanked_and_released_and_everything_open_ends(town, busy, at):
    done = standing_down.stand_down(busy, reason="台风过去", by=town.officer, at=at + 3 * HOUR)
    assert (done.state, done.ended_at) == ("stood_down", at + 3 * HOUR)
    assert set(Called.objects.values_list("state", flat=True)) == {"released", "cannot"}
    thanked = Message.objects.filter(kind="emergency-released").values_list("to", flat=True)
    came = Called.objects.exclude(arrived_at=None).values_list("person", flat=True)
    assert list(thanked) == list(came)
    assert set(Task.objects.values_list("state", flat=True)) == {"done", "dropped"}
    assert CallOut.objects.filter(closed_at=None).count() == 0
    assert Report.objects.get(kind="final").due_at == at + 3 * HOUR + 30 * MINUTE


def test_hours_follow_from_checking_in_and_out_and_wait_for_confirmation(town, busy, at):
    standing_down.stand_down(busy, reason="台风过去", by=town.officer, at=at + 3 * HOUR)
    stay = Presence.objects.get()
    assert (stay.state, stay.minutes) == ("left", 165)
    assert stay.signup.shift.activity.title == busy.title
    assert stay.confirmed_by is None


def test_who_did_not_come_has_no_hours(town, order, at):
    made.accepted(made.called(order, town, people.active(town).person))
    standing_down.stand_down(order, reason="台风过去", by=town.officer, at=at + HOUR)
    assert Presence.objects.count() == 0


def test_a_stay_elsewhere_at_the_same_time_counts_once(town, busy, at):
    row = Called.objects.exclude(arrived_at=None).get()
    other = made.in_force(town, kind="accident", measures=made.measures("relocation"))
    twin = made.arrived(made.accepted(made.called(other, town, row.person)), town, at=at + HOUR)
    assert twin.order == other
    for order in (busy, other):
        standing_down.stand_down(order, reason="结束", by=town.officer, at=at + 3 * HOUR)
    assert Presence.objects.count() == 1


def test_only_those_who_lead_stand_down_and_say_why(town, busy, at):
    with pytest.raises(NotYours):
        standing_down.stand_down(busy, reason="x", by=town.worker, at=at)
    with pytest.raises(RuleViolation):
        standing_down.stand_down(busy, reason=" ", by=town.officer, at=at)
    assert Called.objects.filter(state="arrived").count() == 1


def test_a_review_waits_for_supplies_and_reports(town, busy, at):
    depot = made.depot(town)
    who = {"by": town.officer, "at": at + 3 * HOUR}
    supplying.receive(depot, made.lot(10, "in"), **who)
    supplying.hand_out(depot, busy, made.lot(10, "out"), **who)
    order = standing_down.stand_down(busy, reason="台风过去", **who)
    with pytest.raises(RuleViolation) as refused:
        reviewed(order, town, at=at)
    assert refused.value.code == "unsettled"
    supplying.take_back(depot, order, made.lot(4, "back"), **who)
    supplying.use_up(depot, order, made.lot(6, "used"), **who)
    with pytest.raises(RuleViolation) as refused:
        reviewed(order, town, at=at)
    assert refused.value.code == "report_due"
    assert Review.objects.count() == 0


def test_a_review_keeps_the_figures_and_lessons(town, busy, at):
    row = reviewed(ended(busy, town, at=at + 3 * HOUR), town, at=at + DAY)
    shown = {name: row.figures[name] for name in (
        "called", "answered", "came", "minutes_to_first_answer", "minutes_to_first_arrival",
        "tasks", "tasks_done", "grids", "grids_reached", "coverage", "households", "checks",
    )}  # fmt: skip
    assert shown == {
        "called": 3, "answered": 2, "came": 1, "minutes_to_first_answer": 0,
        "minutes_to_first_arrival": 15, "tasks": 2, "tasks_done": 1, "grids": 2,
        "grids_reached": 1, "coverage": 50, "households": 8, "checks": 1,
    }  # fmt: skip
    assert list(row.lessons.values_list("text", "body")) == [("多备雨衣", town.body.pk)]
    order = Order.objects.get(pk=busy.pk)
    assert (order.state, order.delete_at) == ("reviewed", at + 8 * DAY)


def test_data_are_deleted_on_their_day_once_and_it_is_proven(town, busy, at):
    order = ended(busy, town, at=at + 3 * HOUR)
    reviewed(order, town, at=at + DAY)
    assert delete(at + 7 * DAY) == 0
    assert delete(at + 8 * DAY) == 1
    assert delete(at + 9 * DAY) == 0
    proof = DeletionProof.objects.get()
    assert proof.before["called"] == 3
    assert proof.before["check_details"] == proof.before["task_proofs"] == 1
    assert proof.before["messages"] >= 4
    assert set(proof.after.values()) == {0}
    assert proof.digest == proof.computed()
    order.refresh_from_db()
    event = order.events.order_by("number").last()
    assert (order.state, event.move, event.facts["digest"]) == ("deleted", "delete", proof.digest)
    assert first_break(order.events.order_by("number")) is None


def test_photos_go_with_their_files(town, order, at, photos_here):
    task = tasking.give_task(order, made.task_kind(), town.grid, by=town.officer, at=at)
    tasking.finish_task(task, proof="好了", households=1, photos=[photo()], by=town.worker, at=at)
    assert len([one for one in photos_here.rglob("*") if one.is_file()]) == 2
    reviewed(ended(order, town, at=at + 3 * HOUR), town, at=at + DAY)
    assert delete(at + 8 * DAY) == 1
    assert DeletionProof.objects.get().before["task_photos"] == 1
    assert [one for one in photos_here.rglob("*") if one.is_file()] == []


def tables_with(text):
    """Tables of the whole database in which some column holds the text."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            for field in model._meta.local_concrete_fields:
                column = connection.ops.quote_name(field.column)
                cursor.execute(
                    f"SELECT 1 FROM {table} WHERE CAST({column} AS text) LIKE %s LIMIT 1",
                    [f"%{text}%"],
                )
                if cursor.fetchone():
                    found.add(model._meta.db_table)
    return found


def test_no_table_holds_what_was_told_in_confidence_afterwards(town, busy, at):
    planted = (NAME, PHONE, ADDRESS, STORY)
    held = set().union(*map(tables_with, planted))
    # JSON of SQLite may spell characters as escapes: what is looked for must be found before.
    assert {"emergency_checkdetail", "emergency_taskproof"} <= held
    reviewed(ended(busy, town, at=at + 3 * HOUR), town, at=at + DAY)
    assert delete(at + 30 * DAY) == 1
    assert [tables_with(text) for text in planted] == [set(), set(), set(), set()]
    assert Called.objects.filter(order=busy).count() == 0


def test_data_of_another_order_stay(town, busy, at):
    other = made.in_force(town, kind="accident", measures=made.measures("relocation"))
    made.called(other, town)
    reviewed(ended(busy, town, at=at + 3 * HOUR), town, at=at + DAY)
    delete(at + 30 * DAY)
    assert Called.objects.filter(order=other).exists()
    assert Message.objects.filter(kind="emergency-call", subject_key=str(other.pk)).exists()


def test_what_is_reviewed_moves_no_more_and_the_proof_is_never_rewritten(town, busy, at):
    order = ended(busy, town, at=at + 3 * HOUR)
    reviewed(order, town, at=at + DAY)
    with pytest.raises(WrongState):
        reviewed(order, town, at=at + DAY)
    delete(at + 30 * DAY)
    with pytest.raises(Error), transaction.atomic():
        DeletionProof.objects.update(digest="0" * 64)
