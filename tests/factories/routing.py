"""Categories, standards, duties, communities' lists, admissions, loads."""

import datetime

import factory
from factory.django import DjangoModelFactory

from routing.models import (
    Admission,
    Category,
    CentreStandard,
    ClassifierVersion,
    CommunityDuty,
    DutyEntry,
    FilingStandard,
    Load,
    ServiceCentre,
    ServiceItem,
)
from routing.models.catalogue import Unit
from routing.models.duty import CommunityList, Origin
from tests.factories.funding import LineFactory
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

LONG_AGO = datetime.date(2020, 1, 1)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"小类{n}")
    name_en = factory.Sequence(lambda n: f"Class {n}")
    valid_from = LONG_AGO


class StandardFactory(DjangoModelFactory):
    """A matter of no cost, two hours to sign, one working day to handle."""

    class Meta:
        model = FilingStandard

    category = factory.SubFactory(CategoryFactory)
    condition = "有问题"
    condition_en = "There is a problem"
    closing_condition = "已解决"
    handle_limit = 1
    handle_unit = Unit.WORK_DAY
    valid_from = LONG_AGO


class DutyEntryFactory(DjangoModelFactory):
    class Meta:
        model = DutyEntry
        skip_postgeneration_save = True

    category = factory.SubFactory(CategoryFactory)
    territory = factory.SubFactory(TerritoryFactory, town=True)
    lead = factory.SubFactory(BodyFactory)
    valid_from = LONG_AGO

    class Params:
        precedent = factory.Trait(
            origin=Origin.PRECEDENT,
            decided_by=factory.SubFactory(UserFactory),
            decided_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC),
        )

    @factory.post_generation
    def assistants(self, _create, extracted, **_kwargs):
        if extracted:
            self.assistants.set(extracted)


class CommunityDutyFactory(DjangoModelFactory):
    class Meta:
        model = CommunityDuty

    category = factory.SubFactory(CategoryFactory)
    list = CommunityList.LAWFUL
    valid_from = LONG_AGO


class LoadFactory(DjangoModelFactory):
    class Meta:
        model = Load

    post = factory.SubFactory(PostFactory)


class AdmissionFactory(DjangoModelFactory):
    class Meta:
        model = Admission

    category = factory.SubFactory(CategoryFactory)
    department = factory.SubFactory(BodyFactory)
    community = factory.SubFactory(BodyFactory, community=True)
    line = factory.SubFactory(LineFactory)
    headcount = 1
    points = 10
    legal_basis = "准入〔2026〕1号"
    valid_from = LONG_AGO


class VersionFactory(DjangoModelFactory):
    """A version whose file is gone: it can be looked at, not used."""

    class Meta:
        model = ClassifierVersion

    made_at = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
    made_by = factory.SubFactory(UserFactory)
    origin = "cases"
    rows = 240
    held_back = 36
    labels = factory.LazyFunction(list)
    is_usable = True
    figures = factory.LazyFunction(lambda: {"labels": [], "confusion": [], "reliability": []})
    threshold = 0.9
    file = "classifiers/gone.npz"
    sha256 = "0" * 64
    size = 1


class ServiceItemFactory(DjangoModelFactory):
    """Low income: two papers, thirty working days, free of charge."""

    class Meta:
        model = ServiceItem

    code = factory.Sequence(lambda n: f"item-{n}")
    category = factory.SubFactory(CategoryFactory, parent=factory.SubFactory(CategoryFactory))
    name = "申请低保"
    name_en = "Minimum living allowance"
    applicants = "收入低的家庭"
    applicants_en = "Families of low income"
    materials = "身份证\n户口簿"
    materials_en = "Identity card\nHousehold book"
    days = 30
    result = "低保证"
    result_en = "A certificate"
    valid_from = LONG_AGO


class CentreStandardFactory(DjangoModelFactory):
    class Meta:
        model = CentreStandard

    level = "community"
    floor_area = 300
    windows = 2
    staff = 4
    week_hours = 40
    equipment = ["自助办理机", "老花镜"]
    valid_from = LONG_AGO


class ServiceCentreFactory(DjangoModelFactory):
    """What the standard of a community asks for, and no more."""

    class Meta:
        model = ServiceCentre

    code = factory.Sequence(lambda n: f"centre-{n}")
    name = "长龙便民服务站"
    name_en = "Changlong service point"
    territory = factory.SubFactory(TerritoryFactory)
    address = "中心路1号"
    hours = "周一至周五 8:30—12:00"
    hours_en = "Monday to Friday 8:30–12:00"
    floor_area = 300
    windows = 2
    staff = 4
    week_hours = 40
    equipment = ["自助办理机", "老花镜"]
    valid_from = LONG_AGO
