"""Votes: one for each right, rules that stay, secret ones without a trace, proxies, closing."""

import pytest

from consultation.models import Ballot, BallotRight, Entitlement, Vote
from consultation.services import attending, counting, voting
from consultation.services.voting import Question
from grids.models import Roll
from grids.services import rolls
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.organizations import UserFactory
from tests.factories.voting import after, cast, right_of

pytestmark = pytest.mark.django_db
OWNERS = [
    ("1-101", "100.00", "张三", "0011"),
    ("1-101", "100.00", "李四", "0022"),
    ("1-102", "50.00", "王五", "0033"),
    ("1-103", "50.00", "王五", "0033"),
]


def in_room(started, members=5, present=None, **more):
    place, consultation = started
    session, people = makers.opened(place, consultation, members, present)
    return makers.session_vote(place, consultation, session, **more), people


def by_roll(started, unit, lines=OWNERS, **more):
    place, consultation = started
    made = makers.make_roll(place, lines)
    return makers.roll_vote(place, consultation, made.roll, unit=unit, **more), made.people


def closed(vote, started, at=None):
    return voting.close_vote(vote, by=started[0].host, at=at or vote.closes_at)


def test_an_open_vote_counts_each_member_once(started):
    vote, people = in_room(started)
    for person, answer in zip(people, (1, 1, 1, 2, 3), strict=True):
        cast(vote, person, answer)
    vote = counting.judge(closed(vote, started), by=started[0].host, at=after(hours=2))
    assert (vote.passed, vote.result["counts"]["person"]["in_favour"]) == (True, "3")
    assert vote.result["options"] == {
        str(option.pk): number for option, number in zip(vote.options.all(), (3, 1, 1), strict=True)
    }


@pytest.mark.parametrize(("answers", "passes"), [((1, 1, 2, 2), False), ((1, 1, 1, 2), True)])
def test_exactly_half_is_not_more_than_half(started, answers, passes):
    vote, people = in_room(started, members=4)
    for person, answer in zip(people, answers, strict=True):
        cast(vote, person, answer)
    vote = counting.judge(closed(vote, started), by=started[0].host, at=after(hours=2))
    assert vote.passed is passes


TWO_THIRDS = {"purpose": "majority", "measure": "person", "base": "all", "numerator": 2,
              "denominator": 3}  # fmt: skip


@pytest.mark.parametrize(("number", "passes"), [(4, True), (3, False)])
def test_exactly_two_thirds_of_all_is_enough_and_one_less_is_not(number, passes):
    started = makers.in_session(rules=(TWO_THIRDS,), kind="vote")
    vote, people = in_room(started, members=6)
    for person in people[:number]:
        cast(vote, person)
    vote = counting.judge(closed(vote, started), by=started[0].host, at=after(hours=2))
    assert vote.passed is passes


def test_a_second_vote_is_refused_and_changes_nothing(started):
    vote, people = in_room(started)
    cast(vote, people[0])
    with pytest.raises(RuleViolation) as refusal:
        cast(vote, people[0], 2)
    assert refusal.value.code == "voted"
    assert [ballot.option.order for ballot in vote.ballots.all()] == [1]


def test_only_who_has_come_votes_in_a_session(started):
    vote, people = in_room(started, present=3)
    with pytest.raises(RuleViolation) as refusal:
        cast(vote, people[4])
    assert refusal.value.code == "absent"
    makers.come(started[0], vote.session, people[4])
    cast(vote, people[4])


def test_strangers_and_other_votes_answers_are_refused(started):
    vote, people = in_room(started)
    with pytest.raises(NotYours):
        cast(vote, UserFactory(), right=right_of(vote, people[0]))
    other = makers.session_vote(*started, vote.session, question="另一题")
    with pytest.raises(NotYours):
        voting.cast(
            vote, right_of(vote, people[0]), other.options.first(), by=people[0], at=vote.opened_at
        )
    assert Ballot.objects.count() == 0


