"""A finding of a visit becomes one case, whoever asks how often."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.models import Case, FoundCase
from cases.services import findings
from grids import services as visits
from grids.models import Finding
from grids.services import Found, SentPhoto
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Post
from tests.factories import visits as made
from tests.factories.cases import make_town, photo
from tests.races import at_once

PLACED = {"text": "路口井盖不见了", "category": "cover"}


def town_with_visit(**found):
    town = make_town()
    town.posts.worker.territories.create(territory=town.grid, valid_from=made.LONG_AGO)
    town.kind = made.kind_of()
    home = made.target_in(town.grid, address="环城路")
    said = {**PLACED, **found}
    visit = made.make(
        home, town.kind, by=town.worker, findings=[Found(**said)],
        photos=[SentPhoto(photo("navy"), finding=0)],
    )  # fmt: skip
    town.finding = visit.findings.get()
    return town


@pytest.fixture
def town(db):
    return town_with_visit()


def test_the_case_holds_everything_that_the_visit_knew(town):
    at = timezone.now()
    case = findings.make_case(town.finding, by=town.worker, at=at)
    assert (case.text, case.category, case.channel) == (PLACED["text"], town.small, "visit")
    assert (case.grid_id, case.address, case.logged_by) == (town.grid.pk, "环城路", town.worker)
    assert (case.lon, case.lat) == made.DOOR
    assert case.photos.count() == 1
    town.finding.refresh_from_db()
    assert (town.finding.state, town.finding.case_key) == ("case", str(case.pk))
    assert case.found_on.finding == town.finding


def test_a_second_time_it_is_the_same_case(town):
    at = timezone.now()
    case = findings.make_case(town.finding, by=town.worker, at=at)
    assert findings.make_case(town.finding, by=town.worker, at=at) == case
    assert Case.objects.count() == 1


def test_somebody_else_gets_none_and_a_settled_one_neither(town):
    at = timezone.now()
    with pytest.raises(NotYours):
        findings.make_case(town.finding, by=town.handler, at=at)
    visits.resolve(town.finding, remark="盖好了", by=town.worker, at=at)
    with pytest.raises(WrongState):
        findings.make_case(town.finding, by=town.worker, at=at)
    assert Case.objects.count() == 0


def test_the_sweep_makes_what_was_asked_for_once(town):
    visits.hand_over(town.finding, by=town.worker, at=timezone.now())
    assert tasks.claim_findings() == 1
    assert tasks.claim_findings() == 0
    assert Case.objects.get().logged_by == town.worker


def test_who_has_left_is_not_asked_again(town):
    visits.hand_over(town.finding, by=town.worker, at=timezone.now())
    Post.objects.filter(person=town.worker).update(valid_to=timezone.localdate())
    assert findings.claim_waiting(at=timezone.now()) == 1
    assert Case.objects.get().logged_by == town.system


def test_what_makes_no_case_goes_back_to_its_visitor(town, monkeypatch):
    visits.hand_over(town.finding, by=town.worker, at=timezone.now())

    def refuse(**_said):
        raise RuleViolation("no", code="x")

    monkeypatch.setattr(findings, "log", refuse)
    assert findings.claim_waiting(at=timezone.now()) == 0
    town.finding.refresh_from_db()
    assert town.finding.state == "open"
    assert Case.objects.count() == 0


def test_of_a_private_visit_neither_name_nor_door_goes_along(town):
    care = made.kind_of("person", code="care")
    person = made.target_in(town.grid, kind="person", name="张奶奶", address="环城路 5 号")
    visit = made.make(
        person, care, by=town.worker, key="care", findings=[Found("楼道灯坏了", to_case=True)]
    )
    findings.claim_waiting(at=timezone.now())
    case = Case.objects.get(found_on__finding__visit=visit)
    assert (case.address, case.publicity) == ("", "closed")
    assert "张" not in case.text + case.title


def test_one_case_for_a_finding_and_one_finding_for_a_case_by_the_database(town):
    at = timezone.now()
    case = findings.make_case(town.finding, by=town.worker, at=at)
    other = Finding.objects.create(client_key="o", visit=town.finding.visit, text="x")
    for finding in (town.finding, other):
        with pytest.raises(IntegrityError), transaction.atomic():
            FoundCase.objects.create(finding=finding, case=case, by=town.worker, at=at)


def test_the_form_is_filled_in_and_links_both_ways(town, client):
    client.force_login(town.worker)
    address = f"{reverse('cases:log')}?finding={town.finding.pk}"
    page = client.get(address).content.decode()
    assert PLACED["text"] in page
    assert f'name="finding" value="{town.finding.pk}"' in page
    sent = {
        "client_key": "f1", "finding": town.finding.pk, "text": "井盖坏了", "lon": 114.05,
        "lat": 22.85, "urgency": "ordinary", "category": town.small.pk,
    }  # fmt: skip
    answer = client.post(reverse("cases:log"), sent, headers={"accept": "application/json"})
    case = Case.objects.get()
    assert answer.json()["number"] == case.number
    assert (case.text, case.photos.count()) == ("井盖坏了", 1)
    visit = client.get(reverse("grids:visit", args=[town.finding.visit_id])).content.decode()
    assert case.number in visit
    shown = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert reverse("grids:visit", args=[town.finding.visit_id]) in shown


def test_a_finding_that_is_not_mine_is_not_there(town, client):
    client.force_login(town.handler)
    assert client.get(f"{reverse('cases:log')}?finding={town.finding.pk}").status_code == 404


def test_a_queue_is_answered_with_data(town, client):
    client.force_login(town.worker)
    ask = {"accept": "application/json"}
    wrong = client.post(reverse("cases:log"), {"client_key": "q", "text": "x"}, headers=ask)
    assert (wrong.status_code, set(wrong.json())) == (422, {"detail"})
    sent = {
        "client_key": "q",
        "text": "井盖坏了",
        "lon": 114.05,
        "lat": 22.85,
        "urgency": "ordinary",
    }
    numbers = {
        client.post(reverse("cases:log"), sent, headers=ask).json()["number"] for _again in range(3)
    }
    assert numbers == {Case.objects.get().number}


@pytest.mark.django_db(transaction=True)
@pytest.mark.machine_time
def test_eight_who_claim_at_once_make_one_case():
    town = town_with_visit(to_case=True)

    def claim(number):
        if number % 2:
            return findings.claim_waiting(at=timezone.now())
        try:
            return findings.make_case(town.finding, by=town.worker, at=timezone.now()).pk > 0
        except WrongState:
            return 0

    at_once(8, claim)
    assert Case.objects.count() == 1
    assert FoundCase.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.machine_time
def test_eight_telephones_with_the_same_key_make_one_visit():
    town = town_with_visit()
    target = town.finding.visit.target
    now = timezone.now()

    def bring(_number):
        pictures = [SentPhoto(photo("teal"), finding=0)]
        return made.make(
            target, town.kind, by=town.worker, key="again", at=now + datetime.timedelta(seconds=1),
            findings=[Found("x", to_case=True)], photos=pictures,
        ).pk  # fmt: skip

    assert len(set(at_once(8, bring))) == 1
    visit = target.visits.get(client_key="again")
    counts = (visit.findings.count(), visit.photos.count(), visit.events.count())
    assert counts == (1, 1, 1)
    assert target.visits.count() == 2
