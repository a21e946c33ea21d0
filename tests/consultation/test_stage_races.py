"""Eight processes at once: one stage is switched once, one draft is one version, one window."""

import datetime

import pytest

from consultation.models import MissedLimit, Objection, PublicationVersion, Topic
from consultation.services import content, objecting, publishing, stages
from consultation.services.verifying import verify_publications
from consultation.services.watching import watch_limits
from lib.errors import RuleViolation
from tests.consultation.test_way import advance, publish, short
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture(autouse=True)
def _system(db):
    """The installation's own user is there before eight of them ask for it."""
    from organizations.models import User

    User.objects.system()


def outcome(act):
    try:
        act()
    except RuleViolation as refused:
        return refused.code
    return "done"


def test_eight_who_switch_the_stage_make_one_step(place):
    found = fresh(makers.make_running(place))

    def press(_number):
        return outcome(lambda: stages.advance(found, by=place.host, at=AT))

    answers = at_once(PROCESSES, press)
    assert answers.count("done") == 1
    found = fresh(found)
    assert found.stage.key == "notice"
    assert found.events.filter(move="advance").count() == 1
    assert list(verify_publications()) == []


def test_what_is_published_while_the_stage_switches_is_in_it_or_in_the_next(place):
    """A corrected notice begins its time again: the stage stays, or the correction is late."""
    found = advance(place, makers.make_running(place))
    paper = publish(place, found, "notice")
    publishing.prepare(
        fresh(found), "notice", title="公告", text="改期。", publication=paper, reason="改期",
        by=place.host, at=later(days=7),
    )  # fmt: skip
    at, stale = later(days=7), fresh(found)

    def act(number):
        if number % 2:
            return outcome(lambda: stages.advance(stale, by=place.host, at=at))
        return outcome(
            lambda: publishing.release(
                paper, public_text="改期。", confirmed=True, by=place.host, at=at
            )
        )

    at_once(PROCESSES, act)
    found = fresh(found)
    assert PublicationVersion.objects.count() == 2
    moved = found.stage.key == "session"
    numbers = {event.move: event.number for event in found.events.filter(number__gt=4)}
    if moved:
        assert numbers["advance"] < max(
            event.number for event in found.events.filter(move="publish")
        )
    else:
        assert found.stage.required.get().stood_at == later(days=14)
    assert list(verify_publications()) == []


def test_at_the_end_of_the_window_an_objection_is_in_time_or_the_matter_is_done(place):
    found = short(place)
    publish(place, found, "result")
    closes, stale = later(days=7), fresh(found)

    def act(number):
        if number == 0:
            return outcome(lambda: stages.advance(stale, by=place.host, at=closes))
        at = closes - datetime.timedelta(seconds=1)
        return outcome(lambda: objecting.raise_objection(stale, text=f"异议{number}", at=at))

    answers = at_once(PROCESSES, act)
    found = fresh(found)
    if answers[0] == "done":
        assert found.state == "done"
        written = found.events.filter(move="object").count()
        finished = found.events.get(move="finish").number
        assert written == 0
        assert finished == found.version
    else:
        assert (found.state, answers[0]) == ("running", "objections_wait")
        assert Objection.objects.count() == answers.count("done") > 0
    numbers = list(Objection.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers)
    assert list(verify_publications()) == []


def test_eight_clocks_notice_a_missed_limit_once(place):
    advance(place, makers.make_running(place))
    noticed = at_once(PROCESSES, lambda _number: watch_limits(at=later(days=4)))
    assert sum(noticed) == 1
    assert MissedLimit.objects.count() == 1


def test_eight_topics_have_eight_numbers(place):
    def propose(number):
        return content.propose(
            source="resident", title=f"议题{number}", text="x", town=place.place,
            community=place.community, at=AT,
        ).number  # fmt: skip

    assert len(set(at_once(PROCESSES, propose))) == PROCESSES
    assert Topic.objects.count() == PROCESSES
