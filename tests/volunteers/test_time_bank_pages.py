"""The time bank's pages: one's own account, and the pool for who keeps it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import ChangeRecord
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from volunteers import tasks
from volunteers.models import TimeAccount, TimeRule, TimeTransfer
from volunteers.services import time_bank as services
from volunteers.services.time_reference import load_time_rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def page(client, person, name, *arguments, **data):
    client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    return client.post(address, data) if data else client.get(address)


def queries(client, person, name, *arguments):
    """How many a page costs somebody who has signed in."""
    client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    return len(caught)


def sent(account, **changes):
    return {
        "key": "form:1", "to": account.number, "family_name": "李", "minutes": "1.5",
        "what": "help",
        "note": "陪诊",
    } | changes  # fmt: skip


def test_a_person_opens_an_account_with_the_pool_of_the_community(client, bank):
    person = UserFactory()
    assert "Open my account" in page(client, person, "time_account").content.decode()
    answer = page(client, person, "time_account", body=bank.pool.body_id)
    assert answer.status_code == 302
    assert TimeAccount.objects.get(person=person).home == bank.pool


def test_hours_reach_the_account_with_this_number_once(client, ann, bo):
    TimeAccount.objects.filter(pk=ann.pk).update(floor=-600)
    for _time in range(2):
        answer = page(client, ann.person, "time_send", **sent(bo))
        assert answer.status_code == 302
    assert TimeAccount.objects.get(pk=bo.pk).balance == 90
    text = page(client, bo.person, "time_account").content.decode()
    assert "1 hour 30 minutes" in text
    assert "陪诊" in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "12345678"}, "to"),
        ({"to": "²"}, "to"),
        ({"family_name": "王"}, "family_name"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "0.001"}, "minutes"),
        ({"minutes": "many"}, "minutes"),
    ],
)
def test_slips_are_told_beside_their_field(client, ann, bo, changes, field):
    answer = page(client, ann.person, "time_send", **sent(bo, **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert TimeTransfer.objects.count() == 0


def test_a_slip_in_a_digit_is_noticed(ann, bo):
    for place, digit in enumerate(bo.number):
        slip = bo.number[:place] + str((int(digit) + 1) % 10) + bo.number[place + 1 :]
        assert not TimeAccount.objects.numbered(slip).exists()
    assert TimeAccount.objects.numbered(bo.number).get() == bo


def test_what_is_refused_stands_in_the_form_with_what_was_typed(client, ann, bo):
    answer = page(client, ann.person, "time_send", **sent(bo, minutes="2"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "may still spend" in text
    assert 'value="2"' in text


def test_people_on_the_other_side_are_masked(client, bank, ann, bo, at):
    services.pay(ann, bo, minutes=5, key="k", by=ann.person, at=at)
    services.pay(bank.pool, bo, minutes=5, key="k2", by=bank.keeper, at=at)
    answer = page(client, bo.person, "time_account")
    assert [move["other"] for move in answer.context["moves"]] == [str(bank.pool), "A**"]


def test_the_keeper_pays_from_the_pool_and_takes_back(client, bank, bo):
    given = {**sent(bo), "family_name": "李"}
    assert page(client, bank.keeper, "time_care", bank.pool.pk, **given).status_code == 302
    transfer = TimeTransfer.objects.get()
    back = {"key": "form:2", "reason": "重复"}
    assert page(client, bank.keeper, "time_back", transfer.pk, **back).status_code == 302
    assert TimeAccount.objects.get(pk=bo.pk).balance == 0
    assert "taken back" in page(client, bank.keeper, "time_pool", bank.pool.pk).content.decode()


def test_a_watcher_reads_a_pool_and_pays_nothing(client, bank, bo):
    watcher = PostFactory(body=bank.pool.body, role="supervisor").person
    assert page(client, watcher, "time_pool", bank.pool.pk).status_code == 200
    assert page(client, watcher, "time_care", bank.pool.pk, **sent(bo)).status_code == 403
    stranger = UserFactory()
    assert page(client, stranger, "time_pool", bank.pool.pk).status_code == 403
    elsewhere = PostFactory(body=BodyFactory(community=True), role="community_worker").person
    assert page(client, elsewhere, "time_pool", bank.pool.pk).status_code == 404


def test_a_community_without_a_pool_opens_one(client, bank):
    body = BodyFactory(community=True)
    worker = PostFactory(body=body, role="community_worker").person
    assert str(body) in page(client, worker, "time_pools").content.decode()
    client.post(reverse("volunteers:time_pool_open", args=[body.code]))
    assert TimeAccount.objects.get(body=body).floor == -500
    other = PostFactory(body=bank.pool.body, role="supervisor").person
    client.force_login(other)
    assert client.post(reverse("volunteers:time_pool_open", args=[body.code])).status_code == 403


def test_lists_cost_the_same_with_one_row_and_three(client, bank, at):
    people = [bank.person()]

    def move():
        number = TimeTransfer.objects.count()
        services.pay(bank.pool, people[-1], minutes=5, key=f"k{number}", by=bank.keeper, at=at)

    move()
    first = [
        queries(client, bank.keeper, "time_pool", bank.pool.pk),
        queries(client, people[0].person, "time_account"),
    ]
    for _time in range(2):
        people.append(bank.person())
        move()
    services.pay(bank.pool, people[0], minutes=5, key="x", by=bank.keeper, at=at)
    assert first == [
        queries(client, bank.keeper, "time_pool", bank.pool.pk),
        queries(client, people[0].person, "time_account"),
    ]


def test_the_rules_are_loaded_once_and_kept_as_people_edit_them():
    by, at = UserFactory.system(), timezone.now()
    assert load_time_rules(by=by, at=at) == 1
    TimeRule.objects.update(overdraft=5)
    assert load_time_rules(by=by, at=at) == 0
    assert TimeRule.objects.get().overdraft == 5
    assert ChangeRecord.objects.count() == 1


def test_the_clock_tends_the_bank_and_twice_changes_nothing_more(bank, ann, at):
    services.pay(bank.pool, ann, minutes=70, key="k", by=bank.keeper, at=at.replace(year=2024))
    TimeRule.objects.update(overdraft=30)
    for _time in range(2):
        tasks.tend_time_bank()
        assert TimeTransfer.objects.filter(kind="lapse").count() == 1
        assert TimeAccount.objects.get(pk=ann.pk).floor == -30
