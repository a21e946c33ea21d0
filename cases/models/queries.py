"""Reads of cases: who may see which, what lies on whose desk, what everybody may see."""

import datetime
import hmac
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from cases.workflow import CLOCK_RUNS, ENDED, WITH_DEPARTMENT, Desk, State
from grids.scopes import Scope, scopes_of, within
from lib.moments import midnight
from lib.pairs import phrases
from lib.roles import COMMITTEE, FINANCE, Role
from organizations.models import Post, User
from routing.models.catalogue import Publicity

if TYPE_CHECKING:
    from cases.models.cases import Case

# They see every case of their territory; everybody else sees what their body or they themselves do.
OVERSEES_TERRITORY = COMMITTEE | {
    Role.ACCEPTOR,
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
    Role.VERIFIER,
    Role.GRID_WORKER,
    Role.COMMUNITY_WORKER,
    Role.SUPERVISOR,
    Role.ASSESSOR,
}
# A case without a place lies in no territory: those who find out its place must see it.
FINDS_PLACES = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER})
WORKS_FOR_BODY = FINANCE | {Role.HANDLER, Role.DEPARTMENT_HEAD}
HANDLES = frozenset({Role.HANDLER, Role.GRID_WORKER, Role.COMMUNITY_WORKER})
UNPUBLISHED = frozenset(
    {
        State.SUBMITTED,
        State.VERIFYING,
        State.REJECTED,
        State.CANCELLED,
        State.VOID,
        State.MERGED,
    }
)
FEW_BODIES = 6
# So many of the first rows are looked at one by one before the index of words is asked.
NEAR = 1000
DUPLICATE_WITHIN = datetime.timedelta(hours=24)
DUPLICATE_METRES, METRES_OF_A_DEGREE = 50, 111_320
ROLES_OF_DESK: dict[Desk, frozenset[Role]] = {
    Desk.ACCEPTANCE: frozenset({Role.ACCEPTOR}),
    Desk.SITE: frozenset({Role.GRID_WORKER}),
    Desk.DISPATCH: frozenset({Role.DISPATCHER}),
    Desk.DUTY: frozenset({Role.DUTY_OFFICER}),
    Desk.HEAD: frozenset({Role.DEPARTMENT_HEAD}),
    Desk.FINANCE: COMMITTEE | FINANCE,
    Desk.COMMITTEE: COMMITTEE,
    Desk.HANDLER: HANDLES,
    Desk.VERIFIER: frozenset({Role.VERIFIER}),
}
MOST_PARTS = 8
# A case number begins with its day, which tells it from a telephone or an identity number.
WRITTEN_NUMBER = re.compile(r"20\d\d[01]\d[0-3]\d+")
# On these desks the body counts (whose head, whose money); on the others the territory.
DESKS_OF_BODY = frozenset({Role.DEPARTMENT_HEAD, *FINANCE})


def _in_territory(scope: Scope) -> Q:
    here = within(scope)
    if scope.everywhere or scope.role not in FINDS_PLACES:
        return here
    return here | Q(town=None)


def _seen_through(scope: Scope) -> list[Q]:
    """What a post sees, in parts of which each is one walk along one index, newest first."""
    if scope.role in OVERSEES_TERRITORY:
        nowhere = [Q(town=None)] if scope.role in FINDS_PLACES else []
        return [
            *_each("town", scope.towns),
            *_each("community", scope.communities),
            *_each("grid", scope.grids),
            *nowhere,
        ]
    if scope.role in WORKS_FOR_BODY:
        return [*_each("lead_body", scope.body_ids), *_each("desk_body", scope.body_ids)]
    return []


def _each(column: str, keys: frozenset[int]) -> list[Q]:
    """One part per key, as long as they are few: an index gives no order across several keys."""
    if len(keys) > MOST_PARTS:
        return [Q(**{f"{column}__in": sorted(keys)})]
    return [Q(**{column: key}) for key in sorted(keys)]


def _desks_of(scope: Scope, user: User) -> Q | None:
    """What lies on the desks that a post serves."""
    desks = [desk for desk, roles in ROLES_OF_DESK.items() if scope.role in roles]
    if not desks:
        return None
    if Desk.HANDLER in desks:
        mine = Q(desk=Desk.HANDLER, lead_post=scope.post_id)
        return mine | Q(desk=Desk.SITE) & within(scope) if Desk.SITE in desks else mine
    if scope.role in DESKS_OF_BODY:
        return Q(desk__in=desks, desk_body__in=scope.body_ids)
    here = Q(desk__in=desks) & _in_territory(scope)
    if scope.role == Role.VERIFIER:
        # What the verifier handled is for another to check.
        here &= Q(handled_by=None) | ~Q(handled_by=user)
    return here


