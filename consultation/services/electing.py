"""Who is entitled in a vote: members of a session, or those who stand in a roll."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consultation.models import RECUSED, Entitlement, Session, Vote
from grids.models import Dwelling, Entitled, Roll
from lib.languages import listed

_BATCH = 1000
_LONGEST_LABEL = 120


@dataclass(slots=True)
class Right:
    """One vote to give: a row of `Entitlement` and the places of the roll that may use it."""

    key: str
    label: str
    household: str
    area: int = 0
    person: int | None = None
    places: list[int] = field(default_factory=list)


def write_rights(vote: Vote) -> int:
    """The rows of `vote`, which is still a draft; how many there are."""
    rights = list(_rights(vote))
    rows = Entitlement.objects.bulk_create(
        (
            Entitlement(
                vote=vote, key=right.key, label=right.label[:_LONGEST_LABEL],
                household=right.household, area=right.area, person_id=right.person,
            )
            for right in rights
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    links = Entitlement.voters.through
    links.objects.bulk_create(
        (
            links(entitlement_id=row.pk, entitled_id=place)
            for row, right in zip(rows, rights, strict=True)
            for place in right.places
        ),
        batch_size=_BATCH,
    )
    return len(rows)


def _rights(vote: Vote) -> Iterable[Right]:
    if vote.roll is None:
        return _of_session(vote.session) if vote.session else ()
    return {
        Vote.Unit.PERSON: _of_people,
        Vote.Unit.HOUSEHOLD: _of_households,
        Vote.Unit.OWNER: _of_owners,
    }[Vote.Unit(vote.unit)](vote.roll)


def _of_session(session: Session) -> Iterator[Right]:
    rows = session.invitations.counted().select_related("entitled__dwelling", "recusal")
    for row in rows.order_by("pk"):
        stands_back = hasattr(row, "recusal")
        if stands_back and session.recused_leave:
            continue
        home = row.entitled.dwelling if row.entitled else None
        yield Right(
            key=f"{RECUSED if stands_back else 'i'}{row.pk}",
            label=row.name,
            household=f"d{home.pk}" if home else f"i{row.pk}",
            area=home.area if home else 0,
            person=None if stands_back else row.person_id,
            places=[] if stands_back or row.entitled_id is None else [row.entitled_id],
        )


def _of_people(roll: Roll) -> Iterator[Right]:
    places = Entitled.objects.filter(dwelling__roll=roll).select_related("dwelling")
    for place in places.order_by("pk"):
        home = place.dwelling
        label = f"{home.number} {place.shown}"
        yield Right(f"e{place.pk}", label, f"d{home.pk}", home.area, places=[place.pk])


def _of_households(roll: Roll) -> Iterator[Right]:
    for home, places in _homes(roll):
        yield Right(f"d{home.pk}", home.number, f"d{home.pk}", home.area, places=_keys(places))


def _of_owners(roll: Roll) -> Iterator[Right]:
    """业主人数: who owns several dwellings is one head with all their area; co-owners are one head.

    最高人民法院 建筑物区分所有权司法解释 (2020) art. 9.
    """
    owners: dict[str, list[tuple[Dwelling, list[Entitled]]]] = defaultdict(list)
    for home, places in _homes(roll):
        owners[_owner_key(home, places)].append((home, places))
    for key, homes in owners.items():
        yield Right(
            key,
            listed(home.number for home, _places in homes),
            key,
            sum(home.area for home, _places in homes),
            places=[pk for _home, places in homes for pk in _keys(places)],
        )


def _owner_key(home: Dwelling, places: list[Entitled]) -> str:
    digests = sorted(place.digest for place in places)
    if not digests or not all(digests):
        return f"d{home.pk}"
    return "o" + hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _homes(roll: Roll) -> Iterator[tuple[Dwelling, list[Entitled]]]:
    for home in roll.dwellings.prefetch_related("entitled").order_by("pk"):
        yield home, list(home.entitled.all())


def _keys(places: Iterable[Entitled]) -> list[int]:
    return [place.pk for place in places]
