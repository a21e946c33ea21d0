"""What people say: who may, how often, in which stage; threads, agreeing, changing, counts."""

import datetime
import io
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image

from consultation.models import Like, Opinion, OpinionTally
from consultation.opinion_workflow import OPINION_MOVES
from consultation.services import (
    answering,
    moderating,
    opinion_files,
    opinions,
)
from consultation.services import stages as way
from lib.errors import NotYours, RuleViolation, WrongState
from lib.workflow import arrows
from organizations.models import Message
from tests.factories.consultation import AT, fresh
from tests.factories.opinions import (
    NONE,
    NOW,
    PHONE,
    REGISTERED,
    VERIFIED,
    again,
    make_open,
    say,
    say_unsigned,
)
from tests.factories.residents import ResidentFactory, verified
from tests.races import at_once

pytestmark = pytest.mark.django_db


AGREE_AGAIN = (
    "INSERT INTO consultation_like (id, at, opinion_id, person_id) "
    "SELECT id + 1, at, opinion_id, person_id FROM consultation_like"
)


@pytest.fixture
def found():
    return make_open()


def tally(consultation):
    row = OpinionTally.objects.get(consultation=consultation)
    return {
        "for": row.in_favour, "against": row.against, "other": row.other, "waiting": row.waiting,
        "confidential": row.confidential, "replies": row.replies, "answered": row.answered,
    }  # fmt: skip


def counted_by_rows(consultation):
    """The same from the rows themselves."""
    rows = Opinion.objects.filter(consultation=consultation)
    top = rows.filter(parent=None, state="shown")
    return {
        "for": top.filter(stand="for").count(), "against": top.filter(stand="against").count(),
        "other": top.filter(stand="other").count(), "waiting": rows.waiting().count(),
        "confidential": top.filter(is_confidential=True).count(),
        "replies": rows.filter(state="shown").exclude(parent=None).count(),
        "answered": top.exclude(answer=None).count(),
    }  # fmt: skip


def png(size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, "PNG")
    file.seek(0)
    file.name = "a.png"
    return file


def pdf(content=b"%PDF-1.4 x", name="说明.pdf"):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_the_moves_are_exactly_these():
    assert arrows(OPINION_MOVES) == {
        ("release", "waiting", "shown", "host"),
        ("hide", "waiting", "hidden", "host"), ("hide", "shown", "hidden", "host"),
        ("edit", "waiting", "waiting", "author"), ("edit", "shown", "shown", "author"),
        ("withdraw", "waiting", "withdrawn", "author"),
        ("withdraw", "shown", "withdrawn", "author"),
        ("answer", "shown", "shown", "host"),
        ("appeal", "hidden", "hidden", "author"),
        ("uphold", "hidden", "hidden", "host"), ("uphold", "hidden", "hidden", "party"),
        ("restore", "hidden", "shown", "host"), ("restore", "hidden", "shown", "party"),
    }  # fmt: skip


# -- Speaking --------------------------------------------------------------------------------------


def test_a_signed_opinion_is_shown_at_once_under_the_nickname_and_masked(found):
    person = ResidentFactory(full_name="梁秀英")
    said = again(say(found, "我是梁秀英，电话13812345678，3栋502室太暗", by=person))
    assert (said.state, said.shown_as, said.level) == ("shown", person.nickname, REGISTERED)
    for planted in ("梁秀英", "13812345678", "502室"):
        assert planted in said.text
        assert planted not in said.public_text
    assert tally(found) == counted_by_rows(found)
    assert tally(found)["for"] == 1


def test_what_nobody_signs_waits_and_only_where_the_stage_lets_everybody_speak(found):
    with pytest.raises(RuleViolation) as refusal:
        say_unsigned(found)
    assert (refusal.value.code, Opinion.objects.count()) == ("level", 0)
    answering.set_level(found.stage, level=NONE, by=found.place_of_test.host, at=AT)
    said = say_unsigned(found)
    assert (said.state, said.author, said.level) == ("waiting", None, NONE)
    assert tally(found) == {**dict.fromkeys(tally(found), 0), "waiting": 1}
    assert not Opinion.objects.public().exists()


@pytest.mark.parametrize(("wanted", "speak"), [(PHONE, 3), (REGISTERED, 2), (VERIFIED, 1)])
def test_each_level_lets_in_who_is_known_well_enough(found, wanted, speak):
    place = found.place_of_test
    answering.set_level(found.stage, level=wanted, by=place.host, at=AT)
    people = [
        ResidentFactory(), ResidentFactory(registered=True), verified(by=_clerk(place), at=AT),
    ]  # fmt: skip
    answers = [level_refused(found, person) for person in people]
    assert answers == ["level"] * (3 - speak) + [None] * speak


