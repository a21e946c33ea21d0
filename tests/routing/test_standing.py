"""Every small class in every community: what was planted is found, and nothing else."""

import datetime
import random

import pytest
from django.core.management import call_command
from django.utils import timezone

from lib.worktime import CITY_ZONE
from organizations.models import User
from routing import services
from routing.matching import Facts, Judge
from routing.matching.standing import Standing
from routing.models import CommunityDuty, DutyEntry, DutyFinding, DutyRun
from routing.models.duty import CommunityList
from routing.tasks import check_duties, check_duties_daily
from tests.factories.duties import make_city
from tests.factories.organizations import BodyFactory
from tests.factories.routing import (
    AdmissionFactory,
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
    StandardFactory,
)

AT = datetime.datetime(2026, 11, 23, 12, tzinfo=CITY_ZONE)
TODAY = AT.date()
YESTERDAY = TODAY - datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


def found(at=AT, **how):
    """What stands after a check: (kind, class, community)."""
    services.ask_duty_check(by=User.objects.system(), at=at, **how)
    services.check_duties_waiting(moment=lambda: at)
    rows = DutyFinding.objects.standing()
    return set(rows.values_list("kind", "category_id", "community_id"))


def judged_one_by_one(city):
    """The same asked of the judge of cases, case by case."""
    judge = Judge.load(at=AT)
    codes = {"gap": "gap", "overlap": "overlap", "not_admitted": "misplaced"}
    answers = set()
    for one in city.classes:
        for place in city.places:
            answer = judge.decide(Facts(one.pk, None, place.parent_id, place.pk, None, AT))
            code = codes.get(str(getattr(answer, "code", "")))
            if code:
                answers.add((code, one.pk, place.pk))
    return answers


def gap(chance, _city, entry, _place):
    if chance.random() < 0.5:
        DutyEntry.objects.filter(pk=entry.pk).update(valid_to=TODAY)
    else:
        ended = BodyFactory(valid_to=YESTERDAY)
        DutyEntry.objects.filter(pk=entry.pk).update(lead=ended)


def overlap(chance, city, entry, place):
    others = [body for body in city.departments if body.pk != entry.lead_id]
    DutyEntryFactory(category=entry.category, territory=place, lead=chance.choice(others))


def misplaced(chance, city, entry, place):
    body = city.bodies[place.pk]
    DutyEntry.objects.filter(pk=entry.pk).update(lead=body)
    way = chance.randrange(4)
    if way == 0:
        CommunityDutyFactory(category=entry.category, body=body, list=CommunityList.NEGATIVE)
    elif way == 1:
        CommunityDutyFactory(category=entry.category, body=body, list=CommunityList.ASSIST)
    elif way == 2:
        AdmissionFactory(category=entry.category, community=body, points=1)
    else:
        CommunityDutyFactory(
            category=entry.category, body=body, list=CommunityList.LAWFUL, valid_to=TODAY
        )


@pytest.mark.parametrize("seed", [1, 20261123])
def test_fifty_of_each_are_found_and_none_is_invented(seed):
    chance = random.Random(seed)
    city = make_city(towns=2, communities=8, large=4, small=8)
    # What stands on every community's own list may be led by a community.
    own = set(city.fine) - {
        (row.category_id, place.pk) for row in CommunityDuty.objects.all() for place in city.places
    }
    chosen = chance.sample(sorted(own), 150)
    planted = set()
    places = {place.pk: place for place in city.places}
    for number, (category, community) in enumerate(chosen):
        plant = (gap, overlap, misplaced)[number % 3]
        plant(chance, city, city.fine[category, community], places[community])
        planted.add((plant.__name__, category, community))
    assert len(planted) == 150
    assert found() == planted == judged_one_by_one(city)


def test_a_list_in_order_has_nothing_to_mend():
    city = make_city(towns=1, communities=2)
    assert found() == judged_one_by_one(city) == set()


def test_only_what_changed_is_judged_anew_and_what_is_mended_goes():
    city = make_city(towns=1, communities=3)
    (category, community), entry = next(iter(city.fine.items()))
    found()
    first = DutyRun.objects.latest("pk")
    assert (first.done, first.total) == (len(city.classes), len(city.classes))
    DutyEntry.objects.filter(pk=entry.pk).update(valid_to=TODAY)
    assert found() == {("gap", category, community)}
    assert DutyRun.objects.latest("pk").total == 1
    DutyEntry.objects.filter(pk=entry.pk).update(valid_to=None)
    assert found() == set()
    assert DutyFinding.objects.get().gone_in == DutyRun.objects.latest("pk")
    assert found() == set()
    assert DutyRun.objects.latest("pk").total == 0
    assert found(is_full=True) == set()
    assert DutyRun.objects.latest("pk").total == len(city.classes)


