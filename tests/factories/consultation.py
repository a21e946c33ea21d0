"""A community that consults: host, party secretary, supervisor; consultations at some state."""

import datetime
from types import SimpleNamespace

from consultation.models import (
    Blueprint,
    BlueprintPublication,
    BlueprintRule,
    BlueprintStage,
    Consultation,
)
from consultation.services import stages
from grids.models import Level
from lib.roles import Role
from lib.worktime import CITY_ZONE
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

AT = datetime.datetime(2026, 11, 2, 10, tzinfo=CITY_ZONE)  # a Monday
LONG_AGO = datetime.date(2020, 1, 1)
# (key, kind, what it publishes: kind → (days it stands, days within which it is out))
STAGES = (
    ("prepare", "prepare", {}),
    ("notice", "notice", {"notice": (7, 3)}),
    ("session", "session", {"minutes": (0, 2)}),
    ("result", "result", {"result": (7, 2)}),
    ("execution", "execution", {"execution": (0, None)}),
)


def later(**delta):
    return AT + datetime.timedelta(**delta)


def make_place(town=None):
    """A community (of `town`, as `tests.factories.cases.make_town` makes it) with its people."""
    place = town.place if town else TerritoryFactory(town=True, name="黄江镇")
    community = (
        town.community
        if town
        else TerritoryFactory(level=Level.COMMUNITY, parent=place, name="梅塘社区")
    )
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=community)
    people = {
        "host": PostFactory(body=body, role=Role.CONSULTATION_HOST).person,
        "secretary": PostFactory(body=body, role=Role.PARTY_SECRETARY).person,
        "supervisor": PostFactory(body=body, role=Role.SUPERVISOR).person,
        "worker": PostFactory(body=body, role=Role.COMMUNITY_WORKER).person,
    }
    resident = UserFactory()
    return SimpleNamespace(place=place, community=community, body=body, resident=resident, **people)


def make_blueprint(stages=STAGES, *, code="council", form="council", **more):
    """A form with these stages; `rules` as {key of a stage: [columns of a rule, …]}."""
    rules, stage_columns = more.pop("rules", {}), more.pop("columns", {})
    made = Blueprint.objects.create(
        code=code, form=form, name="居民议事会", name_en="Council", valid_from=LONG_AGO, **more
    )
    for order, (key, kind, publications) in enumerate(stages, start=1):
        stage = BlueprintStage.objects.create(
            blueprint=made, order=order, key=key, kind=kind, name=key, name_en=key,
            **stage_columns.get(key, {}),
        )  # fmt: skip
        for what, (stands, due) in publications.items():
            BlueprintPublication.objects.create(stage=stage, kind=what, stands=stands, due_days=due)
        for rule in rules.get(key, ()):
            BlueprintRule.objects.create(stage=stage, **rule)
    return made


def make_draft(place, blueprint=None, *, at=AT, **more):
    words = {"by": place.host, "title": "加装电梯", "text": "3 栋加装电梯，费用怎样分担。"}
    return stages.draft(
        blueprint or make_blueprint(),
        body=place.body, town=place.place, community=place.community, at=at,
        **{**words, **more},
    )  # fmt: skip


def make_running(place, blueprint=None, *, at=AT, **more):
    """In its first stage."""
    return stages.start(make_draft(place, blueprint, at=at, **more), by=place.host, at=at)


def fresh(consultation):
    return Consultation.objects.select_related("stage").get(pk=consultation.pk)
