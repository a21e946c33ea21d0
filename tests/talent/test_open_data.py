"""Training as open data and JSON, for everybody: nobody is named, a certificate is checked."""

import csv
import io
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from talent.models import Certificate
from talent.services import certificates
from tests.factories import talent as make
from tests.factories.organizations import UserFactory
from tests.factories.talent import AT

pytestmark = pytest.mark.django_db
COURSES, BASES, CHECK = (f"/api/v1/talent/{name}/" for name in ("courses", "bases", "certificates"))
NAME = "李小明"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def api():
    return APIClient()


@pytest.fixture
def course(place):
    return make.opened(place, places=9)


def data(client, key, kind="json"):
    answer = client.get(reverse("portal:money_download", args=[key, kind]), {"year": AT.year})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert NAME not in text
    return json.loads(text) if kind == "json" else list(csv.DictReader(io.StringIO(text)))


def pass_(course, number):
    for _each in range(number):
        make.passed(course, by=UserFactory(full_name=NAME))


def test_courses_say_how_many_passed_only_of_five_or_more(client, place, course):
    make.planned(place)
    pass_(course, 4)
    [row] = data(client, "courses")
    assert (row["id"], row["taken"], row["passed"]) == (course.pk, 4, None)
    pass_(course, 1)
    [row] = data(client, "courses")
    assert (row["taken"], row["passed"], row["state"]) == (5, 5, "open")
    [line] = data(client, "courses", "csv")
    assert line["programme"] == course.programme.code


def test_bases_count_the_courses_of_the_year(client, place, course):
    make.planned(place)
    [row] = [row for row in data(client, "training-bases") if row["code"] == course.base.code]
    assert (row["seats"], row["courses"]) == (course.base.seats, 1)


def test_certificates_are_counted_with_those_that_do_not_hold(client, place, course):
    pass_(course, 2)
    certificates.revoke(
        Certificate.objects.first(), reason="冒名", by=place.member, at=course.ends_at
    )
    [row] = data(client, "training-certificates")
    assert (row["month"], row["issued"], row["revoked"]) == (f"{course.ends_at:%Y-%m}", 2, 1)


def test_everybody_reads_open_courses_and_bases(api, place, course):
    make.planned(place)
    [row] = api.get(COURSES).json()["results"]
    assert (row["id"], row["free"]) == (course.pk, course.places)
    assert api.get(f"{COURSES}{course.pk}/").json() == row
    assert api.get(COURSES, {"state": "finished"}).json()["results"] == []
    codes = [base["code"] for base in api.get(BASES).json()["results"]]
    assert course.base.code in codes
    assert api.post(COURSES, {}).status_code in {401, 403, 405}


def test_a_planned_course_is_nobodys(api, place):
    planned = make.planned(place)
    assert api.get(f"{COURSES}{planned.pk}/").status_code == 404


def test_a_certificate_is_checked_by_its_code_without_a_name(api, place, course):
    make.passed(course, by=UserFactory(full_name=NAME))
    found = Certificate.objects.get()
    answer = api.get(f"{CHECK}{found.code.lower()}/")
    assert NAME not in answer.content.decode()
    assert answer.json() | {"issued": ""} == {
        "number": found.number, "course": course.pk, "title": course.title,
        "programme": course.programme.code, "body": found.body.name, "issued": "",
        "content_hash": found.content_hash, "holds": True, "revoked": None,
    }  # fmt: skip
    certificates.revoke(found, reason="冒名", by=place.member, at=course.ends_at)
    again = api.get(f"{CHECK}{found.code}/").json()
    assert again["holds"] is False
    assert again["revoked"]


def test_certificates_have_no_list_and_a_wrong_code_finds_nothing(api, course):
    make.passed(course, by=UserFactory())
    assert api.get(CHECK).status_code == 404
    assert api.get(f"{CHECK}ABCDEF/").status_code == 404


def test_a_list_costs_the_same_for_one_course_and_for_three(api, place, course):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            api.get(COURSES)
        return len(seen)

    one = cost()
    make.opened(place)
    make.opened(place)
    assert cost() == one
