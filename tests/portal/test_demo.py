import datetime
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from cases.models import LOADING, SUBJECT, UNSETTLED, Case, Task
from cases.services import history
from funding import checks
from funding.models import Hold
from grids.locate import locate
from lib.errors import RuleViolation
from lib.worktime import CITY_ZONE
from organizations.models import User
from oversight.models import Appraisal, Edition
from oversight.services.outcomes import as_published, recomputed
from oversight.workflow import State
from portal.demo.accounts import ACCOUNTS, PASSWORD, accounts
from portal.demo.loading import Plan, load
from routing.models import (
    AdmissionApplication,
    AdmissionEvaluation,
    AdmissionShare,
    DutyChange,
    DutyRun,
    Load,
    UnadmittedRefusal,
)

pytestmark = pytest.mark.django_db


def plan(**changes):
    values = {"scale": "town", "cases": 90, "days": 90, "seed": 7, "at": timezone.now()}
    return Plan(**values | changes)


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_reference_data", verbosity=0)
    load(plan(), tell=lambda *_: None)


@pytest.mark.timeout(1200)  # a machine that does more takes its time to make a town
def test_the_demo_town_lives(town):
    """One town for all that is asked of it: making it takes a minute."""
    keeps_every_promise()
    has_something_for_every_desk()
    duties_and_admissions_live()
    with pytest.raises(RuleViolation):
        load(plan(), tell=lambda *_: None)


NEW_YEARS_MORNING = datetime.datetime(2027, 1, 1, 9, 10, tzinfo=CITY_ZONE)


@pytest.mark.timeout(1200)
def test_the_demo_comes_on_the_first_morning_of_a_year_too(settings, tmp_path):
    """Its past lies in the year before; at nine people are wanted for several things."""
    settings.MEDIA_ROOT = tmp_path
    call_command("load_reference_data", verbosity=0)
    with time_machine.travel(NEW_YEARS_MORNING, tick=True):
        load(plan(cases=10), tell=lambda *_: None)
    assert Case.objects.exists()


def keeps_every_promise():
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
    for share in AdmissionShare.objects.exclude(own_line=None).select_related("own_line"):
        assert share.own_line.available == share.amount
    outcomes = list(Edition.objects.select_related("appraisal"))
    assert [one for one in outcomes if recomputed(one) != as_published(one)] == []
    for case in Case.objects.exclude(lon=None)[:20]:
        assert locate(case.lon, case.lat).grid_id == case.grid_id


def has_something_for_every_desk():
    refused = set(Case.objects.exclude(refusal="").values_list("refusal", flat=True))
    assert refused == {"no_place", "no_money", "no_staff", "overlap", "emergency"}
    assert not Case.objects.filter(route_at__isnull=False).exists()
    assert [account.username for account in accounts()] == list(ACCOUNTS)
    assert {row.state for row in Appraisal.objects.all()} == set(State) - {State.COMPUTING}
    assert User.objects.get(username="handler").check_password(PASSWORD)


def duties_and_admissions_live():
    states = Counter(AdmissionApplication.objects.values_list("state", flat=True))
    assert states == {"admitted": 1, "review": 1, "refused": 1}
    assert Counter(DutyChange.objects.values_list("state", flat=True)) == {
        "adopted": 1, "review": 1
    }  # fmt: skip
    assert AdmissionEvaluation.objects.count() == 2
    assert UnadmittedRefusal.objects.count() == 1
    assert DutyRun.objects.latest("pk").state == "done"


def test_it_is_not_for_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
