import datetime
import json
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lib import registry
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations import services, tasks
from organizations.identity import Level, level_of, number_of, phone_key
from organizations.models import (
    ChangeRecord,
    Code,
    Delivery,
    Message,
    Quota,
    Resident,
    User,
    Verification,
)
from organizations.services import codes, quotas, residents
from organizations.services.quotas import Limit
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.residents import ResidentFactory, verified
from tests.races import at_once

pytestmark = pytest.mark.django_db
PHONE = "13800001111"
ADDRESS = "10.0.0.1"


def sent_code(phone=PHONE):
    delivery = Delivery.objects.filter(kind=codes.KIND, shown_address__endswith=phone[-4:])
    return delivery.order_by("-pk").first().params["code"]


def send(phone=PHONE, *, ticket="browser", address=ADDRESS, at=None, known=False):
    codes.send_code(phone, ticket=ticket, address=address, at=at or timezone.now(), known=known)


def send_known(monkeypatch, digits):
    """Where the test commits, the message goes out at once and keeps no code."""
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _below: int(digits))
    send()


def check(digits, phone=PHONE, *, ticket="browser", address=ADDRESS, at=None):
    codes.check_code(phone, digits, ticket=ticket, address=address, at=at or timezone.now())


def join(phone=PHONE, **more):
    given = {"nickname": "村口榕树", "agreed": True, "at": timezone.now(), **more}
    return residents.join(phone, **given)


def clerk(role=Role.ACCEPTOR):
    return PostFactory(role=role).person


# -- Codes -----------------------------------------------------------------------------------------


def test_numbers_are_one_number_however_they_are_written():
    written = ["138 0000 1111", "+86 138-0000-1111", "008613800001111", "86 13800001111"]
    assert {number_of(text) for text in written} == {PHONE}
    assert {phone_key(text) for text in written} == {phone_key(PHONE)}


def test_a_code_opens_once_and_only_its_keyed_hash_is_kept():
    send()
    digits = sent_code()
    assert re.fullmatch(r"\d{6}", digits)
    kept = Code.objects.values_list("phone_key", "ticket", "digest").get()
    assert not any(digits in text or PHONE in text or text == "browser" for text in kept)
    check(digits)
    with pytest.raises(RuleViolation) as refusal:
        check(digits)
    assert refusal.value.code == "no_code"