def _bodies_worked_for(scopes: tuple[Scope, ...]) -> frozenset[int]:
    return frozenset(
        body for scope in scopes for body in scope.body_ids if scope.role in WORKS_FOR_BODY
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched (`rows`, not narrowed by the words yet), and the words of a row (`here`)."""

    rows: "CaseQuerySet"
    here: Exists


class CaseQuerySet(models.QuerySet["Case"]):
    _parts: tuple[Q, ...] = ()
    _search: "_Search | None" = None

    def for_list(self) -> Self:
        return self.select_related("category", "town", "community", "grid", "lead_body")

    def for_page(self) -> Self:
        """With all that the page of one case names."""
        return self.select_related(
            "category",
            "standard",
            "town",
            "community",
            "grid",
            "lead_body",
            "lead_post__person",
            "desk_body",
            "logged_by",
            "handled_by",
            "checked_by",
        )

    def possible_duplicates(
        self,
        *,
        category: int,
        point: tuple[float, float] | None,
        grid: int | None,
        at: datetime.datetime,
        metres: int = DUPLICATE_METRES,
        within: datetime.timedelta = DUPLICATE_WITHIN,
    ) -> Self:
        """Open matters of the small class near the place (without a point: in the grid) and `at`.

        `point` is (lon, lat). The metres are a box, a little generous at its corners: a hint.
        """
        recent = self.around(at, within).filter(category=category)
        if point is None:
            return recent.filter(grid=grid) if grid else recent.none()
        lon, lat = point
        high = metres / METRES_OF_A_DEGREE
        wide = high / max(0.01, math.cos(math.radians(lat)))
        return recent.filter(
            lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high)
        )

    def around(self, at: datetime.datetime, within: datetime.timedelta) -> Self:
        """Open matters that came in shortly before or after."""
        return self.open().filter(created_at__gt=at - within, created_at__lt=at + within)

    def mergeable(self) -> Self:
        """Nobody works on them yet, and they are no parts."""
        return self.filter(state__in=[State.SUBMITTED, State.FILED, State.RETURNED], parent=None)

    def searched(self, query: str, *, whole: bool) -> Self:
        """Cases whose words hold every part of the query (see `lib.pairs`); a number finds itself.

        `whole`: personal details are searched too, for who may see them of every case found.
        """
        if WRITTEN_NUMBER.fullmatch(query.strip()):
            return self.filter(number__startswith=query.strip())
        parts = phrases(query)
        if not parts:
            return self.all()
        words = apps.get_model("cases.CaseSearch")._default_manager
        found = self.filter(pk__in=words.holding(query, whole=whole).values("pk"))
        # A planner takes the pairs of a phrase for independent, so every phrase for rare. On SQLite
        # a look into the full-text table costs the same for one row and for all.
        if connection.vendor == "postgresql" and any(len(pairs) > 1 for pairs, _opened in parts):
            here = words.holding(query, whole=whole, row_by_row=True).filter(pk=OuterRef("pk"))
            found._search = _Search(self, Exists(here))  # noqa: SLF001 -- of its own class
        return found

    def with_limit(self) -> Self:
        """Those that have a handling limit: only they can be put in the order of time left."""
        return self.filter(handle_due_at__isnull=False).exclude(desk=Desk.NOBODY)

    def published_with(self, query: str) -> Self:
        """Cases whose wording for everybody holds every part of the query."""
        if not phrases(query):
            return self.all()
        words = apps.get_model("cases.CaseSearch")._default_manager.published_with(query)
        return self.filter(pk__in=words.values("pk"))

    def ended_in_month(self, first: datetime.date) -> Self:
        """Ended in the month of the city's clock that begins with this day."""
        following = (first + datetime.timedelta(days=31)).replace(day=1)
        return self.filter(ended_at__gte=midnight(first), ended_at__lt=midnight(following))

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Role × body subtree × territory subtree of each post that the user holds on the day.

        Everybody sees what they logged themselves; a stranger sees nothing.
        """
        if not isinstance(user, User):
            return self.none()
        scopes = scopes_of(user, on=on)
        if any(scope.everywhere and scope.role in OVERSEES_TERRITORY for scope in scopes):
            return self.all()
        seen = [part for scope in scopes for part in _seen_through(scope)]
        parts = [*dict.fromkeys(seen), Q(logged_by=user)]
        assisting = _bodies_worked_for(scopes)
        assisted = self._assistants_of(assisting)
        # Asked for first: a subquery keeps a planner from joining the indexes of the other parts.
        if not assisting or not assisted.exists():
            visible = self.filter(reduce(or_, parts))
        else:
            # One look into an index per row: an IN would gather all that they ever assisted.
            one = Subquery(assisted.filter(case=OuterRef("pk")).values("case")[:1])
            visible = self.filter(reduce(or_, [*parts, Q(pk=one)]))
            parts += self._assisted_by(assisting)
        visible._parts = tuple(parts)  # noqa: SLF001 -- of its own class
        return visible

    def _assistants_of(self, bodies: frozenset[int]) -> models.QuerySet:
        return apps.get_model("cases.Assistant")._default_manager.filter(body__in=bodies)

    def _assisted_by(self, bodies: frozenset[int]) -> list[Q]:
        """A part for each body: one index in its order. For many bodies only one part."""
        if len(bodies) > FEW_BODIES:
            return [Q(pk__in=self._assistants_of(bodies).values("case"))]
        return [Q(assistants__body=body) for body in sorted(bodies)]

    def branches(self) -> list[Self]:
        """Querysets that together are this one: each is read in order along one index.

        Over all parts at once a planner walks the newest cases until enough are visible, which for
        somebody who sees few is all of them.
        """
        return [self.filter(part) for part in self._parts]

    def first_rows(self, count: int) -> list["Case"]:
        """The first rows in the present order, for `lib.keyset`: as many short walks along indexes
        as there are branches, and one query for the rows.
        """
        branches = self.branches()
        if self._search is None and len(branches) < 2:
            return list(self[:count])
        keys = {key for branch in branches or [self] for key in branch._first_keys(count)}  # noqa: SLF001 -- of its own class
        rows = self._search.rows if self._search else self
        return list(rows.order_by(*self.query.order_by).filter(pk__in=keys)[:count])

    def _first_keys(self, count: int) -> list[int]:
        """A phrase that is frequent stands among the first rows, looked at one by one; one that is
        rare has a short list in the index.
        """
        if self._search is not None:
            walk = self._search.rows.order_by(*self.query.order_by)
            near = self.model._default_manager.filter(pk__in=walk.values("pk")[:NEAR])
            near = near.filter(self._search.here).order_by(*self.query.order_by)
            keys = list(near.values_list("pk", flat=True)[:count])
            if len(keys) == count or not walk.values("pk")[NEAR : NEAR + 1]:
                return keys
        return list(self.values_list("pk", flat=True)[:count])

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """What is searched is narrowed together with what was found in it."""
        narrowed = super().filter(*args, **kwargs)
        if self._search is not None:
            narrowed._search = _Search(self._search.rows.filter(*args, **kwargs), self._search.here)  # noqa: SLF001 -- of its own class
        return narrowed

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # not in the stubs
        clone._parts, clone._search = self._parts, self._search
        return clone

    def __or__(self, other: models.QuerySet["Case"]) -> Self:
        both: Self = super().__or__(other)  # type: ignore[operator]  # not in the stubs
        both._parts, both._search = (), None
        return both

    def on_desk(self, user: User, *, on: datetime.date) -> Self:
        """What waits for this person: open cases on the desks that their posts serve."""
        waiting = Q(pk__in=[])
        for scope in scopes_of(user, on=on):
            waiting |= _desks_of(scope, user) or Q(pk__in=[])
        return self.filter(waiting)

    def on_posts(self, posts: Iterable[Post]) -> Self:
        """Open cases whose lead task lies on one of these posts, by time left."""
        led = self.filter(lead_post__in=posts, state__in=WITH_DEPARTMENT).exclude(desk=Desk.NOBODY)
        return led.order_by("handle_due_at", "id")

    def of_body(self, body_id: int) -> Self:
        """Open cases that a body leads, by time left."""
        led = self.filter(lead_body=body_id, state__in=WITH_DEPARTMENT).exclude(desk=Desk.NOBODY)
        return led.order_by("handle_due_at", "id")

    def open(self) -> Self:
        return self.exclude(desk=Desk.NOBODY)

    def overdue(self, at: datetime.datetime) -> Self:
        """Open cases whose handling limit has passed while the clock was running."""
        return self.filter(state__in=CLOCK_RUNS, handle_due_at__lt=at)

    def published(self) -> Self:
        """What everybody may see: filed matters that are not closed to the public.

        The category is asked too: a report is often sorted, or sorted anew, after it was logged.
        """
        return (
            self.exclude(state__in=UNPUBLISHED)
            .exclude(publicity=Publicity.CLOSED)
            .exclude(category__publicity=Publicity.CLOSED)
            .exclude(category__is_emergency=True)
        )

    def to_route(self, at: datetime.datetime) -> Self:
        return self.filter(route_at__lte=at).order_by("route_at", "id")

    def to_count(self) -> Self:
        """Cases whose history has grown since it was counted, in the order of their keys."""
        return self.filter(counted_version__lt=F("version")).order_by("id")

    def ended(self) -> Self:
        return self.filter(state__in=ENDED)

    def with_code(self, number: str, code: str) -> "Case | None":
        """The case that a receipt names, or None; the code is compared in constant time."""
        case = self.filter(number=number.strip()).first()
        typed = code.strip().upper().replace(" ", "").replace("-", "")
        known = case.query_code if case else "?" * 8
        return case if hmac.compare_digest(known.encode(), typed.encode()) and case else None
