"""The lists of what is late and what soon will be; the time of each stage on the page of a case."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from cases import services
from cases.models import StageLimit
from cases.services.reference import load_reference
from cases.stages import stage_times
from lib.worktime import CITY_ZONE
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later

PAGE = "cases:deadlines"


def clock(day, hour, minute=0):
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=CITY_ZONE)


def shown(client, person, at, **asked):
    client.force_login(person)
    with time_machine.travel(at, tick=False):
        answer = client.get(reverse(PAGE), asked)
    assert answer.status_code == 200
    return [(row.case.number, row.limit) for row in answer.context["page"].rows]


def test_a_handler_sees_what_of_theirs_is_late(town, client):
    unsigned, begun = make.dispatched(town), make.handling(town)
    assert shown(client, town.handler, clock(23, 10)) == []
    assert shown(client, town.handler, clock(23, 12)) == [(unsigned.number, "sign")]
    assert shown(client, town.handler, clock(24, 10)) == [
        (unsigned.number, "sign"), (begun.number, "handle"),
    ]  # fmt: skip


def test_what_soon_ends_is_what_ends_within_a_working_day(town, client):
    begun = make.handling(town)  # until Tuesday nine o'clock
    assert shown(client, town.handler, clock(23, 8), show="soon") == []
    assert shown(client, town.handler, clock(23, 10), show="soon") == [(begun.number, "handle")]
    assert shown(client, town.handler, clock(24, 10), show="soon") == []


@pytest.mark.parametrize(
    ("who", "whose", "sees"),
    [
        ("head", "body", True), ("head", "me", False), ("dispatcher", "all", True),
        ("stranger", "all", False), ("stranger", "body", False), ("verifier", "all", True),
    ],
)  # fmt: skip
def test_everybody_sees_what_their_posts_reach(town, client, who, whose, sees):
    case = make.handling(town)
    found = shown(client, getattr(town, who), clock(24, 10), whose=whose)
    assert found == ([(case.number, "handle")] if sees else [])


def test_what_nobody_asks_for_is_not_there(town, client):
    client.force_login(town.handler)
    for asked in ({"show": "x"}, {"whose": "x"}):
        assert client.get(reverse(PAGE), asked).status_code == 404
    assert client.get(reverse(PAGE), {"cursor": "x"}).status_code == 400


def test_one_and_three_rows_cost_the_same(town, client, django_assert_max_num_queries):
    counts = []
    client.force_login(town.dispatcher)
    for number in (1, 2):
        for _more in range(number):
            make.handling(town)
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse(PAGE), {"whose": "all"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_each_stage_is_timed_on_its_own_clock(town):
    load_reference(by=town.system, at=MONDAY)
    case = make.closed(town)
    times = {str(one.stage): (one.used, one.limit) for one in stage_times(case, at=clock(30, 9))}
    hour = 3600
    assert times == {
        "accept": (0, 4 * hour),
        "dispatch": (0, 2 * hour),
        "handle": (2 * hour, 8 * hour),
        "check": (hour, 16 * hour),
        "total": (3 * hour, 15 * 24 * hour),
    }


def test_while_it_is_checked_the_handling_clock_stands(town):
    case = make.checking(town)  # confirmed at eleven
    case = services.check_fail(case, by=town.verifier, at=clock(24, 9), note="没有盖严")
    handle = {str(one.stage): one for one in stage_times(fresh(case), at=clock(24, 10))}["handle"]
    assert (handle.used, handle.share, handle.is_late) == (3 * 3600, 37, False)


def test_an_urgent_matter_has_its_own_limits(town):
    load_reference(by=town.system, at=MONDAY)
    case = make.filed(town, urgency="urgent")
    times = {str(one.stage): one for one in stage_times(case, at=later(hours=2))}
    assert (times["dispatch"].unit, times["dispatch"].is_late) == ("urgent_hour", True)


def test_a_stage_without_a_limit_is_not_told(town):
    assert StageLimit.objects.count() == 0
    assert [one.stage for one in stage_times(make.filed(town), at=MONDAY)] == []


def test_the_page_of_a_case_shows_the_stages(town, client):
    load_reference(by=town.system, at=MONDAY)
    case = make.checking(town)
    client.force_login(town.verifier)
    text = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert "stages-heading" in text
