"""Call-outs: waves in order of skill and distance, reminders, free answers."""

import pytest
from django.db import IntegrityError, transaction

from emergency.matching import candidates
from emergency.models import Called, CallOut
from emergency.services import calling
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.emergency import HOUR, MINUTE
from tests.factories.grids import BoundaryFactory, TerritoryFactory
from tests.factories.organizations import SkillFactory
from volunteers.models import Volunteer, VolunteerSkill

pytestmark = pytest.mark.django_db


def told(person):
    rows = Message.objects.filter(to=person, kind__startswith="emergency-call").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_workers_of_the_territory_are_called_first_then_volunteers(town, order, at):
    volunteer = people.active(town)
    callout = made.callout(order, town)
    found = [one.person for one in candidates(callout, at=at)]
    assert found == [town.workers[0].pk, town.workers[1].pk, volunteer.person_id]


def test_volunteers_by_skill_then_by_distance(town, order, at):
    first_aid = SkillFactory()
    near, far, skilled = (people.active(town) for _n in range(3))
    away = TerritoryFactory(parent=town.community)
    BoundaryFactory(territory=away, square=(114.3, 22.8, 114.4, 22.9))
    Volunteer.objects.filter(pk=near.pk).update(grid=town.grid)
    Volunteer.objects.filter(pk__in=[far.pk, skilled.pk]).update(grid=away)
    VolunteerSkill.objects.create(volunteer=skilled, skill=first_aid)
    callout = made.callout(order, town, calls_staff=False, skills=(first_aid,))
    found = list(candidates(callout, at=at))
    assert [one.volunteer for one in found] == [skilled.pk, near.pk, far.pk]
    assert found[1].metres == 0
    assert found[2].metres > 20_000
    callout.metres = 5_000
    assert [one.volunteer for one in candidates(callout, at=at)] == [near.pk]


def test_dangerous_work_calls_insured_volunteers_only_and_minors_are_never_called(town, order, at):
    people.active(town)
    covered = people.insured(town, people.active(town))
    callout = made.callout(order, town, calls_staff=False, is_dangerous=True)
    assert [one.volunteer for one in candidates(callout, at=at)] == [covered.pk]
    Volunteer.objects.filter(pk=covered.pk).update(born="2012-01-01")
    assert list(candidates(callout, at=at)) == []


def test_a_wave_calls_so_many_and_each_gets_one_message(town, order, at):
    callout = made.callout(order, town, wave_size=1)
    assert calling.call_wave(callout, at=at) == 1
    row = Called.objects.get()
    assert (row.person, row.wave, row.state) == (town.workers[0], 1, "called")
    assert told(town.workers[0]) == ["emergency-call"]
    callout.refresh_from_db()
    assert callout.due_at == at + 20 * MINUTE


def test_called_twice_at_once_calls_nobody_twice(town, order, at):
    stale = made.callout(order, town, wave_size=1)
    same = CallOut.objects.with_names().get(pk=stale.pk)
    assert calling.call_wave(stale, at=at) == 1
    assert calling.call_wave(same, at=at) == 0
    assert Called.objects.count() == 1


def test_too_few_answers_bring_a_reminder_and_the_next_wave(town, order, at):
    made.callout(order, town, wave_size=1, wanted=1)
    assert calling.call_due(at=at) == 1
    assert calling.call_due(at=at + MINUTE) == 0
    assert calling.call_due(at=at + 20 * MINUTE) == 1
    assert told(town.workers[0]) == ["emergency-call", "emergency-call-again"]
    assert Called.objects.get(person=town.workers[1]).wave == 2


def test_enough_answers_call_nobody_else(town, order, at):
    row = made.called(order, town, wave_size=1, wanted=1)
    made.accepted(row)
    assert calling.call_due(at=at + 20 * MINUTE) == 0
    assert Called.objects.count() == 1
    assert told(town.workers[0]) == ["emergency-call"]


def test_when_nobody_is_left_the_call_out_rests(town, order, at):
    callout = made.callout(order, town, wanted=9)
    for minutes in (0, 20, 40):
        calling.call_due(at=at + minutes * MINUTE)
    callout.refresh_from_db()
    assert callout.due_at is None
    assert Called.objects.count() == 2


