"""Money for tests: sources that allow purposes, lines that have received something."""

import datetime

import factory
from factory.django import DjangoModelFactory

from funding import services
from funding.models import (
    Ban,
    BankAccount,
    Line,
    LinePurpose,
    Purpose,
    Rung,
    Source,
    SourcePurpose,
    SourceRule,
)
from lib.roles import Role
from organizations.models import User
from tests.factories.organizations import BodyFactory

LONG_AGO = datetime.date(2020, 1, 1)
RECEIVED_AT = datetime.datetime(2026, 1, 5, 1, 0, tzinfo=datetime.UTC)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    name = factory.Sequence(lambda n: f"第{n}类资金")
    name_en = factory.Sequence(lambda n: f"Source {n}")
    rank = factory.Sequence(lambda n: n + 1)


class PurposeFactory(DjangoModelFactory):
    class Meta:
        model = Purpose

    code = factory.Sequence(lambda n: f"purpose-{n}")
    name = factory.Sequence(lambda n: f"用途{n}")
    name_en = factory.Sequence(lambda n: f"Purpose {n}")


class LineFactory(DjangoModelFactory):
    """`LineFactory(purposes=[purpose], free=100_00)`: allowed by its source, and received."""

    class Meta:
        model = Line
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"line-{n}")
    name = factory.Sequence(lambda n: f"第{n}号预算")
    name_en = factory.Sequence(lambda n: f"Line {n}")
    source = factory.SubFactory(SourceFactory)
    body = factory.SubFactory(BodyFactory)
    valid_from = LONG_AGO

    @factory.post_generation
    def purposes(self, _create, purposes, **_):
        for purpose in purposes or []:
            SourcePurpose.objects.get_or_create(source=self.source, purpose=purpose)
            LinePurpose.objects.create(line=self, purpose=purpose)

    @factory.post_generation
    def free(self, _create, amount, **_):
        if amount:
            services.receive(
                self,
                amount=amount,
                key=f"receive:{self.code}",
                by=User.objects.system(),
                at=RECEIVED_AT,
            )
            self.refresh_from_db()


class RungFactory(DjangoModelFactory):
    """`RungFactory(source=source, position=2, above=500_00, role=Role.PARTY_SECRETARY)`."""

    class Meta:
        model = Rung

    source = factory.SubFactory(SourceFactory)
    position = 1
    role = Role.DEPARTMENT_HEAD
    valid_from = LONG_AGO


class SourceRuleFactory(DjangoModelFactory):
    class Meta:
        model = SourceRule

    source = factory.SubFactory(SourceFactory)
    raising = "预算安排"
    publish_days = 20
    valid_from = LONG_AGO


class BanFactory(DjangoModelFactory):
    class Meta:
        model = Ban

    source = factory.SubFactory(SourceFactory)
    purpose = factory.SubFactory(PurposeFactory)
    reason = "不得用于办公"
    valid_from = LONG_AGO


class BankAccountFactory(DjangoModelFactory):
    class Meta:
        model = BankAccount

    body = factory.SubFactory(BodyFactory)
    name = "黄江镇财政专户"
    bank = "东莞农商银行黄江支行"
    number = factory.Sequence(lambda n: f"9558{n:012d}")
