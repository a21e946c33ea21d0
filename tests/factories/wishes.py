"""Wishes and neighbours' help for tests, brought to a state by the services."""

import datetime

from grids.locate import Place
from tests.factories.hours import AT
from tests.factories.organizations import UserFactory
from volunteers.models import DoubleReport, JointUnit
from volunteers.services import helping, taking, wishes
from volunteers.services.taking import For, Good
from volunteers.services.wishes import Asked

NEEDED = datetime.date(2026, 12, 24)


def where(place):
    return Place(place.town.pk, place.community.pk, None)


def asked(place, *, by=None, at=AT, **said):
    words = {
        "kind": "goods", "title": "想要一个电饭煲", "text": "独居，旧的坏了，13812345678",
        "amount": 200_00, "needed_by": NEEDED,
    }  # fmt: skip
    return wishes.ask(Asked(**{**words, **said}), where(place), by=by or UserFactory(), at=at)


def listed(place, *, at=AT, title="一位独居老人想要电饭煲", text="旧的坏了", **said):
    made = asked(place, at=at, **said)
    return wishes.publish(made, title=title, text=text, by=place.organizer, at=at)


def taken(wish, *, by=None, whom=None, quantity=1, at=AT):
    by = by or UserFactory()
    return taking.take_up(wish, whom or For(), quantity=quantity, by=by, at=at)


def delivered(wish, *, at=AT, **more):
    take = taken(wish, at=at, **more)
    goods = [Good("电饭煲", 1, 199_00)]
    return taking.deliver(take, note="已送到家", goods=goods, by=take.taker, at=at)


def confirmed(wish, *, at=AT, **more):
    return taking.confirm_receipt(delivered(wish, at=at, **more), by=wish.asker, at=at)


def unit_report(place, *, contact=None, at=AT):
    """A joint unit that has reported to the community."""
    contact = contact or UserFactory()
    unit = JointUnit.objects.create(
        town=place.town, community=place.community, code="91110000600037341L", name="某医院",
        branch="某医院党支部", contact=contact, at=at,
    )  # fmt: skip
    return DoubleReport.objects.create(
        town=place.town, community=place.community, unit=unit, offers="义诊", reported_at=at,
        state="accepted",
    )  # fmt: skip


def posted(place, *, by=None, kind="offer", at=AT, **said):
    words = {
        "field": "skill", "title": "会修电器", "minutes": 30, "settles": True,
        "until": NEEDED,
    }  # fmt: skip
    return helping.post_help(
        where(place), by=by or UserFactory(), at=at, kind=kind, **{**words, **said}
    )
