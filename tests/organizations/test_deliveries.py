"""Messages that leave the house: planned by rules, sent to real servers, tried again, given up."""

import datetime
import json

import pytest
from django.db import IntegrityError, transaction

from lib import registry
from lib.worktime import CITY_ZONE
from organizations.gateways import Gateways, signature
from organizations.models import Delivery, DeliveryAttempt, NotificationRule, Preference
from organizations.services import delivering, inbox
from organizations.services.delivering import LEASE, MOST_ATTEMPTS
from tests.factories.organizations import LONG_AGO, PostFactory, UserFactory
from tests.mail_server import free_port, http_server, smtp_server, use_smtp

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=CITY_ZONE)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def wordings():
    registry.wordings.register("test-news", lambda params: f"井盖不见了 {params.get('n', '')}")
    yield
    registry.wordings._wordings.pop("test-news")


def clock(hour, minute=0, day=24):
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=CITY_ZONE)


def rule(channel="email", timing="at_once", kind="*", role="", **more):
    values = {"urgent": False, "valid_from": LONG_AGO, **more}
    return NotificationRule.objects.create(
        kind=kind, role=role, channel=channel, timing=timing, **values
    )


def person(**more):
    values = {"email": "zhang@example.cn", "phone": "13812345678", **more}
    return UserFactory(**values)


def tell(to, key="k", kind="test-news", at=NOON, **params):
    inbox.send(to=[to], key=key, kind=kind, at=at, params=params)


def run(at=NOON):
    with Gateways() as gateways:
        return [delivering.attempt(parcel, gateways, at=at) for parcel in delivering.claim(at=at)]


def only():
    return Delivery.objects.get()


# -- Planning ------------------------------------------------------------------------------------


def test_without_a_rule_a_message_stays_in_the_inbox():
    tell(person())
    assert Delivery.objects.count() == 0


def test_the_most_exact_rule_of_each_channel_wins():
    rule("email", "digest")
    rule("email", "at_once", kind="test-news")
    rule("sms", "at_once", kind="test-news", role="handler")
    rule("wechat", "at_once")
    handler = PostFactory(person=person()).person
    Preference.objects.create(person=handler, wechat_id="wx")
    tell(handler)
    tell(person(), key="other")
    found = Delivery.objects.filter(to=handler).values_list("channel", "is_digest")
    assert sorted(found) == [("email", False), ("sms", False), ("wechat", False)]
    assert [row.channel for row in Delivery.objects.exclude(to=handler)] == ["email"]


def test_a_rule_can_say_not_at_all():
    rule("email")
    rule("email", "off", kind="test-news")
    tell(person())
    assert Delivery.objects.count() == 0


def test_the_same_message_again_is_planned_once():
    rule()
    someone = person()
    tell(someone)
    tell(someone)
    assert only().key == f"email:k:{someone.pk}"


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (clock(21), clock(21)),
        (clock(22), clock(7, day=25)),
        (clock(6, 59), clock(7)),
        (clock(7), clock(7)),
    ],
)
def test_quiet_hours_over_midnight_put_it_off(at, due):
    rule()
    someone = person()
    Preference.objects.create(
        person=someone, quiet_from=datetime.time(22), quiet_to=datetime.time(7)
    )
    tell(someone, at=at)
    assert only().due_at == due


def test_what_is_urgent_breaks_quiet_hours_and_switches():
    rule("sms", urgent=True)
    someone = person()
    Preference.objects.create(
        person=someone, quiet_from=datetime.time(0), quiet_to=datetime.time(23), sms=False
    )
    tell(someone)
    assert (only().due_at, only().urgent) == (NOON, True)


def test_a_channel_that_is_switched_off_stays_quiet():
    rule("sms")
    Preference.objects.create(person=(someone := person()), sms=False)
    tell(someone)
    assert Delivery.objects.count() == 0


def test_planning_costs_the_same_for_one_and_for_thirty(django_assert_num_queries):
    rule()
    people = [person() for _ in range(30)]
    for count, key in ((1, "a"), (30, "b")):
        notices = [inbox.Notice(one.pk, key, "test-news") for one in people[:count]]
        with django_assert_num_queries(5):
            inbox.send_many(notices, at=NOON)


