"""Quorums and majorities at their edges: exact, and with the sentence why."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.thresholds import Count, Rule, holds, missing_sentence, votes_missing

HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)


def quorum(share, *, strict=False, measure="person", alternative=""):
    return Rule("quorum", measure, "all", share, strict, alternative)


def majority(share, *, base="present", strict=True, measure="person"):
    return Rule("majority", measure, base, share, strict)


@pytest.mark.parametrize(
    ("entitled", "present", "enough"),
    [
        (100, 50, False),
        (100, 51, True),
        (101, 50, False),
        (101, 51, True),
        (1, 0, False),
        (1, 1, True),
    ],
)
def test_more_than_half_is_not_reached_by_exactly_half(entitled, present, enough):
    judged = holds([quorum(HALF, strict=True)], {"person": Count(entitled, present)})
    assert judged.holds is enough


@pytest.mark.parametrize(
    ("entitled", "present", "enough"),
    [
        (99, 66, True),
        (99, 65, False),
        (100, 66, False),
        (100, 67, True),
        (3, 2, True),
        (2, 1, False),
    ],
)
def test_two_thirds_and_more_includes_exactly_two_thirds(entitled, present, enough):
    judged = holds([quorum(TWO_THIRDS)], {"person": Count(entitled, present)})
    assert judged.holds is enough


OWNERS = [
    quorum(TWO_THIRDS, measure="area"),
    quorum(TWO_THIRDS, measure="person"),
    majority(HALF, base="cast", measure="area"),
    majority(HALF, base="cast", measure="person"),
]


@pytest.mark.parametrize(
    ("area", "heads", "enough"),
    [
        ((Decimal("6000.00"), Decimal("3000.01")), (60, 31), True),
        ((Decimal("6000.00"), Decimal("3000.00")), (60, 31), False),  # half the area is not more
        ((Decimal("6000.00"), Decimal("3000.01")), (60, 30), False),  # half the heads is not more
        ((Decimal("5999.99"), Decimal("5999.99")), (60, 60), False),  # a square decimetre short
        ((Decimal("9000.00"), Decimal("9000.00")), (59, 59), False),  # one head short
        ((Decimal("8900.00"), Decimal("8900.00")), (60, 30), False),  # area for it, heads not
    ],
)
def test_owners_need_area_and_heads(area, heads, enough):
    counts = {
        "area": Count(Decimal("9000.00"), area[0], area[0], area[1]),
        "person": Count(90, heads[0], heads[0], heads[1]),
    }
    assert holds(OWNERS, counts).holds is enough


def test_three_quarters_for_what_changes_the_common_parts():
    rules = [majority(THREE_QUARTERS, base="cast", strict=False)]
    assert holds(rules, {"person": Count(90, 60, 60, 45)}).holds is True
    assert holds(rules, {"person": Count(90, 60, 60, 44)}).holds is False


@pytest.mark.parametrize(
    ("adults", "households", "enough"),
    [((50, 100), (20, 30), True), ((51, 100), (1, 30), True), ((50, 100), (19, 30), False)],
)
def test_of_alternatives_one_is_enough(adults, households, enough):
    rules = [
        quorum(HALF, strict=True, alternative="who"),
        quorum(TWO_THIRDS, measure="household", alternative="who"),
    ]
    counts = {
        "person": Count(adults[1], adults[0]),
        "household": Count(households[1], households[0]),
    }
    assert holds(rules, counts).holds is enough


def test_an_alternative_does_not_replace_what_holds_beside_it():
    rules = [quorum(HALF, alternative="who"), quorum(HALF, measure="household", alternative="who")]
    counts = {"person": Count(10, 10, 10, 5), "household": Count(10, 0)}
    assert holds([*rules, majority(HALF)], counts).holds is False
    assert holds([*rules, majority(HALF, strict=False)], counts).holds is True


def test_a_majority_of_all_counts_those_who_stayed_away():
    counts = {"person": Count(100, 70, 70, 66)}
    assert holds([majority(TWO_THIRDS, base="all", strict=False)], counts).holds is False
    assert holds([majority(TWO_THIRDS, base="cast", strict=False)], counts).holds is True


def test_nothing_out_of_nothing_is_not_enough_and_no_rule_says_no(english):
    assert holds([quorum(HALF)], {}).holds is False
    assert holds([quorum(HALF)], {"person": Count(0, 0)}).holds is False
    assert not holds([], {"person": Count(1, 1, 1, 1)})
    assert holds([], {}).sentence == "No rule says what is needed."


def test_only_rules_of_the_purpose_are_asked():
    counts = {"person": Count(10, 10, 10, 0)}
    rules = [quorum(HALF), majority(HALF)]
    assert holds(rules, counts, purpose="quorum").holds is True
    assert holds(rules, counts, purpose="majority").holds is False


def test_the_sentence_says_what_is_there_and_what_is_needed(english):
    judged = holds([quorum(TWO_THIRDS)], {"person": Count(90, 59)})
    assert judged.sentence == "59 of 90 persons take part; at least 2/3 is needed: not reached."
    assert missing_sentence(judged.findings[0]) == "1 more is needed."
    strict = holds([majority(HALF)], {"person": Count(90, 60, 60, 31)})
    assert strict.sentence == "31 of 60 persons are for it; more than 1/2 is needed: reached."


def test_area_is_read_with_two_decimals(english):
    judged = holds(
        [quorum(HALF, measure="area")], {"area": Count(Decimal("100.50"), Decimal("50.25"))}
    )
    assert judged.holds
    assert judged.sentence.startswith("50.25 of 100.50 m² of floor area take part")


@given(entitled=st.integers(1, 500), present=st.integers(0, 500), strict=st.booleans())
def test_what_is_said_to_be_missing_is_exactly_enough(entitled, present, strict):
    present = min(present, entitled)
    rule = quorum(TWO_THIRDS if not strict else HALF, strict=strict)
    finding = holds([rule], {"person": Count(entitled, present)}).findings[0]
    missing = votes_missing(finding)
    assert holds([rule], {"person": Count(entitled, present + missing)}).holds
    if missing:
        assert not holds([rule], {"person": Count(entitled, present + missing - 1)}).holds
