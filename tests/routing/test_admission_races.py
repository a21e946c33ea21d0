"""Two at once: a review is decided once, nothing is promised twice, the last money goes once."""

import pytest

from lib.errors import RuleViolation
from routing import services
from routing.models import (
    Admission,
    AdmissionApplication,
    AdmissionEvaluation,
    AdmissionShare,
    DutyChange,
    DutyEntry,
    DutyFinding,
    DutyRun,
)
from routing.services import Step
from tests.factories import admissions as make
from tests.factories.admissions import AMOUNT, AT, LATER, POINTS
from tests.factories.duties import DutyRunFactory, make_committee
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FOUR = 4


def outcome(act):
    try:
        return act().state
    except RuleViolation as refusal:
        return refusal.code


def books(place):
    place.line.refresh_from_db()
    place.worker.refresh_from_db()
    return place.line.available, place.worker.capacity


def test_two_reviewers_who_agree_at_once_admit_once():
    place = make.make_place()
    application = make.reviewed(place)
    people = place.committee[1:3]

    def worker(number):
        return outcome(lambda: services.agree(application, words="", by=people[number], at=AT))

    assert sorted(at_once(2, worker)) == ["review", "trial"]
    assert Admission.objects.count() == 1
    assert books(place) == (1_000_000 - AMOUNT, 20 - POINTS)


def test_one_agrees_and_one_objects_and_one_of_them_is_last():
    place = make.make_place()
    application = make.reviewed(place)
    first, second = place.committee[1:3]

    def worker(number):
        if number:
            return outcome(lambda: services.agree(application, words="", by=first, at=AT))
        return outcome(lambda: services.object_to(application, reason="不可", by=second, at=AT))

    answers = at_once(2, worker)
    assert answers in (["refused", "review"], ["refused", "wrong_state"])
    assert AdmissionApplication.objects.get().state == "refused"
    assert (Admission.objects.count(), books(place)) == (0, (1_000_000, 20))


def test_the_last_answer_given_twice_admits_once():
    place = make.make_place()
    application = make.reviewed(place)
    first, second = place.committee[1:3]
    services.agree(application, words="", by=first, at=AT)

    def worker(_number):
        return outcome(lambda: services.agree(application, words="", by=second, at=AT))

    answers = sorted(at_once(FOUR, worker))
    assert answers == ["trial", *["wrong_state"] * (FOUR - 1)]
    assert (Admission.objects.count(), books(place)) == (1, (1_000_000 - AMOUNT, 20 - POINTS))


@pytest.mark.parametrize(("free", "capacity"), [(AMOUNT, 50), (1_000_000, POINTS)])
def test_the_last_money_and_the_last_room_are_given_once(free, capacity):
    place = make.make_place(free=free, capacity=capacity)
    first, second = place.committee[1:3]
    category = place.category
    waiting = []
    for _one in range(2):
        waiting.append(make.reviewed(place))
        services.agree(waiting[-1], words="", by=first, at=AT)
        place.category = CategoryFactory()
    place.category = category

    def worker(number):
        return outcome(lambda: services.agree(waiting[number], words="", by=second, at=AT))

    answers = at_once(2, worker)
    assert answers.count("trial") == 1
    assert Admission.objects.count() == 1
    assert books(place) == (free - AMOUNT, capacity - POINTS)
    assert AdmissionShare.objects.exclude(own_line=None).count() == 1


def test_what_ends_in_two_ways_at_once_goes_back_once():
    place = make.make_place()
    application = make.admitted(place)

    def worker(number):
        if number % 2:
            return outcome(
                lambda: services.revoke(application, reason="x", by=place.committee[0], at=LATER)
            )
        return outcome(
            lambda: services.withdraw_application(application, reason="x", by=place.head, at=LATER)
        )

    assert sorted(at_once(FOUR, worker)) == ["withdrawn", *["wrong_state"] * (FOUR - 1)]
    assert books(place) == (1_000_000, 20)


def test_a_community_says_it_once():
    place = make.make_place()
    make.admitted(place)
    share = AdmissionShare.objects.get()

    def worker(number):
        try:
            services.evaluate(share, score=1 + number, words="", by=place.speakers[0], at=LATER)
        except RuleViolation as refusal:
            return refusal.code
        return "said"

    assert sorted(at_once(FOUR, worker)) == ["said", *["said_already"] * (FOUR - 1)]
    assert AdmissionEvaluation.objects.count() == 1


def test_two_changes_that_end_the_same_entry_are_adopted_once():
    town = TerritoryFactory(town=True)
    maker, *_others = people = make_committee(town)
    entry = DutyEntryFactory(territory=town)
    changes = []
    for _one in range(2):
        draft = services.draft_change(title="调整", force_on=AT.date(), by=maker, at=AT)
        step = Step(entry.category, town, BodyFactory(), "三定规定", ends=[entry])
        services.add_step(draft, step, by=maker, at=AT)
        changes.append(services.submit_change(draft, by=maker, at=AT))

    def worker(number):
        return outcome(lambda: services.adopt_change(changes[number], by=people[1], at=AT))

    assert sorted(at_once(2, worker)) == ["adopted", "ended"]
    assert DutyEntry.objects.valid_on(AT.date()).count() == 1
    assert DutyChange.objects.get(state="adopted").edition == 1


def test_one_worker_checks_what_waits():
    town = TerritoryFactory(town=True, parent=TerritoryFactory(city=True))
    TerritoryFactory(community=True, parent=town)
    StandardFactory()
    DutyRunFactory()

    def worker(_number):
        run = services.check_duties_waiting(moment=lambda: AT)
        return run.done if run else None

    assert sorted(at_once(FOUR, worker), key=str) == [1, *[None] * (FOUR - 1)]
    assert (DutyFinding.objects.count(), DutyRun.objects.get().state) == (1, "done")
