"""Eight hands for one place, eight appointments of one candidate."""

import pytest

from lib.errors import RuleViolation
from organizations.models import Post
from talent.models import Certificate, Course, Enrolment, Movement
from talent.services import enrolling, shortlisting
from tests.factories import talent as make
from tests.factories.organizations import UserFactory
from tests.factories.talent import AT
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


def outcome(act):
    try:
        return act().state
    except RuleViolation as refusal:
        return refusal.code


@pytest.mark.parametrize("places", [1, 5])
def test_as_many_people_as_places(places):
    course = make.opened(make.make_place(), places=places)
    people = [UserFactory() for _n in range(PROCESSES)]

    def worker(number):
        return outcome(lambda: make.enrolled(course, by=people[number]))

    answers = at_once(PROCESSES, worker)
    assert sorted(answers) == sorted(["enrolled"] * places + ["course_full"] * (PROCESSES - places))
    assert (Course.objects.get().taken, Enrolment.objects.count()) == (places, places)


def test_one_person_has_one_place():
    course, person = make.opened(make.make_place(), places=8), UserFactory()

    def worker(_number):
        return outcome(lambda: make.enrolled(course, by=person))

    at_once(PROCESSES, worker)
    assert (Course.objects.get().taken, Enrolment.objects.count()) == (1, 1)


def test_an_examination_gives_one_certificate():
    course = make.opened(make.make_place())
    row = make.attended(course)

    def worker(_number):
        return outcome(lambda: enrolling.grade(row, score=90, by=course.teacher, at=course.ends_at))

    assert sorted(at_once(PROCESSES, worker)) == ["passed", *["wrong_state"] * 7]
    assert Certificate.objects.count() == 1


def test_a_candidate_gets_one_post():
    place = make.make_place()
    _made, (first, _second) = make.decided(place)
    posts = Post.objects.count()

    def worker(_number):
        return outcome(
            lambda: shortlisting.appoint(first, valid_from=AT.date(), by=place.secretary, at=AT)
        )

    assert sorted(at_once(PROCESSES, worker)) == ["appointed", *["wrong_state"] * 7]
    assert (Post.objects.count(), Movement.objects.count()) == (posts + 1, 1)
