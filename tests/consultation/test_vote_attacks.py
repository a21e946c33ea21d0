"""Raw SQL against votes, minutes and attendance: the database itself says no."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consultation.models import Ballot, Entitlement, Minutes
from consultation.services import counting, minutes, printing, sessions, voting
from lib.triggers import triggers_of
from tests.factories import voting as makers
from tests.factories.consultation import later
from tests.factories.voting import BEGIN, after, cast, option, right_of
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db
GUARDED = (
    "vote", "voteoption", "entitlement", "entitlement_voters", "ballot", "proxy", "paperballot",
    "papercount", "paperentry", "spoiltpaper", "attendance", "minutes", "amendment", "agendaitem",
    "recusal", "position", "minutesversion",
)  # fmt: skip


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic():
        run(sql, *values)


def voted(started, *, secret=False):
    place, consultation = started
    session, people = makers.opened(place, consultation, 4)
    vote = makers.session_vote(place, consultation, session, is_secret=secret)
    for person in people[:2]:
        cast(vote, person)
    return vote, people


def test_every_table_has_its_guards():
    bare = [name for name in GUARDED if not triggers_of(connection, f"consultation_{name}")]
    assert bare == []


@pytest.mark.parametrize("secret", [False, True])
def test_ballots_are_neither_changed_nor_removed_nor_moved(started, secret):
    vote, _people = voted(started, secret=secret)
    other = option(vote, 2).pk
    for sql in (
        f"UPDATE consultation_ballot SET option_id = {other}",
        "UPDATE consultation_ballot SET receipt = 'x'",
        "UPDATE consultation_ballot SET sealed = %s",
        "DELETE FROM consultation_ballot",
    ):
        refused(sql, *([True] if "%s" in sql else []))
    assert set(vote.ballots.values_list("option__order", flat=True)) == {1}


@pytest.mark.parametrize("secret", [False, True])
def test_a_ballot_without_somebody_who_voted_is_refused(started, secret):
    vote, people = voted(started, secret=secret)
    entitlement = None if secret else right_of(vote, people[3]).pk
    refused(
        "INSERT INTO consultation_ballot (id, vote_id, option_id, entitlement_id, receipt, sealed)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        7, vote.pk, option(vote).pk, entitlement, "x" * 64, False,
    )  # fmt: skip
    assert vote.ballots.count() == 2


def test_a_second_ballot_of_a_voter_is_refused(started):
    vote, people = voted(started)
    refused(
        "INSERT INTO consultation_ballot (id, vote_id, option_id, entitlement_id, receipt, sealed)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        7, vote.pk, option(vote).pk, right_of(vote, people[0]).pk, "x" * 64, False,
    )  # fmt: skip


def test_a_right_is_neither_given_back_nor_changed_nor_added_nor_removed(started):
    vote, people = voted(started)
    used = right_of(vote, people[0]).pk
    free = right_of(vote, people[3]).pk
    table = "consultation_entitlement"
    refused(
        f"UPDATE {table} SET voted_at = NULL, channel = '', cast_by_id = NULL WHERE id = %s", used
    )
    refused(f"UPDATE {table} SET area = 99 WHERE id = %s", free)
    refused(f"UPDATE {table} SET person_id = %s WHERE id = %s", people[0].pk, free)
    refused(f"DELETE FROM {table} WHERE id = %s", free)
    refused(
        f"INSERT INTO {table} (vote_id, key, label, household, area, channel)"
        " VALUES (%s, 'x', 'x', 'x', 0, '')", vote.pk,
    )  # fmt: skip


def test_rules_answers_and_times_stay_once_voting_has_begun(started):
    vote, _people = voted(started)
    for change in (
        "question = 'x'", "unit = 'household'", "most_proxies = 9", "rules = '[]'", "salt = 'x'",
        "closes_at = '2030-01-01 00:00:00+00:00'", "opened_at = '2020-01-01 00:00:00+00:00'",
        "stage_id = stage_id + 1", "commitment = 'x'", "series = 2", "state = 'judged'",
        "state = 'draft'",
    ):  # fmt: skip
        refused(f"UPDATE consultation_vote SET {change} WHERE id = %s", vote.pk)
    refused("UPDATE consultation_voteoption SET is_favour = NOT is_favour")
    refused("UPDATE consultation_voteoption SET text = 'x'")
    refused("DELETE FROM consultation_voteoption")
    refused("DELETE FROM consultation_vote")
    refused(
        "INSERT INTO consultation_voteoption (vote_id, \"order\", text, text_en, is_favour)"
        " VALUES (%s, 9, 'x', 'x', %s)", vote.pk, False,
    )  # fmt: skip


def test_nobody_is_marked_as_having_voted_after_the_end_or_after_closing(started):
    vote, people = voted(started)
    free, by = right_of(vote, people[3]).pk, people[3].pk
    mark = (
        "UPDATE consultation_entitlement SET voted_at = %s, channel = 'online', cast_by_id = %s"
        " WHERE id = %s"
    )
    refused(mark, vote.closes_at, by, free)
    voting.close_vote(vote, by=started[0].host, at=vote.closes_at)
    refused(mark, after(minutes=5), by, free)


def test_a_vote_in_which_somebody_was_marked_without_a_ballot_does_not_close(started):
    vote, people = voted(started)
    Entitlement.objects.filter(pk=right_of(vote, people[3]).pk).update(
        voted_at=vote.opened_at, channel="online", cast_by=people[3]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        voting.close_vote(vote, by=started[0].host, at=vote.closes_at)


def test_what_was_done_past_the_triggers_is_found_by_the_proof(started):
    vote, _people = voted(started, secret=True)
    vote = voting.close_vote(vote, by=started[0].host, at=vote.closes_at)
    assert counting.prove(vote) == []
    with without_triggers():
        Ballot.objects.filter(pk=vote.ballots.first().pk).update(option=option(vote, 2))
    assert len(counting.prove(vote)) == 1
    with without_triggers():
        Ballot.objects.create(vote=vote, option=option(vote), receipt="y" * 64)
    assert len(counting.prove(vote)) == 2


def test_papers_counts_and_readings_stay(started):
    place, consultation = started
    lines = [("1", "100", "张三", "0011"), ("2", "100", "李四", "0022")]
    made = makers.make_roll(place, lines)
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner")
    codes = [one.code for one in printing.print_papers(vote, by=place.worker, at=vote.opened_at)]
    printing.hand_paper(right_of(vote, made.people["张三"]), by=place.worker, at=vote.opened_at)
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    count = counting.begin_count(vote, by=place.worker, at=later(days=8))
    counting.read_paper(count, codes[0], option(vote), by=place.worker)
    never_handed = vote.papers.get(entitlement=right_of(vote, made.people["李四"])).pk
    refused(
        "INSERT INTO consultation_paperentry (count_id, paper_id, option_id) VALUES (%s, %s, %s)",
        count.pk, never_handed, option(vote).pk,
    )  # fmt: skip
    for sql in (
        "UPDATE consultation_paperentry SET option_id = NULL",
        "DELETE FROM consultation_paperentry",
        "UPDATE consultation_papercount SET turn = 3",
        "DELETE FROM consultation_papercount",
        "UPDATE consultation_paperballot SET serial = serial + 100",
        "DELETE FROM consultation_paperballot",
    ):
        refused(sql)


def test_attendance_comes_while_the_session_is_open_and_stays(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 3, 2)
    absent = session.invitations.get(person=people[2]).pk
    refused("DELETE FROM consultation_attendance")
    refused("UPDATE consultation_attendance SET at = %s", timezone.now())
    sessions.close_session(session, by=place.host, at=after(hours=1))
    refused(
        "INSERT INTO consultation_attendance (invitation_id, at, how, by_id, cancel_reason)"
        " VALUES (%s, %s, 'clerk', %s, '')", absent, BEGIN, place.worker.pk,
    )  # fmt: skip


def test_final_minutes_are_not_rewritten(started):
    place, consultation = started
    session, _people = makers.opened(place, consultation)
    minutes.write(session.minutes, "记录", by=place.worker, at=BEGIN)
    session = sessions.close_session(session, by=place.host, at=after(hours=1))
    paper = Minutes.objects.get(session=session)
    paper = minutes.lay_out(paper, until=after(days=1), by=place.host, at=after(hours=1))
    paper = minutes.finish(paper, by=place.host, at=after(days=2))
    for change in ("text = 'x'", "digest = 'x'", "state = 'draft', digest = ''", "version = 9"):
        refused(f"UPDATE consultation_minutes SET {change} WHERE id = %s", paper.pk)
    refused("DELETE FROM consultation_minutesversion")
    refused("DELETE FROM consultation_minutes")


def test_parts_of_a_point_stay_within_its_time(started):
    place, consultation = started
    session, _people = makers.planned(place, consultation)
    who = {"by": place.host, "at": later()}
    whole = sessions.add_item(session, sessions.Point("议题", 30), **who)
    sessions.add_item(session, sessions.Point("方案", 20, whole), **who)
    refused("UPDATE consultation_agendaitem SET minutes = 19 WHERE id = %s", whole.pk)
    refused(
        "INSERT INTO consultation_agendaitem (session_id, parent_id, \"order\", title, minutes,"
        " speaker) VALUES (%s, %s, 2, 'x', 11, '')", session.pk, whole.pk,
    )  # fmt: skip


def test_the_command_finds_a_ballot_that_was_changed(started, capsys):
    vote, _people = voted(started)
    voting.close_vote(vote, by=started[0].host, at=vote.closes_at)
    call_command("verify_votes")
    with without_triggers():
        Ballot.objects.filter(pk=vote.ballots.first().pk).update(option=option(vote, 2))
    with pytest.raises(CommandError):
        call_command("verify_votes")
    assert vote.question in capsys.readouterr().err
