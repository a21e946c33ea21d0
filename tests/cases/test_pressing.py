"""Supervision with a written reply by a time, and urging, once a day for a resident."""

import pytest
from django.db import IntegrityError, transaction

from cases import services
from cases.models import Supervision, Urging
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import fresh, later
from tests.races import at_once


def supervised(town, case=None, **said):
    given = {"note": "三天了，为何没有进展？", "by": town.committee, "at": later(hours=1), **said}
    return services.supervise(case or make.handling(town), **given)


def test_the_head_must_reply_within_the_hours_given(town):
    case = supervised(town, hours=4)
    row = Supervision.objects.get(case=case)
    assert (case.supervisions, row.by, row.words) == (1, town.committee, "三天了，为何没有进展？")
    assert row.reply_due_at == later(hours=7)  # 10:00 to 12:00 and 14:00 to 16:00
    told = Message.objects.filter(kind="case-supervise").values_list("to", flat=True)
    assert set(told) == {town.handler.pk, town.head.pk}


def test_only_committee_and_duty_officer_supervise_and_only_the_head_replies(town):
    case = supervised(town)
    for person in (town.dispatcher, town.head, town.stranger):
        with pytest.raises(NotYours):
            supervised(town, case, by=person)
    with pytest.raises(NotYours):
        services.reply_supervision(case, note="在办", by=town.handler, at=later(hours=2))
    services.reply_supervision(case, note="明日完成", by=town.head, at=later(hours=2))
    row = Supervision.objects.get(case=case)
    assert (row.reply, row.replied_by, row.replied_at) == ("明日完成", town.head, later(hours=2))
    assert Message.objects.filter(kind="case-reply-supervision", to=town.committee).count() == 1
    with pytest.raises(RuleViolation) as refusal:
        services.reply_supervision(case, note="再答", by=town.head, at=later(hours=3))
    assert refusal.value.code == "nothing_to_reply"


def test_an_overdue_reply_is_found(town):
    supervised(town, hours=4)
    assert not Supervision.objects.overdue(later(hours=7)).exists()
    assert Supervision.objects.overdue(later(hours=8)).count() == 1


def test_the_dispatcher_urges_as_often_as_needed(town):
    case = make.handling(town)
    for hour in (1, 2):
        case = services.urge(case, by=town.dispatcher, at=later(hours=hour))
    assert (case.urges, Urging.objects.filter(case=case).count()) == (2, 2)
    told = Message.objects.filter(kind="case-urge").values_list("to", flat=True)
    assert sorted(told) == sorted([town.handler.pk, town.head.pk] * 2)


def test_a_resident_urges_once_a_day(town):
    case = services.file(make.submitted(town), by=town.acceptor, at=later(minutes=5))
    services.urge(case, by=town.resident, at=later(hours=1))
    with pytest.raises(RuleViolation) as refusal:
        services.urge(case, by=town.resident, at=later(hours=9))
    assert refusal.value.code == "urged_today"
    assert services.urge(case, by=town.resident, at=later(days=1)).urges == 2
    assert Message.objects.filter(kind="case-urge", to=town.dispatcher).count() == 2


def test_a_stranger_urges_nobody(town):
    with pytest.raises(NotYours):
        services.urge(make.handling(town), by=town.stranger, at=later(hours=1))


def test_who_has_no_account_urges_with_the_receipt(client, town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=1))
    case = make.log(town, by=town.system, channel="web")
    assert client.post(f"/follow/{case.number}/urge/").status_code == 404
    client.post("/follow/", {"number": case.number, "code": case.query_code})
    for _again in range(2):
        assert client.post(f"/follow/{case.number}/urge/").status_code == 302
    assert fresh(case).urges == 1
    assert Message.objects.filter(kind="case-urge", to=town.acceptor).count() == 1


def test_the_list_shows_who_owes_a_reply_and_costs_the_same(
    client, town, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=9))
    client.force_login(town.committee)

    def queries():
        with django_assert_max_num_queries(60) as asked:
            page = client.get("/cases/supervisions/").content.decode()
        assert "三天了" in page
        return len(asked)

    supervised(town)
    one = queries()
    supervised(town), supervised(town)
    assert queries() == one


def test_supervised_and_urged_on_the_page(client, town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=1))
    case = make.handling(town)
    client.force_login(town.committee)
    said = {"note": "请说明", "hours": 4}
    assert client.post(f"/cases/{case.number}/supervise/", said).status_code == 302
    client.force_login(town.head)
    assert "请说明" in client.get(f"/cases/{case.number}/reply_supervision/").content.decode()
    reply = {"note": "已安排"}
    assert client.post(f"/cases/{case.number}/reply_supervision/", reply).status_code == 302
    client.force_login(town.dispatcher)
    assert client.post(f"/cases/{case.number}/urge/", {"note": ""}).status_code == 302
    assert (fresh(case).supervisions, fresh(case).urges) == (1, 1)


def test_the_database_refuses_half_a_reply(town):
    case = supervised(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Supervision.objects.filter(case=case).update(reply="x")


@pytest.mark.django_db(transaction=True)
def test_a_resident_who_presses_four_times_urges_once(town):
    case = services.file(make.submitted(town), by=town.acceptor, at=later(minutes=5))

    def press(_number):
        try:
            return services.urge(case, by=town.resident, at=later(hours=1)).urges
        except RuleViolation as refusal:
            return refusal.code

    assert sorted(map(str, at_once(4, press))) == ["1"] + ["urged_today"] * 3
    assert fresh(case).urges == 1
