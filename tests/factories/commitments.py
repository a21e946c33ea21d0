"""Consultations that have a result, and commitments brought to a state by the services."""

import datetime

from consultation.models import Adoption, Stage
from consultation.services import carrying, committing
from tests.factories import cases
from tests.factories import consultation as makers
from tests.factories.projects import AT, fresh

DUE = datetime.date(2026, 12, 31)
COST = 5_000_00


def at_stage(consultation, key):
    """Under way in the stage `key`, as if all before it had been passed; gates have own tests."""
    standing = consultation.stages.standing()
    here = standing.get(key=key)
    begun = consultation.started_at
    standing.filter(order__lt=here.order).update(state="done", opened_at=begun, done_at=begun)
    Stage.objects.filter(pk=here.pk).update(state="open", opened_at=begun)
    type(consultation).objects.filter(pk=consultation.pk).update(stage=here)
    return makers.fresh(consultation)


def with_result(town, *, at=AT, topic=None, **more):
    """In the stage of carrying out."""
    blueprint = makers.make_blueprint(code=f"council-{makers.Blueprint.objects.count()}")
    running = makers.make_running(place_of(town), blueprint, at=at, **more)
    type(running).objects.filter(pk=running.pk).update(topic=topic)
    return at_stage(running, "execution")


def place_of(town):
    from types import SimpleNamespace

    return SimpleNamespace(
        place=town.place, community=town.community, body=town.home, host=town.host
    )


def adopted(town, *, at=AT, verdict=Adoption.Verdict.ADOPTED, **more):
    found = with_result(town, at=at, **more)
    committing.adopt(
        found, verdict=verdict, reasons="多数居民同意", to_dissent="噪声问题由物业每晚巡查",
        by=town.host, at=at,
    )  # fmt: skip
    return makers.fresh(found)


def money(town, amount=COST):
    return committing.Money(town.line, town.purpose, amount)


def promised(town, *, at=AT, consultation=None, **more):
    given = {"title": "3 栋加装电梯", "owner": town.office, "due_on": DUE, **more}
    return committing.promise(consultation or adopted(town, at=at), by=town.host, at=at, **given)


def running(town, *, at=AT, **more):
    return carrying.begin_work(promised(town, at=at, **more), by=town.head, at=at)


def with_photo(town, commitment, *, at=AT):
    carrying.add_photo(commitment, cases.photo(), words="完工", by=town.head, at=at)
    return fresh(commitment)


def reported(town, *, at=AT, actual=None, **more):
    one = with_photo(town, running(town, at=at, **more), at=at)
    return carrying.report(one, proof="电梯已通过验收", actual=actual, by=town.head, at=at)


def done(town, *, at=AT, **more):
    return carrying.confirm(reported(town, at=at, **more), by=town.host, at=at)
