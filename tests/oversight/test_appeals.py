"""Appeals and forgiveness, answered by somebody else; rewards and penalties with their money."""

import pytest
from django.db import Error, IntegrityError, transaction

from funding.models import Hold
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message
from oversight.models import Appeal, Consequence, Score
from oversight.services import appealing, appraising, reviewing, rewarding
from oversight.services.outcomes import as_published, recomputed
from oversight.services.rewarding import Proposal
from tests.factories import appraisals as make
from tests.factories.appraisals import AFTER_APPEALS, AT, BAD, FAIR, GOOD, fresh, later
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
WANTED = {"closed_on_time": 20, "closed_late": 0}


@pytest.fixture
def offices(place):
    return [make.department(place) for _each in range(10)]


@pytest.fixture
def numbers(offices):
    rows = [{**GOOD, "rework": place} for place in range(5)]
    return dict(zip(offices, [*rows, FAIR, FAIR, BAD, BAD, BAD], strict=True))


@pytest.fixture
def row(place, numbers):
    return make.publicised(place, numbers=numbers)


@pytest.fixture
def fair(offices):
    return offices[5]


def refused(act):
    with pytest.raises((IntegrityError, Error)), transaction.atomic():
        act()


def kinds(person):
    return set(Message.objects.filter(to=person).values_list("kind", flat=True))


# -- Appeals ---------------------------------------------------------------------------------------


def test_what_is_granted_makes_a_new_outcome_and_the_old_one_stays(place, row, fair):
    asked = make.appealed(row, fair, by=fair.chief, wanted={**WANTED, "rework": 0})
    before = make.score(row, fair)
    done = appealing.grant(asked, answer="经查属实", by=place.secretary, at=later(days=1))
    again = fresh(row)
    assert (done.state, done.edition.number, again.edition) == ("granted", 2, 2)
    after = make.score(again, fair)
    assert (before.points, after.points, after.rank) == (8440, 10_000, 1)
    assert Score.objects.get(pk=before.pk).points == 8440
    for edition in again.editions.all():
        assert recomputed(edition) == as_published(edition)
    assert {"appraisal-publicised", "appeal-granted"} <= kinds(fair.chief)
    assert "appeal-asked" in kinds(place.secretary)
    assert again.editions.get(number=2).reason
    assert list(again.events.order_by("number").values_list("move", flat=True))[-2:] == [
        "appeal", "correct",
    ]  # fmt: skip


def test_who_was_displaced_loses_the_place_with_the_new_outcome(place, row, offices, fair):
    assert [make.score(row, one).final for one in offices[:3]] == ["excellent"] * 2 + ["good"]
    asked = make.appealed(row, fair, by=fair.chief, wanted={**WANTED, "rework": 0})
    appealing.grant(asked, answer="经查属实", by=place.secretary, at=later(days=1))
    found = [make.score(fresh(row), one).final for one in (offices[0], fair, offices[1])]
    assert found == ["excellent", "excellent", "good"]


def test_only_who_is_appraised_appeals_within_the_time_and_once_at_a_time(place, row, fair):
    for who in (place.assessor, place.secretary, place.town.handler):
        with pytest.raises(NotYours):
            make.appealed(row, fair, by=who)
    with pytest.raises(RuleViolation):
        make.appealed(row, fair, by=fair.chief, at=row.appeal_until)
    for bad in ({"closed_late": 4}, {}, {"returned": 1}, {"nonsense": 1}):
        with pytest.raises(RuleViolation):
            appealing.appeal(
                make.of(row, fair), text="x", wanted=bad, by=fair.chief, at=later(hours=1)
            )
    with pytest.raises(RuleViolation):
        appealing.appeal(make.of(row, fair), text=" ", wanted=WANTED, by=fair.chief, at=AT)
    make.appealed(row, fair, by=fair.chief)
    with pytest.raises(RuleViolation):
        make.appealed(row, fair, by=fair.chief)
    assert Appeal.objects.count() == 1


def test_it_is_answered_by_somebody_without_a_part_in_the_result(place, row, fair):
    asked = make.appealed(row, fair, by=fair.chief)
    mine = PostFactory(body=fair, role=Role.HANDLER, person=place.other_member).person
    for who in (fair.chief, place.assessor, place.supervisor, place.member, mine):
        with pytest.raises(NotYours):
            appealing.grant(asked, answer="x", by=who, at=AT)
    with pytest.raises(RuleViolation):
        appealing.refuse(asked, answer=" ", by=place.secretary, at=AT)
    appealing.refuse(asked, answer="延误成立", by=place.secretary, at=AT)
    with pytest.raises(WrongState):
        appealing.grant(asked, answer="x", by=place.secretary, at=AT)
    assert fresh(row).edition == 1
    assert "appeal-refused" in kinds(fair.chief)


