"""Points, ranks and grades: exact, fair to what did not happen, fair to equals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.measures import RATES
from oversight.scoring import (
    BONUS,
    COUNTED,
    DEDUCTION,
    INDICATORS,
    RATE,
    Judged,
    Rule,
    Terms,
    as_read,
    as_stored,
    at_the_border,
    judge,
    place,
    places,
)

TERMS = Terms("to_handle", 5, 20, 9000, 7500, 6000)
CLOSING = Rule(RATE, "closing_on_time_rate", 10_000, full_at=9500, loss=100)
NUMBERS = {"closed_on_time": 90, "closed_late": 10, "handled_on_time": 100}


def points(rules, numbers=NUMBERS, terms=TERMS):
    return judge(rules, terms, numbers).points


def placed(*of_points, terms=TERMS, limit="", sample=9):
    return place(
        {key: Judged(value, sample, limit, ()) for key, value in enumerate(of_points)}, terms
    )


def grades(*of_points, **said):
    return [one.grade for one in placed(*of_points, **said).values()]


def test_a_rate_is_full_from_its_limit_on_and_loses_points_below_it():
    assert points([CLOSING], {**NUMBERS, "closed_on_time": 95, "closed_late": 5}) == 10_000
    assert points([CLOSING]) == 9500
    assert points([CLOSING], {"closed_on_time": 1, "closed_late": 999, "handled_late": 9}) == 510
    assert points([Rule(RATE, "closing_on_time_rate", 10_000, full_at=9500, loss=900)],
                  {"closed_late": 9}) == 0  # fmt: skip


def test_without_a_loss_it_goes_in_proportion_rounded_half_up():
    rule = Rule(RATE, "closing_on_time_rate", 100, full_at=10_000)
    assert points([rule], {"closed_on_time": 2, "closed_late": 1}) == 67
    assert points([rule], {"closed_on_time": 1, "closed_late": 7}) == 13  # 12.5


def test_of_a_rate_that_should_be_low_less_is_better():
    rule = Rule(RATE, "rework_rate", 1000, full_at=200, loss=100)
    worked = {"handled_on_time": 100}
    assert [points([rule], {**worked, "rework": n}) for n in (0, 2, 4, 50)] == [1000, 1000, 800, 0]
    even = Rule(RATE, "rework_rate", 1000, full_at=0)
    assert points([even], {**worked, "rework": 25}) == 750


def test_what_has_no_denominator_is_left_out_and_the_rest_is_the_whole():
    residents = Rule(RATE, "solved_rate", 5000, full_at=9000)
    half = Rule(RATE, "closing_on_time_rate", 5000, full_at=9500, loss=50)
    assert points([half, residents]) == 9500
    assert points([half, residents], {**NUMBERS, "unsolved": 1}) == 4750
    assert points([half, residents], {}) is None


def test_bonus_and_deduction_have_a_most_and_free_ones():
    rework = Rule(DEDUCTION, "rework", 100, each=20, free=2)
    own = Rule(BONUS, "self_handled", 300, each=10)
    assert points([CLOSING, rework], {**NUMBERS, "rework": 2}) == 9500
    assert points([CLOSING, rework], {**NUMBERS, "rework": 4}) == 9460
    assert points([CLOSING, rework], {**NUMBERS, "rework": 99}) == 9400
    assert points([CLOSING, own], {**NUMBERS, "self_handled": 99}) == 9800


def test_points_do_not_fall_below_zero():
    lost = Rule(DEDUCTION, "rework", 99_999, each=9999)
    assert points([CLOSING, lost], {**NUMBERS, "rework": 9}) == 0


def test_beyond_a_floor_the_grade_is_limited_however_many_points():
    floor = Rule(RATE, "response_rate", 1, full_at=100, floor=6000, floor_grade="basic")
    numbers = {"closed_on_time": 9, "handled_on_time": 9, "responded": 5, "unresponded": 5}
    one = judge([CLOSING, floor], TERMS, numbers)
    assert (one.points, one.limit) == (10_001, "basic")
    assert place({1: one}, Terms("to_handle", 1, 25, 1, 1, 1))[1].grade == "basic"
    poor = Rule(RATE, "solved_rate", 1, full_at=100, floor=6000, floor_grade="poor")
    both = judge([CLOSING, floor, poor], TERMS, {**numbers, "unsolved": 1})
    assert both.limit == "poor"


def test_a_floor_of_a_rate_that_should_be_low_lies_above():
    rule = Rule(RATE, "rework_rate", 1000, full_at=0, floor=1000, floor_grade="poor")
    assert judge([rule], TERMS, {"handled_late": 10, "rework": 1}).limit == ""
    assert judge([rule], TERMS, {"handled_late": 10, "rework": 2}).limit == "poor"


def test_both_sides_of_a_whistle_are_judged():
    came = Rule(RATE, "whistle_arrival", 5000, full_at=10_000)
    served = Rule(RATE, "whistle_response", 5000, full_at=8000)
    called = {"whistle_called": 4, "whistle_on_time": 3, "whistle_marks": 8,
              "whistle_marks_of": 10}  # fmt: skip
    assert points([came, served], called) == 3750 + 5000
    calling = Rule(RATE, "whistle_call", 10_000, full_at=8000)
    assert points([calling], {"whistle_call_marks": 6, "whistle_call_marks_of": 10}) == 7500


def test_refusing_what_was_not_admitted_counts_for_nothing():
    assert {"return_rate", "dispatch_accuracy"}.isdisjoint(INDICATORS)
    assert {"returned", "redispatched"}.isdisjoint(COUNTED)
    assert set(RATES) - set(INDICATORS) == {"return_rate", "dispatch_accuracy"}


def test_too_little_to_judge_by_has_neither_rank_nor_grade():
    found = place({1: Judged(9999, 4, "", ()), 2: Judged(None, 50, "", ())}, TERMS)
    assert [(one.rank, one.grade) for one in found.values()] == [(None, ""), (None, "")]


def test_equal_points_share_a_rank_and_the_next_is_left_out():
    assert [one.rank for one in placed(80, 90, 90, 70).values()] == [3, 1, 1, 4]


def test_a_fifth_at_most_is_excellent_rounded_down():
    assert [places(TERMS, ranked) for ranked in (0, 4, 5, 9, 10, 14)] == [0, 0, 1, 1, 2, 2]
    assert grades(*range(9991, 10_000)).count("excellent") == 1
    assert grades(*range(9996, 10_000)) == ["good"] * 4


def test_equals_at_the_border_get_none_of_the_places_and_nobody_behind_them():
    found = placed(9900, 9800, 9800, 9700, 8000, 8000, 8000, 8000, 7000, 5000)
    assert [one.grade for one in found.values()] == [
        "excellent", "good", "good", "good", "good", "good", "good", "good", "basic", "poor",
    ]  # fmt: skip
    assert at_the_border(found, TERMS) == {1, 2}


def test_who_is_below_the_mark_or_broke_a_floor_is_not_excellent():
    assert grades(8999, 8000, 8000, 8000, 8000)[0] == "good"
    assert grades(9999, 1, 1, 1, 1, limit="good")[0] == "good"
    assert at_the_border(placed(8999, 1, 1, 1, 1), TERMS) == set()


def test_rules_are_read_as_they_were_stored():
    assert as_read(as_stored([CLOSING], TERMS)) == ((CLOSING,), TERMS)


numbers = st.dictionaries(
    st.sampled_from(["closed_on_time", "closed_late", "overdue_unclosed", "deferred", "rework",
                     "handled_on_time", "handled_late", "solved", "unsolved", "responded"]),
    st.integers(0, 40),
)  # fmt: skip


@given(st.lists(numbers, max_size=40))
def test_never_more_than_a_fifth_is_excellent_and_order_follows_points(rows):
    rules = [CLOSING, Rule(DEDUCTION, "rework", 500, each=20)]
    found = place({key: judge(rules, TERMS, one) for key, one in enumerate(rows)}, TERMS)
    ranked = [one for one in found.values() if one.rank is not None]
    best = [one for one in ranked if one.grade == "excellent"]
    assert len(best) * 5 <= len(ranked)
    for one in ranked:
        above = [other for other in ranked if (other.points or 0) > (one.points or 0)]
        assert one.rank == len(above) + 1
        if one.grade == "excellent":
            assert all(other.grade == "excellent" or other.limit for other in above)


@given(numbers)
def test_rates_for_showing_and_exact_ones_are_the_same(row):
    for rate in RATES.values():
        exact = rate.exactly(row)
        assert rate.of(row) == (None if exact is None else float(exact))
        assert exact is None or isinstance(exact, Fraction)


@pytest.mark.parametrize("value", [0, 1, 49, 50, 99])
def test_points_are_whole_hundredths(value):
    assert isinstance(points([CLOSING], {"closed_on_time": value, "closed_late": 50}), int)
