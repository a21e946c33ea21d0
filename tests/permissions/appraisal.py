"""An appraisal with an open appeal, a published one with a proposed reward, of the home town."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from oversight.services import appraising, reviewing, rewarding
from oversight.services.rewarding import Proposal
from tests.factories import appraisals as made
from tests.factories.appraisals import GOOD

MOVES = {
    "appraisal_move": (
        "appraisal", ("sign_first", "sign_second", "return", "publicise", "publish", "cancel"),
    ),
    "appeal_move": ("appeal", ("grant", "refuse", "withdraw")),
    "reward_move": ("reward", ("approve", "refuse")),
}  # fmt: skip
ABOUT = {
    "appraisal": ("appraisal", "progress", "what_if"),
    "appraised": ("appraised", "confer"),
    "paid": ("propose",),
    "appeal": ("appeal",),
    "published": ("public_appraisal",),
}


def make_appraisals(town):
    """Things by name. Last month is appraised, by people of a Party body of their own."""
    at = timezone.now()
    place = SimpleNamespace(town=town, **made.those_who_appraise(town.place))
    day = timezone.localdate(at).replace(day=1) - datetime.timedelta(days=1)
    numbers = {town.office: GOOD}
    rows = []
    for _each in range(2):
        row = made.opened(place, made.scheme(), day=day, at=at)
        made.collect(row, numbers, at=at)
        reviewing.sign(row, 1, by=place.supervisor, at=at)
        reviewing.sign(row, 2, by=place.member, at=at)
        rows.append(appraising.publicise(made.fresh(row), by=place.assessor, at=at))
    asked = made.appealed(rows[0], town.office, by=town.head, at=at)
    later = at + datetime.timedelta(days=30)
    done = appraising.publish(rows[1], by=place.assessor, at=later)
    paid = made.of(done, town.office)
    reward = rewarding.propose(paid, Proposal("praise", "x"), by=place.assessor, at=later)
    return {
        "appraisal": rows[0], "appraised": made.of(rows[0], town.office), "appeal": asked,
        "published": done, "paid": paid, "reward": reward, "scheme": done.scheme,
        "subjects": {"town": town.place.pk, "community": town.community.pk, "body": town.office.pk},
    }  # fmt: skip


def catalogue_rows(things):
    return {
        "schemes": things["scheme"],
        "scheme-rules": things["scheme"].rules.first(),
    }


def examples_at(name, things):
    """(label, values) for an address of appraisals; none where it is about others."""
    space, _colon, last = name.rpartition(":")
    if space != "oversight":
        return []
    if last == "appeal_new":
        pk = things["appraised"].pk
        return [(kind, {"pk": pk, "kind": kind}) for kind in ("appeal", "forgiveness")]
    if last in {"board", "report"}:
        kind = {"kind": "xlsx"} if last == "report" else {}
        return [(of, {"of": of, "key": pk, **kind}) for of, pk in things["subjects"].items()]
    if last in MOVES:
        thing, names = MOVES[last]
        return [(move, {"pk": things[thing].pk, "name": move}) for move in names]
    return [("", {"pk": things[thing].pk}) for thing, names in ABOUT.items() if last in names]
