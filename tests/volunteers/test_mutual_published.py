"""What everybody reads of hours, wishes and help: complete, and without personal data."""

import json

import pytest

from portal.open_data import BY_KEY
from tests.factories import hours as make
from tests.factories import wishes as mutual
from tests.factories.hours import AT, DAY
from tests.factories.organizations import UserFactory
from tests.factories.residents import ResidentFactory
from tests.factories.time_bank import make_rule
from tests.volunteers.served import attended, confirmed, proof, text_of, url
from volunteers.models import Activity
from volunteers.services import helping, hours, taking, time_bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SETS = ["activities", "volunteer-hours", "wishes", "neighbours-help", "certificates"]
PLANTED = ("司马相如", "13812345678", "440306198001011233", "环城路88号", "卓文君", "黄飞鸿")


@pytest.fixture
def place():
    make.make_rules()
    return make.make_place()


@pytest.fixture
def planted(place):
    """Names, numbers and addresses in everything that somebody writes."""
    make_rule()
    pool = time_bank.open_pool(place.body, by=place.worker, at=AT)
    name, phone, identity, street, other, taker = PLANTED
    words = f"我是{name}，{phone}，{identity}，住{street}3栋502室。"
    asker = ResidentFactory(full_name=name, phone=phone)
    told = {"title": f"{name}的心愿", "text": words, "by": asker, "tell": "thanks"}
    who = UserFactory(full_name=taker)
    rows = [
        mutual.asked(place, **told),
        *(
            _put(place, mutual.asked(place, **{**told, "is_private": private}))
            for private in (False, True)
        ),
        _put(
            place,
            mutual.asked(
                place, by=place.worker, title=words, text=words, for_name=other, for_phone=phone
            ),
        ),
    ]
    take = mutual.taken(rows[1], by=who)
    goods = [taking.Good("电饭煲", 1, 199_00)]
    taking.deliver(take, note=words, goods=goods, by=who, at=AT)
    taking.confirm_receipt(take, by=asker, at=AT)
    taking.thank(take, words=f"{words}谢谢{taker}", by=asker, at=AT)
    taking.tell(take, words="已送到老人家中", by=place.organizer, at=AT)
    post = mutual.posted(place, by=asker, title=words[:80], text=words)
    deal = helping.answer_help(post, minutes=30, settles=True, words=words, by=who, at=AT)
    for person in (asker, who):
        time_bank.open_account(person, pool, by=person, at=AT)
    helping.agree(deal, by=asker, at=AT)
    helping.finish_help(deal, by=who, at=AT)
    volunteer = make.volunteer(place, person=asker)
    stay = confirmed(place, volunteer, starts=AT - DAY)
    hours.object_to(stay, text=words, by=asker, at=AT)
    return {"rows": rows, "asker": asker, "made": proof(place, volunteer), "take": take}


def _put(place, wish):
    from volunteers.services import wishes

    title, text = "一位街坊的心愿", "旧的坏了"
    return wishes.publish(wish, title=title, text=text, by=place.organizer, at=AT)


def test_no_public_page_or_export_shows_planted_personal_data(client, planted):
    wishes = [url("wish", row.pk) for row in planted["rows"]]
    sets = [f"/money/data/{key}.{kind}?year=2026" for key in SETS for kind in ("csv", "json")]
    pages = [url("wishes"), url("figures"), url("verify_ask"), *wishes, *sets, "/"]
    shown = {page: text_of(client.get(page)) for page in pages}
    assert [client.get(page).status_code for page in wishes] == [404, 200, 404, 200]
    assert "已送到老人家中" in shown[url("wishes")]
    assert "已送到老人家中" in shown["/money/data/wishes.csv?year=2026"]
    lost = [(page, word) for page, text in shown.items() for word in PLANTED if word in text]
    assert lost == []
    # What stands on a certificate its holder shows himself: the name, and nothing else of it.
    paper = text_of(client.get(url("verify", planted["made"].code)))
    assert [word for word in PLANTED if word in paper] == ["司马相如"]


def test_another_resident_sees_no_more_of_wishes_than_everybody(client, planted):
    client.force_login(ResidentFactory())
    pages = [url("wishes"), url("wish", planted["rows"][1].pk), url("my_hours"), "/me/"]
    lost = [(page, word) for page in pages for word in PLANTED if word in text_of(client.get(page))]
    assert lost == []


@pytest.mark.parametrize("key", SETS)
def test_the_open_data_say_what_their_columns_promise(client, planted, key):
    rows = json.loads(text_of(client.get(f"/money/data/{key}.json?year=2026")))
    assert rows
    assert list(rows[0]) == [column.name for column in BY_KEY[key].columns]
    assert text_of(client.get(f"/money/data/{key}.csv?year=2026")).startswith("\ufeff")
    assert json.loads(text_of(client.get(f"/money/data/{key}.json?year=2025"))) == []


def test_activities_tell_what_everybody_could_see_and_of_few_people_nothing(client, place):
    shift = make.shift(place, starts=AT - DAY)
    hidden = make.shift(place, starts=AT - 2 * DAY).activity
    Activity.objects.filter(pk=hidden.pk).update(state="draft", reviewed_by=None, published_at=None)
    for number in range(5):
        stay = attended(shift, make.volunteer(place), place)
        hours.confirm(stay, by=place.organizer, at=stay.left_at)
        (row,) = json.loads(text_of(client.get("/money/data/activities.json?year=2026")))
        assert (row["shift"], row["state"], row["places"]) == (shift.pk, "published", 20)
        assert row["people"] == (5 if number == 4 else None)
        assert bool(row["minutes"]) == (number == 4)


def test_few_people_are_not_counted_out(client, place):
    for number in range(5):
        confirmed(place, make.volunteer(place), starts=AT - DAY, title=f"第{number}班")
        rows = json.loads(text_of(client.get("/money/data/volunteer-hours.json?year=2026")))
        assert rows[0]["people"] == (5 if number == 4 else None)
        assert rows[0]["minutes"] == 120 * (number + 1)
