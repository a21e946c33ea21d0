"""Warnings and escalation: each step once, to the right people, for every case there is."""

import datetime

import pytest
from django.db.models import F
from django.utils import timezone

from cases import services, tasks
from cases.models import Case, CaseEvent, Watch
from cases.services import watching
from cases.services.history import verify_history
from cases.services.reference import load_reference
from lib.roles import Role
from lib.worktime import CITY_ZONE
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh
from tests.factories.organizations import BodyFactory, PostFactory


@pytest.fixture
def town(town):
    """Steps as delivered; above the office a committee, above that the town's party committee."""
    load_reference(by=town.system, at=MONDAY)
    town.party = BodyFactory(party=True)
    town.above = BodyFactory(committee=True, parent=town.party)
    town.office.parent = town.above
    town.office.save()
    town.member = PostFactory(body=town.above, role=Role.COMMITTEE_MEMBER).person
    town.secretary = PostFactory(body=town.party, role=Role.PARTY_SECRETARY).person
    return town


def clock(day, hour, minute=0):
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=CITY_ZONE)


def watch_of(case, limit="handle"):
    return Watch.objects.get(case=case, limit=limit)


def sweep(at):
    while services.warn_due(at=at):
        pass


def told(case):
    rows = Message.objects.filter(subject_key=str(case.pk), kind__in=["case-warn", "case-escalate"])
    return [
        (row.kind, row.params["limit"], row.params["percent"], row.to)
        for row in rows.order_by("id")
    ]


def steps_of(case):
    rows = CaseEvent.objects.filter(case=case, move__in=["warn", "escalate"]).order_by("number")
    return [(row.move, row.facts["limit"], row.facts["percent"], row.by) for row in rows]


def test_a_dispatched_case_is_watched_for_signing_and_for_handling(town):
    case = make.dispatched(town)  # Monday nine o'clock: two hours to sign, a day to handle
    assert (watch_of(case, "sign").next_at, watch_of(case, "sign").due_at) == (
        clock(23, 10), clock(23, 11),
    )  # fmt: skip
    assert (watch_of(case).next_at, watch_of(case).due_at) == (clock(23, 15), clock(24, 9))


def test_signing_ends_the_watch_for_signing(town):
    case = make.handling(town)
    assert [row.limit for row in Watch.objects.filter(case=case)] == ["handle"]


def test_confirmation_ends_every_watch_and_rework_begins_one_again(town):
    case = make.checking(town)
    assert Watch.objects.count() == 0
    case = services.check_fail(case, by=town.verifier, at=clock(23, 14), note="没有盖严")
    assert watch_of(case).due_at == case.handle_due_at


def test_each_step_is_taken_once_and_told_to_its_people(town):
    case = make.handling(town)
    taken = []
    for at in (clock(23, 14, 59), clock(23, 15), clock(23, 15), clock(23, 17, 24), clock(24, 9)):
        sweep(at)
        taken.append(len(steps_of(case)))
    assert taken == [0, 1, 1, 2, 3]
    system = town.system
    assert steps_of(case) == [("warn", "handle", percent, system) for percent in (50, 80, 100)]
    assert told(case) == [
        ("case-warn", "handle", 50, town.handler),
        ("case-warn", "handle", 80, town.handler),
        ("case-warn", "handle", 100, town.handler),
        ("case-warn", "handle", 100, town.head),
    ]
    assert list(verify_history()) == []


def test_beyond_the_limit_it_climbs_to_the_committee_and_then_rests(town):
    case = make.handling(town)
    for at in (clock(24, 9), clock(24, 15), clock(25, 9), clock(26, 9), clock(30, 9)):
        sweep(at)
    assert [step[:3] for step in steps_of(case)] == [
        ("warn", "handle", 100), ("escalate", "handle", 150),
        ("escalate", "handle", 200), ("escalate", "handle", 300),
    ]  # fmt: skip
    assert [person for _kind, _limit, percent, person in told(case) if percent > 100] == [
        town.head, town.member, town.member,
    ]  # fmt: skip
    assert watch_of(case).next_at is None


