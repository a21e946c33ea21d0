"""Admission of matters: no order of acts admits one without people, money and a legal basis."""

import datetime
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.workflow import arrows
from organizations.models import Message
from routing import services
from routing.models import (
    Admission,
    AdmissionApplication,
    AdmissionReview,
    AdmissionShare,
    ApplicationEvent,
    PromisedPost,
)
from routing.workflow import APPLICATION_MOVES
from tests.factories import admissions as make
from tests.factories.admissions import AMOUNT, AT, BEGINS, ENDS, POINTS, fresh
from tests.factories.duties import make_committee
from tests.factories.funding import LineFactory
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db

WRITTEN = """
admit trial admitted convener
agree review review reviewer
apply draft applied applicant
convene applied review convener
edit draft draft applicant
expire admitted expired clock
expire trial expired clock
object review refused reviewer
refuse applied refused convener
revise refused draft applicant
revoke admitted withdrawn convener
revoke trial withdrawn convener
try review trial system
turn_down draft refused system
withdraw admitted withdrawn applicant
withdraw applied withdrawn applicant
withdraw draft withdrawn applicant
withdraw review withdrawn applicant
withdraw trial withdrawn applicant
"""


@pytest.fixture
def place():
    return make.make_place()


def test_the_moves_are_these():
    written = {tuple(line.split()) for line in WRITTEN.strip().splitlines()}
    assert arrows(APPLICATION_MOVES) == written


# -- Applying -----------------------------------------------------------------------------------


def test_an_application_goes_all_the_way(place):
    done = make.admitted(place)
    assert (done.state, done.headcount, done.hours) == ("admitted", 1, make.HOURS)
    assert (done.points, done.amount, done.round) == (POINTS, AMOUNT, 1)
    events = ApplicationEvent.objects.filter(subject=done).order_by("number")
    assert first_break(events) is None
    assert [event.move for event in events] == [
        "draft", "edit", "apply", "convene", "agree", "agree", "try", "admit"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "name"),
    [
        ({"legal_basis": " "}, "legal_basis"),
        ({"equipment": ""}, "equipment"),
        ({"training": ""}, "training"),
        ({"checker": None}, "checker"),
        ({"shares": False}, "money"),
    ],
)
def test_what_lacks_a_share_is_refused_by_itself_and_may_be_completed(place, lacking, name):
    refused = services.apply_for(make.drafted(place, **lacking), by=place.head, at=AT)
    assert (refused.state, refused.applied_by) == ("refused", None)
    assert refused.events.latest("number").facts == {"missing": [name]}
    assert refused.reason
    draft = services.revise_application(refused, by=place.head, at=AT)
    services.edit_application(draft, make.matter(place), by=place.head, at=AT)
    if not draft.shares.exists():
        make.give_share(draft, place, place.communities[0])
    assert services.apply_for(fresh(draft), by=place.head, at=AT).state == "applied"


def test_a_community_without_people_is_refused(place):
    draft = make.drafted(place)
    services.set_share(
        draft, place.communities[0], line=place.line, purpose=place.purpose, amount=1, people=[],
        by=place.head, at=AT,
    )  # fmt: skip
    refused = services.apply_for(fresh(draft), by=place.head, at=AT)
    assert refused.events.latest("number").facts == {"missing": ["people"]}


