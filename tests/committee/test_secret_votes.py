"""Secret votes: one paper of each who is there, and nothing that leads from it to a person."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from committee.models import Ballot, Paper, PaperRight, Recusal, Turnout, Voice
from committee.services import voting
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import committee as make

HELD = make.HELD


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def denied(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def opened(chain, meeting=None, **values):
    item = (meeting or make.sitting(chain)).items.get()
    said = {"motion": "选举支部副书记", "on_people": True, **values}
    return voting.open_ballot(item, by=chain.clerk, at=HELD, **said)


def votes(ballot, person, choice="for"):
    seat = make.seat(ballot.item.meeting, person)
    return voting.vote_in_secret(ballot, seat, choice, by=person, at=HELD)


def test_a_vote_on_people_is_secret_where_the_kind_of_meeting_says_so(chain):
    assert opened(chain).is_secret


def test_elsewhere_it_is_open_unless_the_chair_wants_it_secret(chain):
    chain.kind.secret_on_people = False
    chain.kind.save()
    meeting = make.sitting(chain)
    open_one = opened(chain, meeting)
    assert not open_one.is_secret
    voting.close_ballot(open_one, by=chain.clerk, at=HELD)
    assert opened(chain, meeting, on_people=False, is_secret=True).is_secret


def test_papers_are_counted_and_name_nobody(chain):
    ballot = opened(chain)
    for person, choice in zip(chain.people, ("for", "for", "against"), strict=False):
        votes(ballot, person, choice)
    row = voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    assert (row.present, row.pros, row.cons, row.abstentions) == (4, 2, 1, 0)
    assert (row.passed, Turnout.objects.count(), Paper.objects.count()) == (False, 3, 3)
    assert not Voice.objects.exists()
    assert not PaperRight.objects.exists()
    columns = {field.name for field in Paper._meta.get_fields()}
    assert columns == {"id", "ballot", "choice", "sealed"}
    assert not {"choice", "at"} & {field.name for field in Turnout._meta.get_fields()}


def test_papers_are_written_again_when_they_are_counted(chain):
    ballot = opened(chain)
    for person in chain.people[:3]:
        votes(ballot, person)
    assert not Paper.objects.filter(sealed=True).exists()
    voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    assert Paper.objects.filter(sealed=True).count() == 3


def test_everybody_has_one_paper_and_nobody_votes_for_another(chain):
    ballot = opened(chain)
    votes(ballot, chain.people[0])
    refused(lambda: votes(ballot, chain.people[0], "against"), "voted_already")
    seat = make.seat(ballot.item.meeting, chain.people[1])
    with pytest.raises(NotYours):
        voting.vote_in_secret(ballot, seat, "for", by=chain.clerk, at=HELD)
    refused(lambda: voting.vote(ballot, seat, "for", by=chain.clerk, at=HELD), "secret")
    refused(lambda: votes(ballot, chain.people[1], "maybe"), "no_choice")
    assert (Turnout.objects.count(), Paper.objects.count()) == (1, 1)


def test_who_is_absent_has_no_paper_and_who_stands_aside_neither(chain):
    meeting = make.sitting(chain)
    seat = make.seat(meeting, chain.people[3])
    item = meeting.items.get()
    voting.recuse(item, seat, reason="亲属", by=chain.people[3], at=HELD)
    ballot = opened(chain, meeting)
    refused(lambda: votes(ballot, chain.people[3]), "recused")
    refused(lambda: votes(ballot, chain.people[4]), "no_voice")


def test_who_has_voted_in_secret_cannot_stand_aside(chain):
    ballot = opened(chain)
    votes(ballot, chain.people[0])
    seat = make.seat(ballot.item.meeting, chain.people[0])
    act = lambda: voting.recuse(ballot.item, seat, reason="x", by=chain.people[0], at=HELD)  # noqa: E731
    refused(act, "voted_already")
    denied(lambda: Recusal.objects.create(
        item=ballot.item, invitation=seat, reason="x", by=chain.clerk, at=HELD
    ))  # fmt: skip


def test_an_open_vote_takes_no_paper_and_a_counted_one_nothing(chain):
    meeting = make.sitting(chain)
    open_one = opened(chain, meeting, on_people=False)
    refused(lambda: votes(open_one, chain.people[0]), "open_vote")
    voting.close_ballot(open_one, by=chain.clerk, at=HELD)
    secret = opened(chain, meeting)
    voting.close_ballot(secret, by=chain.clerk, at=HELD)
    with pytest.raises(WrongState):
        votes(secret, chain.people[0])


# -- What the database itself refuses -----------------------------------------------------------


def test_the_database_refuses_papers_that_nobody_has_voted_for(chain):
    ballot = opened(chain)
    votes(ballot, chain.people[0])
    denied(lambda: Paper.objects.create(ballot=ballot, choice="for"))
    seats = {person: make.seat(ballot.item.meeting, person) for person in chain.people}
    denied(lambda: Turnout.objects.create(ballot=ballot, invitation=seats[chain.people[0]]))
    denied(lambda: Turnout.objects.create(ballot=ballot, invitation=seats[chain.people[4]]))
    denied(lambda: Voice.objects.create(
        ballot=ballot, invitation=seats[chain.people[1]], choice="for", by=chain.clerk, at=HELD
    ))  # fmt: skip


def test_the_database_refuses_an_open_vote_on_people_where_it_must_be_secret(chain):
    item = make.sitting(chain).items.get()
    said = {"motion": "x", "on_people": True, "opened_by": chain.clerk, "opened_at": HELD}
    denied(lambda: Ballot.objects.create(item=item, **said))
    made = Ballot.objects.create(item=item, is_secret=True, **said)
    denied(lambda: Ballot.objects.filter(pk=made.pk).update(is_secret=False))


def test_the_database_refuses_a_count_that_is_not_that_of_the_papers(chain):
    ballot = opened(chain)
    votes(ballot, chain.people[0])
    counts = {
        "state": "counted", "closed_by": chain.clerk, "closed_at": HELD, "entitled": 5,
        "present": 4, "pros": 2, "cons": 0, "abstentions": 0, "passed": True,
    }  # fmt: skip
    denied(lambda: Ballot.objects.filter(pk=ballot.pk).update(**counts))
    # One on the list without a paper: the box cannot be closed.
    seat = make.seat(ballot.item.meeting, chain.people[1])
    Turnout.objects.create(ballot=ballot, invitation=seat)
    denied(lambda: voting.close_ballot(ballot, by=chain.clerk, at=HELD))


def test_papers_and_the_list_are_never_rewritten(chain):
    ballot = opened(chain)
    votes(ballot, chain.people[0])
    for rows in (Paper.objects.all(), Turnout.objects.all()):
        denied(rows.delete)
    denied(lambda: Paper.objects.update(choice="against"))
    denied(lambda: Paper.objects.update(sealed=True))
    voting.close_ballot(ballot, by=chain.clerk, at=HELD)
    denied(lambda: Paper.objects.update(sealed=False))


# -- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def secret(chain):
    now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    item = make.sitting(chain, at=now).items.get()
    return voting.open_ballot(item, motion="选举", on_people=True, by=chain.clerk, at=now)


def page_of(client, person, ballot):
    client.force_login(person)
    return client.get(reverse("committee:meeting", args=[ballot.item.meeting_id])).content.decode()


def test_a_member_votes_on_the_page_and_nobody_sees_how(client, chain, secret):
    person, seat = chain.people[1], make.seat(secret.item.meeting, chain.people[1])
    url = reverse("committee:voice", args=[secret.pk, seat.pk])
    assert url in page_of(client, person, secret)
    answer = client.post(url, {"choice": "against"}, follow=True)
    assert "选票已投入票箱" in answer.content.decode()
    own = page_of(client, person, secret)
    assert "您已投票" in own
    assert url not in own
    desk = page_of(client, chain.clerk, secret)
    assert "尚未投票" in desk
    assert "登记举手" not in desk
    assert url not in desk
    client.post(reverse("committee:count", args=[secret.pk]))
    counted = page_of(client, chain.clerk, secret)
    assert "1 人投票，清点选票 1 张" in counted
    assert str(person) + ":" not in counted


def test_the_form_asks_whether_it_is_about_people(client, chain):
    now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    item = make.sitting(chain, at=now).items.get()
    client.force_login(chain.clerk)
    url = reverse("committee:ballot_new", args=[item.pk])
    assert "一律无记名投票" in client.get(url).content.decode()
    assert client.post(url, {"motion": "任免", "on_people": "on"}).status_code == 302
    assert Ballot.objects.get().is_secret
