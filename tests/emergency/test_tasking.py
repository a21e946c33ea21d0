"""Tasks by grid: for the team or for those who came; dangerous ones for insured adults."""

import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from emergency.models import Task, TaskPhoto, TaskProof
from emergency.services import tasking
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.cases import photo

pytestmark = pytest.mark.django_db


def given(order, town, **more):
    kind = more.pop("kind", None) or made.task_kind()
    where = more.pop("where", town.grid)
    return tasking.give_task(order, kind, where, by=town.officer, at=made.AT, **more)


def test_a_task_for_the_team_is_that_of_the_workers_of_the_grid(town, order, at):
    task = given(order, town)
    on = at.date()
    assert task.for_team
    assert list(Task.objects.of(town.workers[0], on=on)) == [task]
    assert list(Task.objects.of(town.workers[1], on=on)) == []


def test_from_given_to_done_with_proof(town, order, at):
    task = tasking.begin_task(given(order, town), by=town.worker, at=at)
    task = tasking.note_progress(task, progress=40, by=town.worker, at=at)
    assert (task.state, task.progress) == ("working", 40)
    with pytest.raises(RuleViolation):
        tasking.note_progress(task, progress=100, by=town.worker, at=at)
    with pytest.raises(RuleViolation):
        tasking.finish_task(task, proof=" ", households=3, by=town.worker, at=at)
    task = tasking.finish_task(task, proof="巡查完毕", households=30, by=town.worker, at=at)
    assert (task.state, task.progress, task.households, task.ended_at) == ("done", 100, 30, at)
    assert TaskProof.objects.get(task=task).text == "巡查完毕"
    assert Message.objects.filter(to=town.officer, kind="emergency-task-done").count() == 1


def test_the_proof_stands_beside_the_chain_not_in_it(town, order, at):
    task = tasking.finish_task(
        given(order, town), proof="找到张三", households=0, by=town.worker, at=at
    )
    assert "张三" not in str(list(task.events.values()))


def test_photos_show_what_was_done_each_once_and_without_hidden_data(town, order, at, photos_here):
    task = given(order, town)
    sent = [photo(), photo(), photo("blue")]
    tasking.finish_task(task, proof="好了", households=1, photos=sent, by=town.worker, at=at)
    rows = TaskPhoto.objects.filter(proof__task=task)
    assert rows.count() == 2
    with rows[0].image.open("rb") as file:
        assert not Image.open(file).getexif()


def test_what_is_no_photo_is_refused_and_nothing_is_kept(town, order, at, photos_here):
    task = given(order, town)
    for sent in ([io.BytesIO(b"MZ")], [photo(f"#0000{n:02x}", (60 + n, 40)) for n in range(7)]):
        with pytest.raises(RuleViolation):
            tasking.finish_task(
                task, proof="好了", households=1, photos=sent, by=town.worker, at=at
            )
    assert not TaskPhoto.objects.exists()
    task.refresh_from_db()
    assert task.state == "given"


def test_a_task_for_people_who_accepted(town, order, at):
    row = made.accepted(made.called(order, town))
    task = given(order, town, where=town.second, called=[row])
    assert not task.for_team
    assert list(Task.objects.of(row.person, on=at.date())) == [task]
    assert Message.objects.filter(to=row.person, kind="emergency-task").count() == 1
    assert tasking.begin_task(task, by=row.person, at=at).state == "working"


def test_who_has_not_accepted_gets_no_task(town, order):
    row = made.called(order, town)
    with pytest.raises(RuleViolation) as refused:
        given(order, town, called=[row])
    assert refused.value.code == "not_accepted"
    assert Task.objects.count() == 0


def test_dangerous_tasks_are_for_insured_volunteers(town, order, at):
    kind = made.task_kind("fallen-trees")
    row = made.accepted(made.called(order, town, people.active(town).person))
    with pytest.raises(RuleViolation) as refused:
        given(order, town, kind=kind, called=[row])
    assert refused.value.code == "not_insured"
    people.insured(town, row.volunteer)
    assert given(order, town, kind=kind, called=[row]).state == "given"


@pytest.mark.parametrize("case", ["elsewhere", "no_measure"])
def test_a_task_follows_from_a_measure_and_lies_in_the_territory(town, order, case):
    more = {"where": town.elsewhere} if case == "elsewhere" else {}
    if case == "no_measure":
        more["kind"] = made.task_kind("deliver")
    with pytest.raises(RuleViolation) as refused:
        given(order, town, **more)
    assert refused.value.code == case


def test_reopened_and_dropped_by_who_leads_with_a_reason(town, order, at):
    task = given(order, town)
    with pytest.raises(NotYours):
        tasking.drop_task(task, reason="不需要", by=town.worker, at=at)
    done = tasking.finish_task(task, proof="好了", households=1, by=town.worker, at=at)
    with pytest.raises(RuleViolation):
        tasking.reopen_task(done, reason="", by=town.officer, at=at)
    again = tasking.reopen_task(done, reason="还有积水", by=town.officer, at=at)
    assert (again.state, again.progress, again.ended_at) == ("working", 0, None)
    assert tasking.drop_task(again, reason="雨停了", by=town.officer, at=at).state == "dropped"
    with pytest.raises(WrongState):
        tasking.begin_task(again, by=town.worker, at=at)


def test_tasks_are_seen_by_who_has_them_and_who_watches(town, order, at):
    given(order, town)
    on = at.date()
    assert Task.objects.visible_to(town.worker, on=on).count() == 1
    assert Task.objects.visible_to(town.officer, on=on).count() == 1
    assert Task.objects.visible_to(town.workers[1], on=on).count() == 0


@pytest.mark.parametrize(
    "changes", [{"progress": 101}, {"state": "done"}, {"ended_at": made.AT}], ids=str
)
def test_the_database_ties_states_to_progress(town, order, changes):
    task = given(order, town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**changes)
