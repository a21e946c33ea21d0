"""Categories and standards: each service's effect and refusal, and the count of changes."""

import datetime
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from grids.models import ChangeCounter
from lib.errors import RuleViolation
from lib.worktime import CITY_ZONE
from organizations.models import ChangeRecord
from routing import services
from routing.models import Category, FilingStandard
from tests.factories.funding import PurposeFactory
from tests.factories.organizations import UserFactory
from tests.factories.routing import CategoryFactory, StandardFactory

AT = datetime.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)
TODAY = AT.date()

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code):
    with pytest.raises(RuleViolation) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def by():
    return UserFactory()


def changes_counted():
    return ChangeCounter.objects.filter(subject="catalogue").values_list("value", flat=True).first()


def actions(row):
    rows = ChangeRecord.objects.filter(kind=row._meta.label_lower, key=str(row.pk))
    return list(rows.order_by("number").values_list("action", flat=True))


def test_a_category_gets_its_initials_and_is_recorded(by):
    made = services.make_category(
        by=by, at=AT, code="cover", name="井盖缺失", name_en="Cover", valid_from=TODAY
    )
    assert (made.initials, actions(made), changes_counted()) == ("jgqs", ["create"], 1)
    changed = services.change_category(made, by=by, at=AT, name="路灯不亮")
    assert (changed.initials, actions(made), changes_counted()) == ("ldbl", ["create", "change"], 2)


def test_there_are_two_levels(by):
    large = CategoryFactory()
    small = CategoryFactory(parent=large)
    loose = CategoryFactory()
    with_standard = StandardFactory().category
    for category, parent in [
        (loose, small),
        (large, loose),
        (loose, loose),
        (loose, with_standard),
    ]:
        with pytest.raises(RuleViolation):
            services.change_category(category, by=by, at=AT, parent=parent)
    assert services.change_category(loose, by=by, at=AT, parent=large).parent == large


def test_an_ended_category_takes_its_standards_along(by):
    standard = StandardFactory()
    later = StandardFactory(
        category=standard.category, rank=2, valid_from=datetime.date(2027, 1, 1)
    )
    ended = services.end_rule(standard.category, on=TODAY, by=by, at=AT)
    standard.refresh_from_db()
    later.refresh_from_db()
    assert (ended.valid_to, standard.valid_to) == (TODAY, TODAY)
    assert later.valid_to == datetime.date(2027, 1, 2)


def test_a_large_class_outlives_its_small_ones(by):
    small = CategoryFactory(parent=CategoryFactory())
    with refused("has_parts"):
        services.end_rule(small.parent, on=TODAY, by=by, at=AT)
    assert Category.objects.get(pk=small.parent.pk).valid_to is None


def test_standards_belong_to_small_classes(by):
    small = CategoryFactory(parent=CategoryFactory())
    with refused("depth"):
        services.make_rule(StandardFactory.build(category=small.parent), by=by, at=AT)
    assert not FilingStandard.objects.exists()
    services.make_rule(StandardFactory.build(category=small), by=by, at=AT)
    assert changes_counted() == 1


def test_a_changed_standard_is_a_new_version(by):
    standard = StandardFactory()
    values = {"handle_limit": 3, "valid_from": TODAY}
    changed = services.change_rule(standard, values, by=by, at=AT)
    standard.refresh_from_db()
    assert (standard.handle_limit, standard.valid_to) == (1, TODAY)
    assert (changed.handle_limit, changed.rank, changed.valid_from, changed.valid_to) == (
        3, 1, TODAY, None,
    )  # fmt: skip
    assert (actions(standard), actions(changed)) == (["end"], ["create"])


def test_a_rule_that_has_ended_stays_so(by):
    standard = services.end_rule(StandardFactory(), on=TODAY, by=by, at=AT)
    with refused("ended"):
        services.end_rule(standard, on=TODAY, by=by, at=AT)


@pytest.mark.parametrize(
    "values",
    [{"points": 0}, {"cost": 1}, {"handle_limit": 0}, {"valid_to": datetime.date(2020, 1, 1)}],
)
def test_the_database_refuses_nonsense(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardFactory(**values)


def test_a_cost_needs_a_purpose(by):
    standard = StandardFactory()
    with refused("invalid"):
        services.change_rule(standard, {"cost": 100, "valid_from": TODAY}, by=by, at=AT)
    standard.refresh_from_db()
    assert standard.valid_to is None
    values = {"cost": 100, "purpose": PurposeFactory(), "valid_from": TODAY}
    assert services.change_rule(standard, values, by=by, at=AT).cost == 100