def test_it_is_applied_for_thirty_working_days_ahead(place):
    # Monday 23 November 2026 and 30 working days, New Year's holiday among them.
    draft = make.drafted(place, begins=datetime.date(2027, 1, 4))
    with pytest.raises(RuleViolation) as refusal:
        services.apply_for(draft, by=place.head, at=AT)
    assert refusal.value.code == "too_late"
    done = make.applied(place)
    assert done.earliest <= BEGINS
    assert done.review_due == datetime.date(2026, 12, 14)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"line": "foreign"}, "foreign_line"),
        ({"purpose": "other"}, "other_purpose"),
        ({"amount": 0}, "no_money"),
        ({"people": "foreign"}, "foreign_person"),
        ({"people": "twice"}, "person_twice"),
        ({"people": "idle"}, "no_hours"),
        ({"community": "office"}, "no_community"),
    ],
)
def test_a_share_must_be_the_departments_to_give(place, wrong, code):
    values = {"line": place.line, "purpose": place.purpose, "amount": 1, "people": []}
    community = BodyFactory() if wrong.get("community") else place.communities[0]
    some = services.Promise(place.worker, 1, 1)
    chosen = {
        "foreign": {"line": LineFactory(purposes=[place.purpose])},
        "other": {"purpose": make.PurposeFactory()},
        0: {"amount": 0},
        "twice": {"people": [some, some]},
        "idle": {"people": [services.Promise(place.worker, 0, 1)]},
        "office": {},
    }
    if wrong.get("people") == "foreign":
        values["people"] = [services.Promise(PostFactory(), 1, 1)]
    else:
        values |= chosen[next(iter(wrong.values()))]
    draft = make.drafted(place, shares=False)
    with pytest.raises(RuleViolation) as refusal:
        services.set_share(draft, community, by=place.head, at=AT, **values)
    assert (refusal.value.code, AdmissionShare.objects.count()) == (code, 0)


def test_a_share_is_replaced_and_dropped_in_a_draft_only(place):
    draft = make.drafted(place)
    make.give_share(draft, place, place.communities[0], amount=7)
    share = AdmissionShare.objects.get()
    assert (share.amount, PromisedPost.objects.count()) == (7, 1)
    services.drop_share(share, by=place.head, at=AT)
    assert AdmissionShare.objects.count() == 0
    application = make.applied(place)
    with pytest.raises(WrongState):
        services.drop_share(application.shares.get(), by=place.head, at=AT)


def test_only_the_head_of_the_department_applies(place):
    for person in (place.worker.person, place.committee[0], place.speakers[0]):
        with pytest.raises(NotYours):
            services.draft_application(make.matter(place), place.department, by=person, at=AT)
    with pytest.raises(NotYours):
        services.apply_for(make.drafted(place), by=place.committee[0], at=AT)


# -- Reviewing ----------------------------------------------------------------------------------