def test_a_finding_says_why_who_and_by_which_entries():
    city = make_city(towns=1, communities=1)
    (first, second, third), place = list(city.fine.values())[:3], city.places[0]
    other = DutyEntryFactory(category=first.category, territory=place)
    body = city.bodies[place.pk]
    DutyEntry.objects.filter(pk=second.pk).update(lead=body)
    CommunityDutyFactory(category=second.category, list=CommunityList.NEGATIVE, body=body)
    DutyEntry.objects.filter(pk=third.pk).update(valid_to=TODAY)
    found()
    rows = {row.kind: row for row in DutyFinding.objects.standing()}
    assert rows["overlap"].entries == sorted([first.pk, other.pk])
    assert (rows["misplaced"].lead, rows["misplaced"].entries) == (body, [second.pk])
    assert rows["misplaced"].reason == "not_admitted_negative"
    assert (rows["gap"].reason, rows["gap"].town) == ("gap", place.parent)


def test_a_precedent_ends_an_overlap_and_an_admission_a_misplacement():
    city = make_city(towns=1, communities=1)
    (first, second), place = list(city.fine.values())[:2], city.places[0]
    DutyEntryFactory(category=first.category, territory=place)
    DutyEntry.objects.filter(pk=second.pk).update(lead=city.bodies[place.pk])
    assert {kind for kind, *_rest in found()} == {"overlap", "misplaced"}
    DutyEntryFactory(category=first.category, territory=place, precedent=True)
    AdmissionFactory(category=second.category, community=city.bodies[place.pk], points=2)
    assert found() == set()


def test_emergencies_and_classes_that_end_have_nothing_to_mend():
    city = make_city(towns=1, communities=1)
    emergency = CategoryFactory(is_emergency=True)
    StandardFactory(category=emergency)
    alone = CategoryFactory()
    StandardFactory(category=alone)
    assert found() == {("gap", alone.pk, city.places[0].pk)}
    alone.valid_to = TODAY
    alone.save()
    assert found() == set()


def test_the_whole_list_costs_the_same_queries(django_assert_num_queries):
    make_city(towns=1, communities=1, large=2, small=1)
    with django_assert_num_queries(12):
        Standing.load(TODAY)
    make_city(towns=2, communities=3)
    with django_assert_num_queries(12):
        Standing.load(TODAY)


def test_a_check_that_broke_off_is_taken_up_by_another_and_one_may_wait_meanwhile():
    make_city(towns=1, communities=1, large=1, small=2)
    run = services.ask_duty_check(by=User.objects.system(), at=AT)
    DutyRun.objects.filter(pk=run.pk).update(state="running", seen_at=AT)
    waiting = services.ask_duty_check(by=User.objects.system(), at=AT)
    assert waiting.pk != run.pk
    assert services.ask_duty_check(by=User.objects.system(), at=AT) == waiting
    assert services.check_duties_waiting(moment=lambda: AT) is None
    later = AT + datetime.timedelta(minutes=6)
    assert services.check_duties_waiting(moment=lambda: later) == run
    assert services.check_duties_waiting(moment=lambda: later) == waiting
    assert services.check_duties_waiting(moment=lambda: later) is None


def test_a_check_that_fails_says_so(monkeypatch):
    services.ask_duty_check(by=User.objects.system(), at=AT)

    def fail(_on):
        raise ZeroDivisionError

    monkeypatch.setattr(Standing, "load", fail)
    with pytest.raises(ZeroDivisionError):
        services.check_duties_waiting(moment=lambda: AT)
    assert DutyRun.objects.get().state == "failed"


def test_the_tasks_may_run_twice():
    make_city(towns=1, communities=1, large=1, small=2)
    assert check_duties_daily() == 2
    assert check_duties() == 0
    assert check_duties_daily() == 0


def test_the_command_prints_what_stands(capsys):
    place = make_city(towns=1, communities=1, large=1, small=1).places[0]
    alone = CategoryFactory()
    StandardFactory(category=alone)
    call_command("check_duties", "--full")
    assert capsys.readouterr().out.splitlines()[0].startswith("gap: 1")
    assert DutyFinding.objects.get().community == place
    assert timezone.localdate() >= DutyRun.objects.get().asked_at.date()
