"""The administrator's page of what failed, and a person's own wishes."""

import datetime

import pytest
from django.urls import reverse

from lib.roles import Role
from organizations.models import Delivery, Preference
from tests.factories.organizations import PostFactory
from tests.organizations.test_deliveries import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = PostFactory(role=Role.SYSTEM_ADMIN).person
    client.force_login(person)
    return person


def failed(number=1, channel="sms", **more):
    values = {"state": "failed", "attempts": 8, "error": "503", **more}
    return Delivery.objects.create(
        key=f"{channel}:{number}", channel=channel, address="13812345678",
        shown_address="138****5678", kind="case-warn", made_at=NOON, due_at=NOON, **values,
    )  # fmt: skip


def test_what_failed_is_shown_with_its_reason_and_no_address(admin, client):
    row = failed()
    row.tries.create(number=1, begun_at=NOON, ended_at=NOON, error="Timeout")
    row.tries.create(number=2, begun_at=NOON)
    text = client.get(reverse("organizations:deliveries")).content.decode()
    assert "138****5678" in text
    assert "13812345678" not in text
    assert "503" in text
    assert "Timeout" in text


def test_one_goes_out_again(admin, client):
    one, other = failed(1), failed(2)
    client.post(reverse("organizations:delivery_again", args=[one.pk]))
    assert list(Delivery.objects.filter(state="failed")) == [other]
    one.refresh_from_db()
    assert (one.attempts, one.again_by) == (0, admin)


def test_all_of_the_filtered_go_out_again(admin, client):
    failed(1), failed(2), failed(3, channel="wechat")
    client.post(reverse("organizations:deliveries_again"), {"channel": "sms"})
    assert list(Delivery.objects.filter(state="failed").values_list("channel")) == [("wechat",)]


def test_what_was_sent_does_not_go_out_again(admin, client):
    sent = failed(state="pending")
    client.post(reverse("organizations:delivery_again", args=[sent.pk]))
    sent.refresh_from_db()
    assert (sent.attempts, sent.again_by) == (8, None)


def test_the_page_costs_the_same_with_one_and_three(admin, client, django_assert_max_num_queries):
    counts = []
    for number in (1, 2, 3):
        failed(number).tries.create(number=1, begun_at=NOON)
        if number != 2:
            with django_assert_max_num_queries(30) as queries:
                client.get(reverse("organizations:deliveries"))
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_others_do_not_see_it(client):
    client.force_login(PostFactory().person)
    assert client.get(reverse("organizations:deliveries")).status_code == 403


def wished(**more):
    return {"email": "on", "sms": "on", "digest_hour": 7, "language": "en", **more}


def test_a_person_says_what_reaches_them_and_when(client):
    person = PostFactory().person
    client.force_login(person)
    client.post(reverse("organizations:preferences"), wished(quiet_from="22:00", quiet_to="07:00"))
    found = Preference.objects.get(person=person)
    assert (found.email, found.wechat, found.digest_hour) == (True, False, 7)
    assert (found.quiet_from, found.quiet_to) == (datetime.time(22), datetime.time(7))


def test_half_quiet_hours_are_refused(client):
    client.force_login(PostFactory().person)
    page = client.post(reverse("organizations:preferences"), wished(quiet_from="22:00"))
    assert "quiet_to" in page.context["form"].errors
    assert Preference.objects.count() == 0
