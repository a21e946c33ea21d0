"""What the clock starts, each twice; and the reference data that may be loaded again."""

import pytest
from django.utils import timezone

from emergency import tasks
from emergency.models import Called, DeletionProof, Item, LevelRule, Measure, Order, TaskKind
from emergency.services import reporting, standing_down
from emergency.services.reference import load_reference
from organizations.models import Message, User
from tests.factories import emergency as made
from tests.factories.emergency import DAY, MINUTE

pytestmark = pytest.mark.django_db


def twice(task):
    task()
    task()


def test_a_wave_is_called_once(town, order):
    made.callout(order, town, at=timezone.now())
    twice(tasks.call_out)
    assert Called.objects.count() == 2
    assert Message.objects.filter(kind="emergency-call").count() == 2


def test_an_opened_call_out_wakes_the_worker(town, order, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        made.callout(order, town)
    assert len(callbacks) >= 1


def test_late_orders_and_reports_are_told_once(town, order):
    made.drafted(town, kind="accident", measures=made.measures("relocation"))
    Order.objects.filter(state="draft").update(confirm_due_at=timezone.now() - MINUTE)
    order.reports.update(due_at=timezone.now() - MINUTE)
    twice(tasks.keep_dates)
    told = Message.objects.filter(to=town.reviewer).values_list("kind", flat=True)
    assert list(told).count("emergency-report-late") == 2
    assert Order.objects.get(state="draft").pressed_at is not None


def test_data_are_deleted_once(town, order, at):
    ended = standing_down.stand_down(order, reason="结束", by=town.officer, at=at)
    for row in ended.reports.open():
        reporting.make_report(row, receiver="镇", text="好", by=town.officer, at=at)
    standing_down.review(ended, went_well="快", to_mend="无", by=town.officer, at=at)
    Order.objects.update(delete_at=timezone.now() - DAY)
    twice(tasks.delete_data)
    assert DeletionProof.objects.count() == 1
    assert Message.objects.filter(kind="emergency-deleted", to=town.officer).count() == 1


def test_supplies_are_checked(town, caplog):
    twice(tasks.check_supplies)
    made.supplying.receive(made.depot(town), made.lot(5, "in"), by=town.officer, at=made.AT)
    twice(tasks.check_supplies)


def test_the_reference_is_loaded_once_and_edits_stay(town):
    counts = [model.objects.count() for model in (LevelRule, Measure, TaskKind, Item)]
    assert counts == [4, 7, 14, 12]
    Measure.objects.filter(code="relocation").update(name="别名")
    assert load_reference(by=User.objects.system(), at=made.AT) == 0
    assert Measure.objects.get(code="relocation").name == "别名"


def test_every_measure_names_matters_that_the_catalogue_knows(db):
    from emergency.reference import read
    from routing.reference import read_rows

    known = {row["code"] for row in read_rows("categories")}
    named = {code for row in read()["measures"] for code in row["categories"]}
    assert named <= known


def test_rules_follow_from_the_practice_of_duty_rooms(town):
    rows = LevelRule.objects.values_list("phone_minutes", "text_minutes").distinct()
    assert list(rows) == [(10, 30)]
