"""What was promised arrives, serves this matter alone, and goes back in the end."""

import datetime

import pytest

from funding.models import Posting
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import ChangeRecord, Message, Post
from routing import services, tasks
from routing.matching import Facts, Judge, Match
from routing.models import (
    Admission,
    AdmissionReview,
    AdmissionShare,
    PromisedPost,
)
from tests.factories import admissions as make
from tests.factories.admissions import AMOUNT, AT, BEGINS, ENDS, LATER, POINTS, fresh
from tests.factories.funding import LineFactory
from tests.factories.organizations import PostFactory
from tests.factories.routing import AdmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make.make_place()


def judged(place, *, at=LATER, community=0):
    here = place.places[community]
    facts = Facts(place.category.pk, None, here.parent_id, here.pk, None, at)
    return lambda judge: judge.decide(facts)


# -- What was promised is what the router may use ------------------------------------------------


def test_money_and_people_really_arrive_with_the_number_on_both_sides(place):
    application = make.on_trial(place)
    share = AdmissionShare.objects.select_related("own_line", "admission").get()
    place.line.refresh_from_db()
    assert (place.line.available, share.own_line.available) == (1_000_000 - AMOUNT, AMOUNT)
    assert share.own_line.body == place.communities[0]
    posting = Posting.objects.get(key=f"admission:{share.pk}")
    assert {entry.line_id for entry in posting.entries.all()} == {place.line.pk, share.own_line_id}
    assert posting.note == application.number
    assert application.number in share.own_line.name
    place.worker.refresh_from_db()
    sent = PromisedPost.objects.get().seconded
    assert (place.worker.capacity, sent.capacity) == (20 - POINTS, POINTS)
    assert (sent.person, sent.body) == (place.worker.person, place.communities[0])
    assert (share.admission.points, share.admission.headcount) == (POINTS, 1)
    assert (share.admission.valid_from, share.admission.valid_to) == (BEGINS, ENDS)
    record = ChangeRecord.objects.of(place.worker).latest("pk")
    assert (record.before, record.after) == ({"capacity": 20}, {"capacity": 20 - POINTS})


