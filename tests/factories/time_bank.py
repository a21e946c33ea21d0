"""Accounts of the time bank for tests: a community's pool with a keeper, and people."""

import datetime
from dataclasses import dataclass

from lib.roles import Role
from organizations.models import User
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory, UserFactory
from volunteers.models import TimeAccount, TimeRule
from volunteers.services import time_bank as services

AT = datetime.datetime(2026, 3, 2, 2, 30, tzinfo=datetime.UTC)


def make_rule(**changes):
    limits = {
        "overdraft": 60, "ceiling": 1000, "pool_overdraft": 500, "keep_months": 12,
        "gift_minutes": 100,
    }  # fmt: skip
    return TimeRule.objects.create(valid_from=LONG_AGO, **limits | changes)


@dataclass
class Bank:
    pool: TimeAccount
    keeper: User

    def person(self, **more):
        """A person's account with this pool."""
        person = UserFactory(**more)
        return services.open_account(person, self.pool, by=person, at=AT)


def make_bank(**limits):
    if not TimeRule.objects.exists():
        make_rule(**limits)
    body = BodyFactory(community=True)
    keeper = PostFactory(body=body, role=Role.COMMUNITY_WORKER).person
    return Bank(services.open_pool(body, by=keeper, at=AT), keeper)