def level_refused(found, person):
    try:
        say(found, by=person)
    except RuleViolation as refusal:
        return refusal.code


def _clerk(place):
    return place.worker


def test_nobody_speaks_before_or_after_the_stage(found):
    place = found.place_of_test
    person = ResidentFactory()
    way.advance(found, by=place.host, at=NOW)
    with pytest.raises(WrongState):
        say(found, by=person)
    draft = make_open_in_prepare(place)
    with pytest.raises(WrongState):
        say(draft, by=person)
    assert Opinion.objects.count() == 0


def make_open_in_prepare(place):
    from consultation.models import Blueprint
    from tests.factories import consultation as makers

    return makers.make_running(place, Blueprint.objects.get())


@pytest.mark.parametrize("text", ["", " \n ", "好", "字" * 2001])
def test_too_little_and_too_much_is_refused(found, text):
    with pytest.raises(RuleViolation):
        say(found, text)
    assert Opinion.objects.count() == 0


def test_the_same_form_sent_twice_is_one_opinion(found):
    person, key = ResidentFactory(), uuid.uuid4()
    one, other = (say(found, by=person, key=key) for _again in range(2))
    assert (one.pk, Opinion.objects.count()) == (other.pk, 1)


def test_an_address_without_an_account_speaks_three_times_an_hour():
    found = make_open(level=NONE)
    for _again in range(3):
        say_unsigned(found)
    with pytest.raises(RuleViolation) as refusal:
        say_unsigned(found)
    assert refusal.value.code == "many"
    say_unsigned(found, address="10.9.9.9")
    say_unsigned(found, at=NOW + datetime.timedelta(hours=1))
    assert Opinion.objects.count() == 5


def test_a_clerk_writes_down_for_somebody_and_it_is_on_record(found):
    place = found.place_of_test
    speaker = opinions.Speaker(None, clerk=place.worker, shown_as="三巷阿伯")
    said = again(say(found, speaker=speaker))
    assert (said.assisted_by, said.shown_as, said.state) == (place.worker, "三巷阿伯", "shown")
    with pytest.raises(NotYours):
        say(found, speaker=opinions.Speaker(None, clerk=place.supervisor, shown_as="x"))
    with pytest.raises(RuleViolation) as refusal:
        say(found, speaker=opinions.Speaker(None, clerk=place.worker))
    assert refusal.value.code == "no_name"


# -- Threads and files -----------------------------------------------------------------------------


def test_threads_go_two_replies_deep_and_whoever_is_replied_to_is_told(found):
    author = ResidentFactory()
    top = say(found, by=author)
    reply = say(found, "同意", parent=top)
    deeper = say(found, "我也是", parent=reply)
    with pytest.raises(RuleViolation) as refusal:
        say(found, "更深", parent=deeper)
    assert refusal.value.code == "depth"
    assert (deeper.root_id, deeper.depth, again(top).reply_count) == (top.pk, 2, 2)
    assert tally(found)["replies"] == 2
    assert Message.objects.filter(to=author, kind="opinion-reply").count() == 1


def test_nobody_replies_in_confidence_nor_to_what_is_hidden(found):
    secret = say(found, is_confidential=True)
    shown = say(found)
    with pytest.raises(RuleViolation):
        say(found, "x y", parent=secret)
    with pytest.raises(RuleViolation):
        say(found, "x y", parent=shown, is_confidential=True)
    moderating.hide(shown, reason="insult", by=found.place_of_test.host, at=NOW)
    with pytest.raises(RuleViolation):
        say(found, "x y", parent=again(shown))


def test_photos_and_papers_are_checked_by_content_and_wait_for_a_look(found):
    files = opinion_files.prepare([png(), pdf(), png()])
    said = say(found, files=files)
    assert {(row.mime, row.is_public) for row in said.files.all()} == {
        ("image/jpeg", False), ("application/pdf", False),
    }  # fmt: skip
    moderating.release_files(said, by=found.place_of_test.host, at=NOW)
    assert not said.files.filter(is_public=False).exists()


@pytest.mark.parametrize(
    "files", [[pdf(b"%PDF-1.4 /JavaScript x")], [pdf(b"MZ x", "a.exe")], [png()] * 5, [pdf(b"")]]
)
def test_other_files_are_refused(files):
    with pytest.raises(RuleViolation):
        opinion_files.prepare(files)


