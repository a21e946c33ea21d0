"""A draft of the duty list, a finding, applications for admission, for the table of permissions.

People of their own made them: those who ask have had no part in it.
"""

import datetime
from types import SimpleNamespace

from cases.models import ReplayRun
from lib.roles import Role
from routing import services
from routing.models import AdmissionRule, DutyFinding
from routing.services import Step
from tests.factories import admissions as make
from tests.factories.admissions import AT
from tests.factories.duties import DutyRunFactory, make_committee
from tests.factories.funding import LineFactory
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory
from tests.factories.routing import (
    CategoryFactory,
    CentreStandardFactory,
    ServiceCentreFactory,
    ServiceItemFactory,
    StandardFactory,
)

CHANGE_MOVES = ("submit", "adopt", "send_back", "refuse", "withdraw")
APPLICATION_MOVES = (
    "apply", "revise", "agree", "object", "admit", "refuse", "withdraw", "revoke"
)  # fmt: skip


def make_duties(town):
    """Things by name."""
    place = _place(town)
    maker = place.committee[0]
    change = services.draft_change(title="调整", force_on=AT.date(), by=maker, at=AT)
    step = Step(place.category, town.community, place.department, "三定规定")
    item = services.add_step(change, step, by=maker, at=AT)
    listed = services.ListStep(place.communities[0], place.category, "negative", "减负清单")
    list_item = services.add_list_step(change, listed, by=maker, at=AT)
    run = DutyRunFactory(state="done", finished_at=AT, asked_by=maker)
    finding = DutyFinding.objects.create(
        found_in=run, kind="gap", category=place.category, community=town.community,
        town=town.place, reason="gap",
    )  # fmt: skip
    # Far enough ahead whatever working hours the town has.
    applied = make.applied(place, begins=datetime.date(2027, 7, 1))
    return {
        "community": place.communities[0],
        "change": change,
        "item": item,
        "list_item": list_item,
        "finding": finding,
        "application": applied,
        "share": applied.shares.get(),
        "service_item": ServiceItemFactory(),
        "centre": ServiceCentreFactory(territory=town.community),
        "centre_standard": CentreStandardFactory(),
        "rule": AdmissionRule.objects.create(valid_from=LONG_AGO),
        "replay": ReplayRun.objects.create(
            change=change, last=1, asked_by=maker, asked_at=AT, state="done", finished_at=AT
        ),
    }


def _place(town):
    body, department = BodyFactory(community=True), BodyFactory()
    BodyTerritoryFactory(body=body, territory=town.community)
    category = CategoryFactory(parent=CategoryFactory())
    StandardFactory(category=category, points=2)
    return SimpleNamespace(
        town=town.place, places=[town.community], communities=[body], department=department,
        purpose=town.purpose, category=category, committee=make_committee(town.place),
        head=PostFactory(role=Role.DEPARTMENT_HEAD, body=department).person,
        worker=PostFactory(role=Role.HANDLER, body=department, capacity=20),
        line=LineFactory(body=department, purposes=[town.purpose], free=1_000_000),
    )  # fmt: skip


def catalogue_rows(things):
    return {
        "admission-rules": things["rule"], "service-items": things["service_item"],
        "service-centres": things["centre"], "centre-standards": things["centre_standard"],
    }  # fmt: skip


def examples_at(name, things):
    """(label, values) for an address of these; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    keys = {
        "routing": {
            "mend": "finding", "change": "change", "change_edit": "change",
            "change_step": "change", "step_drop": "item", "list_step": "change",
            "list_drop": "list_item", "application": "application",
            "application_edit": "application", "share": "application", "convene": "application",
            "renew": "application", "share_drop": "share", "evaluate": "share",
        },
        "cases": {"effect": "replay", "effect_progress": "replay", "effect_ask": "change"},
    }.get(space, {})  # fmt: skip
    if last in keys:
        return [("", {"pk": things[keys[last]].pk})]
    moves = {
        "change_move": ("change", CHANGE_MOVES),
        "application_move": ("application", APPLICATION_MOVES),
    }
    if space == "routing" and last in moves:
        key, names = moves[last]
        return [(name, {"pk": things[key].pk, "name": name}) for name in names]
    if name == "routing:service_item":
        return [("", {"code": things["service_item"].code})]
    if name == "routing:community":
        return [("", {"code": things["community"].code})]
    return []
