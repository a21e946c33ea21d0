"""Checks of households: nothing is kept that the measure does not name; readers are known."""

import pytest
from django.db import Error, connection, transaction

from emergency.models import Check, CheckDetail, CheckReading
from emergency.services import checking, tasking
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import emergency as made

pytestmark = pytest.mark.django_db


def checked(order, town, *, by=None, measure="relocation", where=None, **more):
    words = {"address": "梅塘路8号301", "answers": {"people": 3, "phone": "13800000001"}}
    return checking.check_household(
        order, made.measures(measure)[0], where or town.grid, by=by or town.worker, at=made.AT,
        **{**words, **more},
    )  # fmt: skip


def test_only_what_the_measure_names_is_kept(town, order):
    answers = {"people": 3, "old": 0, "identity": "441900…", "income": 9, "phone": ""}
    check = checked(order, town, answers=answers)
    assert check.detail.answers == {"people": 3, "old": 0}
    assert (check.grid, check.community) == (town.grid, town.community)


def test_a_measure_that_asks_for_nothing_brings_no_checks(town, order):
    with pytest.raises(RuleViolation) as refused:
        checked(order, town, measure="wind-and-rain")
    assert refused.value.code == "no_measure"


def test_a_household_lies_in_the_territory_and_has_an_address(town, order):
    for changes, code in (({"where": town.elsewhere}, "elsewhere"),
                          ({"address": " "}, "no_address")):  # fmt: skip
        with pytest.raises(RuleViolation) as refused:
            checked(order, town, by=town.officer, **changes)
        assert refused.value.code == code
    assert Check.objects.count() == 0


def test_by_workers_of_the_place_those_who_lead_and_who_has_a_task_there(town, order, at):
    with pytest.raises(NotYours):
        checked(order, town, by=town.workers[1])
    row = made.accepted(made.called(order, town, town.workers[1]))
    tasking.give_task(
        order, made.task_kind("knock-on-doors"), town.grid, by=town.officer, at=at, called=[row]
    )
    assert checked(order, town, by=town.workers[1]).by == town.workers[1]
    assert checked(order, town, by=town.officer).by == town.officer


def test_after_the_order_nobody_checks(town, order, at):
    order.state = "stood_down"
    with pytest.raises(WrongState):
        checked(order, town)


def test_who_reads_the_personal_part_is_written_down(town, order, at):
    check = checked(order, town)
    detail = checking.read_check(check, by=town.officer, at=at)
    assert detail.answers["phone"] == "13800000001"
    assert list(CheckReading.objects.values_list("by", flat=True)) == [town.officer.pk]
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM emergency_checkreading")


def test_a_deleted_check_shows_nothing_and_notes_no_reading(town, order, at):
    check = checked(order, town)
    CheckDetail.objects.all().delete()
    assert checking.read_check(check, by=town.officer, at=at) is None
    assert CheckReading.objects.count() == 0


def test_checks_are_seen_by_who_made_them_the_workers_and_who_leads(town, order, at):
    checked(order, town)
    on = at.date()
    assert Check.objects.visible_to(town.worker, on=on).count() == 1
    assert Check.objects.visible_to(town.officer, on=on).count() == 1
    assert Check.objects.visible_to(town.workers[1], on=on).count() == 0
    assert Check.objects.visible_to(town.organizer, on=on).count() == 0
