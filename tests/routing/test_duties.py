"""The duty list, precedents, communities' lists, admissions."""

import datetime
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from grids.models import ChangeCounter
from lib.errors import RuleViolation
from lib.worktime import CITY_ZONE
from organizations.models import ChangeRecord
from routing import services
from routing.models import Admission, CommunityDuty, DutyEntry
from routing.models.duty import Origin
from tests.factories.funding import LineFactory
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, UserFactory
from tests.factories.routing import (
    AdmissionFactory,
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
)

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
    return ChangeCounter.objects.filter(subject="duty").values_list("value", flat=True).first()


def test_an_entry_is_made_with_its_assistants_and_recorded(by):
    assistant = BodyFactory()
    draft = DutyEntryFactory.build(
        category=CategoryFactory(), territory=TerritoryFactory(town=True), lead=BodyFactory()
    )
    entry = services.make_rule(draft, by=by, at=AT, links={"assistants": [assistant]})
    record = ChangeRecord.objects.get(kind="routing.dutyentry", key=str(entry.pk))
    assert (record.by, record.after["assistants"]) == (by, [assistant.pk])
    assert changes_counted() == 1


def test_nobody_assists_itself(by):
    entry = DutyEntryFactory()
    values = {"lead": BodyFactory(), "valid_from": TODAY}
    with refused("assists_itself"):
        services.change_rule(entry, values, by=by, at=AT, links={"assistants": [values["lead"]]})
    entry.refresh_from_db()
    assert (entry.valid_to, DutyEntry.objects.count(), changes_counted()) == (None, 1, None)


def test_a_precedent_says_who_decided_and_replaces_the_earlier(by):
    old = DutyEntryFactory(precedent=True)
    lead = BodyFactory()
    made = services.record_precedent(
        category=old.category, territory=old.territory, lead=lead, by=by, at=AT
    )
    old.refresh_from_db()
    assert (made.origin, made.decided_by, made.decided_at, made.valid_from) == (
        Origin.PRECEDENT, by, AT, TODAY,
    )  # fmt: skip
    assert old.valid_to == TODAY
    second = services.record_precedent(
        category=old.category, territory=old.territory, lead=BodyFactory(), by=by, at=AT
    )
    made.refresh_from_db()
    assert (made.valid_to, second.valid_to) == (None, None)


def test_the_database_asks_who_decided_a_precedent():
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyEntryFactory(origin=Origin.PRECEDENT)


def test_lists_of_communities_are_for_communities(by):
    category = CategoryFactory()
    draft = CommunityDutyFactory.build(category=category, body=BodyFactory())
    with refused("no_community"):
        services.make_rule(draft, by=by, at=AT)
    services.make_rule(CommunityDutyFactory.build(category=category), by=by, at=AT)
    assert (CommunityDuty.objects.get().category, changes_counted()) == (category, 1)


def test_a_category_stands_once_on_a_list():
    duty = CommunityDutyFactory()
    own = CommunityDutyFactory(category=duty.category, body=BodyFactory(community=True))
    for body in (None, own.body):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommunityDutyFactory(category=duty.category, body=body)
    assert CommunityDuty.objects.count() == 2


def test_a_matter_is_admitted_with_money_of_the_department(by):
    department, community = BodyFactory(), BodyFactory(community=True)
    line = LineFactory(body=department)

    def admit(**changed):
        values = {
            "category": CategoryFactory(), "department": department, "community": community,
            "line": line, **changed,
        }  # fmt: skip
        return services.make_rule(AdmissionFactory.build(**values), by=by, at=AT)

    with refused("foreign_line"):
        admit(line=LineFactory())
    with refused("no_community"):
        admit(community=department)
    assert not Admission.objects.exists()
    assert admit() == Admission.objects.get()


@pytest.mark.parametrize("values", [{"headcount": 0}, {"points": 0}, {"legal_basis": ""}])
def test_nothing_is_admitted_without_its_shares(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionFactory(**values)