def test_after_a_long_silence_all_who_should_know_are_told_by_one_event(town):
    case = make.handling(town)
    sweep(clock(30, 9))
    assert [step[:3] for step in steps_of(case)] == [("escalate", "handle", 300)]
    assert {person for *_step, person in told(case)} == {town.handler, town.head, town.member}


def test_whoever_is_missing_is_replaced_from_above(town):
    town.posts.head.delete()
    case = make.handling(town)
    sweep(clock(24, 9))
    assert {person for *_step, person in told(case)} == {town.handler, town.member}


def test_an_extension_begins_a_new_limit(town):
    case = make.handling(town)
    sweep(clock(24, 8, 30))
    due = clock(25, 9)
    Case.objects.filter(pk=case.pk).update(handle_due_at=due, extensions=1)
    watching.watch([fresh(case)], at=clock(24, 8, 30))
    # Two days of limit, not quite half used: the half comes again, at its own moment.
    assert (watch_of(case).done_percent, watch_of(case).next_at) == (0, clock(24, 9))
    sweep(clock(24, 9))
    assert [step[2] for step in steps_of(case)] == [80, 50]


def test_time_in_which_the_clock_stood_is_not_counted(town):
    case = make.handling(town)
    # Stood from ten to the next day's ten: a day of eight hours; one hour was used before.
    Case.objects.filter(pk=case.pk).update(handle_due_at=clock(25, 9))
    watching.watch([fresh(case)], at=clock(24, 10))
    assert (watch_of(case).done_percent, watch_of(case).next_at) == (0, clock(24, 15))


def test_steps_that_have_passed_when_a_limit_moves_are_not_made_up_for(town):
    case = make.handling(town)
    Case.objects.filter(pk=case.pk).update(handle_due_at=clock(23, 18))
    watching.watch([fresh(case)], at=clock(23, 17))
    assert (watch_of(case).done_percent, watch_of(case).next_at) == (80, clock(23, 18))


def test_a_case_that_nobody_watches_is_found(town):
    case = make.handling(town)
    Watch.objects.all().delete()
    assert services.watch_forgotten(at=clock(30, 9)) == 1
    assert services.watch_forgotten(at=clock(30, 9)) == 0
    sweep(clock(30, 9))
    assert [step[2] for step in steps_of(case)] == [300]


def test_a_move_that_touches_no_limit_leaves_the_watch(town):
    case = make.handling(town)
    before = watch_of(case)
    services.note(case, text="已联系", by=town.handler, at=clock(23, 16))
    assert (watch_of(case).pk, watch_of(case).next_at) == (before.pk, before.next_at)


def many(town, count):
    """Copies of a case in work, each with a history, a task and a watch of its own."""
    pattern = make.handling(town)
    columns = {
        field.attname: getattr(pattern, field.attname)
        for field in Case._meta.concrete_fields
        if field.attname not in {"id", "number", "head"}
    }
    columns |= {"version": 0, "client_key": None}
    Case.objects.bulk_create([Case(**columns, number=f"late-{number}") for number in range(count)])
    while services.watch_forgotten(at=clock(30, 9)):
        pass


def test_three_thousand_late_cases_are_all_told_in_one_sweep(town, monkeypatch):
    many(town, 3000)
    monkeypatch.setattr(timezone, "now", lambda: clock(30, 9))
    assert tasks.warn_due() == 3001
    late = Case.objects.filter(number__startswith="late-")
    assert CaseEvent.objects.filter(case__in=late, move="escalate").count() == 3000
    assert Message.objects.filter(kind="case-escalate", to=town.member).count() == 3001
    assert Watch.objects.exclude(next_at=None).count() == 0
    assert late.exclude(version=F("events__number")).count() == 0
    assert tasks.warn_due() == 0


def test_a_batch_of_one_costs_as_many_queries_as_one_of_twenty(town, django_assert_max_num_queries):
    counts = []
    for count in (1, 20):
        many(town, 20) if count == 20 else make.handling(town)
        with django_assert_max_num_queries(25) as queries:
            assert services.warn_due(at=clock(30, 9)) >= count
        counts.append(len(queries))
    assert counts[0] == counts[1]
