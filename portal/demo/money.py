"""Budget lines of a demo town, of realistic size, for what its bodies pay for."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from funding import services as funding
from funding.models import Purpose, Source, SourcePurpose
from grids.models import Territory
from organizations.models import Body, User
from portal.demo.bodies import TownBodies
from portal.demo.duties import Needs

_WAN = 1_000_000  # 1万元, in fen
_PUBLIC, _SELF_GOVERNED = "public", "autonomy"
_LEAST = 30 * _WAN
# 社区自治金 of about 200,000 yuan for a community and year is what several cities give.
_COMMUNITY = 20 * _WAN


class TownMoney:
    """Gives every paying body a line of public money for `cases` cases, every community its own;
    from the year in which the demo begins until the end of this one (`until`: the day after)."""

    def __init__(
        self, bodies: TownBodies, needs: Needs, *, until: datetime.date, by: User, cases: int
    ) -> None:
        self.bodies, self.needs, self.by, self.cases = bodies, needs, by, cases
        self.until = until
        self.sources = {source.code: source for source in Source.objects.all()}
        self.purposes = {purpose.pk: purpose for purpose in Purpose.objects.all()}
        self._allowed: dict[int, set[int]] = defaultdict(set)
        for source, purpose in SourcePurpose.objects.values_list("source_id", "purpose_id"):
            self._allowed[source].add(purpose)

    def make(self) -> None:
        for body in Body.objects.filter(pk__in=self.needs.purposes).order_by("pk"):
            self._public(body)
        for territory, body in sorted(self.bodies.communities.items()):
            self._own(body, Territory.objects.get(pk=territory))

    def _public(self, body: Body) -> None:
        source = self.sources[_PUBLIC]
        purposes = self.needs.purposes[body.pk] & self._allowed[source.pk]
        if not purposes:
            return
        amount = max(_LEAST, round(self.needs.cost[body.pk] * self.cases))
        self._line(
            source,
            body,
            purposes,
            amount=-(-amount // _WAN) * _WAN,
            names=("年度专项经费", "annual operating budget"),
        )

    def _own(self, body: Body, community: Territory) -> None:
        source = self.sources[_SELF_GOVERNED]
        self._line(
            source,
            body,
            self._allowed[source.pk],
            amount=_COMMUNITY,
            names=("年社区自治金", "community fund"),
            territory=community,
        )

    def _line(
        self,
        source: Source,
        body: Body,
        purposes: Collection[int],
        *,
        amount: int,
        names: tuple[str, str],
        territory: Territory | None = None,
    ) -> None:
        since, last = self.bodies.since, self.until.year - 1
        year = str(last) if since.year == last else f"{since.year}–{last}"
        line = funding.make_line(
            code=f"{body.code}-{source.code}",
            name=f"{body.name}{year}{names[0]}",
            name_en=f"{body.name_en}, {names[1]} {year}",
            source=source,
            body=body,
            territory=territory,
            valid_from=since,
            valid_to=self.until,
            purposes=[self.purposes[key] for key in sorted(purposes)],
            by=self.by,
            at=self.bodies.at,
        )
        funding.receive(line, amount=amount, key=f"demo:{line.code}", by=self.by, at=self.bodies.at)