def test_the_sentence_of_a_code_says_it_and_a_delivered_one_keeps_nothing(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    send()
    digits = sent_code()
    tasks.deliver()
    line = json.loads((tmp_path / "sms.jsonl").read_text(encoding="utf-8"))
    assert (line["to"], digits in line["text"]) == (PHONE, True)
    row = Delivery.objects.get(kind=codes.KIND)
    assert (row.state, row.address, row.params) == ("sent", "", {})


@pytest.mark.parametrize("other", [{"ticket": "another"}, {"phone": "13900002222"}])
def test_a_code_opens_only_the_browser_and_the_number_that_asked(other):
    send()
    with pytest.raises(RuleViolation) as refusal:
        check(sent_code(), **other)
    assert refusal.value.code == "no_code"


def test_a_code_ends_after_ten_minutes_and_with_the_next_one():
    now = timezone.now()
    send(at=now)
    first = sent_code()
    with pytest.raises(RuleViolation):
        check(first, at=now + codes.LIFE)
    send(at=now + datetime.timedelta(seconds=30))
    if first != sent_code():
        with pytest.raises(RuleViolation) as refusal:
            check(first, at=now + datetime.timedelta(minutes=1))
        assert refusal.value.code == "wrong"


def test_after_five_wrong_tries_the_right_code_opens_no_more():
    send()
    right = sent_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _again in range(codes.MOST_TRIES):
        with pytest.raises(RuleViolation) as refusal:
            check(wrong)
        assert refusal.value.code == "wrong"
    with pytest.raises(RuleViolation) as refusal:
        check(right)
    assert refusal.value.code == "no_code"


def test_a_number_gets_five_codes_an_hour_and_a_known_browser_five_of_its_own():
    now = timezone.now()
    for number in range(5):
        send(ticket=f"t{number}", address=f"10.0.0.{number}", at=now)
    with pytest.raises(RuleViolation) as refusal:
        send(ticket="t6", address="10.0.9.9", at=now)
    assert refusal.value.code == "many"
    assert Delivery.objects.count() == Code.objects.count() == 5
    send(ticket="t7", known=True, at=now)
    send(ticket="t8", at=now + datetime.timedelta(hours=1))
    assert Code.objects.count() == 7


def test_an_address_gets_thirty_codes_an_hour_for_whatever_numbers():
    now = timezone.now()
    for number in range(30):
        send(f"1380000{number:04d}", at=now)
    with pytest.raises(RuleViolation):
        send("13800009999", at=now)
    send("13800009999", address="10.9.9.9", at=now)
    assert Code.objects.count() == 31


def test_only_mobile_numbers_get_a_code():
    with pytest.raises(RuleViolation) as refusal:
        send("0769-12345678")
    assert refusal.value.code == "no_mobile"
    assert (Code.objects.count(), Quota.objects.count()) == (0, 0)


def test_tracks_are_forgotten_after_two_days():
    old = timezone.now() - datetime.timedelta(days=3)
    send(at=old)
    send("13900002222", at=timezone.now())
    tasks.forget_tracks()
    tasks.forget_tracks()
    assert Code.objects.get().phone_key == phone_key("13900002222")
    assert Quota.objects.filter(began_at__lt=old + datetime.timedelta(days=1)).count() == 0
    lost = Delivery.objects.order_by("pk").first()
    assert (lost.state, lost.address, lost.params) == ("failed", "", {})


@pytest.mark.django_db(transaction=True)
def test_eight_processes_guess_five_times_together(monkeypatch):
    send_known(monkeypatch, "123456")
    wrong = "123457"

    def guess(number):
        try:
            check(wrong, address=f"10.0.0.{number}")
        except RuleViolation as refusal:
            return refusal.code

    answers = at_once(8, guess)
    assert (answers.count("wrong"), answers.count("no_code")) == (5, 3)


@pytest.mark.django_db(transaction=True)
def test_eight_processes_with_the_right_code_come_in_once(monkeypatch):
    send_known(monkeypatch, "123456")
    right = "123456"

    def come(number):
        try:
            check(right, address=f"10.0.0.{number}")
        except RuleViolation:
            return False
        return True

    assert at_once(8, come).count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_a_quota_is_never_used_twice_and_a_number_joins_once():
    limit = Limit("x", 3, datetime.timedelta(hours=1))
    now = timezone.now()
    taken = at_once(8, lambda _number: quotas.take(limit, "y", at=now))
    assert taken.count(True) == 3
    people = at_once(6, lambda number: join(nickname=f"街坊{number}").pk)
    assert len(set(people)) == 1
    assert (User.objects.filter(is_resident=True).count(), Resident.objects.count()) == (1, 1)


# -- Accounts --------------------------------------------------------------------------------------


def test_joining_makes_an_account_that_shows_the_nickname_alone():
    person = join(full_name="梁秀英")
    assert (str(person), person.get_full_name()) == ("村口榕树", "村口榕树")
    assert (person.has_usable_password(), person.is_resident, person.posts.count()) == (
        False,
        True,
        0,
    )
    assert PHONE not in person.username
    kept = person.resident
    assert (kept.agreed_to, kept.phone_key) == (residents.PRIVACY_VERSION, phone_key(PHONE))
    assert join().pk == person.pk


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"agreed": False}, "not_agreed"),
        ({"nickname": "我"}, "nickname"),
        ({"nickname": "x" * 21}, "nickname"),
        ({"nickname": "电话138 0000 1111"}, "nickname"),
    ],
)
def test_joining_is_refused_and_leaves_nothing(given, code):
    with pytest.raises(RuleViolation) as refusal:
        join(**given)
    assert refusal.value.code == code
    assert User.objects.filter(is_resident=True).count() == 0


def test_the_levels_follow_from_what_is_known():
    at = timezone.now()
    phone, named = ResidentFactory(), ResidentFactory(registered=True)
    sure, staff = verified(by=clerk(), at=at), UserFactory()
    assert [level_of(one, at=at) for one in (None, phone, named, sure, staff)] == [
        Level.NONE, Level.PHONE, Level.REGISTERED, Level.VERIFIED, Level.REGISTERED,
    ]  # fmt: skip
    assert Level.NONE < Level.PHONE < Level.REGISTERED < Level.VERIFIED
    sure.is_active = False
    assert level_of(sure) == Level.NONE