@pytest.mark.parametrize(
    ("points", "amount", "refusal"), [(6, 1_000_000, "no_staff"), (40, 30_000, "no_money")]
)
def test_what_is_promised_equals_what_the_router_may_use(points, amount, refusal):
    """Each case takes 2 points and 100 yuan: until people or money are used up, to the last."""
    place = make.make_place(free=2_000_000, capacity=100)
    make.lead_by_communities(place)
    # The community's own people and money are not what was promised.
    PostFactory(role=Role.HANDLER, body=place.communities[0], capacity=50)
    LineFactory(body=place.communities[0], purposes=[place.purpose], free=500_000)
    make.admitted(place, points=points, amount=amount)
    judge, decide = Judge.load(at=LATER), judged(place)
    matches = []
    while isinstance(answer := decide(judge), Match):
        matches.append(answer)
    assert str(answer.code) == refusal
    share = AdmissionShare.objects.get()
    assert {match.line_id for match in matches} == {share.own_line_id}
    assert {match.post_id for match in matches} == {PromisedPost.objects.get().seconded_id}
    assert {match.payer_id for match in matches} == {place.department.pk}
    used = sum(match.points for match in matches), sum(match.estimate for match in matches)
    most = min(points // 2, amount // 10_000)
    assert (len(matches), used) == (most, (2 * most, 10_000 * most))


def test_what_came_with_one_matter_serves_no_other(place):
    make.lead_by_communities(place)
    make.admitted(place)
    other = make.CategoryFactory(parent=place.category.parent)
    make.StandardFactory(category=other, points=2, cost=10_000, purpose=place.purpose)
    make.DutyEntryFactory(category=other, territory=place.places[0], lead=place.communities[0])
    own = AdmissionFactory(
        category=other, community=place.communities[0], points=5,
        line=LineFactory(body=place.department, purposes=[place.purpose]),
    )  # fmt: skip
    facts = Facts(other.pk, None, place.town.pk, place.places[0].pk, None, LATER)
    assert str(Judge.load(at=LATER).decide(facts).code) == "no_money"
    LineFactory(body=own.department)
    worker = Post.objects.get(person=place.speakers[0])
    Post.objects.filter(pk=worker.pk).update(capacity=10)
    Admission.objects.filter(pk=own.pk).update(line=place.line)
    answer = Judge.load(at=LATER).decide(facts)
    assert (answer.post_id, answer.line_id) == (worker.pk, place.line.pk)


def test_it_does_not_hold_before_it_begins_and_not_after_it_ends(place):
    make.lead_by_communities(place)
    make.admitted(place)
    decide = judged(place)
    for day, matches in ((BEGINS - datetime.timedelta(days=3), False), (ENDS, False)):
        at = LATER.replace(year=day.year, month=day.month, day=day.day)
        assert isinstance(decide(Judge.load(at=at)), Match) is matches
    assert isinstance(decide(Judge.load(at=LATER)), Match)


def test_nothing_arrives_where_the_money_is_not_there(place):
    application = make.reviewed(place, amount=2_000_000)
    services.agree(application, words="", by=place.committee[1], at=AT)
    with pytest.raises(RuleViolation):
        services.agree(application, words="", by=place.committee[2], at=AT)
    assert fresh(application).state == "review"
    assert AdmissionReview.objects.pending().count() == 1
    assert Admission.objects.count() == 0


def test_nobody_is_promised_for_more_than_there_is_room(place):
    application = make.reviewed(place, points=21)
    services.agree(application, words="", by=place.committee[1], at=AT)
    with pytest.raises(RuleViolation) as refusal:
        services.agree(application, words="", by=place.committee[2], at=AT)
    place.worker.refresh_from_db()
    place.line.refresh_from_db()
    assert (refusal.value.code, place.worker.capacity) == ("no_room", 20)
    assert place.line.available == 1_000_000


# -- The end ------------------------------------------------------------------------------------


def back(place):
    place.line.refresh_from_db()
    place.worker.refresh_from_db()
    return place.line.available, place.worker.capacity


@pytest.mark.parametrize("ending", ["withdraw", "revoke", "expire"])
def test_people_and_money_go_back_and_the_router_knows_at_once(place, ending):
    make.lead_by_communities(place)
    application = make.admitted(place)
    if ending == "expire":
        at = LATER.replace(month=12, day=31)
        assert [services.expire_admissions(at=at) for _again in range(2)] == [1, 0]
    else:
        act, by = {
            "withdraw": (services.withdraw_application, place.head),
            "revoke": (services.revoke, place.committee[0]),
        }[ending]
        act(application, reason="不再需要", by=by, at=LATER)
    assert back(place) == (1_000_000, 20)
    assert fresh(application).state == ("expired" if ending == "expire" else "withdrawn")
    assert str(judged(place)(Judge.load(at=LATER)).code) == "not_admitted"
    assert PromisedPost.objects.get().seconded.capacity == 0


def test_what_never_began_goes_back_too(place):
    application = make.on_trial(place)
    services.revoke(application, reason="情况有变", by=place.committee[0], at=AT)
    assert back(place) == (1_000_000, 20)
    assert Admission.objects.valid_on(BEGINS + datetime.timedelta(days=1)).count() == 0


def test_money_that_a_case_still_holds_follows_when_it_is_free(place):
    from funding import services as funding

    application = make.admitted(place)
    share = AdmissionShare.objects.get()
    hold = funding.reserve(
        share.own_line, amount=30_000, purpose=place.purpose, subject=("case", "1"), key="c:1",
        by=place.head, at=LATER,
    )  # fmt: skip
    services.withdraw_application(application, reason="结束", by=place.head, at=LATER)
    assert back(place)[0] == 1_000_000 - 30_000
    assert services.give_back_rests(at=LATER) == 0
    funding.settle(hold, actual=10_000, key="c:1:settle", by=place.head, at=LATER)
    assert [services.give_back_rests(at=LATER) for _again in range(2)] == [20_000, 0]
    assert back(place)[0] == 1_000_000 - 10_000


def test_leaving_needs_a_reason_and_the_right_person(place):
    application = make.admitted(place)
    with pytest.raises(RuleViolation):
        services.withdraw_application(application, reason="", by=place.head, at=LATER)
    with pytest.raises(NotYours):
        services.withdraw_application(application, reason="x", by=place.speakers[0], at=LATER)
    with pytest.raises(NotYours):
        services.revoke(application, reason="x", by=place.head, at=LATER)


def test_the_task_may_run_twice(place):
    make.admitted(place)
    assert [tasks.tend_admissions(), tasks.tend_admissions()] == [0, 0]


def test_everybody_concerned_is_told(place, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.admitted(place)
    told = {(row.kind, row.to_id) for row in Message.objects.all()}
    assert {("admission-applied", person.pk) for person in place.committee} <= told
    assert {("admission-review", person.pk) for person in place.committee[1:3]} <= told
    for kind in ("admission-on-trial", "admission-admitted"):
        assert {(kind, place.head.pk), (kind, place.speakers[0].pk)} <= told
