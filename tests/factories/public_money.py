"""Donations, decisions, questions and standards, brought to a state by the services."""

import datetime
import io

from funding import services
from funding.models import DONATION, Decision, PayGrade, ServiceStandard, Source
from tests.factories.funding import LineFactory
from tests.factories.organizations import UserFactory

GIVEN = datetime.date(2026, 2, 20)
AT = datetime.datetime(2026, 3, 2, 2, 30, tzinfo=datetime.UTC)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def donation_source():
    made, _is_new = Source.objects.get_or_create(
        code=DONATION, defaults={"name": "公益性捐赠", "name_en": "Donations", "rank": 9_000}
    )
    return made


def donation_line(*purposes, **columns):
    """A line of donated money for these purposes; nothing has come yet."""
    return LineFactory(source=donation_source(), purposes=purposes, **columns)


def recorded(line, *, by=None, key="gift:1", at=AT, **said):
    gift = {"amount": 500_00, "given_on": GIVEN, "donor_name": "陈大文", **said}
    by = by or UserFactory()
    return services.record_donation(line, services.Gift(**gift), key=key, by=by, at=at)


def received(line, *, at=AT, **said):
    return services.confirm_donation(recorded(line, at=at, **said), by=UserFactory(), at=at)


def paper(*, by, at=AT, content=PDF, name="minutes.pdf"):
    return services.keep_document(io.BytesIO(content), name=name, by=by, at=at)


def decided(line, *, by=None, at=AT, **said):
    """Members agreed: 90 of 100 came, 80 said yes."""
    by = by or UserFactory()
    counts = {
        "assembly": Decision.Assembly.MEMBERS, "title": "修缮祠堂", "amount": 1_000_00,
        "held_on": GIVEN, "entitled": 100, "present": 90, "votes_for": 80, "votes_against": 10,
    }  # fmt: skip
    return services.record_decision(
        line, document=paper(by=by, at=at), by=by, at=at, **{**counts, **said}
    )


def pay_grade(**columns):
    values = {"post": "worker", "level": 3, "pay": 5_000_00, "benefits": 1_500_00}
    return PayGrade.objects.create(valid_from=GIVEN, **{**values, **columns})


def service_standard(**columns):
    values = {"code": "elderly-meals", "name": "长者饭堂", "name_en": "Meals for the old",
              "unit": "个", "unit_en": "places", "amount": 1}  # fmt: skip
    return ServiceStandard.objects.create(valid_from=GIVEN, **{**values, **columns})
