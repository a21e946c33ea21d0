"""The committee's work as JSON: who may read what, and each move once."""

import datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from committee.models import Activity, Paper, Progress, Turnout
from committee.services import voting
from lib.roles import Role
from tests.factories import committee as make
from tests.factories.organizations import PostFactory, UserFactory

BASE = "/api/v1/committee/"


@pytest.fixture
def now():
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def chain(db, now):
    return make.make_chain(at=now)


def as_(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def rows(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def stranger():
    return PostFactory(role=Role.PARTY_SECRETARY).person


# -- Reading ------------------------------------------------------------------------------------


def test_nobody_reads_without_signing_in(chain):
    for name in ("meetings", "decisions", "directives", "organisations", "coverage"):
        assert APIClient().get(f"{BASE}{name}/").status_code == 401


def test_meetings_are_read_by_members_and_invited_alone(chain, now):
    meeting = make.sitting(chain, at=now)
    for person in (chain.people[2], chain.secretary, chain.clerk):
        assert [row["id"] for row in rows(as_(person).get(f"{BASE}meetings/"))] == [meeting.pk]
    for person in (stranger(), chain.worker, UserFactory()):
        assert rows(as_(person).get(f"{BASE}meetings/")) == []
        assert as_(person).get(f"{BASE}meetings/{meeting.pk}/").status_code == 404


def test_a_meeting_tells_its_points_and_what_the_reader_may_do(chain, now):
    ballot = make.ballot(chain, at=now)
    url = f"{BASE}meetings/{ballot.item.meeting_id}/"
    told = as_(chain.people[1]).get(url).json()
    assert told["state"] == "sitting"
    assert told["seat"]["may_vote"]
    assert "vote" in told["moves"]
    assert "close" not in told["moves"]
    (shown,) = told["points"][0]["ballots"]
    assert (shown["motion"], shown["has_voted"], shown["pros"]) == ("同意整治方案", False, None)
    assert as_(chain.secretary).get(url).json()["seat"] is None


def test_meetings_are_narrowed_by_state_and_body(chain, now):
    make.sitting(chain, at=now)
    read = as_(chain.secretary)
    for query, many in (
        ({"state": "sitting"}, 1), ({"state": "planned"}, 0), ({"body": chain.branch.code}, 1),
        ({"body": "elsewhere"}, 0), ({"after": (now + make.DAY).isoformat()}, 0),
    ):  # fmt: skip
        assert len(rows(read.get(f"{BASE}meetings/", query))) == many, query


def test_decisions_are_those_of_meetings_that_one_sees(chain, now):
    made = make.decided(chain, at=now)
    (row,) = rows(as_(chain.people[1]).get(f"{BASE}decisions/"))
    assert (row["number"], row["pros"], row["directives"]) == (made.number, 4, [])
    assert rows(as_(stranger()).get(f"{BASE}decisions/")) == []


def test_tasks_are_read_by_who_gave_and_who_does_them(chain, now):
    task = make.issued(chain, at=now)
    for person in (chain.head, chain.secretary, chain.people[1]):
        assert [row["id"] for row in rows(as_(person).get(f"{BASE}directives/"))] == [task.pk]
    assert rows(as_(chain.head).get(f"{BASE}directives/", {"mine": True})) != []
    assert rows(as_(chain.secretary).get(f"{BASE}directives/", {"mine": True})) == []
    assert rows(as_(chain.head).get(f"{BASE}directives/", {"overdue": True})) == []
    assert rows(as_(stranger()).get(f"{BASE}directives/")) == []


# -- A meeting ----------------------------------------------------------------------------------


def test_a_member_comes_and_votes_once(chain, now):
    meeting = make.sitting(chain, at=now, present=3)
    item = meeting.items.get()
    ballot = voting.open_ballot(item, motion="x", by=chain.clerk, at=now)
    person, url = chain.people[3], f"{BASE}meetings/{meeting.pk}/"
    said = {"ballot": ballot.pk, "choice": "for"}
    assert as_(person).post(f"{url}vote/", said).json()["code"] == "no_voice"
    assert as_(person).post(f"{url}check_in/").json()["seat"]["present_at"]
    again = as_(person).post(f"{url}check_in/")
    assert (again.status_code, again.json()["code"]) == (409, "present_already")
    (shown,) = as_(person).post(f"{url}vote/", said).json()["points"][0]["ballots"]
    assert (shown["has_voted"], shown["choice"]) == (True, "for")
    again = as_(person).post(f"{url}vote/", {**said, "choice": "against"})
    assert (again.status_code, again.json()["code"]) == (409, "voted_already")
    assert as_(person).post(f"{url}vote/", {"ballot": ballot.pk}).status_code == 400
    assert as_(stranger()).post(f"{url}vote/", said).status_code == 404


def test_a_secret_vote_tells_that_one_voted_and_not_how(chain, now):
    meeting = make.sitting(chain, at=now)
    ballot = voting.open_ballot(
        meeting.items.get(), motion="x", on_people=True, by=chain.clerk, at=now
    )
    url = f"{BASE}meetings/{meeting.pk}/"
    answer = as_(chain.people[1]).post(f"{url}vote/", {"ballot": ballot.pk, "choice": "against"})
    (shown,) = answer.json()["points"][0]["ballots"]
    assert (shown["is_secret"], shown["has_voted"], shown["choice"]) == (True, True, None)
    assert (Turnout.objects.count(), Paper.objects.count()) == (1, 1)
    (other,) = as_(chain.people[0]).get(url).json()["points"][0]["ballots"]
    assert (other["has_voted"], other["cons"]) == (False, None)


def test_a_ballot_of_another_meeting_is_not_found(chain, now):
    ballot = make.ballot(chain, at=now)
    elsewhere = make.ballot(chain, make.sitting(chain, at=now), at=now)
    url = f"{BASE}meetings/{ballot.item.meeting_id}/vote/"
    said = {"ballot": elsewhere.pk, "choice": "for"}
    assert as_(chain.people[1]).post(url, said).status_code == 404


def test_the_chair_leads_and_others_do_not(chain, now):
    meeting = make.called(chain, at=now, starts=now)
    url = f"{BASE}meetings/{meeting.pk}/"
    assert as_(chain.people[1]).post(f"{url}open/").status_code == 403
    assert as_(chain.people[0]).post(f"{url}open/").json()["code"] == "no_quorum"
    for person in chain.people[:4]:
        as_(person).post(f"{url}check_in/")
    assert as_(chain.people[0]).post(f"{url}open/").json()["state"] == "sitting"
    again = as_(chain.people[0]).post(f"{url}open/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_who_cannot_come_or_stands_aside_says_why(chain, now):
    meeting = make.called(chain, at=now, starts=now)
    url = f"{BASE}meetings/{meeting.pk}/"
    assert as_(chain.people[4]).post(f"{url}excuse/").status_code == 400
    told = as_(chain.people[4]).post(f"{url}excuse/", {"reason": "出差"}).json()
    assert told["seat"]["excuse"] == "出差"
    sitting = make.sitting(chain, at=now)
    said = {"point": sitting.items.first().pk, "reason": "亲属"}
    url = f"{BASE}meetings/{sitting.pk}/stand_aside/"
    assert as_(chain.people[1]).post(url, said).status_code == 200
    assert as_(chain.people[1]).post(url, said).json()["code"] == "recused_already"
    assert as_(chain.people[1]).post(url, {**said, "point": 0}).status_code == 404


# -- Tasks --------------------------------------------------------------------------------------


def test_a_task_is_done_over_the_api_and_confirmed_by_another(chain, now):
    task = make.issued(chain, at=now)
    url = f"{BASE}directives/{task.pk}/"
    assert as_(chain.secretary).post(f"{url}accept/").status_code == 403
    assert as_(chain.head).post(f"{url}accept/").json()["state"] == "working"
    file, name = make.paper()
    file.name = name
    said = {"percent": 80, "text": "已清理", "proofs": [file]}
    key = {"Idempotency-Key": "a"}
    first = as_(chain.head).post(f"{url}progress/", said, format="multipart", headers=key)
    assert (first.status_code, first.json()["percent"]) == (201, 80)
    words = {"percent": 90, "text": "又写"}
    assert as_(chain.head).post(f"{url}progress/", words, headers=key).status_code == 201
    assert [row.percent for row in Progress.objects.all()] == [80]
    assert as_(chain.head).post(f"{url}report/").json()["state"] == "reported"
    # The answer was lost: the same key is answered although nothing may be entered any more.
    assert as_(chain.head).post(f"{url}progress/", words, headers=key).status_code == 201
    assert as_(chain.head).post(f"{url}confirm/").status_code == 403
    assert as_(chain.secretary).post(f"{url}send_back/").status_code == 400
    assert as_(chain.secretary).post(f"{url}confirm/").json()["state"] == "done"
    again = as_(chain.secretary).post(f"{url}confirm/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_a_key_of_somebody_else_is_refused(chain, now):
    task = make.working(chain, make.issued(chain, at=now), at=now)
    key, words = {"Idempotency-Key": "a"}, {"percent": 5, "text": "x"}
    url = f"{BASE}directives/{task.pk}/progress/"
    assert as_(chain.head).post(url, words, headers=key).status_code == 201
    other = PostFactory(role=Role.DEPARTMENT_HEAD, body=chain.office).person
    assert as_(other).post(url, words, headers=key).status_code == 403
    assert as_(other).post(url, words, headers={"Idempotency-Key": "b" * 81}).status_code == 400


# -- New organisations --------------------------------------------------------------------------


def register(chain, number=7, **values):
    return {
        "kind": "economic", "name": "东莞市第七电子有限公司", "uscc": make.credit_code(number),
        "community": chain.community.code, "staff": 40, "party_members": 0, **values,
    }  # fmt: skip


def test_the_register_is_kept_by_those_of_the_place(chain, now):
    said, url = register(chain), f"{BASE}organisations/"
    assert as_(chain.head).post(url, said).status_code == 403
    made = as_(chain.worker).post(url, said)
    assert (made.status_code, made.json()["gap"]) == (201, "instructor")
    again = as_(chain.worker).post(url, said)
    assert (again.status_code, again.json()["code"]) == (409, "known")
    assert as_(chain.worker).post(url, register(chain, uscc="x")).json()["code"] == "uscc"
    assert as_(chain.worker).post(url, register(chain, community="x")).status_code == 400
    assert rows(as_(stranger()).get(url)) == []
    for query, many in (({"gap": "any"}, 1), ({"gap": "own"}, 0), ({"kind": "social"}, 0)):
        assert len(rows(as_(chain.worker).get(url, query))) == many, query


def test_an_activity_is_entered_once_for_a_key(chain, now):
    row = make.organisation(chain, at=now)
    url = f"{BASE}organisations/{row.pk}/activities/"
    said = {"held_on": str(timezone.localdate()), "title": "党课", "attended": 12}
    for _time in range(2):
        answer = as_(chain.worker).post(url, said, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["is_active"]) == (201, True)
    assert Activity.objects.count() == 1
    late = {**said, "held_on": str(timezone.localdate() + datetime.timedelta(days=1))}
    assert as_(chain.worker).post(url, late).json()["code"] == "in_the_future"
    assert as_(stranger()).post(url, said).status_code == 404


def test_coverage_is_told_by_community_to_who_keeps_the_register(chain, now):
    make.organisation(chain, at=now)
    (row,) = as_(chain.worker).get(f"{BASE}coverage/").json()
    assert (row["community_code"], row["total"], row["share_in_form"]) == (
        chain.community.code, 1, 0,
    )  # fmt: skip
    assert as_(chain.head).get(f"{BASE}coverage/").status_code == 403