def test_a_confirmation_ends_with_its_day_and_when_it_is_taken_back():
    at, by = timezone.now(), clerk()
    person = ResidentFactory()
    row = services.verify_identity(
        person, how="counter", by=by, at=at, until=at + datetime.timedelta(days=1), full_name="梁英"
    )
    person.refresh_from_db()
    assert (person.full_name, level_of(person, at=at)) == ("梁英", Level.VERIFIED)
    assert level_of(person, at=at + datetime.timedelta(days=1)) == Level.REGISTERED
    assert services.verify_identity(person, how="counter", by=by, at=at) == row
    services.revoke_verification(row, reason="证件有误", by=by, at=at)
    assert level_of(person, at=at) == Level.REGISTERED
    with pytest.raises(RuleViolation):
        services.revoke_verification(row, reason="再来", by=by, at=at)


def test_only_clerks_confirm_at_the_counter_and_only_residents():
    at, person = timezone.now(), ResidentFactory()
    for by in (UserFactory(), clerk(Role.HANDLER), person):
        with pytest.raises(NotYours):
            services.verify_identity(person, how="counter", by=by, at=at)
    with pytest.raises(RuleViolation):
        services.verify_identity(UserFactory(), how="counter", by=clerk(), at=at)
    assert Verification.objects.count() == 0
    assert services.verify_identity(person, how="roll", by=person, at=at).how == "roll"


def test_a_confirmed_name_is_changed_by_clerks_alone():
    person = verified(by=clerk(), at=timezone.now())
    with pytest.raises(RuleViolation) as refusal:
        residents.change_profile(person, nickname="新名", full_name="别人")
    assert refusal.value.code == "confirmed"
    residents.change_profile(person, nickname="新名", full_name=person.full_name)
    person.refresh_from_db()
    assert person.nickname == "新名"


def test_a_number_moves_only_where_it_has_no_account():
    one, two = ResidentFactory(), ResidentFactory()
    with pytest.raises(RuleViolation) as refusal:
        residents.change_number(one, two.phone)
    assert refusal.value.code == "taken"
    residents.change_number(one, PHONE)
    assert residents.resident_of(PHONE) == one


def test_erasing_takes_the_person_out_and_leaves_the_acts():
    at, by = timezone.now(), clerk()
    person = verified(by=by, at=at)
    name, phone = person.full_name, person.phone
    services.inbox.send(to=[person], key="k", kind="x", at=at)
    before = ChangeRecord.objects.count()
    residents.erase(person, at=at)
    person.refresh_from_db()
    assert (person.full_name, person.phone, person.nickname, person.is_active) == (
        "",
        "",
        "",
        False,
    )
    assert (residents.resident_of(phone), Message.objects.count()) == (None, 0)
    assert (Verification.objects.count(), ChangeRecord.objects.count()) == (1, before)
    assert str(person) == "居民"
    for table in ("organizations_user", "organizations_resident", "organizations_changerecord"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            said = str(cursor.fetchall())
        assert (name in said, phone in said) == (False, False)
    assert join(phone).pk != person.pk


def test_the_copy_holds_what_is_kept_and_what_other_apps_add(monkeypatch):
    holding = registry.Holding("things", 10, lambda person: [person.nickname], lambda *_: None)
    monkeypatch.setitem(registry.holdings._entries, "things", holding)
    person = ResidentFactory(registered=True)
    copy = residents.export(person, at=timezone.now())
    assert copy["account"]["phone"] == person.phone
    assert copy["account"]["level"] == "registered"
    assert copy["things"] == [person.nickname]


def test_residents_hold_no_posts_and_stand_not_among_the_people():
    person, by = ResidentFactory(), UserFactory.system()
    post = PostFactory.build(person=person)
    with pytest.raises(RuleViolation) as refusal:
        services.give_post(
            person, body=PostFactory().body, role=post.role, valid_from=post.valid_from, by=by,
            at=timezone.now(),
        )  # fmt: skip
    assert refusal.value.code == "resident"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE organizations_resident SET erased_at = joined_at",
        "UPDATE organizations_resident SET phone_key = NULL",
        "UPDATE organizations_verification SET revoke_reason = 'x'",
        "UPDATE organizations_verification SET until = at",
    ],
)
def test_the_database_refuses_what_makes_no_sense(change):
    verified(by=clerk(), at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_one_account_for_a_number_and_no_staff_flags_on_it():
    person = ResidentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidentFactory(phone=person.phone)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_staff=True)
