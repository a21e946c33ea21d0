"""Wishes: asked, looked at, listed without names, taken up once, delivered, thanked, told."""

import datetime

import pytest
from django.db import Error, IntegrityError, connection, transaction

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import hours as places
from tests.factories import wishes as make
from tests.factories.hours import AT, DAY
from tests.factories.organizations import UserFactory
from volunteers import tasks
from volunteers.models import ReportTask, Take, Wish
from volunteers.services import taking, wishes
from volunteers.services.taking import For, Good

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return places.make_place()


@pytest.fixture
def asker():
    return UserFactory(full_name="欧阳娜娜")


@pytest.fixture
def wish(place, asker):
    return make.listed(place, by=asker)


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def state(row):
    return type(row).objects.get(pk=row.pk).state


def seen(user, wish):
    return Wish.objects.visible_to(user, on=AT.date()).filter(pk=wish.pk).exists()


def test_a_wish_goes_from_asking_to_thanks(wish, asker, place):
    assert told(place.organizer) == ["wish-asked"]
    take = make.taken(wish)
    assert state(wish) == "taken"
    goods = [Good("电饭煲", 1, 199_00)]
    taking.deliver(take, note="已送到家", goods=goods, by=take.taker, at=AT)
    taking.confirm_receipt(take, by=asker, at=AT)
    assert (state(wish), state(take)) == ("granted", "confirmed")
    taking.thank(take, words="谢谢", by=asker, at=AT)
    taking.tell(take, words="电饭煲已送到老人家中", by=place.organizer, at=AT)
    assert [row.pk for row in Take.objects.told()] == [take.pk]
    assert told(asker) == ["wish-published", "wish-taken", "wish-delivered"]
    assert told(take.taker) == ["wish-confirmed", "wish-thanked"]
    assert list(take.goods.values_list("name", "quantity", "value")) == [("电饭煲", 1, 199_00)]
    moves = wish.events.order_by("number").values_list("move", flat=True)
    assert list(moves) == ["ask", "publish", "fill", "grant"]


@pytest.mark.parametrize(
    "said",
    [
        {"amount": 0}, {"quantity": 0}, {"title": " "}, {"text": ""}, {"needed_by": AT.date()},
    ],
)  # fmt: skip
def test_what_cannot_be_a_wish_is_refused(place, said):
    with pytest.raises(RuleViolation):
        make.asked(place, **said)
    assert Wish.objects.count() == 0


def test_only_workers_of_the_place_ask_for_somebody(place, asker):
    with pytest.raises(NotYours):
        make.asked(place, by=asker, for_name="王奶奶")
    with pytest.raises(NotYours):
        make.asked(place, by=places.make_place().worker, for_name="王奶奶")
    made = make.asked(place, by=place.worker, for_name="王奶奶", for_phone="13800000000")
    assert (made.on_behalf, made.for_name) == (True, "王奶奶")


def test_who_asked_does_not_put_it_on_the_list(place):
    made = make.asked(place, by=place.worker, for_name="王奶奶")
    for who in (place.worker, UserFactory(), places.make_place().organizer):
        with pytest.raises(NotYours):
            wishes.publish(made, title="一位老人的心愿", text="", by=who, at=AT)
    assert state(made) == "asked"


@pytest.mark.parametrize(
    "words",
    [
        {"title": "欧阳娜娜想要电饭煲", "text": ""},
        {"title": "电饭煲", "text": "请打13812345678"},
        {"title": "电饭煲", "text": "清扫路12号3栋502室"},
        {"title": " ", "text": "x"},
    ],
)
def test_the_public_wording_names_nobody(place, asker, words):
    made = make.asked(place, by=asker)
    with pytest.raises(RuleViolation):
        wishes.publish(made, **words, by=place.organizer, at=AT)
    assert (state(made), Wish.objects.get().public_title) == ("asked", "")


