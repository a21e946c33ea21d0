"""Spoilt papers: noted by one, cancelled by another; the old code never counts."""

import pytest
from django.db import IntegrityError, connection, transaction

from consultation.models import SpoiltPaper
from consultation.services import attending, counting, printing, voting
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User
from tests.consultation.rooms import address
from tests.consultation.test_counting import DONE, counted
from tests.factories import voting as makers
from tests.factories.consultation import AT
from tests.factories.voting import cast, option
from tests.races import at_once

pytestmark = pytest.mark.django_db
LINES = [(str(n), "100", f"业主{n}", f"00{n:02d}") for n in range(1, 4)]


def printed_vote(started, *, secret=False):
    """A vote of three with a paper for each, the first of which is handed out; the papers."""
    place, consultation = started
    made = makers.make_roll(place, LINES)
    unit = "person" if secret else "owner"
    vote = makers.roll_vote(place, consultation, made.roll, unit=unit, is_secret=secret)
    printed = printing.print_papers(vote, by=place.worker, at=AT, number=3 if secret else 0)
    first = vote.entitlements.order_by("label").first()
    printing.hand_paper(first, by=place.worker, at=AT)
    return vote, printed, made.people


def noted(vote, place, number=1, reason="marked"):
    return printing.note_spoilt(vote, number, reason=reason, by=place.worker, at=AT)


def replaced(vote, place, number=1):
    return printing.replace_spoilt(noted(vote, place, number), by=place.host, at=AT)


def refusal(act):
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.code


def test_the_new_code_counts_in_place_of_the_old_one(started):
    place = started[0]
    vote, printed, people = printed_vote(started)
    new = replaced(vote, place)
    assert (new.serial, new.label, new.again) == (1, "1", True)
    assert new.code != printed[0].code
    cast(vote, people["业主2"], 2)
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    count = counting.begin_count(vote, by=place.worker, at=DONE)
    read = {"by": place.worker}
    assert refusal(lambda: counting.read_paper(count, printed[0].code, option(vote), **read)) == (
        "spoilt"
    )
    counting.read_paper(count, new.code, option(vote), **read)
    assert refusal(lambda: counting.read_paper(count, new.code, option(vote), **read)) == "read"
    counting.close_count(count, at=DONE, **read)
    counted(vote, place.supervisor, [new.code], (1,))
    vote = counting.judge(vote, by=place.host, at=DONE)
    assert vote.result["counts"]["person"] == {
        "entitled": "3", "present": "2", "cast": "2", "in_favour": "1",
    }  # fmt: skip
    assert counting.is_in_box(vote, new.code)
    assert not counting.is_in_box(vote, printed[0].code)
    assert counting.is_cancelled(vote, printed[0].code)
    assert not counting.is_cancelled(vote, new.code)
    assert counting.prove(vote) == []


def test_a_paper_that_was_printed_again_may_be_spoilt_again(started):
    place = started[0]
    vote, _printed, _people = printed_vote(started)
    second = replaced(vote, place)
    third = replaced(vote, place)
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    count = counting.begin_count(vote, by=place.worker, at=DONE)
    assert refusal(
        lambda: counting.read_paper(count, second.code, option(vote), by=place.worker)
    ) == ("spoilt")
    counting.read_paper(count, third.code, option(vote), by=place.worker)
    assert printing.handed_out(vote) == 1
    assert vote.papers.count() == 3


def test_nobody_confirms_what_he_has_noted_himself(started):
    place = started[0]
    vote, printed, _people = printed_vote(started)
    row = noted(vote, place)
    with pytest.raises(NotYours):
        printing.replace_spoilt(row, by=place.worker, at=AT)
    assert not counting.is_cancelled(vote, printed[0].code)
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    count = counting.begin_count(vote, by=place.worker, at=DONE)
    counting.read_paper(count, printed[0].code, option(vote), by=place.worker)
    with pytest.raises(WrongState):
        printing.replace_spoilt(row, by=place.host, at=DONE)


def test_what_cannot_be_spoilt(started):
    place = started[0]
    vote, _printed, people = printed_vote(started)
    assert refusal(lambda: noted(vote, place, 99)) == "unknown"
    row = noted(vote, place)
    assert refusal(lambda: noted(vote, place)) == "noted"
    printing.replace_spoilt(row, by=place.host, at=AT)
    with pytest.raises(WrongState):
        printing.replace_spoilt(row, by=place.host, at=AT)
    cast(vote, people["业主2"])
    assert refusal(lambda: noted(vote, place, 2)) == "voted"
    late = noted(vote, place, 3)
    cast(vote, people["业主3"])
    assert refusal(lambda: printing.replace_spoilt(late, by=place.host, at=AT)) == "voted"
    with pytest.raises(WrongState):
        printing.note_spoilt(vote, 1, reason="lost", by=place.worker, at=vote.closes_at)
    with pytest.raises(NotYours):
        printing.note_spoilt(vote, 1, reason="lost", by=people["业主1"], at=AT)