def test_a_clerk_votes_with_somebody_and_it_is_on_record(started):
    vote, people = in_room(started)
    place = started[0]
    cast(vote, place.worker, right=right_of(vote, people[0]))
    right = right_of(vote, people[0])
    assert (right.channel, right.cast_by) == ("clerk", place.worker)


@pytest.mark.parametrize("moment", ["before", "at the end", "closed"])
def test_nobody_votes_before_or_after(started, moment):
    vote, people = in_room(started)
    if moment == "closed":
        closed(vote, started)
    at = {"before": AT, "at the end": vote.closes_at, "closed": after(minutes=5)}[moment]
    with pytest.raises(WrongState):
        cast(vote, people[0], at=at)
    assert Ballot.objects.count() == Entitlement.objects.voted().count() == 0


def test_a_household_with_two_voters_has_one_vote(started):
    vote, people = by_roll(started, "household")
    cast(vote, people["张三"])
    with pytest.raises(RuleViolation) as refusal:
        cast(vote, people["李四"], 2)
    assert refusal.value.code == "voted"
    assert vote.entitlements.count() == 3


def test_who_owns_several_dwellings_is_one_head_with_all_their_area(started):
    vote, people = by_roll(started, "owner")
    said = sorted(vote.entitlements.values_list("label", "area"))
    assert said == [("1-101", 100_00), ("1-102、1-103", 100_00)]
    cast(vote, people["王五"])
    assert counting.outcome_of(vote).counts["area"].in_favour == 100


THREE_QUARTERS = {"numerator": 3, "denominator": 4}


@pytest.mark.parametrize(
    ("answers", "passes"),
    [
        # heads 2 of 3 in favour (not 3/4); area 250 of 300 (more than 3/4): in conflict
        ((1, 1, 2), False),
        ((1, 1, 1), True),
        # area 100 of 300 and heads 1 of 3
        ((2, 1, 2), False),
    ],
)
def test_owners_need_both_area_and_heads(answers, passes):
    both = [
        {"purpose": "majority", "measure": measure, "base": "cast", **THREE_QUARTERS}
        for measure in ("area", "person")
    ]
    started = makers.in_session(rules=both, kind="vote", form="owners")
    lines = [
        ("1", "150", "张三", "0011"), ("2", "100", "李四", "0022"), ("3", "50", "王五", "0033"),
    ]  # fmt: skip
    vote, people = by_roll(started, "owner", lines)
    for person, answer in zip(people.values(), answers, strict=True):
        cast(vote, person, answer)
    vote = counting.judge(closed(vote, started), by=started[0].host, at=later(days=8))
    assert vote.passed is passes
    sentences = counting.judged(vote).sentences
    assert len(sentences) == 2


def test_who_stands_back_has_no_vote_and_is_not_counted(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 5)
    mine = session.invitations.get(person=people[0])
    attending.recuse(mine, reason="电梯公司股东", by=people[0], at=makers.BEGIN)
    vote = makers.session_vote(place, consultation, session)
    assert right_of(vote, people[0]) is None
    assert counting.outcome_of(vote).counts["person"].entitled == 4


def test_where_the_rule_says_so_who_stands_back_is_counted_but_does_not_vote(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 5, recused_leave=False)
    mine = session.invitations.get(person=people[0])
    attending.recuse(mine, reason="电梯公司股东", by=place.host, at=makers.BEGIN)
    vote = makers.session_vote(place, consultation, session)
    assert counting.outcome_of(vote).counts["person"].entitled == 5
    kept = vote.entitlements.get(key__startswith="r")
    with pytest.raises(NotYours):
        cast(vote, place.worker, right=kept)


# -- Secret ------------------------------------------------------------------------------------