def test_the_committee_over_all_communities_convenes(place):
    application = make.applied(place)
    stranger = make_committee(TerritoryFactory(town=True))[0]
    with pytest.raises(NotYours):
        services.convene(application, place.committee[1:], by=stranger, at=AT)
    for reviewers, code in (
        (place.committee[1:2], "too_few"),
        ([place.committee[1], place.head], "own_application"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            services.convene(application, reviewers, by=place.committee[0], at=AT)
        assert refusal.value.code == code
    assert AdmissionReview.objects.count() == 0


def test_nobody_is_on_both_sides(place):
    PostFactory(role=Role.COMMITTEE_MEMBER, body=place.department, person=place.head)
    with pytest.raises(NotYours):
        services.convene(make.applied(place), place.committee[1:], by=place.head, at=AT)


def test_it_begins_when_the_last_reviewer_agrees_and_each_answers_once(place):
    application = make.reviewed(place)
    first, second = place.committee[1:3]
    assert services.agree(application, words="", by=first, at=AT).state == "review"
    with pytest.raises(NotYours):
        services.agree(application, words="", by=first, at=AT)
    with pytest.raises(NotYours):
        services.agree(application, words="", by=place.committee[3], at=AT)
    assert Admission.objects.count() == 0
    done = services.agree(application, words="", by=second, at=AT)
    assert (done.state, done.trial_until) == ("trial", BEGINS + datetime.timedelta(days=90))


def test_one_objection_ends_it_with_its_reason_and_another_round_begins_anew(place):
    application = make.reviewed(place)
    with pytest.raises(RuleViolation):
        services.object_to(application, reason=" ", by=place.committee[1], at=AT)
    refused = services.object_to(application, reason="经费不足", by=place.committee[1], at=AT)
    assert (refused.state, refused.reason) == ("refused", "经费不足")
    with pytest.raises(WrongState):
        services.agree(application, words="", by=place.committee[2], at=AT)
    draft = services.revise_application(refused, by=place.head, at=AT)
    again = services.apply_for(draft, by=place.head, at=AT)
    assert again.round == 2
    services.convene(again, place.committee[1:3], by=place.committee[0], at=AT)
    assert AdmissionReview.objects.pending().filter(round=2).count() == 2


def test_the_committee_may_refuse_without_a_review(place):
    done = services.refuse_application(
        make.applied(place), reason="属部门法定职责", by=place.committee[0], at=AT
    )
    assert (done.state, done.reason) == ("refused", "属部门法定职责")


def test_a_late_reviewer_is_reminded_once(place, django_capture_on_commit_callbacks):
    make.reviewed(place)
    late = AT + datetime.timedelta(days=40)
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            services.remind_reviewers(at=late)
    told = Message.objects.filter(kind="admission-review-late").values_list("to", flat=True)
    assert set(told) == {person.pk for person in place.committee[1:3]}
    assert len(told) == 2


# -- No order of acts admits without its shares -------------------------------------------------


def test_no_order_of_acts_admits_what_lacks_people(place):
    """Every order of all moves, by whoever may make them."""
    committee, head = place.committee, place.head
    acts = {
        "apply": lambda it: services.apply_for(it, by=head, at=AT),
        "convene": lambda it: services.convene(it, committee[1:3], by=committee[0], at=AT),
        "agree": lambda it: services.agree(it, words="", by=committee[1], at=AT),
        "agree too": lambda it: services.agree(it, words="", by=committee[2], at=AT),
        "admit": lambda it: services.admit(it, by=committee[0], at=AT),
        "revise": lambda it: services.revise_application(it, by=head, at=AT),
    }
    for order in permutations(acts):
        with transaction.atomic():
            draft = make.drafted(place, shares=False)
            for name in order:
                try:
                    with transaction.atomic():
                        acts[name](fresh(draft))
                except (RuleViolation, NotYours):
                    continue
            assert fresh(draft).state in {"refused", "draft"}
            assert Admission.objects.count() == 0
            transaction.set_rollback(True)


def test_the_database_lets_nothing_past_a_draft_that_lacks_a_share(place):
    draft = make.drafted(place)
    whole = {
        "headcount": 1, "hours": make.HOURS, "points": POINTS, "amount": AMOUNT,
        "applied_by": place.head, "applied_at": AT, "earliest": BEGINS, "review_due": BEGINS,
    }  # fmt: skip
    rows = AdmissionApplication.objects.filter(pk=draft.pk)
    wrong = [
        {"headcount": 0}, {"headcount": 2}, {"hours": 1}, {"points": POINTS + 1}, {"amount": 1},
        {"legal_basis": ""}, {"equipment": ""}, {"training": ""}, {"checker": None},
        {"earliest": ENDS}, {"applied_by": None}, {"review_due": None},
    ]  # fmt: skip
    for state in ("applied", "review", "trial", "admitted", "expired"):
        more = {"trial_until": ENDS} if state == "trial" else {}
        more |= {"ended_at": AT} if state == "expired" else {}
        for one in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(state=state, **{**whole, **more, **one})
    rows.update(state="applied", **whole)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(headcount=5)


def test_the_database_keeps_what_was_promised(place):
    application = make.applied(place)
    share, promise = AdmissionShare.objects.get(), PromisedPost.objects.get()
    for change in (
        lambda: AdmissionShare.objects.update(amount=1),
        lambda: PromisedPost.objects.update(points=1),
        promise.delete,
        lambda: AdmissionShare.objects.create(
            application=application, community=BodyFactory(community=True), line=place.line,
            purpose=place.purpose, amount=1,
        ),
        lambda: PromisedPost.objects.create(share=share, post=PostFactory(), hours=1, points=1),
        lambda: AdmissionApplication.objects.create(
            category=place.category, department=place.department, begins=BEGINS, ends=ENDS,
            made_by=place.head, made_at=AT, state="admitted",
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
