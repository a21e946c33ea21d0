"""Paper ballots: printed with codes, counted by two apart from each other, a third, a recount."""

import pytest
from django.urls import reverse

from consultation.models import PaperCount
from consultation.services import counting, printing, voting
from grids.models import Entitled
from lib.errors import NotYours, RuleViolation
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.organizations import PostFactory
from tests.factories.voting import cast, option

pytestmark = pytest.mark.django_db
LINES = [(str(n), "100", f"业主{n}", f"00{n:02d}") for n in range(1, 6)]
DONE = later(days=8)


@pytest.fixture
def started():
    return makers.in_session(kind="vote", form="owners")


@pytest.fixture
def counters(started):
    place = started[0]
    return [place.worker, place.supervisor, PostFactory(body=place.body, role="acceptor").person]


def papered(started, *, secret=False, lines=LINES, handed=3):
    """A vote with `handed` papers out; their codes by the label of who has them."""
    place, consultation = started
    made = makers.make_roll(place, lines)
    unit = "person" if secret else "owner"
    vote = makers.roll_vote(place, consultation, made.roll, unit=unit, is_secret=secret)
    printed = printing.print_papers(vote, by=place.worker, at=AT, number=handed if secret else 0)
    rights = list(vote.entitlements.order_by("label")[:handed])
    for right in rights:
        printing.hand_paper(right, by=place.worker, at=AT)
    return vote, [one.code for one in printed[:handed]], made.people


def closed(vote, started):
    return voting.close_vote(vote, by=started[0].host, at=vote.closes_at)


def counted(vote, who, codes, answers):
    count = counting.begin_count(vote, by=who, at=DONE)
    for code, answer in zip(codes, answers, strict=True):
        counting.read_paper(count, code, option(vote, answer) if answer else None, by=who)
    return counting.close_count(count, by=who, at=DONE)


@pytest.mark.parametrize("secret", [False, True])
def test_two_who_agree_make_the_result(started, counters, secret):
    vote, codes, people = papered(started, secret=secret)
    cast(vote, people["业主4"], 1)
    vote = closed(vote, started)
    with pytest.raises(RuleViolation) as refusal:
        counting.judge(vote, by=started[0].host, at=DONE)
    assert refusal.value.code == "count_first"
    for who in counters[:2]:
        counted(vote, who, codes, (1, 1, None))
    vote = counting.judge(vote, by=started[0].host, at=DONE)
    assert vote.result["counts"]["person"] == {
        "entitled": "5", "present": "4", "cast": "4", "in_favour": "3",
    }  # fmt: skip
    assert counting.is_in_box(vote, codes[0])
    assert counting.prove(vote) == []


def test_nobody_reads_that_papers_were_counted_before_two_have(client, started, counters):
    vote, codes, _people = papered(started)
    vote = closed(vote, started)
    address = reverse("consultation:published_vote", args=[vote.pk])
    client.cookies["django_language"] = "en"
    for who in counters[:2]:
        page = client.get(address).content.decode()
        assert "3 papers were handed out. Two people count them" in page
        assert "no more than these were counted" not in page
        counted(vote, who, codes, (1, 1, None))
    page = client.get(address).content.decode()
    assert "no more than these were counted" in page
    assert "Two people count them" not in page


def test_a_person_counts_once_and_alone(started, counters):
    vote, codes, _people = papered(started)
    vote = closed(vote, started)
    first = counting.begin_count(vote, by=counters[0], at=DONE)
    with pytest.raises(NotYours):
        counting.read_paper(first, codes[0], None, by=counters[1])
    counting.read_paper(first, codes[0], option(vote), by=counters[0])
    with pytest.raises(RuleViolation) as refusal:
        counting.read_paper(first, codes[0], option(vote, 2), by=counters[0])
    assert refusal.value.code == "read"
    counting.close_count(first, by=counters[0], at=DONE)
    with pytest.raises(NotYours):
        counting.begin_count(vote, by=counters[0], at=DONE)


def test_papers_that_nobody_took_and_invented_codes_are_refused(started, counters):
    place, consultation = started
    made = makers.make_roll(place, LINES)
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner")
    printed = printing.print_papers(vote, by=place.worker, at=AT)
    printing.hand_paper(vote.entitlements.get(label="1"), by=place.worker, at=AT)
    vote = closed(vote, started)
    count = counting.begin_count(vote, by=counters[0], at=DONE)
    for code, why in ((printed[1].code, "not_handed"), ("AAAAAAAA", "unknown")):
        with pytest.raises(RuleViolation) as refusal:
            counting.read_paper(count, code, option(vote), by=counters[0])
        assert refusal.value.code == why


def test_counts_that_differ_force_a_third(started, counters):
    vote, codes, _people = papered(started)
    vote = closed(vote, started)
    counted(vote, counters[0], codes, (1, 1, 2))
    counted(vote, counters[1], codes, (1, 2, 2))
    assert counting.papers_of(vote).waits_for == "third"
    counted(vote, counters[2], codes, (1, 2, 1))
    vote = counting.judge(vote, by=started[0].host, at=DONE)
    assert vote.result["counts"]["person"]["in_favour"] == "1"


def test_nobody_counts_a_third_time_where_two_agree(started, counters):
    vote, codes, _people = papered(started)
    vote = closed(vote, started)
    for who in counters[:2]:
        counted(vote, who, codes, (1, 1, 2))
    with pytest.raises(RuleViolation) as refusal:
        counting.begin_count(vote, by=counters[2], at=DONE)
    assert refusal.value.code == "enough"


def test_a_recount_begins_anew_and_the_old_counts_stay(started, counters):
    vote, codes, _people = papered(started)
    vote = closed(vote, started)
    for who in counters[:2]:
        counted(vote, who, codes, (1, 1, 2))
    vote = counting.judge(vote, by=started[0].host, at=DONE)
    assert vote.passed
    vote = counting.recount(vote, reason="有业主提出异议", by=started[0].host, at=DONE)
    assert (vote.state, vote.passed) == ("closed", None)
    for who in counters[1:]:
        counted(vote, who, codes, (2, 1, 2))
    vote = counting.judge(vote, by=started[0].host, at=DONE)
    assert not vote.passed
    assert PaperCount.objects.count() == 4


def test_who_took_a_paper_does_not_vote_online_and_the_other_way_round(started):
    vote, _codes, people = papered(started)
    with pytest.raises(RuleViolation):
        cast(vote, people["业主1"])
    cast(vote, people["业主5"])
    with pytest.raises(RuleViolation):
        printing.hand_paper(makers.right_of(vote, people["业主5"]), by=started[0].worker, at=AT)


def test_no_code_of_a_paper_is_kept(started):
    vote, codes, _people = papered(started)
    stored = repr(list(vote.papers.values()))
    assert [code for code in codes if code in stored] == []
    assert Entitled.objects.count() == 5