def test_a_secret_vote_keeps_box_and_list_apart(started):
    vote, people = in_room(started, is_secret=True)
    codes = [cast(vote, person, 1 + number % 2) for number, person in enumerate(people)]
    assert set(vote.ballots.values_list("entitlement", flat=True)) == {None}
    moments = set(vote.entitlements.values_list("voted_at", flat=True))
    assert len(moments) == 1  # a day, no order
    assert vote.entitlements.voted().count() == 5
    assert BallotRight.objects.count() == 0
    columns = {field.name for field in Ballot._meta.get_fields()}
    assert columns == {"id", "vote", "option", "entitlement", "receipt", "sealed"}
    assert all(counting.is_in_box(vote, code.lower()) for code in codes)
    assert not counting.is_in_box(vote, "AAAA AAAA AAAA")


def test_a_secret_result_is_judged_and_proved(started):
    vote, people = in_room(started, is_secret=True)
    for person, answer in zip(people, (1, 1, 1, 2, 3), strict=True):
        cast(vote, person, answer)
    vote = closed(vote, started)
    assert vote.commitment == counting.commitment_of(vote)
    assert set(vote.ballots.values_list("sealed", flat=True)) == {True}
    assert counting.prove(vote) == []
    vote = counting.judge(vote, by=started[0].host, at=after(hours=2))
    assert vote.passed
    assert vote.result["counts"]["person"]["in_favour"] == "3"


def test_a_secret_vote_is_refused_where_the_rules_count_what_it_cannot():
    households = {"purpose": "majority", "measure": "household", "base": "cast", "numerator": 1,
                  "denominator": 2}  # fmt: skip
    started = makers.in_session(rules=(households,), kind="vote")
    with pytest.raises(RuleViolation) as refusal:
        by_roll(started, "person", is_secret=True)
    assert refusal.value.code == "not_countable"
    asked = Question("？", "owner", later(days=7), is_secret=True, roll=Roll.objects.get())
    with pytest.raises(RuleViolation) as refusal:
        voting.draft_vote(started[1], asked, by=started[0].host, at=AT)
    assert refusal.value.code == "by_area"


# -- Rules, electorate, moves ------------------------------------------------------------------


def test_opening_fixes_the_rules_and_tells_those_entitled(
    started, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        vote, people = in_room(started)
    assert [(rule["purpose"], rule["is_strict"]) for rule in vote.rules] == [
        ("quorum", True), ("majority", True),
    ]  # fmt: skip
    told = Message.objects.filter(kind="vote-opened").values_list("to", flat=True)
    assert set(told) == {person.pk for person in people}


def test_a_vote_that_has_not_begun_is_changed_with_its_answers(started):
    place, consultation = started
    session, people = makers.opened(place, consultation)
    said = {"unit": "person", "closes_at": after(hours=1), "session": session}
    vote = voting.draft_vote(consultation, Question("先问这个？", **said), by=place.host, at=AT)
    answers = (("是", "Yes", True), ("否", "No", False))
    asked = Question("装电梯吗？", **{**said, "closes_at": after(hours=2)}, answers=answers)
    voting.change_vote(vote, asked, by=place.host, at=AT)
    vote.refresh_from_db()
    assert (vote.question, vote.closes_at) == ("装电梯吗？", after(hours=2))
    assert [row.text for row in vote.options.order_by("order")] == ["是", "否"]
    assert consultation.events.last().move == "edit_vote"
    with pytest.raises(NotYours):
        voting.change_vote(vote, asked, by=people[0], at=AT)


def test_a_vote_that_has_begun_is_not_changed(started):
    vote, _people = in_room(started)
    asked = Question("另一问？", "person", after(hours=2), session=vote.session)
    with pytest.raises(WrongState):
        voting.change_vote(vote, asked, by=started[0].host, at=after(minutes=1))
    assert Vote.objects.get().question == vote.question


def test_a_stage_without_a_rule_asks_for_more_than_half_of_the_votes():
    started = makers.in_session(rules=(), kind="vote")
    vote, people = in_room(started, members=2)
    cast(vote, people[0])
    vote = counting.judge(closed(vote, started), by=started[0].host, at=after(hours=2))
    assert vote.passed


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"session": None}, "no_electorate"),
        ({"unit": "household"}, "no_electorate"),
        ({"closes_at": AT}, "times"),
        ({"answers": (("赞成", "For", True),)}, "answers"),
        ({"answers": (("甲", "A", True), ("乙", "B", True))}, "answers"),
    ],
)
def test_a_question_that_cannot_be_voted_on_is_refused(started, wrong, code):
    place, consultation = started
    session, _people = makers.opened(place, consultation)
    said = {"question": "？", "unit": "person", "closes_at": after(hours=1), "session": session}
    with pytest.raises(RuleViolation) as refusal:
        voting.draft_vote(consultation, Question(**{**said, **wrong}), by=place.host, at=AT)
    assert refusal.value.code == code
    assert Vote.objects.count() == 0


