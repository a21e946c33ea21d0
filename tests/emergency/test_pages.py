"""Pages of emergencies: everybody's, and those of who leads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emergency import agenda_matters, checkin_codes
from emergency.models import (
    Called,
    CallOut,
    Order,
    Report,
    Task,
)
from emergency.services import calling, deleting, reporting, standing_down, tasking
from lib.roles import Role
from organizations.models import User
from tests.emergency.browser import seen, sent, url, words
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.emergency import DAY, MINUTE
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


# -- Everybody ----------------------------------------------------------------------------------


def test_everybody_reads_an_order_in_force_and_what_to_do(client, order):
    page = words(seen(client, None, "notice", order.pk))
    for text in ("Typhoon", "What you do now", "Close doors and windows", "Level IV (blue)"):
        assert text in page
    assert "Typhoon" in words(seen(client, None, "listed"))
    assert "Typhoon" in client.get(reverse("portal:home")).content.decode()


def test_it_is_read_in_chinese_too(client, order, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    page = words(seen(client, None, "notice", order.pk))
    for text in ("台风“海葵”防御", "现在怎么做", "关好门窗", "Ⅳ级（蓝色）"):
        assert text in page


def test_a_draft_is_hidden_from_everybody(client, town):
    draft = made.drafted(town)
    assert seen(client, None, "notice", draft.pk).status_code == 404
    assert seen(client, town.worker, "lead", draft.pk).status_code == 403
    assert "No order is in force" in words(seen(client, None, "listed"))
    assert "Typhoon" not in client.get(reverse("portal:home")).content.decode()


def test_an_exercise_says_that_it_is_one(client, town):
    order = made.in_force(town, is_exercise=True)
    assert "This is an exercise" in words(seen(client, None, "notice", order.pk))


def test_programs_read_the_same(client, order):
    (told,) = seen(client, None, "as_json").json()["orders"]
    assert (told["number"], told["level"], told["colour"]) == (order.number, 4, "blue")
    assert [row["code"] for row in told["measures"]] == ["relocation", "wind-and-rain"]
    feed = words(seen(client, None, "feed"))
    assert "<rss" in feed
    assert "Typhoon" in feed


def test_nobody_is_named_where_everybody_reads(client, town, order):
    for person in (town.officer, town.reviewer):
        person.full_name = person.full_name_en = f"Secret{person.pk}"
        person.save()
    for name, arguments in (("listed", ()), ("notice", (order.pk,)), ("as_json", ()), ("feed", ())):
        assert "Secret" not in words(seen(client, None, name, *arguments))


# -- Those who lead -----------------------------------------------------------------------------


def order_form(town, **more):
    until = timezone.localtime(timezone.now() + DAY).strftime("%Y-%m-%dT%H:%M")
    return {
        "title": "暴雨", "text": "今晚有暴雨。", "kind": "natural", "level": 4,
        "territory": town.community.pk, "until": until, "legal_basis": "突发事件应对法",
        "measures": [m.pk for m in made.measures("wind-and-rain")], "body": town.office.pk, **more,
    }  # fmt: skip


def test_an_order_is_drawn_up_and_confirmed_in_the_browser(client, town):
    answer = sent(client, town.officer, "new", **order_form(town))
    order = Order.objects.get()
    assert answer.url == url("lead", order.pk)
    assert "Confirm: in force now" not in words(seen(client, town.officer, "lead", order.pk))
    assert "Confirm: in force now" in words(seen(client, town.reviewer, "lead", order.pk))
    sent(client, town.reviewer, "move", order.pk, "confirm")
    order.refresh_from_db()
    assert order.state == "in_force"


def test_what_is_wrong_stands_on_the_form(client, town):
    answer = sent(client, town.officer, "new", **order_form(town, until="2020-01-01T00:00"))
    assert answer.status_code == 422
    assert "Enter a term that ends within 30 days" in words(answer)
    assert Order.objects.count() == 0


def test_moves_with_a_reason(client, town, order):
    for name, more in (("level", {"level": 3}), ("stand_down", {})):
        assert seen(client, town.reviewer, "move", order.pk, name).status_code == 200
        assert sent(client, town.reviewer, "move", order.pk, name, **more).status_code == 422
        answer = sent(client, town.reviewer, "move", order.pk, name, reason="雨停了", **more)
        assert answer.url == url("lead", order.pk)
    order.refresh_from_db()
    assert (order.level, order.state) == (3, "stood_down")


def test_another_towns_committee_sees_what_everybody_sees(client, town, order):
    from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
    from tests.factories.organizations import BodyFactory

    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=TerritoryFactory(town=True, parent=town.city))
    other = PostFactory(role=Role.PARTY_SECRETARY, body=body).person
    made.called(order, town)
    callout = CallOut.objects.get()
    for name, key in (("lead", order.pk), ("tasks", order.pk), ("callout", callout.pk)):
        assert seen(client, other, name, key).status_code == 404
    assert seen(client, other, "notice", order.pk).status_code == 200
    assert sent(client, other, "move", order.pk, "stand_down", reason="x").status_code == 404


def test_from_a_point_to_a_call_out(client, town, order):
    answer = sent(client, town.officer, "callout_new", order.pk)
    assert answer.url == url("point_new", order.pk)
    place = {"name": "广场", "address": "1号", "lon": 114.05, "lat": 22.85}
    sent(client, town.officer, "point_new", order.pk, **place)
    point = order.points.get()
    asked = {"point": point.pk, "text": "巡查", "wanted": 2, "wave_size": 5, "calls_staff": "on"}
    answer = sent(client, town.officer, "callout_new", order.pk, **asked)
    callout = CallOut.objects.get()
    assert answer.url == url("callout", callout.pk)
    assert calling.call_due(at=timezone.now()) == 2


def test_every_figure_of_the_live_screen_opens_its_rows(client, town, order):
    made.accepted(made.called(order, town), minutes=7)
    callout = CallOut.objects.get()
    page = words(seen(client, town.officer, "callout", callout.pk))
    assert 'hx-trigger="every 5s"' in page
    part = words(seen(client, town.officer, "callout", callout.pk, part=1, state="coming"))
    assert "<html" not in part
    assert "in 7 minutes" in part
    names = [str(worker.full_name) for worker in town.workers]
    assert names[0] in part
    assert names[1] not in part
    assert names[1] in words(seen(client, town.officer, "callout", callout.pk, state="called"))
    assert seen(client, town.officer, "callout", callout.pk, state="x").status_code == 404
    sent(client, town.officer, "callout_close", callout.pk)
    callout.refresh_from_db()
    assert callout.closed_at is not None


def test_the_live_screen_costs_the_same_at_one_row_and_at_three(client, town, order):
    callout = made.callout(order, town, wave_size=1, wanted=9)
    calling.call_wave(callout, at=made.AT)
    seen(client, town.officer, "callout", callout.pk)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert seen(client, town.officer, "callout", callout.pk).status_code == 200
        return len(queries)

    one = cost()
    for _n in range(2):
        people.active(town)
    calling.call_due(at=made.AT + 20 * MINUTE)
    CallOut.objects.update(wave_size=9)
    calling.call_due(at=made.AT + 60 * MINUTE)
    assert Called.objects.count() >= 3
    assert cost() == one


def test_the_board_shows_the_code_and_notes_who_comes(client, town, order):
    row = made.accepted(made.called(order, town))
    point = row.callout.point
    page = words(seen(client, town.officer, "board", point.pk))
    assert checkin_codes.spelled(checkin_codes.code_at(point, timezone.now())) in page
    assert row.person.full_name in page
    other = words(seen(client, town.officer, "board", point.pk, q="nobody of this name"))
    assert row.person.full_name not in other
    sent(client, town.officer, "note", point.pk, row.pk, "arrive")
    row.refresh_from_db()
    assert row.state == "arrived"
    sent(client, town.officer, "note", point.pk, row.pk, "leave")
    row.refresh_from_db()
    assert row.state == "released"
    assert seen(client, UserFactory(), "board", point.pk).status_code == 404


def test_tasks_are_given_out_by_grid_and_coloured_on_the_map(client, town, order):
    form = {"kind": made.task_kind().pk, "grids": [town.grid.pk, town.second.pk], "text": "巡查"}
    assert sent(client, town.officer, "task_new", order.pk, **form).url == url("tasks", order.pk)
    assert Task.objects.count() == 2
    task = Task.objects.get(grid=town.grid)
    tasking.finish_task(task, proof="好", households=1, by=town.worker, at=made.AT)
    drawn = seen(client, town.officer, "tasks_map", order.pk).json()
    tones = {f["properties"]["title"]: f["properties"]["tone"] for f in drawn["features"]}
    assert tones == {str(town.grid): "done", str(town.second): "waiting"}
    page = words(seen(client, town.officer, "tasks", order.pk, state="done"))
    assert str(town.grid) in page
    assert str(town.second) not in page


def test_reports_and_the_review_in_the_browser(client, town, order):
    report = Report.objects.get(order=order, kind="phone")
    page = words(seen(client, town.officer, "lead", order.pk))
    assert "By telephone" in page
    assert sent(client, town.officer, "report", report.pk).status_code == 422
    sent(client, town.officer, "report", report.pk, receiver="镇", text="已启动")
    report.refresh_from_db()
    assert report.by == town.officer
    now = timezone.now()
    standing_down.stand_down(order, reason="结束", by=town.officer, at=now)
    for row in Report.objects.filter(done_at=None).with_names():
        reporting.make_report(row, receiver="镇", text="好", by=town.officer, at=now)
    learnt = {"went_well": "快", "to_mend": "无", "lesson_1": "多备雨衣"}
    sent(client, town.officer, "review", order.pk, **learnt)
    assert "多备雨衣" in words(seen(client, town.officer, "lead", order.pk))
    assert [row.label for row in agenda_matters.lessons(town.reviewer)] == ["多备雨衣"]
    assert agenda_matters.lessons(town.organizer) == []
    assert "are deleted on" in words(seen(client, None, "notice", order.pk))
    deleting.delete_due(by=User.objects.system(), at=now + 30 * DAY)
    page = words(seen(client, None, "notice", order.pk))
    assert "rows before, none afterwards" in page
    assert order.__class__.objects.get(pk=order.pk).deletion.digest in page