def test_an_open_appeal_holds_up_the_publication(place, row, fair):
    asked = make.appealed(row, fair, by=fair.chief)
    assert appraising.publish_due(at=AFTER_APPEALS) == 0
    with pytest.raises(RuleViolation):
        appraising.publish(row, by=place.assessor, at=AFTER_APPEALS)
    appealing.withdraw(asked, by=fair.chief, at=AFTER_APPEALS)
    assert appraising.publish_due(at=AFTER_APPEALS) == 1


def test_the_answer_has_a_limit_in_work_days(row, fair):
    asked = make.appealed(row, fair, by=fair.chief, at=later(days=5, hours=3))
    assert asked.due_at.date() > later(days=5).date()


def test_people_appeal_for_themselves(place):
    town = place.town
    row = make.publicised(place, make.scheme(of="person", role=Role.HANDLER),
                          numbers={town.handler: FAIR})  # fmt: skip
    with pytest.raises(NotYours):
        make.appealed(row, town.handler, by=town.head)
    asked = make.appealed(row, town.handler, by=town.handler)
    assert Appeal.objects.visible_to(town.handler, on=AT.date()).get() == asked
    assert not Appeal.objects.visible_to(town.verifier, on=AT.date()).exists()


# -- Forgiveness -----------------------------------------------------------------------------------


def forgiveness(row, thing, *, by, **said):
    given = {
        "text": "台风期间交通中断", "legal_basis": "北京市接诉即办工作条例第三十六条",
        "wanted": {"closed_late": 0},
    }  # fmt: skip
    return appealing.ask_forgiveness(make.of(row, thing), by=by, at=AT, **{**given, **said})


def test_what_nobody_could_avert_is_forgiven_with_reason_basis_and_decider(place, numbers, fair):
    row = make.computed(place, numbers=numbers)
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    with pytest.raises(WrongState):
        forgiveness(row, fair, by=place.assessor)
    again = make.computed(place, make.scheme(), numbers=numbers)
    with pytest.raises(RuleViolation):
        forgiveness(again, fair, by=place.assessor, legal_basis=" ")
    with pytest.raises(NotYours):
        forgiveness(again, fair, by=place.supervisor)
    asked = forgiveness(again, fair, by=place.assessor)
    with pytest.raises(NotYours):
        appealing.grant(asked, answer="x", by=place.assessor, at=AT)
    done = appealing.grant(asked, answer="同意容错", by=place.secretary, at=AT)
    assert (done.answered_by, done.edition.number) == (place.secretary, 2)
    assert make.score(fresh(again), fair).points > 8440
    assert reviewing.sign(again, 1, by=place.supervisor, at=AT) == 12


def test_the_database_refuses_answers_of_the_wrong_people(place, row, fair):
    asked = make.appealed(row, fair, by=fair.chief)
    rows = Appeal.objects.filter(pk=asked.pk)
    for who in (fair.chief, place.assessor, place.supervisor, place.member):
        refused(lambda who=who: rows.update(
            state="refused", answer="x", answered_by=who, answered_at=AT))  # fmt: skip
    refused(lambda: rows.update(state="refused"))
    refused(lambda: rows.update(state="granted", answer="x", answered_by=place.secretary,
                                answered_at=AT))  # fmt: skip
    refused(lambda: rows.update(text="y"))
    refused(rows.delete)
    refused(lambda: asked.changes.update(after=99))
    published = type(row).objects.filter(pk=row.pk)
    refused(lambda: published.update(state="published", ended_at=AFTER_APPEALS))
    refused(lambda: Appeal.objects.create(
        appraised=asked.appraised, kind="appeal", text="x", asked_by=fair.chief, asked_at=AT,
        due_at=AT))  # fmt: skip
    refused(lambda: Appeal.objects.create(
        appraised=make.of(row, place.town.office), kind="forgiveness", text="x",
        asked_by=fair.chief, asked_at=AT, due_at=AT))  # fmt: skip


# -- Rewards and penalties -------------------------------------------------------------------------


@pytest.fixture
def done(row):
    appraising.publish_due(at=AFTER_APPEALS)
    return fresh(row)


@pytest.fixture
def line(place):
    return LineFactory(body=place.party, purposes=[PurposeFactory()], free=100_000)


def bonus(line, amount=80_000):
    return Proposal("bonus", "季度考核优秀", amount, line, line.purposes.get().purpose)


def proposed(place, done, thing, proposal, *, by=None):
    return rewarding.propose(
        make.of(done, thing), proposal, by=by or place.assessor, at=AFTER_APPEALS
    )