def test_a_wave_that_was_cut_off_is_finished_and_not_repeated(town, order, at, monkeypatch):
    callout = made.callout(order, town, wave_size=2)
    monkeypatch.setattr(calling, "AT_ONCE", 1)
    whole = calling._call

    def dies(callout, batch, *, at):
        if Called.objects.exists():
            raise RuntimeError("killed")
        return whole(callout, batch, at=at)

    monkeypatch.setattr(calling, "_call", dies)
    with pytest.raises(RuntimeError):
        calling.call_wave(callout, at=at)
    assert Called.objects.count() == 1
    monkeypatch.setattr(calling, "_call", whole)
    assert calling.call_due(at=at) == 1
    assert set(Called.objects.values_list("wave", flat=True)) == {1}


def test_who_was_called_says_when_they_will_be_there_or_that_they_cannot(town, order, at):
    row = made.called(order, town)
    done = calling.accept(row, minutes=25, by=row.person, at=at)
    assert (done.state, done.minutes, done.answered_at) == ("coming", 25, at)
    done = calling.decline(row, by=row.person, at=at)
    assert (done.state, done.minutes) == ("cannot", None)
    assert calling.accept(row, minutes=5, by=row.person, at=at).state == "coming"


def test_declining_tells_nobody_and_leaves_no_trace_on_the_person(town, order, at):
    volunteer = people.active(town)
    row = made.called(order, town, volunteer.person)
    before = volunteer.version, Message.objects.count()
    calling.decline(row, by=row.person, at=at)
    volunteer.refresh_from_db()
    assert (volunteer.version, Message.objects.count()) == before


def test_nobody_answers_for_another(town, order, at):
    row = made.called(order, town)
    with pytest.raises(NotYours):
        calling.accept(row, minutes=5, by=town.officer, at=at)
    row.refresh_from_db()
    assert row.state == "called"


def test_strange_answers_are_refused(town, order, at):
    row = made.called(order, town)
    with pytest.raises(RuleViolation):
        calling.accept(row, minutes=-1, by=row.person, at=at)
    made.arrived(row, town)
    with pytest.raises(WrongState):
        calling.decline(row, by=row.person, at=at)


def test_a_call_out_is_for_an_order_in_force_by_who_leads_there(town, order, at):
    with pytest.raises(NotYours):
        calling.open_callout(
            order, calling.Asked("巡查", 1, 1), made.point_of(order, town), by=town.worker, at=at
        )
    for asked in (
        calling.Asked("巡查", 0, 1),
        calling.Asked("", 1, 1),
        calling.Asked("巡查", 1, 1, calls_staff=False, calls_volunteers=False),
    ):
        with pytest.raises(RuleViolation):
            calling.open_callout(order, asked, order.points.get(), by=town.officer, at=at)
    assert CallOut.objects.count() == 0


def test_a_closed_call_out_calls_nobody(town, order, at):
    callout = made.callout(order, town)
    calling.close_callout(callout, by=town.officer, at=at)
    assert calling.call_due(at=at + HOUR) == 0
    assert calling.call_wave(callout, at=at) == 0


def test_the_called_are_seen_by_themselves_and_those_who_lead(town, order, at):
    made.called(order, town)
    on = at.date()
    assert Called.objects.visible_to(town.worker, on=on).count() == 1
    assert Called.objects.visible_to(town.officer, on=on).count() == 2
    assert Called.objects.visible_to(town.organizer, on=on).count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "coming"},
        {"state": "arrived"},
        {"state": "released"},
        {"answered_at": made.AT},
        {"left_at": made.AT},
    ],
    ids=str,
)
def test_the_database_ties_answers_to_moments(town, order, changes):
    row = made.called(order, town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Called.objects.filter(pk=row.pk).update(**changes)


def test_nobody_is_called_twice_for_an_order(town, order):
    row = made.called(order, town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Called.objects.create(
            callout=row.callout, order=order, person=row.person, wave=1, at=made.AT
        )
