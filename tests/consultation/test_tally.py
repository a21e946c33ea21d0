"""From voices to counts: one voice per household, area once, secret votes in sum; third counts."""

from fractions import Fraction

from consultation import tally
from consultation.tally import Voice


def test_a_household_that_disagrees_takes_part_but_is_not_for_it():
    counted = tally.counts(
        [
            Voice("a", 89_45, voted=True, in_favour=True),
            Voice("a", 89_45, voted=True, in_favour=False),
            Voice("b", 10_00, voted=True, in_favour=True),
            Voice("c", 5_00),
        ]
    )
    assert vars_of(counted["person"]) == (4, 3, 3, 2)
    assert vars_of(counted["household"]) == (3, 2, 2, 1)
    assert vars_of(counted["area"]) == (
        Fraction(10445, 100), Fraction(9945, 100), Fraction(9945, 100), 10,
    )  # fmt: skip


def vars_of(count):
    return count.entitled, count.present, count.cast, count.in_favour


def test_presence_is_counted_apart_from_votes_where_people_meet():
    counted = tally.counts([Voice("a", is_present=True), Voice("b", is_present=False)])
    assert vars_of(counted["person"]) == (2, 1, 0, 0)


def test_papers_without_a_name_are_added_in_sum():
    counted = tally.counts([Voice("a", voted=True), Voice("b"), Voice("c")])
    whole = tally.with_secret_ballots(counted, "person", papers=1, in_favour=2)
    assert vars_of(whole["person"]) == (3, 2, 2, 2)


def test_what_two_of_three_read_counts_and_the_rest_is_open():
    found, open_papers = tally.decided(
        [{1: 7, 2: 7, 3: 7, 4: 7}, {1: 7, 2: 8, 3: 8}, {1: 7, 2: 8, 3: None}]
    )
    assert (found, open_papers) == ({1: 7, 2: 8}, [3])


def test_a_secret_vote_needs_rules_that_one_ballot_can_answer():
    person = {"measure": "person", "alternative": ""}
    either = [
        {"measure": "person", "alternative": "x"},
        {"measure": "household", "alternative": "x"},
    ]
    assert tally.cannot_be_counted([person, *either], "person") == []
    assert tally.cannot_be_counted([{"measure": "area", "alternative": ""}], "person") == ["area"]
