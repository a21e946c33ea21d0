"""What tests of bodies, people and posts share."""

import datetime

import pytest

from lib.roles import Role
from tests.factories.organizations import PostFactory, UserFactory

AT = datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture
def system(db):
    return UserFactory.system()


@pytest.fixture
def system_admin(db):
    return PostFactory(role=Role.SYSTEM_ADMIN).person


@pytest.fixture
def security_admin(db):
    return PostFactory(role=Role.SECURITY_ADMIN).person


@pytest.fixture
def audit_admin(db):
    return PostFactory(role=Role.AUDIT_ADMIN).person
