"""Written proxies: within the household, one step far, used once."""

import pytest

from consultation.services import proxies, voting
from lib.errors import NotYours, RuleViolation
from tests.factories import voting as makers
from tests.factories.consultation import AT
from tests.factories.voting import cast, right_of

pytestmark = pytest.mark.django_db


def by_roll(started, unit, lines, **more):
    place, consultation = started
    made = makers.make_roll(place, lines)
    return makers.roll_vote(place, consultation, made.roll, unit=unit, **more), made.people


FAMILY = [
    ("1-101", "100", "张三", "0011"), ("1-101", "100", "李四", "0022"),
    ("1-101", "100", "张小", "0044"), ("1-101", "100", "张奶", "0055"),
    ("1-102", "50", "王五", "0033"),
]  # fmt: skip


def given(vote, people, giver, holder, worker, paper="2026-11-01，档案 7"):
    return proxies.give_proxy(
        right_of(vote, people[giver]), right_of(vote, people[holder]), paper=paper, by=worker, at=AT
    )


def test_a_proxy_lets_one_of_the_household_vote_for_another(started):
    vote, people = by_roll(started, "person", FAMILY)
    given(vote, people, "李四", "张三", started[0].worker)
    rights = voting.rights_of(vote, people["张三"])
    assert [right.label for right in rights] == ["1-101 张*", "1-101 李*"]
    for right in rights:
        cast(vote, people["张三"], right=right)
    assert vote.entitlements.voted().count() == 2
    with pytest.raises(RuleViolation):
        cast(vote, people["李四"])


@pytest.mark.parametrize(
    ("giver", "holder", "paper"),
    [("王五", "张三", "x"), ("张三", "张三", "x"), ("李四", "张三", " ")],
)
def test_a_proxy_is_written_and_stays_in_the_household(started, giver, holder, paper):
    vote, people = by_roll(started, "person", FAMILY)
    with pytest.raises(RuleViolation) as refusal:
        given(vote, people, giver, holder, started[0].worker, paper)
    assert refusal.value.code == "proxy"
    assert vote.proxies.count() == 0


def test_a_proxy_goes_one_step_far_and_is_limited(started):
    vote, people = by_roll(started, "person", FAMILY, most_proxies=1)
    worker = started[0].worker
    made = given(vote, people, "李四", "张三", worker)
    for giver, holder in (("张三", "张小"), ("张小", "李四"), ("李四", "张小"), ("张小", "张三")):
        with pytest.raises(RuleViolation):
            given(vote, people, giver, holder, worker)
    with pytest.raises(RuleViolation):
        cast(vote, people["李四"])
    proxies.take_proxy_back(made, by=worker, at=AT)
    cast(vote, people["李四"])
    with pytest.raises(NotYours):
        cast(vote, people["张三"], right=right_of(vote, people["李四"]))


def test_a_proxy_that_was_used_is_not_taken_back(started):
    vote, people = by_roll(started, "person", FAMILY)
    made = given(vote, people, "李四", "张三", started[0].worker)
    cast(vote, people["张三"], right=right_of(vote, people["李四"]))
    with pytest.raises(RuleViolation):
        proxies.take_proxy_back(made, by=started[0].worker, at=AT)
