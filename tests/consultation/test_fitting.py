"""What fits under an amount of money, at its edges."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation.fitting import Entry, by_votes, fit

ENTRIES = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 100)), min_size=0, max_size=12).map(
    lambda rows: [Entry(key, votes, cost) for key, (votes, cost) in enumerate(rows, start=1)]
)


def chosen(places):
    return [place.key for place in places if place.fits]


def test_more_votes_come_first_and_what_came_in_first_wins_a_tie():
    entries = [Entry(3, 5, 10), Entry(1, 5, 10), Entry(2, 9, 10)]
    assert [entry.key for entry in by_votes(entries)] == [2, 1, 3]


@pytest.mark.parametrize(
    ("budget", "fits"), [(49, []), (99, [2]), (100, [1]), (149, [1]), (150, [1, 2])]
)
def test_what_costs_exactly_what_is_left_fits_and_one_fen_more_does_not(budget, fits):
    assert chosen(fit([Entry(1, 9, 100), Entry(2, 8, 50)], budget=budget)) == fits


def test_what_does_not_fit_is_passed_over_and_a_smaller_one_below_still_fits():
    places = fit([Entry(1, 9, 60), Entry(2, 8, 50), Entry(3, 7, 40)], budget=100)
    assert [(place.key, place.left, place.fits) for place in places] == [
        (1, 100, True), (2, 40, False), (3, 40, True),
    ]  # fmt: skip


def test_what_nobody_voted_for_does_not_fit_even_where_there_is_money():
    assert chosen(fit([Entry(1, 0, 1), Entry(2, 1, 1)], budget=10)) == [2]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES, st.integers(0, 400))
def test_never_more_is_chosen_than_there_is_and_each_place_says_why(entries, budget):
    places = fit(by_votes(entries), budget=budget)
    assert sum(place.cost for place in places if place.fits) <= budget
    assert [place.rank for place in places] == list(range(1, len(entries) + 1))
    left = budget
    for place in places:
        assert place.left == left
        assert place.fits == (place.votes >= 1 and place.cost <= left)
        left -= place.cost if place.fits else 0