def test_urgent_or_spoken_messages_never_wait_for_a_digest():
    for channel, urgent in (("sms", False), ("email", True)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rule(channel, "digest", urgent=urgent)


# -- E-mail, against a real server ---------------------------------------------------------------


def test_a_mail_arrives_with_its_sentence_and_a_link(settings):
    settings.SITE_URL = "https://gongzhi.example"
    rule()
    tell(person(), n="A7")
    with smtp_server(settings) as box:
        assert run() == [True]
    [(recipients, text)] = box.mails
    assert recipients == ["zhang@example.cn"]
    assert "Message-ID:" in text
    found = only()
    assert (found.state, found.sent_at, found.shown_address) == ("sent", NOON, "z***@example.cn")


def test_a_refused_recipient_is_given_up_at_once_and_the_other_gets_it(settings):
    rule()
    tell(person(email="nobody@example.cn"), key="a")
    tell(person(email="there@example.cn"), key="b")
    with smtp_server(settings, refused=["nobody@example.cn"]) as box:
        assert run() == [False, True]
    assert [recipients for recipients, _text in box.mails] == [["there@example.cn"]]
    refused = Delivery.objects.get(state="failed")
    assert refused.error == "550 5.1.1 no such user"


def test_a_server_that_is_down_gets_it_when_it_is_up_again(settings):
    rule()
    tell(person())
    port = free_port()
    use_smtp(settings, port)
    assert run() == [False]
    assert (only().state, only().due_at) == ("pending", NOON + MINUTE)
    assert run(NOON + MINUTE - datetime.timedelta(seconds=1)) == []
    assert run(NOON + MINUTE) == [False]
    assert only().due_at == NOON + 3 * MINUTE
    with smtp_server(settings, port=port) as box:
        assert run(NOON + 3 * MINUTE) == [True]
    assert (len(box.mails), only().attempts) == (1, 3)
    errors = list(DeliveryAttempt.objects.values_list("number", "error"))
    assert [number for number, _error in errors] == [1, 2, 3]
    assert errors[0][1].startswith("ConnectionRefusedError")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_told_without_the_password_and_tried_again(settings):
    rule()
    tell(person())
    with smtp_server(settings, password="right") as box:
        use_smtp(settings, settings.EMAIL_PORT, user="gongzhi", password="wrong")
        assert run() == [False]
        assert (only().state, only().error) == ("pending", "sign-in refused: 535")
        use_smtp(settings, settings.EMAIL_PORT, user="gongzhi", password="right")
        assert run(NOON + MINUTE) == [True]
    assert len(box.mails) == 1


def test_after_eight_attempts_it_is_given_up_and_can_be_sent_again(settings):
    rule()
    tell(person())
    use_smtp(settings, free_port())
    at = NOON
    for _attempt in range(MOST_ATTEMPTS):
        run(at)
        at = only().due_at
    assert (only().state, only().attempts) == ("failed", MOST_ATTEMPTS)
    assert run(at + LEASE) == []
    admin = person()
    assert delivering.send_again(Delivery.objects.all(), by=admin, at=at) == 1
    with smtp_server(settings) as box:
        assert run(at) == [True]
    assert (len(box.mails), only().again_by) == (1, admin)


def test_a_digest_is_one_mail_a_day_at_the_persons_hour(settings):
    rule(timing="digest")
    someone = person()
    Preference.objects.create(person=someone, digest_hour=17, language="en")
    for number in range(3):
        tell(someone, key=f"k{number}", at=clock(9 + number), n=number)
    tell(someone, key="late", at=clock(18))
    with smtp_server(settings) as box:
        assert run(clock(16, 59)) == []
        assert run(clock(17)) == [True]
        assert run(clock(17, 5)) == []
    [(_recipients, text)] = box.mails
    assert "3 messages until 2026-11-24" in text
    assert Delivery.objects.filter(state="sent").count() == 3


def test_who_has_no_address_any_more_is_given_up():
    rule()
    someone = person()
    tell(someone)
    someone.email = ""
    someone.save()
    assert run() == [False]
    assert only().state == "failed"


def test_a_message_that_cannot_be_written_does_not_stop_the_others(settings):
    registry.wordings.register("test-news", lambda params: params["missing"])
    rule()
    tell(person(), key="broken")
    tell(person(), key="fine", kind="unknown-kind")
    with smtp_server(settings) as box:
        assert run() == [False, True]
    assert len(box.mails) == 1
    assert Delivery.objects.get(state="pending").error.startswith("KeyError")


# -- Text messages -------------------------------------------------------------------------------


def test_the_file_gateway_writes_one_line_each(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    rule("sms")
    tell(person(), n="A7")
    assert run() == [True]
    [line] = (tmp_path / "sms.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert (row["to"], row["text"]) == ("13812345678", "【共治】井盖不见了 A7")
    assert (tmp_path / "sms.jsonl").stat().st_mode & 0o077 == 0


def gateway(settings, server, timeout=3.0):
    settings.GATEWAYS = {"sms": {"url": server.url, "secret": "shared"}}
    settings.GATEWAY_TIMEOUT = timeout


def test_the_http_gateway_gets_a_signed_letter(settings):
    rule("sms")
    tell(person(), n="A7")
    with http_server() as server:
        gateway(settings, server)
        assert run() == [True]
    [(headers, body)] = server.received
    assert json.loads(body)["to"] == "13812345678"
    expected = signature("shared", headers["X-Gongzhi-Timestamp"], body)
    assert headers["X-Gongzhi-Signature"] == f"sha256={expected}"
    assert signature("other", headers["X-Gongzhi-Timestamp"], body) != expected


@pytest.mark.parametrize("trouble", [500, 503, 302, "hang"])
def test_trouble_at_the_gateway_is_tried_again_with_the_same_key(settings, trouble):
    rule("sms")
    tell(person())
    with http_server(trouble) as server:
        gateway(settings, server, timeout=0.3)
        assert run() == [False]
        assert only().state == "pending"
        assert run(NOON + MINUTE) == [True]
    assert len({headers["Idempotency-Key"] for headers, _body in server.received}) == 1


def test_a_refusal_of_the_gateway_is_never_repeated_and_shows_no_number(settings):
    rule("sms")
    tell(person())
    with http_server(400) as server:
        gateway(settings, server)
        assert run() == [False]
        assert run(NOON + LEASE) == []
    assert (only().state, only().error) == ("failed", "400 no such number 138****5678")


def test_a_resident_without_an_account_is_told_by_telephone_and_then_forgotten(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    rule("sms", kind="test-news", role="resident")
    for _twice in range(2):
        inbox.tell_resident(
            "13912345678", key="x", kind="test-news", params={"n": "K7"}, subject=("", ""), at=NOON
        )
    assert (only().address, only().to) == ("13912345678", None)
    assert run() == [True]
    assert (only().address, only().params, only().shown_address) == ("", {}, "139****5678")


def test_without_a_rule_for_residents_nothing_is_sent():
    rule("sms")
    inbox.tell_resident(
        "13912345678", key="x", kind="test-news", params={}, subject=("", ""), at=NOON
    )
    assert Delivery.objects.count() == 0


# -- Workers that die ------------------------------------------------------------------------------


def test_what_a_worker_holds_nobody_else_sends_until_the_lease_ends(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    rule("sms")
    tell(person())
    held = delivering.claim(at=NOON)
    delivering._begin(held[0], at=NOON)  # and then it is killed
    assert run(NOON + LEASE - datetime.timedelta(seconds=1)) == []
    assert run(NOON + LEASE) == [True]
    broken, whole = DeliveryAttempt.objects.order_by("number")
    assert (broken.ended_at, whole.error, only().attempts) == (None, "", 2)


def test_who_comes_back_after_the_lease_does_not_send_any_more(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    rule("sms")
    tell(person())
    [slow] = delivering.claim(at=NOON)
    assert run(NOON + LEASE) == [True]
    with Gateways() as gateways:
        assert delivering.attempt(slow, gateways, at=NOON + LEASE) is False
    assert len((tmp_path / "sms.jsonl").read_text().splitlines()) == 1


def test_what_kills_the_worker_every_time_is_given_up():
    rule("sms")
    tell(person())
    Delivery.objects.update(attempts=MOST_ATTEMPTS)
    assert run() == []
    assert only().state == "failed"