def test_a_bonus_is_proposed_decided_by_another_and_owed_by_the_ledger(place, done, offices, line):
    made = proposed(place, done, offices[0], bonus(line))
    for who in (place.assessor, place.supervisor, offices[0].chief):
        with pytest.raises(NotYours):
            rewarding.approve(made, by=who, at=AFTER_APPEALS)
    approved = rewarding.approve(made, by=place.secretary, at=AFTER_APPEALS)
    hold = Hold.objects.get()
    assert (approved.hold, hold.payable, hold.subject_kind) == (hold, 80_000, rewarding.SUBJECT)
    assert fresh(line).available == 20_000
    with pytest.raises(WrongState):
        rewarding.refuse(made, reason="x", by=place.secretary, at=AFTER_APPEALS)


def test_a_bonus_beyond_the_line_changes_nothing(place, done, offices, line):
    made = proposed(place, done, offices[0], bonus(line, 100_001))
    with pytest.raises(RuleViolation):
        rewarding.approve(made, by=place.secretary, at=AFTER_APPEALS)
    assert (fresh(made).state, Hold.objects.count()) == ("proposed", 0)


def test_rewards_follow_good_grades_and_penalties_bad_ones(place, done, offices):
    best, worst = offices[0], offices[-1]
    for thing, kind in ((best, "talk"), (worst, "praise"), (place.town.office, "praise")):
        with pytest.raises(RuleViolation):
            proposed(place, done, thing, Proposal(kind, "x"))
    with pytest.raises(RuleViolation):
        proposed(place, done, best, Proposal("praise", " "))
    with pytest.raises(RuleViolation):
        proposed(place, done, best, Proposal("bonus", "x"))
    made = proposed(place, done, worst, Proposal("talk", "连续超期"))
    with pytest.raises(RuleViolation):
        proposed(place, done, worst, Proposal("talk", "again"))
    with pytest.raises(RuleViolation):
        rewarding.refuse(made, reason="", by=place.secretary, at=AFTER_APPEALS)
    rewarding.refuse(made, reason="已整改", by=place.secretary, at=AFTER_APPEALS)
    assert not fresh(made).is_reward
    proposed(place, done, worst, Proposal("talk", "again"))


def test_only_assessors_propose_and_only_after_publication(place, row, offices):
    with pytest.raises(WrongState):
        proposed(place, row, offices[0], Proposal("praise", "x"))
    appraising.publish_due(at=AFTER_APPEALS)
    with pytest.raises(NotYours):
        proposed(place, fresh(row), offices[0], Proposal("praise", "x"), by=place.member)


def test_nobody_decides_about_himself(place):
    member = place.member
    row = make.computed(place, make.scheme(of="person", role=Role.COMMITTEE_MEMBER),
                        numbers={member: GOOD})  # fmt: skip
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    reviewing.sign(row, 2, by=place.secretary, at=AT)
    row = appraising.publicise(fresh(row), by=place.assessor, at=AT)
    done = appraising.publish(row, by=place.assessor, at=AFTER_APPEALS)
    made = proposed(place, done, member, Proposal("praise", "x"))
    with pytest.raises(NotYours):
        rewarding.approve(made, by=member, at=AFTER_APPEALS)
    refused(lambda: Consequence.objects.update(
        state="approved", decided_by=member, decided_at=AFTER_APPEALS))  # fmt: skip
    rewarding.approve(made, by=place.other_member, at=AFTER_APPEALS)
    assert "reward-decided" in kinds(member)


def test_the_database_refuses_rewards_that_cannot_be(place, row, offices, line):
    given = {"appraised": make.of(row, offices[0]), "words": "x", "proposed_by": place.assessor,
             "proposed_at": AT}  # fmt: skip
    refused(lambda: Consequence.objects.create(**given, kind="praise"))  # not published
    appraising.publish_due(at=AFTER_APPEALS)
    refused(lambda: Consequence.objects.create(**given, kind="bonus"))
    refused(lambda: Consequence.objects.create(**given, kind="praise", amount=1))
    refused(lambda: Consequence.objects.create(**{**given, "words": ""}, kind="praise"))
    refused(lambda: Consequence.objects.create(**given, kind="praise", person=place.member))
    made = proposed(place, fresh(row), offices[0], bonus(line))
    rows = Consequence.objects.filter(pk=made.pk)
    decided = {"decided_by": place.secretary, "decided_at": AT}
    refused(lambda: rows.update(state="approved", **decided))  # nothing kept
    refused(lambda: rows.update(state="refused", **decided))
    refused(lambda: rows.update(state="refused", reason="x", decided_by=place.assessor,
                                decided_at=AT))  # fmt: skip
    refused(lambda: rows.update(amount=1))
    refused(rows.delete)
