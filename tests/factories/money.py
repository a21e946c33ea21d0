"""An office that deals with money, and applications at every stage of their way, by services."""

import datetime
from dataclasses import dataclass
from itertools import count
from typing import Any

from funding import services
from funding.models import Line, Purpose
from lib.roles import Role
from tests.factories.funding import BankAccountFactory, LineFactory, PurposeFactory, RungFactory
from tests.factories.organizations import PostFactory

AT = datetime.datetime(2026, 3, 2, 2, 30, tzinfo=datetime.UTC)
KEYS = count(1)
ROLES = {
    "maker": Role.FINANCE_MAKER,
    "checker": Role.FINANCE_CHECKER,
    "payer": Role.FINANCE_PAYER,
    "head": Role.DEPARTMENT_HEAD,
    "secretary": Role.PARTY_SECRETARY,
    "member": Role.COMMITTEE_MEMBER,
}


@dataclass
class Office:
    """A line of 1,000.00 yuan, its people, and a ladder of one, two (500.00) or three (800.00)."""

    line: Line
    purpose: Purpose
    account: Any
    people: dict[str, Any]

    def __getattr__(self, name):
        return self.people[name]

    @property
    def climbers(self):
        return [self.head, self.secretary, self.member]


def make_office(line=None, *, at=AT):
    purpose = line.purposes.first().purpose if line else PurposeFactory()
    line = line or LineFactory(purposes=[purpose], free=1_000_00)
    for position, (above, role) in enumerate(
        [
            (0, Role.DEPARTMENT_HEAD),
            (500_00, Role.PARTY_SECRETARY),
            (800_00, Role.COMMITTEE_MEMBER),
        ],
        start=1,
    ):
        RungFactory(source=line.source, position=position, above=above, role=role)
    people = {name: PostFactory(body=line.body, role=role).person for name, role in ROLES.items()}
    return Office(line, purpose, BankAccountFactory(body=line.body), people)


def draft(office, *, amount=300_00, at=AT, **more):
    content = {
        "line": office.line,
        "purpose": office.purpose,
        "title": "沙井盖更换",
        "reason": "清扫路沙井盖破损两处",
        "payee_name": "黄江市政工程有限公司",
        "payee_bank": "东莞银行",
        "payee_account": "6222020200112233445",
    }
    key = more.pop("key", f"draft-{next(KEYS)}")
    return services.draft(key=key, amount=amount, by=office.maker, at=at, **{**content, **more})


def submitted(office, *, at=AT, **more):
    return services.submit(draft(office, at=at, **more), by=office.maker, at=at)


def checked(office, *, at=AT, **more):
    return services.check(submitted(office, at=at, **more), by=office.checker, at=at)


def approved(office, *, at=AT, **more):
    application = checked(office, at=at, **more)
    steps = application.approvals.filter(round=application.round, position__gt=0).count()
    for person in office.climbers[:steps]:
        application = services.approve(application, by=person, at=at)
    return application


def ordered(office, *, at=AT, part=None, **more):
    application = approved(office, at=at, **more)
    return services.order(
        application,
        amount=part or application.unpaid,
        account=office.account,
        by=office.payer,
        at=at,
    )


def paid(office, *, at=AT, **more):
    return services.confirm(ordered(office, at=at, **more), by=office.payer, at=at)