def test_who_did_it_and_why_stands_in_the_history(started):
    place, consultation = started
    vote, _printed, _people = printed_vote(started)
    replaced(vote, place)
    first, second = consultation.events.filter(move__contains="spoilt").order_by("number")
    assert (first.move, first.by, second.move, second.by) == (
        "note_spoilt", place.worker, "replace_spoilt", place.host,
    )  # fmt: skip
    assert first.facts == second.facts == {"vote": vote.pk, "paper": 1, "reason": "marked"}


def test_in_a_secret_vote_another_paper_comes_from_the_stack(started):
    place = started[0]
    vote, printed, _people = printed_vote(started, secret=True)
    assert replaced(vote, place) is None
    assert vote.papers.in_use().count() == 2
    rights = list(vote.entitlements.filter(voted_at=None))
    printing.hand_paper(rights[0], by=place.worker, at=AT)
    assert refusal(lambda: printing.hand_paper(rights[1], by=place.worker, at=AT)) == "no_paper"
    assert refusal(lambda: noted(vote, place)) == "unknown"
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    count = counting.begin_count(vote, by=place.worker, at=DONE)
    assert refusal(
        lambda: counting.read_paper(count, printed[0].code, option(vote), by=place.worker)
    ) == ("spoilt")
    with pytest.raises(IntegrityError), transaction.atomic():
        count.entries.create(paper=vote.papers.get(serial=1), option=option(vote))


def test_the_database_keeps_what_was_said_of_a_spoilt_paper(started):
    place = started[0]
    vote, _printed, _people = printed_vote(started)
    replaced(vote, place)
    waiting = noted(vote, place, 2)
    table = "consultation_spoiltpaper"
    confirmed = "confirmed_at = noted_at, confirmed_by_id ="
    for sql in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET reason = 'lost'",
        f"UPDATE {table} SET code_digest = 'x' WHERE confirmed_at IS NOT NULL",
        f"UPDATE {table} SET code_digest = 'x', {confirmed} noted_by_id WHERE id = {waiting.pk}",
        f"UPDATE {table} SET {confirmed} {place.host.pk} WHERE id = {waiting.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpoiltPaper.objects.create(
            paper=vote.papers.get(serial=3), reason="lost", noted_by=place.worker, noted_at=AT,
            confirmed_by=place.host, confirmed_at=AT, code_digest="x",
        )  # fmt: skip
    voting.close_vote(vote, by=place.host, at=vote.closes_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpoiltPaper.objects.create(
            paper=vote.papers.get(serial=3), reason="lost", noted_by=place.worker, noted_at=AT
        )


def test_clerks_note_and_confirm_on_the_page(client, started):
    place = started[0]
    vote = open_with_papers(started)
    here = address("spoilt", vote.pk)
    client.force_login(place.worker)
    assert f"{here}?number=1" in client.get(address("vote", vote.pk)).content.decode()
    assert client.post(here, {"number": 1}).status_code == 422
    assert client.post(here, {"number": 1, "reason": "damaged"}).status_code == 302
    row = SpoiltPaper.objects.get()
    confirm = address("spoilt_replace", row.pk)
    assert confirm not in client.get(here).content.decode()
    assert client.post(confirm).status_code == 403
    client.force_login(place.host)
    assert confirm in client.get(here).content.decode()
    answer = client.post(confirm)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    again = client.post(confirm)
    assert (again.status_code, again["Location"]) == (302, here)


def open_with_papers(started):
    place, consultation = started
    made = makers.make_roll(place, LINES)
    vote = makers.roll_vote(
        place, consultation, made.roll, unit="owner", closes_at=makers.later(days=60)
    )
    printing.print_papers(vote, by=place.worker, at=AT)
    printing.hand_paper(vote.entitlements.get(label="1"), by=place.worker, at=AT)
    return vote


def test_the_voter_reads_that_his_spoilt_paper_was_cancelled(client, started):
    place = started[0]
    vote, printed, _people = printed_vote(started)
    replaced(vote, place)
    page = client.post(address("published_vote", vote.pk), {"code": printed[0].code})
    assert (page.context["is_in_box"], page.context["is_cancelled"]) == (False, True)


def test_who_stands_back_is_handed_no_paper():
    place, consultation = makers.in_session()
    session, people = makers.opened(place, consultation, 3, recused_leave=False)
    mine = session.invitations.get(person=people[0])
    attending.recuse(mine, reason="亲属承建", by=place.host, at=makers.BEGIN)
    vote = makers.session_vote(place, consultation, session, is_secret=True)
    printing.print_papers(vote, by=place.worker, at=makers.BEGIN, number=3)
    kept = vote.entitlements.get(key__startswith="r")
    assert refusal(lambda: printing.hand_paper(kept, by=place.worker, at=makers.BEGIN)) == (
        "recused"
    )


@pytest.mark.django_db(transaction=True)
def test_eight_who_confirm_at_once_print_one_new_paper(started):
    place = started[0]
    User.objects.system()
    vote, _printed, _people = printed_vote(started)
    row = noted(vote, place)

    def press(_number):
        try:
            return printing.replace_spoilt(row, by=place.host, at=AT).code
        except RuleViolation as refused:
            return refused.code

    answers = at_once(8, press)
    assert len([code for code in answers if len(code) == 8]) == 1
    assert answers.count("wrong_state") == 7
    assert vote.papers.get(serial=1).spoilt.count() == 1
