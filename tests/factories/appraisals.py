"""A town whose bodies are appraised, and appraisals at every stage of their way, by services."""

import datetime
from types import SimpleNamespace
from unittest.mock import patch

from lib.roles import Role
from lib.worktime import CITY_ZONE
from oversight.models import Scheme, SchemeRule, Score
from oversight.services import appealing, appraising, reviewing
from tests.factories.cases import make_town
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory

# A Wednesday; November is over.
AT = datetime.datetime(2026, 12, 2, 10, tzinfo=CITY_ZONE)
IN_NOVEMBER = datetime.date(2026, 11, 15)
AFTER_APPEALS = AT + datetime.timedelta(days=20)
# What `closing_on_time_rate` and `rework` are made of.
GOOD = {"closed_on_time": 19, "closed_late": 1, "handled_on_time": 20}
FAIR = {"closed_on_time": 16, "closed_late": 4, "handled_on_time": 20, "rework": 3}
BAD = {"closed_on_time": 5, "closed_late": 15, "handled_late": 20}


def later(**delta):
    return AT + datetime.timedelta(**delta)


def make_place():
    """`make_town` with those who appraise, in a Party body that is not appraised itself."""
    town = make_town()
    return SimpleNamespace(town=town, **those_who_appraise(town.place))


def elsewhere(place):
    """Another town of the city, with those who appraise there."""
    return SimpleNamespace(
        **those_who_appraise(TerritoryFactory(town=True, code="441900999", parent=place.town.city))
    )


def those_who_appraise(where):
    party = BodyFactory(party=True)
    BodyTerritoryFactory(body=party, territory=where)
    people = {
        name: PostFactory(body=party, role=role, capacity=0).person
        for name, role in {
            "assessor": Role.ASSESSOR,
            "second_assessor": Role.ASSESSOR,
            "supervisor": Role.SUPERVISOR,
            "member": Role.COMMITTEE_MEMBER,
            "other_member": Role.COMMITTEE_MEMBER,
            "secretary": Role.PARTY_SECRETARY,
        }.items()
    }
    return {"place": where, "party": party, **people}


def department(place, *, head=True):
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=place.place)
    body.chief = PostFactory(body=body, role=Role.DEPARTMENT_HEAD).person if head else None
    return body


def scheme(**said):
    """100 points for closing in time, full at 95 %, 0.2 points off for each rework."""
    number = Scheme.objects.count()
    given = {
        "code": f"scheme-{number}", "name": f"第{number}号方案", "name_en": f"Scheme {number}",
        "of": "department", "min_sample": 5, "valid_from": LONG_AGO,
    }  # fmt: skip
    made = Scheme.objects.create(**{**given, **said})
    rule(made, "closing_on_time_rate", points=10_000, full_at=9500, loss=100)
    rule(made, "rework", kind="deduction", points=500, each=20)
    return made


def rule(scheme, indicator, *, kind="rate", **said):
    return SchemeRule.objects.create(
        scheme=scheme, indicator=indicator, kind=kind, valid_from=LONG_AGO, **said
    )


def opened(place, used=None, *, span="month", day=IN_NOVEMBER, by=None, at=AT):
    return appraising.open_appraisal(
        used or scheme(), place.place, span=span, day=day, by=by or place.assessor, at=at
    )


def computed(place, used=None, *, numbers=None, at=AT, **said):
    """`numbers` by body, person or territory; everybody else has none. Without: as counted."""
    row = opened(place, used, at=at, **said)
    collect(row, numbers, at=at)
    return fresh(row)


def collect(row, numbers=None, *, at=AT):
    found = appraising.numbers_for
    if numbers is not None:
        given = {thing.pk: dict(value) for thing, value in numbers.items()}

        def found(_appraisal, rows, *, at):
            return {one.pk: given.get(one.key, {}) for one in rows}

    with patch.object(appraising, "numbers_for", found):
        while appraising.collect(row, at=at):
            pass


def reviewed(place, used=None, *, at=AT, **said):
    row = computed(place, used, at=at, **said)
    reviewing.sign(row, 1, by=place.supervisor, at=at)
    reviewing.sign(row, 2, by=place.member, at=at)
    return fresh(row)


def publicised(place, used=None, *, at=AT, **said):
    row = reviewed(place, used, at=at, **said)
    return appraising.publicise(row, by=place.assessor, at=at)


def published(place, used=None, *, at=AT, **said):
    row = publicised(place, used, at=at, **said)
    return appraising.publish(row, by=place.assessor, at=at + (AFTER_APPEALS - AT))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def of(row, thing):
    """The appraised row of a body, territory or person."""
    return next(one for one in row.appraised.all() if one.key == thing.pk)


def score(row, thing):
    return Score.objects.newest().get(appraised=of(row, thing))


def appealed(row, thing, *, by, wanted=None, at=None):
    return appealing.appeal(
        of(row, thing), text="井盖案件系施工单位延误，已获准延期",
        wanted=wanted or {"closed_on_time": 20, "closed_late": 0}, by=by, at=at or later(hours=3),
    )  # fmt: skip
