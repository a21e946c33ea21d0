from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from cases.models import LOADING, SUBJECT, UNSETTLED, Case, Task
from cases.services import history
from funding import checks
from funding.models import Hold
from grids.locate import locate
from lib.errors import RuleViolation
from organizations.models import User
from portal.demo.accounts import ACCOUNTS, PASSWORD, accounts
from portal.demo.loading import Plan, load
from routing.models import Load

pytestmark = pytest.mark.django_db


def plan(**changes):
    values = {"scale": "town", "cases": 90, "days": 90, "seed": 7, "at": timezone.now()}
    return Plan(**values | changes)


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_reference_data", verbosity=0)
    load(plan(), tell=lambda *_: None)


def test_the_demo_town_keeps_every_promise_and_has_something_for_every_desk(town):
    held = Hold.objects.filter(subject_kind=SUBJECT).aggregate(all=Sum("open"))["all"] or 0
    asked = Task.objects.filter(state__in=UNSETTLED).aggregate(all=Sum("estimate"))["all"] or 0
    points = Counter()
    for post, given in Task.objects.filter(state__in=LOADING).values_list("post_id", "points"):
        points[post] += given
    loads = dict(Load.objects.filter(points__gt=0).values_list("post_id", "points"))
    assert held == asked
    assert loads == dict(points)
    assert [(name, found) for name, found in checks.run() if found] == []
    assert list(history.verify_history()) == []
    refused = set(Case.objects.exclude(refusal="").values_list("refusal", flat=True))
    assert refused == {"no_place", "no_money", "no_staff", "overlap", "emergency"}
    assert not Case.objects.filter(route_at__isnull=False).exists()
    for case in Case.objects.exclude(lon=None)[:20]:
        assert locate(case.lon, case.lat).grid_id == case.grid_id
    assert [account.username for account in accounts()] == list(ACCOUNTS)
    assert User.objects.get(username="handler").check_password(PASSWORD)
    with pytest.raises(RuleViolation):
        load(plan(), tell=lambda *_: None)


def test_it_is_not_for_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
