"""Duty reports: by telephone within ten minutes, in writing within thirty, then again and again."""

import pytest
from django.db import IntegrityError, transaction

from emergency.models import Report
from emergency.services import reporting
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message
from tests.factories.emergency import HOUR, MINUTE
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


def report(order, kind):
    return Report.objects.with_names().get(order=order, kind=kind, done_at=None)


def made_by(row, person, *, at):
    return reporting.make_report(row, receiver="镇总值班室", text="已转移12户", by=person, at=at)


def test_a_report_in_writing_makes_the_next_fall_due(town, order, at):
    phone = made_by(report(order, "phone"), town.officer, at=at + 5 * MINUTE)
    assert not phone.is_late(at + HOUR)
    assert not Report.objects.filter(order=order, kind="follow").exists()
    made_by(report(order, "text"), town.officer, at=at + 20 * MINUTE)
    first = report(order, "follow")
    assert (first.number, first.due_at) == (1, at + 20 * MINUTE + 8 * HOUR)
    made_by(first, town.officer, at=at + 6 * HOUR)
    assert report(order, "follow").number == 2


def test_a_late_report_is_told_upwards_once(town, order, at):
    above = PostFactory(role=Role.COMMITTEE_MEMBER, body=town.office).person
    assert reporting.tell_late(at=at + 9 * MINUTE) == 0
    assert reporting.tell_late(at=at + 10 * MINUTE) == 1
    assert reporting.tell_late(at=at + 11 * MINUTE) == 0
    assert Message.objects.filter(to=above, kind="emergency-report-late").count() == 1
    row = report(order, "phone")
    assert row.is_late(at + 11 * MINUTE)
    assert made_by(row, town.officer, at=at + 12 * MINUTE).is_late(at + 13 * MINUTE)


def test_a_report_is_made_once_by_who_leads(town, order, at):
    row = report(order, "phone")
    with pytest.raises(NotYours):
        made_by(row, town.worker, at=at)
    with pytest.raises(RuleViolation):
        reporting.make_report(row, receiver="", text="x", by=town.officer, at=at)
    made_by(row, town.officer, at=at)
    with pytest.raises(WrongState):
        made_by(row, town.officer, at=at)
    assert order.events.filter(move="report").count() == 1


def test_reports_are_read_by_who_watches(town, order, at):
    on = at.date()
    assert Report.objects.visible_to(town.officer, on=on).count() == 2
    assert Report.objects.visible_to(town.worker, on=on).count() == 0


def test_the_database_wants_words_with_a_report(town, order, at):
    for changes in ({"done_at": at}, {"text": "x"}, {"done_at": at, "by": town.officer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(order=order, kind="phone").update(**changes)
