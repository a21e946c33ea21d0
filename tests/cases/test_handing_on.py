"""Open work on a post that has ended is handed on, never left where nobody is."""

import datetime

import pytest

from cases import services, tasks
from cases.models import Assistant, Task
from cases.workflow import Desk
from lib.roles import Role
from organizations.models import Message, Post
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later
from tests.factories.organizations import BodyFactory, PostFactory

YESTERDAY = MONDAY.date() - datetime.timedelta(days=1)


def ends(post, on=YESTERDAY):
    Post.objects.filter(pk=post.pk).update(valid_to=on)


def hand_on(at=None):
    return services.hand_on_orphans(at=at or later(hours=1))


@pytest.mark.parametrize("bring", [make.dispatched, make.handling, make.rework])
def test_the_matched_person_gets_it_by_the_router(town, bring):
    case = bring(town)
    other = PostFactory(body=town.office, role=Role.HANDLER)
    ends(town.posts.handler)
    assert hand_on() == 1
    waiting = fresh(case)
    assert (waiting.state, waiting.desk, waiting.lead_post) == ("returned", Desk.DISPATCH, None)
    assert waiting.returns == 0
    assert waiting.route_at is not None
    services.route_waiting(at=later(hours=1))
    done = fresh(case)
    assert (done.state, done.lead_post) == ("dispatched", other)
    assert not Task.objects.unsettled().filter(post=town.posts.handler).exists()
    town.line.refresh_from_db()
    assert town.line.reserved == make.COST


def test_money_and_points_are_free_meanwhile_and_the_reason_stands(town):
    case = make.handling(town)
    ends(town.posts.handler)
    hand_on()
    town.line.refresh_from_db()
    town.posts.handler.refresh_from_db()
    assert (town.line.reserved, town.posts.handler.load.points) == (0, 0)
    event = fresh(case).events.latest("number")
    assert (event.move, event.facts["post"]) == ("hand_on", town.posts.handler.pk)
    assert town.office.name in event.note_row.text


def test_where_nobody_is_found_it_lies_where_somebody_decides(town):
    case = make.handling(town)
    ends(town.posts.handler)
    hand_on()
    services.route_waiting(at=later(hours=1))
    assert (fresh(case).state, fresh(case).refusal) == ("returned", "no_staff")
    assert fresh(case).desk != Desk.HANDLER


def test_dispatchers_are_told(town, django_capture_on_commit_callbacks):
    make.handling(town)
    ends(town.posts.handler)
    with django_capture_on_commit_callbacks(execute=True):
        hand_on()
    assert Message.objects.filter(to=town.dispatcher, kind="case-hand-on").count() == 1


def test_it_is_done_once_and_what_goes_on_is_left_alone(town):
    case = make.handling(town)
    assert hand_on() == 0
    ends(town.posts.handler)
    assert (hand_on(), hand_on()) == (1, 0)
    assert fresh(case).events.filter(move="hand_on").count() == 1


def test_a_post_that_ends_tomorrow_works_today(town):
    make.handling(town)
    ends(town.posts.handler, on=MONDAY.date() + datetime.timedelta(days=1))
    assert hand_on() == 0
    assert hand_on(at=later(days=1)) == 1


def test_what_is_reported_is_confirmed_by_its_head(town):
    case = make.reported(town)
    ends(town.posts.handler)
    assert hand_on() == 0
    services.confirm(case, by=town.head, at=later(hours=2))
    case = services.check_fail(fresh(case), by=town.verifier, at=later(hours=3), note="没有盖严")
    assert case.state == "rework"
    assert hand_on(at=later(hours=4)) == 1


def test_assistance_is_owed_again_to_whoever_is_free(town):
    case = make.handling(town)
    body = BodyFactory(name="供水公司")
    gone = PostFactory(body=body, role=Role.HANDLER)
    services.ask_assistance(case, post=gone, by=town.head, at=later(minutes=20), note="关水")
    ends(gone)
    assert hand_on() == 1
    task = Task.objects.get(case=case, post=gone)
    assert (task.state, fresh(case).state) == ("withdrawn", "handling")
    assert Assistant.objects.get(case=case, body=body).owed
    other = PostFactory(body=body, role=Role.HANDLER)
    services.give_owed(at=later(hours=1))
    assert Task.objects.get(case=case, post=other).state == "dispatched"


def test_the_sweep_hands_on(town):
    case = make.handling(town)
    ends(town.posts.handler)
    tasks.sweep()
    assert fresh(case).events.filter(move="hand_on").exists()