# -- Changing and agreeing -------------------------------------------------------------------------


def test_words_change_for_half_an_hour_only_by_their_author(found):
    author = ResidentFactory()
    said = say(found, by=author)
    soon = NOW + datetime.timedelta(minutes=29)
    opinions.edit(said, text="改一改说法", stand="against", by=author, at=soon)
    assert (again(said).text, tally(found)["against"], tally(found)["for"]) == ("改一改说法", 1, 0)
    with pytest.raises(RuleViolation) as refusal:
        opinions.edit(said, text="再改", stand="for", by=author, at=NOW + opinions.EDIT_WINDOW)
    assert refusal.value.code == "window"
    with pytest.raises(NotYours):
        opinions.edit(said, text="别人改", stand="for", by=ResidentFactory(), at=soon)
    assert again(said).text == "改一改说法"


def test_what_is_taken_back_loses_its_words_and_its_place_in_the_counts(found):
    author = ResidentFactory()
    said = say(found, by=author)
    with pytest.raises(NotYours):
        opinions.withdraw(said, by=ResidentFactory(), at=NOW)
    opinions.withdraw(said, by=author, at=NOW)
    assert (again(said).state, again(said).text, again(said).public_text) == ("withdrawn", "", "")
    assert tally(found) == counted_by_rows(found)
    with pytest.raises(WrongState):
        opinions.withdraw(said, by=author, at=NOW)


def test_one_agrees_once_never_with_oneself_and_may_take_it_back(found):
    author, other = ResidentFactory(), ResidentFactory()
    said = say(found, by=author)
    assert opinions.like(said, by=other, at=NOW) is True
    assert opinions.like(said, by=other, at=NOW) is False
    with pytest.raises(RuleViolation):
        opinions.like(said, by=author, at=NOW)
    assert again(said).likes == Like.objects.count() == 1
    assert opinions.unlike(said, by=other) is True
    assert opinions.unlike(said, by=other) is False
    assert again(said).likes == Like.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consultation_opinion SET depth = 3",
        "UPDATE consultation_opinion SET depth = 1",
        "UPDATE consultation_opinion SET state = 'hidden', hiding_id = NULL",
        "UPDATE consultation_opinion SET level = 4",
        "UPDATE consultation_opiniontally SET answered = 99",
        AGREE_AGAIN,
        "UPDATE consultation_opinionanswer SET reason = 'x'",
        "DELETE FROM consultation_moderationentry",
    ],
)
def test_the_database_refuses_what_makes_no_sense(found, change):
    said, hidden = say(found), say(found)
    opinions.like(said, by=ResidentFactory(), at=NOW)
    host = found.place_of_test.host
    answering.answer(found, [said.pk], outcome="not", reason="不", by=host, at=NOW)
    moderating.hide(hidden, reason="insult", by=host, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


# -- Races -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_processes_agree_as_one_person_once():
    found = make_open()
    said, person = say(found), ResidentFactory()
    done = at_once(8, lambda _number: opinions.like(said, by=person, at=NOW))
    assert (done.count(True), again(said).likes, Like.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_processes_send_one_form_once_and_eight_forms_are_eight():
    found = make_open()
    person, key = ResidentFactory(), uuid.uuid4()
    keys = at_once(8, lambda _number: say(found, by=person, key=key).pk)
    assert (len(set(keys)), Opinion.objects.count(), tally(found)["for"]) == (1, 1, 1)
    people = [ResidentFactory() for _again in range(8)]
    at_once(8, lambda number: say(found, by=people[number]).pk)
    assert tally(found)["for"] == Opinion.objects.count() == 9
    assert tally(found) == counted_by_rows(found)


@pytest.mark.django_db(transaction=True)
def test_nobody_speaks_in_a_stage_while_it_is_left():
    found = make_open()
    place = found.place_of_test
    people = [ResidentFactory() for _again in range(6)]

    def act(number):
        try:
            if number == 6:
                way.advance(fresh(found), by=place.host, at=NOW)
                return "left"
            return say(found, by=people[number]).pk
        except RuleViolation as refusal:
            return refusal.code

    answers = at_once(7, act)
    assert answers[6] == "left"
    kept = [answer for answer in answers[:6] if answer != "wrong_state"]
    assert Opinion.objects.count() == len(kept)
    assert tally_or_none(found) == (counted_by_rows(found) if kept else None)


def tally_or_none(consultation):
    exists = OpinionTally.objects.filter(consultation=consultation).exists()
    return tally(consultation) if exists else None
