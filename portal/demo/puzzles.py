"""Matters that the router cannot decide, one of each kind: what the desks of people are for.

Made through the same services as everything that happens in the real town; the shortages behind
them are real, too: a line that has given its money away, a bureau without people, a double duty.
"""

import datetime

from cases.models import Channel
from cases.services import log
from funding import services as funding
from funding.models import Line
from grids.synthesis import HUANGJIANG
from lib.roles import Role
from organizations import services as organizations
from organizations.models import Body, Post, User
from portal.demo.invention import Inventor
from portal.demo.world import Spot, World
from routing.models import Category, DutyEntry
from routing.services import make_rule

_POOR, _SHORT_HANDED, _RICH = "ecology", "natural-resources", "finance"
_LEFT = 50_000  # fen


def pose(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Bring about the shortages, then log the matters; the router runs into them afterwards."""
    by = User.objects.system()
    _give_money_away(by, at)
    _send_people_away(by, at)
    _name_two(by, at)
    clerk = User.objects.get(username="clerk")
    world = World(on=at.date())
    for code in _MATTERS:
        _log(code, world.spot(inventor.random), inventor, clerk, at)
    for title, text in _UNCLEAR.items():
        log(by=clerk, at=at, channel=Channel.HOTLINE, title=title, text=text)


_UNCLEAR = {
    "地址没有听清的来电": "早上有人打来电话，地址没有听清就断线了，请回拨核实。",
    "没有说清是什么坏了": "路边那个东西又坏了，请来修。",
}
# By the code of the small class: too dear for what is left, nobody with room, two bodies, danger.
_MATTERS = ("river-pollution", "dangerous-slope", "stray-dog", "gas-leak", "stray-dog")


def _log(code: str, spot: Spot, inventor: Inventor, clerk: User, at: datetime.datetime) -> None:
    category = Category.objects.filter(code=code).first()
    if category is None:
        return
    matter = inventor.matter(category.name, category.name, spot.community_name)
    log(
        by=clerk,
        at=at,
        channel=Channel.WINDOW,
        title=matter.title,
        text=matter.text,
        address=matter.address,
        category=category,
        lon=spot.lon,
        lat=spot.lat,
        reporter_name=inventor.name()[0],
        reporter_phone=inventor.phone(),
    )


def _give_money_away(by: User, at: datetime.datetime) -> None:
    """The line of one bureau keeps almost nothing: what costs more goes to finance."""
    line = Line.objects.filter(body__code=f"{HUANGJIANG}-{_POOR}").first()
    other = Line.objects.exclude(body__code=f"{HUANGJIANG}-{_POOR}").order_by("pk").first()
    if line and other and line.available > _LEFT:
        funding.transfer(
            line, other, amount=line.available - _LEFT, key="demo:transfer", by=by, at=at
        )


def _send_people_away(by: User, at: datetime.datetime) -> None:
    """One bureau has room for nothing heavy: such matters lie on its head's desk."""
    posts = Post.objects.filter(body__code=f"{HUANGJIANG}-{_SHORT_HANDED}", role=Role.HANDLER)
    for post in posts:
        organizations.change_post(post, capacity=1, by=by, at=at)


def _name_two(by: User, at: datetime.datetime) -> None:
    """Two entries of the duty list for the same matter: the committee must say which holds."""
    entry = DutyEntry.objects.filter(category__code="stray-dog", territory__code=HUANGJIANG).first()
    other = Body.objects.filter(code=f"{HUANGJIANG}-police").first()
    if entry and other:
        second = DutyEntry(
            category=entry.category,
            territory=entry.territory,
            lead=other,
            valid_from=entry.valid_from,
            legal_basis="东莞市养犬管理条例",
        )
        make_rule(second, by=by, at=at)