def test_a_returned_wish_is_changed_and_sent_again(place, asker):
    made = make.asked(place, by=asker)
    with pytest.raises(RuleViolation):
        wishes.send_back(made, reason="", by=place.organizer, at=AT)
    wishes.send_back(made, reason="请写清楚", by=place.organizer, at=AT)
    words = wishes.Asked("goods", "电饭煲 3升", "旧的坏了", 150_00, make.NEEDED)
    wishes.edit(made, words, by=asker, at=AT)
    wishes.resubmit(made, by=asker, at=AT)
    assert (state(made), Wish.objects.get().amount) == ("asked", 150_00)
    wishes.refuse_wish(made, reason="不属于微心愿", by=place.organizer, at=AT)
    assert told(asker) == ["wish-returned", "wish-refused"]


def test_a_wish_is_withdrawn_unless_somebody_works_on_it(wish, asker, place):
    make.taken(make.listed(place, by=asker, quantity=2))
    half = Wish.objects.get(quantity=2)
    with pytest.raises(WrongState):
        wishes.withdraw_wish(half, by=asker, at=AT)
    wishes.withdraw_wish(wish, by=asker, at=AT)
    assert (state(wish), state(half)) == ("withdrawn", "open")


def test_a_piece_has_one_taker_and_many_pieces_many(place, wish, asker):
    make.taken(wish)
    with pytest.raises(taking.TakenAlready):
        make.taken(wish)
    many = make.listed(place, by=asker, quantity=5)
    first = make.taken(many, quantity=3)
    with pytest.raises(taking.TakenAlready) as refusal:
        make.taken(many, quantity=3)
    assert "2" in str(refusal.value)
    with pytest.raises(RuleViolation):
        make.taken(many, by=first.taker)
    make.taken(many, quantity=2)
    assert Wish.objects.get(pk=many.pk).taken == 5


def test_nobody_takes_up_or_confirms_his_own(wish, asker, place):
    with pytest.raises(NotYours):
        make.taken(wish, by=asker)
    # The worker may grant what he asked for another, but does not confirm that he did.
    made = make.listed(place, by=place.worker, for_name="王奶奶")
    take = make.delivered(made, by=place.worker)
    with pytest.raises(NotYours):
        taking.confirm_receipt(take, by=place.worker, at=AT)


def test_what_was_brought_is_listed(wish):
    take = make.taken(wish)
    with pytest.raises(RuleViolation):
        taking.deliver(take, note="x", by=take.taker, at=AT)
    with pytest.raises(NotYours):
        taking.deliver(take, note="x", goods=[Good("x", 1, 1)], by=UserFactory(), at=AT)


def test_a_worker_vouches_for_what_a_silent_asker_received(wish, place, asker):
    take, worker, on = make.delivered(wish), place.worker, AT + 7 * DAY
    assert not Take.objects.to_vouch_for(worker, on=(AT + 5 * DAY).date()).exists()
    with pytest.raises(RuleViolation) as refusal:
        taking.vouch_receipt(take, reason="电话问过", by=worker, at=AT + 5 * DAY)
    assert refusal.value.code == "too_early"
    assert Take.objects.to_vouch_for(worker, on=on.date()).get() == take
    assert not Take.objects.to_vouch_for(asker, on=on.date()).exists()
    with pytest.raises(RuleViolation):
        taking.vouch_receipt(take, reason=" ", by=worker, at=on)
    with pytest.raises(NotYours):
        taking.vouch_receipt(take, reason="我送到了", by=take.taker, at=on)
    taking.vouch_receipt(take, reason="电话问过", by=worker, at=on)
    assert (state(take), state(wish)) == ("confirmed", "granted")
    assert told(take.taker) == ["wish-confirmed"]


def test_what_did_not_arrive_is_disputed(wish, asker):
    take = make.delivered(wish)
    with pytest.raises(RuleViolation):
        taking.dispute(take, reason=" ", by=asker, at=AT)
    taking.dispute(take, reason="没收到", by=asker, at=AT)
    assert (state(take), state(wish)) == ("taken", "taken")
    assert told(take.taker) == ["wish-disputed"]


