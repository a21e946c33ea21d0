"""Courses with places, attendance, examination, certificates that anyone verifies."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from talent.models import Certificate, Course, Enrolment, Revocation
from talent.services import certificates, courses, enrolling
from talent.services.forgetting import forget
from tests.factories import talent as make
from tests.factories.organizations import UserFactory
from tests.factories.talent import AT, DAY

pytestmark = pytest.mark.django_db


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def refused(act, code):
    before = list(Enrolment.objects.order_by("pk").values()) + list(
        Course.objects.order_by("pk").values()
    )
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code
    after = list(Enrolment.objects.order_by("pk").values()) + list(
        Course.objects.order_by("pk").values()
    )
    assert after == before


def test_a_course_goes_from_plan_to_certificate(place):
    course, learner = make.opened(place), UserFactory()
    row = make.passed(course, by=learner)
    assert (row.state, row.score, row.attended) == ("passed", 88, 8)
    certificate = Certificate.objects.get(enrolment=row)
    assert certificate.number == "PX2026000001"
    assert certificate.score == 88
    assert told(learner) == ["course-place", "course-certificate"]
    done = courses.finish_course(course, by=place.member, at=course.ends_at)
    assert done.state == "finished"
    assert [event.move for event in course.events.order_by("number")] == ["plan", "open", "finish"]


def test_places_are_counted_and_become_free_again(place):
    course = make.opened(place, places=1)
    first, second = UserFactory(), UserFactory()
    row = make.enrolled(course, by=first)
    refused(lambda: make.enrolled(course, by=second), "course_full")
    enrolling.cancel_enrolment(row, by=first, at=AT)
    assert Course.objects.get().taken == 0
    make.enrolled(course, by=second)
    assert Course.objects.get().taken == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"places": 61}, "seats"),
        ({"pass_mark": 101}, "marks"),
        ({"attend_hours": 9}, "marks"),
        ({"sign_up_until": AT + 4 * DAY}, "times"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(place, said, code):
    refused(lambda: make.planned(place, **said), code)


def test_who_may_not_sign_up(place):
    course = make.opened(place)
    person = UserFactory()
    make.enrolled(course, by=person)
    refused(lambda: make.enrolled(course, by=person), "enrolled")
    refused(lambda: make.enrolled(course, by=course.teacher), "teacher")
    refused(lambda: make.enrolled(course, name=" "), "no_name")
    refused(lambda: make.enrolled(course, at=course.sign_up_until), "wrong_state")
    hidden = make.planned(place)
    refused(lambda: make.enrolled(hidden), "wrong_state")


def test_too_few_hours_are_not_examined_and_may_be_corrected(place):
    course = make.opened(place)
    row = make.attended(course, hours=5)
    assert row.state == "absent"
    refused(lambda: enrolling.grade(row, score=80, by=course.teacher, at=course.ends_at),
            "wrong_state")  # fmt: skip
    again = enrolling.note_attendance(row, hours=6, by=course.teacher, at=course.ends_at)
    assert again.state == "attended"


def test_who_fails_may_sit_again(place):
    course = make.opened(place)
    row = make.passed(course, score=59)
    assert row.state == "failed"
    assert not Certificate.objects.exists()
    refused(lambda: enrolling.grade(row, score=40, by=course.teacher, at=course.ends_at),
            "wrong_state")  # fmt: skip
    again = enrolling.grade(row, score=60, by=course.teacher, at=course.ends_at)
    assert again.state == "passed"
    assert Certificate.objects.get().score == 60


def test_scores_and_hours_stay_within_the_course(place):
    course = make.opened(place)
    row = make.attended(course)
    refused(lambda: enrolling.grade(row, score=101, by=course.teacher, at=course.ends_at), "score")
    other = make.enrolled(course)
    refused(
        lambda: enrolling.note_attendance(other, hours=9, by=course.teacher, at=course.ends_at),
        "hours",
    )
    refused(
        lambda: enrolling.note_attendance(other, hours=8, by=course.teacher, at=AT), "wrong_state"
    )


def test_nobody_notes_or_examines_himself_and_strangers_nothing(place):
    course = make.opened(place)
    own = make.enrolled(course, by=place.member)
    refused(
        lambda: enrolling.note_attendance(own, hours=8, by=place.member, at=course.ends_at),
        "not_yours",
    )
    refused(
        lambda: enrolling.note_attendance(own, hours=8, by=UserFactory(), at=course.ends_at),
        "not_yours",
    )
    refused(lambda: courses.cancel_course(course, reason="x", by=UserFactory(), at=AT),
            "not_yours")  # fmt: skip
    refused(
        lambda: courses.plan_course(
            make.wanted_course(place), place.community, by=UserFactory(), at=AT
        ),
        "not_yours",
    )


def test_a_course_is_finished_when_everybody_has_a_result(place):
    course = make.opened(place)
    make.enrolled(course)
    refused(lambda: courses.finish_course(course, by=place.member, at=AT), "not_over")
    refused(lambda: courses.finish_course(course, by=place.member, at=course.ends_at), "no_result")


def test_who_has_a_place_is_told_that_the_course_is_cancelled(place):
    course, person = make.opened(place), UserFactory()
    row = make.enrolled(course, by=person)
    refused(lambda: courses.cancel_course(course, reason=" ", by=place.member, at=AT),
            "reason_missing")  # fmt: skip
    courses.cancel_course(course, reason="台风", by=place.member, at=AT)
    row.refresh_from_db()
    assert (row.state, Course.objects.get().taken) == ("called_off", 0)
    assert told(person)[-1] == "course-cancelled"


def test_a_certificate_is_revoked_once_and_for_a_reason(place):
    course, person = make.opened(place), UserFactory()
    certificate = make.passed(course, by=person).certificate
    with pytest.raises(NotYours):
        certificates.revoke(certificate, reason="x", by=person, at=AT)
    with pytest.raises(RuleViolation):
        certificates.revoke(certificate, reason=" ", by=place.member, at=AT)
    certificates.revoke(certificate, reason="替考", by=place.member, at=AT)
    with pytest.raises(WrongState):
        certificates.revoke(certificate, reason="替考", by=place.member, at=AT)
    assert Revocation.objects.count() == 1
    assert told(person)[-1] == "course-revoked"


def test_a_stranger_sees_open_courses_but_neither_plans_nor_people(place):
    hidden, course = make.planned(place), make.opened(place)
    row = make.enrolled(course)
    stranger, day = UserFactory(), AT.date()
    assert list(Course.objects.visible_to(stranger, on=day)) == [course]
    assert set(Course.objects.visible_to(place.member, on=day)) == {hidden, course}
    assert not Enrolment.objects.visible_to(stranger, on=day).exists()
    for person in (row.person, place.member, course.teacher):
        assert Enrolment.objects.visible_to(person, on=day).get() == row


def test_a_person_is_forgotten_and_the_result_stays(place):
    row = make.passed(make.opened(place))
    assert forget(row.person) == 1
    row.refresh_from_db()
    assert (row.name, row.score) == ("—", 88)


RAW = [
    ("UPDATE talent_course SET taken = 2", "places are taken by enrolments only"),
    ("UPDATE talent_course SET places = 0", "at least one place"),
    ("UPDATE talent_course SET attend_hours = 9", "hours in order"),
    ("UPDATE talent_course SET ended_at = made_at", "ended or not"),
    ("UPDATE talent_enrolment SET state = 'failed', score = NULL", "a result was graded"),
    ("UPDATE talent_enrolment SET graded_by_id = person_id", "graded by another"),
    ("DELETE FROM talent_enrolment", "never deleted"),
    ("UPDATE talent_certificate SET score = 100", "append-only"),
    ("DELETE FROM talent_certificate", "append-only"),
    ("UPDATE talent_courseevent SET note = 'x'", "append-only"),
    ("UPDATE talent_enrolmentevent SET note = 'x'", "append-only"),
]


@pytest.mark.parametrize(("statement", "why"), RAW, ids=[why for _statement, why in RAW])
def test_the_database_itself_refuses(place, statement, why):
    make.passed(make.opened(place))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_full_or_closed_course_takes_nobody_by_any_door(place):
    course = make.opened(place, places=1)
    make.enrolled(course)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(course=course, person=UserFactory(), name="x", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(course=make.planned(place), person=UserFactory(), name="x", at=AT)


def test_a_certificate_is_earned(place):
    row = make.enrolled(make.opened(place))
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            number="x", code="x", enrolment=row, body=place.body, score=88, by=place.member, at=AT
        )
