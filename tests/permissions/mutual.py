"""The time bank of the home town's office, for the table of permissions."""

from django.utils import timezone

from tests.factories.organizations import UserFactory
from tests.factories.time_bank import make_rule
from volunteers.services import time_bank as services


def make_mutual(town):
    """Things by name, made by people of their own: those who ask have had no part in them."""
    at, system = timezone.now(), town.system
    rule = make_rule()
    pool = services.open_pool(town.office, by=system, at=at)
    person = UserFactory()
    account = services.open_account(person, pool, by=person, at=at)
    transfer = services.give(account, pool, minutes=5, key="permissions", by=person, at=at)
    return {"rule": rule, "pool": pool, "transfer": transfer, "body": town.office}


def examples_at(name, things):
    """(label, values) for an address of the time bank; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    about = {
        "time_pool_open": {"code": things["body"].code},
        "time_pool": {"pk": things["pool"].pk},
        "time_care": {"pk": things["pool"].pk},
        "time_back": {"pk": things["transfer"].pk},
    }
    return [("", about[last])] if space == "volunteers" and last in about else []


def catalogue_rows(things):
    return {"time-rules": things["rule"]}
