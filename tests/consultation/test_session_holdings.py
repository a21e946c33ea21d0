"""What sessions and votes keep of a resident: copied for them, erased, never shown to others."""

import hashlib
import io
import json

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from consultation.models import (
    ERASED,
    BallotRight,
    Entitlement,
    Invitation,
    Minutes,
    Position,
    Recusal,
)
from consultation.services import attending, counting, minutes, sessions, voting
from consultation.services.rooms import room_of
from consultation.services.sessions import Guest
from organizations.services import residents
from tests.factories import voting as makers
from tests.factories.consultation import AT, later
from tests.factories.residents import ResidentFactory
from tests.factories.voting import BEGIN, after, cast, option

pytestmark = pytest.mark.django_db
NAME, PHONE, IDENTITY = "欧阳建国", "13912345678", "441900198001010017"
WORDS = f"我是{NAME}，电话{PHONE}，身份证{IDENTITY}，反对在门口开工。"


@pytest.fixture
def person(db):
    return ResidentFactory(full_name=NAME, phone=PHONE)


def held(started, person, *, secret=False):
    """A session in which `person` speaks, a colleague of the same name stands back, all vote."""
    place, consultation = started
    session, people = makers.planned(place, consultation, 2)
    guests = [Guest(NAME, "representatives", person), Guest(NAME, "experts")]
    mine, other = sessions.invite(session, guests, by=place.host, at=AT)
    attending.answer(mine, "decline", by=person, at=AT, reason=f"{NAME}住院")
    attending.answer(mine, "accept", by=person, at=AT)
    session = sessions.open_session(session, by=place.host, at=BEGIN)
    for one in people:
        makers.come(place, session, one)
    makers.come(place, session, person)
    attending.take_down(
        mine, {"stance": "against", "text": WORDS, "item": None}, by=place.worker, at=BEGIN
    )
    attending.recuse(other, reason=f"{NAME}的兄弟", by=place.host, at=BEGIN)
    vote = makers.session_vote(place, consultation, session, is_secret=secret)
    for one in (*people, person):
        cast(vote, one)
    return session, vote


def closed(started, vote):
    vote = voting.close_vote(vote, by=started[0].host, at=after(hours=1))
    return counting.judge(vote, by=started[0].host, at=after(hours=1))


@pytest.mark.parametrize(("secret", "answer"), [(False, "赞成"), (True, "")])
def test_the_copy_holds_what_was_said_and_that_somebody_voted(started, person, secret, answer):
    held(started, person, secret=secret)
    copy = residents.export(person, at=later())["sessions"]
    (invitation,), (said,), (vote,) = copy["invitations"], copy["said"], copy["votes"]
    assert (invitation["name"], len(invitation["came"])) == (NAME, 1)
    assert said["text"] == WORDS
    assert (vote["for"], vote["how"], vote["answer"]) == (NAME, "online", answer)
    assert json.dumps(copy, default=str)


def test_erasing_takes_name_and_words_and_leaves_every_count(started, person):
    session, vote = held(started, person)
    before = (counting.outcome_of(vote).counts, room_of(session).counts)
    residents.erase(person, at=later(days=11))
    invitation = Invitation.objects.get(person=person)
    right = Entitlement.objects.get(person=person)
    said = Position.objects.get(invitation=invitation)
    assert (invitation.name, invitation.reason, right.label, said.text) == (
        ERASED,
        "",
        *[ERASED] * 2,
    )
    assert NAME not in said.public_text
    assert sessions.public_name(invitation) == ERASED
    assert (counting.outcome_of(vote).counts, room_of(session).counts) == before
    assert BallotRight.objects.count() == 0
    assert counting.prove(closed(started, vote)) == []


def test_erasing_before_the_vote_ends_uses_no_right(started, person):
    place, consultation = started
    session, _people = makers.opened(place, consultation, 1)
    sessions.invite(session, [Guest(NAME, "representatives", person)], by=place.host, at=AT)
    vote = makers.session_vote(place, consultation, session)
    residents.erase(person, at=BEGIN)
    assert Entitlement.objects.get(vote=vote, person=person).voted_at is None
    assert voting.close_vote(vote, by=place.host, at=after(hours=1)).state == "closed"


def test_a_reason_to_stand_back_is_erased(started, person):
    place, consultation = started
    session, _people = makers.planned(place, consultation, 1)
    mine = sessions.invite(session, [Guest(NAME, "experts", person)], by=place.host, at=AT)[0]
    attending.recuse(mine, reason="我女儿是投标人", by=person, at=AT)
    residents.erase(person, at=AT)
    assert Recusal.objects.get().reason == ERASED


