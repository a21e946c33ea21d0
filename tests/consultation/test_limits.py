"""Limits that ran out: noticed by the clock, told upwards, red for everybody, kept."""

import pytest
from django.urls import reverse
from django.utils import timezone

from config.schedule import SCHEDULE
from consultation import tasks
from consultation.models import Consultation, MissedLimit, PublicationKind
from consultation.services import objecting, sessions, stages
from consultation.services.watching import watch_limits
from organizations.models import Message
from tests.consultation.test_way import advance, publish, short
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later
from tests.factories.voting import in_session, opened, plan

pytestmark = pytest.mark.django_db


def missed():
    rows = MissedLimit.objects.order_by("pk")
    return [(row.what, row.key, row.step) for row in rows]


def test_a_paper_that_is_not_out_in_time_is_noticed_once_and_told(
    place, django_capture_on_commit_callbacks
):
    found = advance(place, makers.make_running(place))
    assert watch_limits(at=later(days=3)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert watch_limits(at=later(days=3, minutes=1)) == 1
    assert watch_limits(at=later(days=3, minutes=2)) == 0
    assert missed() == [("publication", "notice:1:notice", 0)]
    told = Message.objects.filter(kind="consultation-late").values_list("to", flat=True)
    assert set(told) == {place.host.pk, place.secretary.pk, place.supervisor.pk}
    publish(place, found, "notice", at=later(days=4))
    assert missed() == [("publication", "notice:1:notice", 0)]


def test_three_working_days_later_those_above_hear_of_it(place):
    advance(place, makers.make_running(place))
    watch_limits(at=later(days=4))
    watch_limits(at=later(days=9))
    assert missed() == [
        ("publication", "notice:1:notice", 0), ("publication", "notice:1:notice", 1),
    ]  # fmt: skip


def test_the_stage_the_whole_and_an_objection_have_limits_too(place):
    blueprint = makers.make_blueprint(
        (("opinions", "opinions", {}), ("result", "result", {"result": (0, None)})),
        whole_days=20, columns={"opinions": {"due_days": 10}, "result": {"objection_days": 7}},
    )  # fmt: skip
    found = makers.make_running(place, blueprint)
    watch_limits(at=later(days=10, minutes=1))
    assert missed() == [("stage", "opinions:1", 0)]
    stages.advance(fresh(found), by=place.host, at=later(days=11))
    publish(place, found, "result", at=later(days=12))
    objection = objecting.raise_objection(fresh(found), text="x", at=later(days=12))
    watch_limits(at=later(days=30))
    assert ("whole", "round-1", 0) in missed()
    assert ("objection", objection.number, 0) in missed()


def test_carrying_out_is_no_part_of_the_whole_way(place):
    blueprint = makers.make_blueprint((("execution", "execution", {}),), whole_days=20)
    found = makers.make_running(place, blueprint)
    assert fresh(found).due_at == later(days=20)
    assert not Consultation.objects.running().late(at=later(days=60)).exists()
    assert watch_limits(at=later(days=60)) == 0


def test_minutes_fall_due_when_the_session_is_over_not_before():
    place, found = in_session()
    found.stage.required.create(kind=PublicationKind.MINUTES, due_days=2)
    session, _people = opened(place, found)
    assert found.stage.required.get().due_at is None
    closed = later(days=10, hours=2)  # a Thursday at noon
    sessions.close_session(session, by=place.host, at=closed)
    assert found.stage.required.get().due_at == closed + (later(days=4) - AT)
    assert plan().title == session.title


def test_the_notice_board_and_the_public_page_are_red_for_everybody(client, place):
    now = timezone.now()
    found = makers.make_running(place, at=now - (later(days=9) - AT))
    stages.advance(fresh(found), by=place.host, at=now - (later(days=8) - AT))
    tasks.watch_limits()
    board = client.get(reverse("consultation:board", args=[place.community.code]))
    assert [row.consultation for row in board.context["late"]] == [found]
    page = client.get(reverse("consultation:published_consultation", args=[found.number]))
    assert page.context["lateness"]
    client.force_login(place.host)
    desk = client.get(reverse("consultation:consultations"), {"state": "late"})
    assert [row.pk for row in desk.context["page"].rows] == [found.pk]


def test_the_clock_looks_every_ten_minutes_and_checks_by_night():
    planned = {row["task"] for row in SCHEDULE.values()}
    assert {"consultation.tasks.watch_limits", "consultation.tasks.verify_publications"} <= planned


def test_what_is_done_or_stopped_is_not_watched(place):
    found = short(place)
    stages.stop(fresh(found), reason="不再需要", by=place.host, at=AT)
    assert watch_limits(at=later(days=30)) == 0