def test_only_the_host_prepares_opens_and_closes(started):
    vote, people = in_room(started)
    place, consultation = started
    for person in (place.secretary, place.supervisor, people[0]):
        with pytest.raises(NotYours):
            voting.close_vote(vote, by=person, at=after(hours=2))
        with pytest.raises(NotYours):
            voting.annul(vote, reason="x", by=person, at=after(hours=2))
        with pytest.raises(NotYours):
            voting.draft_vote(
                consultation, Question("？", "person", after(hours=1), session=vote.session),
                by=person, at=AT,
            )  # fmt: skip


def test_a_roll_vote_stays_open_until_its_end_unless_all_have_voted(started):
    vote, people = by_roll(started, "owner")
    with pytest.raises(RuleViolation) as refusal:
        closed(vote, started, at=later(days=1))
    assert refusal.value.code == "too_early"
    for person in ("张三", "王五"):
        cast(vote, people[person])
    assert closed(vote, started, at=later(days=1)).state == "closed"


def test_an_annulled_vote_keeps_its_ballots_and_says_why(started):
    vote, people = in_room(started)
    cast(vote, people[0])
    vote = voting.annul(vote, reason="题目写错", by=started[0].host, at=after(minutes=1))
    assert (vote.state, vote.reason, vote.ballots.count()) == ("void", "题目写错", 1)
    with pytest.raises(WrongState):
        cast(vote, people[1])


def test_the_clock_closes_what_is_over_once(started):
    vote, people = by_roll(started, "owner")
    cast(vote, people["张三"])
    assert voting.close_due(at=later(days=6)) == 0
    assert voting.close_due(at=later(days=7)) == 1
    assert voting.close_due(at=later(days=7)) == 0
    vote.refresh_from_db()
    assert (vote.state, vote.consultation.events.filter(move="close_vote").count()) == ("closed", 1)


def test_a_new_version_of_the_roll_leaves_a_vote_that_has_begun_as_it_is(started):
    """Whoever stays votes on by the old version; who is new there has no right in this vote."""
    place, consultation = started
    made = makers.make_roll(place, OWNERS)
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner")
    lines = [*OWNERS[2:], ("1-101", "100.00", "赵六", "0044")]
    report = makers.bring_roll(place, lines)
    assert (report.roll.version, report.claims_kept, report.claims_ended) == (2, 2, 2)
    newcomer = UserFactory()
    spot = report.roll.dwellings.get(number="1-101").entitled.get()
    rolls.confirm_claim(spot, newcomer, by=place.worker, at=AT)
    cast(vote, made.people["王五"])
    assert vote.entitlements.count() == 2
    with pytest.raises(NotYours):
        cast(vote, newcomer, right=vote.entitlements.get(label="1-101"))
    assert right_of(vote, newcomer) is None
    # Who is not in the new version any more comes to a clerk.
    assert right_of(vote, made.people["张三"]) is None
    right = vote.entitlements.get(label="1-101")
    cast(vote, place.worker, right=right)
    assert vote.entitlements.voted().count() == 2
