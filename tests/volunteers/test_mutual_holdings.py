"""What is kept of a resident who volunteers, wishes and helps: copied, and erased with the rest."""

import json

import pytest

from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import residents
from tests.factories import hours as make
from tests.factories import wishes as mutual
from tests.factories.hours import AT, DAY, HOUR
from tests.factories.organizations import UserFactory
from tests.factories.residents import ResidentFactory
from tests.factories.time_bank import make_rule
from volunteers import tasks, time_checks
from volunteers.models import (
    Certificate,
    HelpDeal,
    HelpPost,
    Objection,
    Presence,
    Take,
    TimeAccount,
    TimeNote,
    Wish,
)
from volunteers.services import certificates, checking_in, helping, hours, taking, time_bank, wishes

pytestmark = pytest.mark.django_db
SECRETS = ("司马相如", "很想要", "悄悄话", "谢谢大家")


@pytest.fixture
def place():
    make.make_rules()
    make_rule()
    return make.make_place()


@pytest.fixture
def person():
    return ResidentFactory(registered=True, full_name="司马相如")


@pytest.fixture
def life(place, person):
    """Hours with an objection and a certificate, help that was paid for, wishes in four states."""
    volunteer = make.volunteer(place, person=person)
    signup = make.signed(make.shift(place, starts=AT - DAY), volunteer)
    stay = checking_in.note_arrival(signup, by=place.organizer, at=AT - DAY)
    stay = checking_in.note_leaving(stay, by=place.organizer, at=AT - DAY + 2 * HOUR)
    hours.confirm(stay, by=place.organizer, at=AT - DAY + 3 * HOUR)
    hours.object_to(stay, text="悄悄话", by=person, at=AT)
    day = AT.date()
    certificates.issue(volunteer, place.body, since=day - DAY, until=day, by=person, at=AT)
    pool = time_bank.open_pool(place.body, by=place.worker, at=AT)
    other = UserFactory()
    mine, theirs = (time_bank.open_account(one, pool, by=one, at=AT) for one in (person, other))
    said = {"by": other, "at": AT, "note": "悄悄话"}
    time_bank.pay(theirs, mine, minutes=10, key="note", **said)
    time_bank.pay(mine, theirs, minutes=10, key="back", by=person, at=AT)
    post = mutual.posted(place, by=person, text="悄悄话")
    deal = helping.answer_help(post, minutes=30, settles=True, words="好", by=other, at=AT)
    helping.agree(deal, by=person, at=AT)
    helping.finish_help(deal, by=other, at=AT)
    mutual.posted(place, by=person, title="悄悄话")
    theirs = mutual.posted(place)
    helping.answer_help(theirs, minutes=30, settles=False, words="悄悄话", by=person, at=AT)
    asked = mutual.asked(place, by=person, text="很想要", tell="thanks")
    granted = mutual.confirmed(_listed(place, asked))
    taking.thank(granted, words="谢谢大家", by=person, at=AT)
    mutual.listed(place, by=person)
    mutual.asked(place, by=person, title="很想要")
    mutual.taken(mutual.listed(place), by=person)
    return place


def _listed(place, wish):
    return wishes.publish(
        wish, title="一位独居老人想要电饭煲", text="旧的坏了", by=place.organizer, at=AT
    )


def test_the_copy_holds_everything(life, person):
    copy = residents.export(person, at=AT)
    assert [row["minutes"] for row in copy["volunteer_hours"]["stays"]] == [120]
    assert copy["volunteer_hours"]["objections"][0]["text"] == "悄悄话"
    assert copy["volunteer_hours"]["certificates"][0]["number"] == "ZM2026000001"
    assert (copy["time_bank"]["balance_minutes"], len(copy["time_bank"]["moved"])) == (30, 3)
    assert [len(copy["neighbours_help"][key]) for key in ("posts", "agreed", "messages")] == [
        2, 2, 1,
    ]  # fmt: skip
    asked = copy["wishes"]["asked"]
    assert [row["state"] for row in asked] == ["granted", "open", "asked"]
    assert asked[0]["thanks"] == ["谢谢大家"]
    assert len(copy["wishes"]["taken_up"]) == 1
    text = json.dumps(copy, ensure_ascii=False, default=str)
    assert all(secret in text for secret in SECRETS)


def test_who_kept_nothing_has_empty_parts():
    copy = residents.export(ResidentFactory(), at=AT)
    assert copy["time_bank"] == {}
    assert copy["wishes"] == {"asked": [], "taken_up": []}


def test_erasing_takes_the_words_and_leaves_hours_and_balances(life, person):
    residents.erase(person, at=AT)
    assert [note.text for note in TimeNote.objects.all()] == [""]
    rows = [
        row
        for model in (Wish, Take, HelpPost, HelpDeal, Objection, Presence)
        for row in model.objects.values()
    ]
    left = json.dumps(rows, ensure_ascii=False, default=str)
    assert [secret for secret in SECRETS if secret in left] == []
    assert Presence.objects.confirmed().minutes() == 120
    assert Certificate.objects.count() == 1
    assert TimeAccount.objects.get(person=person).balance == 30
    assert [found for found in time_checks.run() if found[1]] == []
    states = Wish.objects.filter(asker=person).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["granted", "withdrawn", "withdrawn"]
    assert Take.objects.get(taker=person).state == "given_back"
    assert set(HelpPost.objects.filter(person=person).values_list("state", flat=True)) == {"ended"}
    assert Wish.objects.get(state="granted").public_title == "一位独居老人想要电饭煲"


@pytest.mark.parametrize("delivered", [False, True])
def test_while_somebody_grants_the_wish_the_account_stays(place, person, delivered):
    wish = mutual.listed(place, by=person)
    (mutual.delivered if delivered else mutual.taken)(wish)
    with pytest.raises(RuleViolation, match=wish.number):
        residents.erase(person, at=AT)
    assert User.objects.get(pk=person.pk).full_name == "司马相如"
    assert Wish.objects.get().title == "想要一个电饭煲"


def test_half_a_year_after_its_end_nobody_knows_for_whom_a_wish_was(place, time_machine):
    ended = mutual.asked(place, by=place.worker, for_name="王奶奶", for_phone="13800000000")
    wishes.withdraw_wish(ended, by=place.worker, at=AT)
    mutual.asked(place, by=place.worker, for_name="李爷爷")
    for days, names in ((179, {"王奶奶", "李爷爷"}), (181, {"—", "李爷爷"})):
        time_machine.move_to(AT + days * DAY)
        for _time in range(2):
            tasks.tend_wishes()
        assert set(Wish.objects.values_list("for_name", flat=True)) == names
    row = Wish.objects.get(pk=ended.pk)
    assert (row.title, row.text, row.for_phone) == ("", "", "")
