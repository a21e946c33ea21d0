"""Kinds, targets and visits in the town of cases."""

import datetime

from django.utils import timezone

from grids import services
from grids.models import VisitForm, VisitKind, VisitRule, VisitTarget
from grids.models.visit_plans import place_columns
from grids.services import CheckIn, Report
from lib.roles import Role
from organizations.models import User
from tests.factories.cases import make_town
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory

QUESTIONS = [
    {"key": "met", "label": "是否见到住户", "label_en": "Met", "type": "yes_no", "required": True},
    {"key": "people", "label": "人数", "label_en": "People", "type": "number", "required": False},
    {"key": "waste", "label": "垃圾", "label_en": "Waste", "type": "choice", "required": False,
     "choices": ["无", "少量"]},
    {"key": "shot", "label": "照片", "label_en": "Photo", "type": "photo", "required": False},
    {"key": "where", "label": "位置", "label_en": "Where", "type": "place", "required": False},
    {"key": "said", "label": "诉求", "label_en": "Said", "type": "text", "required": False},
]  # fmt: skip
DOOR = (114.05, 22.85)


def kind_of(target_kind="dwelling", *, code="household", every=30, **more):
    """A kind with a form and a rule for everywhere."""
    private = target_kind == "person"
    given = {"name": "入户走访", "name_en": "Household visit", "is_private": private, **more}
    kind = VisitKind.objects.create(
        code=code, target_kind=target_kind, valid_from=LONG_AGO, **given
    )
    VisitForm.objects.create(
        kind=kind, number=1, questions=QUESTIONS, made_by=User.objects.system(),
        made_at=timezone.now(),
    )  # fmt: skip
    if every:
        VisitRule.objects.create(kind=kind, every_days=every, valid_from=LONG_AGO)
    return kind


def target_in(grid, *, kind="dwelling", point=DOOR, **more):
    lon, lat = point or (None, None)
    given = {"name": "三栋", "is_private": kind == "person", "valid_from": LONG_AGO, **more}
    return VisitTarget.objects.create(kind=kind, lon=lon, lat=lat, **place_columns(grid), **given)


def planned(kind, target, *, on=None):
    services.plan_visits(on=on or timezone.localdate(), targets=[target.pk])
    return target.plans.get(kind=kind)


def make(target, kind, *, by, at=None, key="k1", point=DOOR, answers=None, **more):
    """A visit by the service; `more`: findings, photos, note, was, far_reason."""
    at = at or timezone.now()
    lon, lat = point or (None, None)
    check_in = CheckIn(
        at=more.pop("was", at), lon=lon, lat=lat, accuracy_m=more.pop("accuracy_m", 10),
        far_reason=more.pop("far_reason", ""),
    )  # fmt: skip
    report = Report(client_key=key, answers=answers or {"met": True}, **more)
    return services.make_visit(target, kind.form, check_in=check_in, report=report, by=by, at=at)


def visited_town():
    """The town of cases with a household to visit, its worker, secretary and supervisor."""
    town = make_town()
    town.worker.__dict__.pop("_scopes_by_day", None)
    town.posts.worker.territories.create(territory=town.grid, valid_from=LONG_AGO)
    home = BodyFactory(community=True)
    BodyTerritoryFactory(body=home, territory=town.community)
    town.secretary = PostFactory(body=home, role=Role.COMMUNITY_WORKER).person
    town.supervisor = PostFactory(body=town.centre, role=Role.SUPERVISOR).person
    town.kind = kind_of()
    town.home = target_in(town.grid)
    town.plan = planned(town.kind, town.home)
    return town


def days(number):
    return datetime.timedelta(days=number)
