"""The bodies of a demo town: committee, offices, branches, utilities, communities and their Party
committees; with the territories that they answer for."""

import csv
import datetime
from pathlib import Path

import organizations
from grids import services as grids
from grids.models import Level, Territory
from organizations import services as organizations_services
from organizations.models import Body, BodyKind, User

_OFFICES = Path(organizations.__file__).parent / "reference" / "offices.csv"


class TownBodies:
    """Makes the bodies of one town; `by_slug` is what the template of the duty list asks for."""

    def __init__(
        self, town: Territory, *, since: datetime.date, by: User, at: datetime.datetime
    ) -> None:
        self.town, self.since, self.by, self.at = town, since, by, at
        self.kinds = {kind.code: kind for kind in BodyKind.objects.all()}
        self.by_slug: dict[str, Body] = {}
        self.communities: dict[int, Body] = {}  # by territory

    def make(self, parent: Body | None = None) -> None:
        """Everything of the town, below `parent` (the functional area's committee)."""
        with _OFFICES.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self._office(row, parent)
        for community in Territory.objects.filter(parent=self.town, level=Level.COMMUNITY):
            self._community(community)

    def _office(self, row: dict[str, str], parent: Body | None) -> None:
        above = self.by_slug.get(row["parent"]) if row["parent"] else parent
        is_party = row["kind"] == "town-party-committee"
        body = self._make(
            above,
            row["kind"],
            slug=row["code"],
            name=f"中共{self.town.name}委员会" if is_party else f"{self.town.name}{row['name']}",
            name_en=f"{self.town.name_en} {row['name_en']}",
            short_name=row["short_name"],
        )
        self.by_slug[row["code"]] = body
        self._cover(body, self.town)

    def _community(self, community: Territory) -> None:
        party = self._make(
            self.by_slug["party-committee"],
            "community-party",
            slug=f"{community.code}-party",
            name=f"中共{community.name}委员会",
            name_en=f"{community.name_en} Party Committee",
        )
        is_village = community.code[9] in "2345"
        committee = self._make(
            party,
            "villagers-committee" if is_village else "residents-committee",
            slug=f"{community.code}-committee",
            name=f"{community.name}{'村民' if is_village else '居民'}委员会",
            name_en=f"{community.name_en} {'Villagers' if is_village else 'Residents'}' Committee",
            short_name=community.name,
        )
        for body in (party, committee):
            self._cover(body, community)
        self.communities[community.pk] = committee

    def _make(self, parent: Body | None, kind: str, *, slug: str, **values: str) -> Body:
        return organizations_services.make_body(
            by=self.by,
            at=self.at,
            parent=parent,
            kind=self.kinds[kind],
            code=slug if slug.startswith(self.town.code) else f"{self.town.code}-{slug}",
            valid_from=self.since,
            phone="0769-12345",
            **values,
        )

    def _cover(self, body: Body, territory: Territory) -> None:
        grids.give_territory_to_body(
            body, territory=territory, since=self.since, by=self.by, at=self.at
        )