@pytest.mark.parametrize(
    "change",
    [
        "consultation_entitlement SET label = 'x'",
        "consultation_entitlement SET label = '—', area = 7",
        "consultation_entitlement SET label = '—', voted_at = NULL, channel = ''",
        "consultation_recusal SET reason = 'x'",
        "consultation_recusal SET reason = '—', at = '2020-01-01 00:00:00+00:00'",
        "consultation_position SET text = 'x'",
        "consultation_position SET text = '—', public_text = 'x'",
        "consultation_position SET text = '—', stance = 'for'",
    ],
)
def test_the_database_lets_nothing_but_an_erasure_through(started, person, change):
    held(started, person)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")


# -- Planted names: what everybody reads ---------------------------------------------------------


def addresses(consultation, vote):
    """Every address that shows something of sessions and votes to a stranger."""
    at = "consultation:"
    number = [consultation.number]
    yield from (
        reverse(f"{at}published"), reverse(f"{at}published_consultation", args=number),
        reverse(f"{at}embed", args=number), reverse(f"{at}calendar"),
        reverse(f"{at}published_vote", args=[vote.pk]), reverse(f"{at}receipts", args=[vote.pk]),
        reverse(f"{at}report", args=[*number, "xlsx"]),
        reverse(f"{at}report", args=[*number, "pdf"]),
        f"/consultations/board/{consultation.community.code}/",
        f"/consultations/board/{consultation.community.code}/feed.xml",
        reverse("consultation-api:consultation-list"),
        reverse("consultation-api:consultation-detail", args=number),
    )  # fmt: skip


def text_of(answer):
    content = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    if "spreadsheet" in answer.headers["Content-Type"]:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
        return "\n".join(str(cell) for row in rows for cell in row)
    return content.decode("utf-8", errors="replace")


@pytest.mark.parametrize("secret", [False, True])
def test_no_public_page_feed_or_answer_names_anybody(client, started, person, secret):
    place, consultation = started
    session, vote = held(started, person, secret=secret)
    minutes.write(session.minutes, f"{NAME}说：{WORDS}", by=place.worker, at=BEGIN)
    session = sessions.close_session(session, by=place.host, at=after(hours=1))
    minutes.lay_out(
        Minutes.objects.get(session=session), until=after(days=2), by=place.host, at=after(hours=2)
    )
    vote = closed(started, vote)
    lines = [("3栋1802", "88.88", NAME, "0017"), ("3栋1803", "77.77", "王五", "0033")]
    made = makers.make_roll(place, lines)
    by_owners = makers.roll_vote(place, consultation, made.roll, unit="owner")
    cast(by_owners, made.people[NAME])
    code = cast(by_owners, made.people["王五"], 2)
    by_owners = closed_at_end(place, by_owners)
    planted = (
        NAME, PHONE, IDENTITY, "欧阳**的兄弟", "的兄弟", "住院", "3栋1802", "张代表0",
        person.username, code,
    )  # fmt: skip
    found = []
    for shown in (vote, by_owners):
        for address in addresses(consultation, shown):
            answer = client.get(address)
            assert answer.status_code == 200, address
            found += [(address, word) for word in planted if word in text_of(answer)]
    assert found == []


def closed_at_end(place, vote):
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    return counting.judge(vote, by=place.host, at=vote.closes_at)


TABLES = ("grids_roll", "grids_dwelling", "grids_entitled", "grids_claim",
          "consultation_entitlement", "consultation_invitation")  # fmt: skip


def test_what_the_tables_keep_of_a_roll_names_nobody(started):
    """Masked names and keyed digests; a right to vote by a roll has no name either."""
    place, consultation = started
    made = makers.make_roll(place, [("3栋1802", "88.88", NAME, "0017")])
    vote = makers.roll_vote(place, consultation, made.roll, unit="person")
    session, _people = makers.planned(place, consultation, 0, roll=made.roll)
    sessions.invite_roll(session, by=place.host, at=AT)
    said = [str(row) for table in TABLES for row in rows_of(table)]
    assert [line for line in said if NAME in line or "0017" in line] == []
    assert vote.entitlements.get().label == "3栋1802 欧阳**"


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def test_everybody_makes_the_digest_of_the_receipts_again(client, started, person):
    _session, vote = held(started, person, secret=True)
    assert client.get(reverse("consultation:receipts", args=[vote.pk])).status_code == 404
    vote = closed(started, vote)
    file = client.get(reverse("consultation:receipts", args=[vote.pk])).content
    event = vote.consultation.events.get(move="close_vote")
    assert hashlib.sha256(file).hexdigest() == event.facts["receipts"]
    assert len(file.splitlines()) == vote.ballots.count() == 3
    page = client.get(reverse("consultation:published_vote", args=[vote.pk])).content.decode()
    assert event.facts["receipts"] in page
    assert option(vote).text not in file.decode()
