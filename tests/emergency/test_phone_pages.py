"""Pages of the telephone: of who was called, and of who works in the field."""

import pytest
from django.urls import reverse
from django.utils import timezone

from emergency import checkin_codes
from emergency.models import Check, CheckReading, TaskPhoto
from emergency.services import calling, tasking
from organizations.models import Message
from tests.emergency.browser import said, seen, sent, url, words
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.cases import photo
from tests.factories.organizations import UserFactory
from tests.factories.residents import ResidentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def called(town, order):
    """A volunteer without a post who was called."""
    return made.called(order, town, people.active(town).person)


def test_the_called_answer_check_in_and_go_home(client, town, order, called):
    me = called.person
    message = Message.objects.get(to=me, kind="emergency-call")
    assert reverse("emergency:mine", args=[order.pk]) in words(seen(client, me, "listed"))
    assert message.subject_key == str(order.pk)
    assert "In 15 min" in words(seen(client, me, "mine", order.pk))
    answer = sent(client, me, "answer", order.pk, "accept", minutes=15)
    assert said(answer) == ["Thank you! You are expected."]
    assert sent(client, me, "here", order.pk, code="WRONG").status_code == 422
    code = checkin_codes.code_at(called.callout.point, timezone.now())
    assert code in words(client.get(url("here", order.pk), {"c": code}))
    assert sent(client, me, "here", order.pk, code=code).url == url("mine", order.pk)
    sent(client, me, "answer", order.pk, "leave")
    called.refresh_from_db()
    assert called.state == "released"
    assert "You are released" in words(seen(client, me, "mine", order.pk))


def test_saying_no_is_answered_kindly(client, order, called):
    answer = sent(client, called.person, "answer", order.pk, "decline")
    assert said(answer) == ["Thank you for telling us. That is quite all right."]


def test_who_was_not_called_finds_nothing(client, order, called):
    stranger = ResidentFactory(registered=True)
    assert seen(client, stranger, "mine", order.pk).status_code == 404
    assert sent(client, stranger, "answer", order.pk, "accept", minutes=5).status_code == 404
    assert seen(client, None, "mine", order.pk).status_code == 302


def test_a_task_on_the_telephone(client, town, order, called):
    row = made.accepted(called)
    task = tasking.give_task(
        order, made.task_kind("knock-on-doors"), town.grid, by=town.officer, at=made.AT,
        called=[row],
    )  # fmt: skip
    me = row.person
    assert "Knock on every door" in words(seen(client, me, "mine", order.pk))
    sent(client, me, "task_act", task.pk, "begin")
    sent(client, me, "task_act", task.pk, "progress", progress=50)
    assert "50" in words(seen(client, me, "task", task.pk))
    assert sent(client, me, "task_end", task.pk, "finish").status_code == 422
    sent(client, me, "task_end", task.pk, "finish", proof="都通知了", households=9)
    task.refresh_from_db()
    assert (task.state, task.households) == ("done", 9)
    assert seen(client, ResidentFactory(registered=True), "task", task.pk).status_code == 404
    assert sent(client, me, "task_end", task.pk, "reopen", reason="x").status_code == 403


def test_a_household_is_asked_only_what_the_measure_names(client, town, order):
    page = words(seen(client, town.worker, "check_new", order.pk, "relocation"))
    assert "Goes to" in page
    assert "Needs help to leave" in page
    assert 'name="needs"' not in page
    form = {"territory": town.grid.pk, "address": "8号", "people": 3, "phone": "13812345678"}
    sent(client, town.worker, "check_new", order.pk, "relocation", **form)
    check = Check.objects.get()
    assert check.detail.answers == {"people": 3, "needs_help": False, "phone": "13812345678"}
    listed = words(seen(client, town.officer, "checks", order.pk))
    assert "13812345678" not in listed
    assert "13812345678" in words(sent(client, town.officer, "check", check.pk))
    assert list(CheckReading.objects.values_list("by", flat=True)) == [town.officer.pk]
    assert seen(client, ResidentFactory(registered=True), "check_new", order.pk,
                "relocation").status_code == 404  # fmt: skip


def test_a_task_is_proved_with_a_photo_that_only_its_people_see(
    client, town, order, called, photos_here
):
    me = called.person
    calling.accept(called, minutes=5, by=me, at=timezone.now())
    task = tasking.give_task(
        order, made.task_kind(), town.grid, by=town.officer, at=made.AT, called=[called]
    )
    sent(client, me, "task_end", task.pk, "finish", proof="好了", households=1, photos=[photo()])
    row = TaskPhoto.objects.get()
    assert url("task_photo", row.pk, "small") in words(seen(client, me, "task", task.pk))
    for person, status in ((me, 200), (town.officer, 200), (UserFactory(), 404)):
        for size in ("small", "full"):
            answer = seen(client, person, "task_photo", row.pk, size)
            assert answer.status_code == status
            if status == 200:
                assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_the_keeper_sees_who_is_there_against_the_room(client, town, order, called):
    point = called.callout.point
    keeper = UserFactory()
    point.keeper, point.capacity = keeper, 1
    point.save()
    board = url("board", point.pk)
    assert board in words(seen(client, keeper, "notice", order.pk))
    assert board not in words(seen(client, town.worker, "notice", order.pk))
    page = words(seen(client, keeper, "board", point.pk))
    assert "of 1 people whom there is room for" in page
    assert "send further people" not in page
    sent(client, keeper, "note", point.pk, called.pk, "arrive")
    assert "send further people" in words(seen(client, keeper, "board", point.pk))
    assert seen(client, UserFactory(), "board", point.pk).status_code == 404


def test_an_assembly_point_is_given_its_keeper_and_its_room(client, town, order):
    given = {"name": "学校", "address": "1号", "lon": 114.05, "lat": 22.85, "capacity": 40,
             "keeper": town.worker.username}  # fmt: skip
    assert sent(client, town.officer, "point_new", order.pk, **given).status_code == 302
    point = order.points.get(name="学校")
    assert (point.keeper, point.capacity) == (town.worker, 40)