def test_what_is_given_back_is_free_again(wish, asker):
    take = make.taken(wish)
    taking.give_back(take, reason="出差", by=take.taker, at=AT)
    assert (state(take), state(wish), Wish.objects.get(pk=wish.pk).taken) == (
        "given_back", "open", 0,
    )  # fmt: skip
    assert state(make.taken(wish)) == "taken"


def test_what_is_not_done_in_time_is_free_again_once(wish, asker, time_machine):
    take = make.taken(wish)
    time_machine.move_to(AT + 13 * DAY)
    tasks.tend_wishes()
    assert state(take) == "taken"
    time_machine.move_to(AT + 15 * DAY)
    for _time in range(2):
        tasks.tend_wishes()
    assert (state(take), state(wish)) == ("lapsed", "open")
    assert told(take.taker) == ["wish-lapsed"]


def test_a_private_wish_is_seen_by_workers_and_by_who_has_reported(place, asker):
    made = make.listed(place, by=asker, is_private=True)
    report = make.unit_report(place)
    stranger = UserFactory()
    assert [
        seen(who, made)
        for who in (
            asker,
            place.organizer,
            report.unit.contact,
            stranger,
            places.make_place().worker,
        )
    ] == [True, True, True, False, False]
    with pytest.raises(WrongState):
        make.taken(made, by=stranger)
    take = make.taken(made, by=report.unit.contact, whom=For(report=report))
    assert take.who == "某医院"
    assert list(Take.objects.told()) == []


def test_a_unit_that_has_reported_has_it_among_its_tasks(place, wish, asker):
    report = make.unit_report(place)
    with pytest.raises(NotYours):
        make.taken(wish, whom=For(report=report))  # not their contact
    take = make.taken(wish, by=report.unit.contact, whom=For(report=report))
    task = ReportTask.objects.get()
    assert (task.subject_key, task.state) == (str(wish.pk), "taken")
    goods = [Good("电饭煲", 1, 1_00)]
    taking.deliver(take, note="已送", goods=goods, by=take.taker, at=AT)
    taking.confirm_receipt(take, by=asker, at=AT)
    assert state(task) == "confirmed"


def test_an_organisation_is_spoken_for_by_its_leader(place, wish):
    leader = places.volunteer(place)
    row = places.organisation(place, leader)
    with pytest.raises(NotYours):
        make.taken(wish, whom=For(organisation=row))
    assert make.taken(wish, by=leader.person, whom=For(organisation=row)).who == "梅塘义工队"


def test_what_is_told_is_what_the_asker_allowed_and_names_nobody(place, asker):
    silent = make.confirmed(make.listed(place, by=asker, tell="nothing"))
    with pytest.raises(RuleViolation):
        taking.tell(silent, words="已送到", by=place.organizer, at=AT)
    open_ = make.confirmed(make.listed(place, by=asker))
    for words in ("欧阳娜娜很高兴", "电话13812345678", " "):
        with pytest.raises(RuleViolation):
            taking.tell(open_, words=words, by=place.organizer, at=AT)
    with pytest.raises(NotYours):
        taking.tell(open_, words="已送到", by=asker, at=AT)


# -- The database --------------------------------------------------------------------------------


def refused(sql, saying):
    with pytest.raises(Error, match=saying), transaction.atomic():
        connection.cursor().execute(sql)
    return True


def test_the_database_counts_what_is_taken_up(wish):
    take = make.taken(wish)
    assert refused("UPDATE volunteers_wish SET taken = 0, state = 'open'", "by its takes only")
    assert refused("DELETE FROM volunteers_wish", ".")
    assert refused("DELETE FROM volunteers_take", "never deleted")
    assert refused("UPDATE volunteers_take SET quantity = 2", "keeps its wish")
    with pytest.raises(IntegrityError), transaction.atomic():
        Take.objects.create(
            wish=wish, quantity=1, taker=UserFactory(), at=AT, due_at=AT + datetime.timedelta(1)
        )
    assert state(take) == "taken"
