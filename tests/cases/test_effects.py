"""The effect of a drafted change on the last cases: known before it takes force."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.models import ReplayDifference, ReplayRun
from cases.services import effects
from lib.errors import RuleViolation, WrongState
from organizations.models import User
from routing import services as rules
from routing.models import DutyChange, DutyEntry, DutyRun
from routing.services import Step
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY
from tests.factories.duties import make_committee
from tests.factories.funding import LineFactory
from tests.factories.organizations import BodyFactory, PostFactory


@pytest.fixture
def committee(town):
    return make_committee(town.place)


@pytest.fixture
def other(town):
    post = PostFactory(body=BodyFactory())
    LineFactory(body=post.body, purposes=[town.purpose], free=COST)
    return post.body


@pytest.fixture
def change(town, committee, other):
    """The community's matters of the small class go to another body from next week on."""
    on = MONDAY.date() + datetime.timedelta(days=7)
    draft = rules.draft_change(title="试改", force_on=on, by=committee[0], at=MONDAY)
    step = Step(town.small, town.community, other, "三定规定")
    rules.add_step(draft, step, by=committee[0], at=MONDAY)
    return DutyChange.objects.get()


def replayed(change, last=100):
    effects.ask_effect(change, last=last, by=change.made_by, at=MONDAY)
    effects.replay_waiting(moment=lambda: MONDAY)
    return ReplayRun.objects.latest("pk")


def test_it_says_which_cases_would_go_elsewhere_and_what_that_means(town, change, other):
    cases = [make.dispatched(town), make.dispatched(town)]
    run = replayed(change)
    assert (run.state, run.total, run.done, run.differing) == ("done", 2, 2, 2)
    rows = run.differences.order_by("pk")
    assert {row.case for row in rows} == set(cases)
    assert {(row.before, row.before_lead, row.after, row.after_lead) for row in rows} == {
        ("match", town.office, "match", other)
    }
    # Cases, points and fen, before and after.
    assert run.figures == {
        str(town.office.pk): [2, 0, 4, 0, 2 * COST, 0],
        str(other.pk): [0, 2, 0, 4, 0, 2 * COST],
    }


def test_nothing_of_it_is_kept(town, change):
    make.dispatched(town)
    waiting = DutyRun.objects.count()
    replayed(change)
    town.line.refresh_from_db()
    assert (DutyEntry.objects.count(), DutyRun.objects.count()) == (1, waiting)
    assert (town.line.reserved, change.items.get().entry) == (COST, None)


def test_only_the_last_cases_are_asked_about(town, change):
    make.dispatched(town)
    newest = make.dispatched(town)
    run = replayed(change, last=1)
    assert [row.case for row in run.differences.all()] == [newest]


def test_what_is_decided_is_not_tried(town, change, committee):
    rules.submit_change(change, by=committee[0], at=MONDAY)
    rules.adopt_change(change, by=committee[1], at=MONDAY)
    change.refresh_from_db()
    with pytest.raises(WrongState):
        effects.ask_effect(change, last=1, by=committee[0], at=MONDAY)


def test_it_does_not_ask_about_more_than_it_can(town, change, committee):
    with pytest.raises(RuleViolation):
        effects.ask_effect(change, last=effects.MOST + 1, by=committee[0], at=MONDAY)
    assert ReplayRun.objects.count() == 0


def test_a_replay_that_broke_off_begins_again(town, change):
    make.dispatched(town)
    run = effects.ask_effect(change, last=10, by=User.objects.system(), at=MONDAY)
    ReplayRun.objects.filter(pk=run.pk).update(
        state="running", seen_at=MONDAY, total=1, done=1, differing=1
    )
    ReplayDifference.objects.create(
        run=run, case=make.dispatched(town), before="gap", after="match"
    )
    assert effects.replay_waiting(moment=lambda: MONDAY) is None
    later = MONDAY + datetime.timedelta(minutes=6)
    assert effects.replay_waiting(moment=lambda: later) == run
    run.refresh_from_db()
    assert (run.state, run.differing, run.differences.count()) == ("done", 2, 2)


def test_the_task_may_run_twice(town, change):
    make.dispatched(town)
    effects.ask_effect(change, last=10, by=change.made_by, at=MONDAY)
    assert [tasks.replay_changes(), tasks.replay_changes()] == [1, 0]


# -- Pages --------------------------------------------------------------------------------------


def test_the_page_of_a_change_asks_and_shows(town, change, committee, other, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    case = make.dispatched(town)
    client.force_login(committee[0])
    asked = client.post(reverse("cases:effect_ask", args=[change.pk]), {"last": 10})
    assert asked.status_code == 302
    run = ReplayRun.objects.get()
    assert "HX-Refresh" not in client.get(reverse("cases:effect_progress", args=[run.pk])).headers
    effects.replay_waiting(moment=timezone.now)
    ended = client.get(reverse("cases:effect_progress", args=[run.pk]))
    assert ended.headers["HX-Refresh"] == "true"
    page = client.get(reverse("routing:change", args=[change.pk])).content.decode()
    assert reverse("cases:effect", args=[run.pk]) in page
    shown = client.get(reverse("cases:effect", args=[run.pk]))
    [(row, before, after)] = shown.context["rows"]
    assert (row.case, before, after) == (case, str(town.office), str(other))
    assert {body for body, _row in shown.context["figures"]} == {town.office, other}


def test_a_handler_asks_nothing(town, change, client):
    client.force_login(town.handler)
    assert client.post(reverse("cases:effect_ask", args=[change.pk])).status_code == 403
    assert ReplayRun.objects.count() == 0
