"""Two years not competent in a row: flagged to who may see it, with what the rules let follow."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Message
from oversight.models import Consequence, Scheme, Score
from oversight.registration import to_follow_up
from oversight.services import rewarding
from oversight.services.rewarding import Proposal
from tests.factories import appraisals as make
from tests.factories.appraisals import AT, BAD, FAIR
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
LAW = "公务员法第八十八条"
NEXT_YEAR = AT.replace(year=2028, month=1, day=12)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NEXT_YEAR + datetime.timedelta(days=30), tick=False):
        yield


@pytest.fixture
def used():
    return make.scheme(of="person", role=Role.HANDLER, poor_twice="dismissal", poor_twice_basis=LAW)


def year(place, used, number, results, *, span="year", **said):
    """A year's appraisal, published in January: points of each person as given."""
    at = AT.replace(year=number + 1, month=1, day=12)
    day = datetime.date(number, 11, 15)
    return make.published(place, used, numbers=results, span=span, day=day, at=at, **said)


@pytest.fixture
def twice(place, used):
    """The handler of the town: not competent in 2026 and in 2027."""
    handler = place.town.handler
    year(place, used, 2026, {handler: BAD})
    return year(place, used, 2027, {handler: BAD})


def shown(client, who, row, place):
    client.force_login(who)
    answer = client.get(reverse("oversight:appraised", args=[make.of(row, place.town.handler).pk]))
    return LAW in answer.content.decode() if answer.status_code == 200 else answer.status_code


def flagged():
    return [score.edition.appraisal.first.year for score in Score.objects.poor_two_years()]


def test_the_second_year_in_a_row_is_flagged(place, used):
    handler = place.town.handler
    year(place, used, 2025, {handler: BAD})
    assert flagged() == []
    year(place, used, 2026, {handler: FAIR})
    year(place, used, 2027, {handler: BAD})
    assert flagged() == []


def test_two_in_a_row_are_flagged_in_whichever_posts(place, used, twice):
    assert flagged() == [2027]
    other = make.scheme(of="person", role=Role.HANDLER)
    year(place, other, 2028, {place.town.handler: BAD})
    assert sorted(flagged()) == [2027, 2028]


def test_months_and_what_is_not_published_flag_nobody(place, used):
    handler = place.town.handler
    year(place, used, 2026, {handler: BAD}, span="month")
    year(place, used, 2027, {handler: BAD})
    make.publicised(
        place, used, numbers={handler: BAD}, span="year", day=datetime.date(2026, 3, 1),
        at=AT.replace(year=2027, month=1, day=12),
    )  # fmt: skip
    assert flagged() == []


def test_assessors_are_told_once_and_the_message_names_nobody(place, used, twice):
    told = Message.objects.filter(kind="appraisal-poor-twice")
    assert {message.to for message in told} == {place.assessor, place.second_assessor}
    assert all(place.town.handler.full_name not in str(message.params) for message in told)


def test_who_reads_the_result_reads_the_flag_and_nobody_else(client, place, twice):
    town = place.town
    colleague = PostFactory(body=town.office, role=Role.HANDLER).person
    who = (town.handler, town.head, place.assessor, place.member, colleague, town.resident)
    found = [shown(client, one, twice, place) for one in who]
    assert found == [True, True, True, True, 404, 404]


def test_the_first_year_and_others_show_no_flag(client, place, used, twice):
    first = twice.__class__.objects.get(first__year=2026)
    assert shown(client, place.assessor, first, place) is False
    client.force_login(place.assessor)
    page = client.get(reverse("oversight:appraisal", args=[twice.pk]))
    assert len(page.context["twice"]) == 1
    assert client.get(reverse("oversight:appraisal", args=[first.pk])).context["twice"] == set()


def test_what_follows_is_proposed_only_after_two_years(place, used):
    handler, who = place.town.handler, {"by": place.assessor, "at": NEXT_YEAR}
    first = year(place, used, 2026, {handler: BAD})
    with pytest.raises(RuleViolation) as refused:
        rewarding.propose(make.of(first, handler), Proposal("dismissal", "x"), **who)
    assert refused.value.code == "not_two_years"
    assert LAW in str(refused.value)
    rewarding.propose(make.of(first, handler), Proposal("transfer", "x"), **who)
    second = year(place, used, 2027, {handler: BAD})
    rewarding.propose(make.of(second, handler), Proposal("dismissal", "x"), **who)
    assert Consequence.objects.count() == 2


def test_assessors_have_it_in_their_queue_until_it_is_proposed(client, place, twice):
    stranger = make.elsewhere(place).assessor
    assert [to_follow_up(who) for who in (place.assessor, place.supervisor, stranger)] == [1, 0, 0]
    client.force_login(place.assessor)
    row = make.of(twice, place.town.handler)
    desk = reverse("oversight:appeals")
    assert reverse("oversight:appraised", args=[row.pk]) in client.get(desk).content.decode()
    page = client.get(reverse("oversight:propose", args=[row.pk]))
    assert page.context["form"]["kind"].value() == "dismissal"
    client.post(
        reverse("oversight:propose", args=[row.pk]), {"kind": "dismissal", "words": "连续两年"}
    )
    assert to_follow_up(place.assessor) == 0
    assert list(client.get(desk).context["poor_twice"]) == []


def test_nobody_follows_up_himself(place, used):
    PostFactory(person=place.assessor, body=place.town.office, role=Role.HANDLER)
    for number in (2026, 2027):
        year(place, used, number, {place.assessor: BAD}, by=place.second_assessor)
    assert [to_follow_up(who) for who in (place.assessor, place.second_assessor)] == [0, 1]


def test_the_desk_costs_the_same_for_one_and_for_four(client, place, used):
    people = [PostFactory(body=place.town.office, role=Role.HANDLER).person for _each in range(4)]

    def cost():
        client.force_login(place.assessor)
        client.get(reverse("oversight:appeals"))
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse("oversight:appeals"))
        return len(seen), len(page.context["poor_twice"])

    for number in (2026, 2027):
        year(place, used, number, dict.fromkeys(people[:1], BAD))
    alone, one = cost()
    other = make.scheme(
        of="person", role=Role.HANDLER, poor_twice="dismissal", poor_twice_basis=LAW
    )
    for number in (2028, 2029):
        year(place, other, number, dict.fromkeys(people, BAD))
    many, rows = cost()
    assert (one, rows > one) == (1, True)
    assert many == alone


@pytest.mark.parametrize(
    "said",
    [{"poor_twice": "dismissal"}, {"of": "department", "role": "", "poor_twice": "dismissal",
                                   "poor_twice_basis": LAW}],
)  # fmt: skip
def test_the_database_wants_a_basis_and_people(said):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.scheme(**{"of": "person", "role": Role.HANDLER, **said})
    assert not Scheme.objects.exists()
