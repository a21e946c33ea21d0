"""How far a person may rule who is responsible: by the posts in committees, and as system admin."""

import datetime
from collections.abc import Iterable

from grids.locate import Place
from grids.models import BodyTerritory, Territory
from grids.scopes import Scope, scopes_of
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from organizations.models import Body, User

READERS = (
    ADMINISTRATORS
    | COMMITTEE
    | {
        Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.SUPERVISOR,
        Role.ASSESSOR,
    }
)  # fmt: skip
# Who drafts a change of the duty list; another member of the committee reviews it.
DRAFTERS = COMMITTEE | {Role.SYSTEM_ADMIN, Role.DISPATCHER}
REVIEWERS = COMMITTEE


def committees(user: User, day: datetime.date) -> list[Scope]:
    return [scope for scope in scopes_of(user, on=day) if scope.role in COMMITTEE]


def covers(scopes: list[Scope], place: Place) -> bool:
    return any(
        scope.covers(town=place.town_id, community=place.community_id, grid=place.grid_id)
        for scope in scopes
    )


def reviews(user: User, territories: Iterable[Territory], day: datetime.date) -> bool:
    """Whether the person's committees reach all of these territories."""
    scopes = committees(user, day)
    return bool(scopes) and all(covers(scopes, Place.of(one)) for one in territories)


def reaches(user: User, body: Body, day: datetime.date) -> bool:
    """Whether the person's committees stand over a body, or reach all that it covers."""
    scopes = committees(user, day)
    if any(body.pk in scope.body_ids for scope in scopes):
        return True
    rows = BodyTerritory.objects.filter(body=body).valid_on(day).select_related("territory")
    places = [Place.of(row.territory) for row in rows]
    return bool(places) and all(covers(scopes, place) for place in places)


def rules_list(user: User, body: Body | None, day: datetime.date) -> bool:
    """Whether the person's committees rule the lists of a community (None: of every community)."""
    if body is None:
        return any(scope.everywhere for scope in committees(user, day))
    return reaches(user, body, day)


def heads(user: User, body: Body, day: datetime.date) -> bool:
    """Whether the person is head of a body, or of one above it."""
    return any(
        scope.role == Role.DEPARTMENT_HEAD and body.pk in scope.body_ids
        for scope in scopes_of(user, on=day)
    )


# Who speaks for a community: its own workers, and who leads it.
SPEAKERS = frozenset({Role.COMMUNITY_WORKER, Role.DEPARTMENT_HEAD, Role.PARTY_SECRETARY})


def speaks_for(user: User, body: Body, day: datetime.date) -> bool:
    return any(
        scope.role in SPEAKERS and body.pk == scope.body_id for scope in scopes_of(user, on=day)
    )
