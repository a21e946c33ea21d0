"""Who covers what: giving territory to bodies and posts, and ending it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grids.models import AreaMembership, BodyTerritory, Level, PostTerritory, Territory
from grids.models.changes import COVERAGE
from grids.scopes import given_to_body
from grids.services.counting import note_change
from lib.errors import RuleViolation
from organizations.models import Body, Post, User
from organizations.services import changes


@transaction.atomic
def give_territory_to_body(
    body: Body, *, territory: Territory, since: datetime.date, by: User, at: datetime.datetime
) -> BodyTerritory:
    """Let a body answer for a territory and everything inside it."""
    changes.locked(body)
    if BodyTerritory.objects.filter(body=body, territory=territory).valid_on(since).exists():
        raise RuleViolation(
            _("%(who)s covers %(territory)s already.") % {"who": body, "territory": territory},
            code="covered",
        )
    row = BodyTerritory(body=body, territory=territory, valid_from=since)
    changes.create(row, by=by, at=at)
    note_change(COVERAGE)
    return row


@transaction.atomic
def give_territory_to_post(
    post: Post, *, territory: Territory, since: datetime.date, by: User, at: datetime.datetime
) -> PostTerritory:
    """Let a post cover a territory, which must lie within what its body answers for."""
    changes.locked(post)
    if PostTerritory.objects.filter(post=post, territory=territory).valid_on(since).exists():
        raise RuleViolation(
            _("%(who)s covers %(territory)s already.") % {"who": post, "territory": territory},
            code="covered",
        )
    if given_to_body(post.body_id, on=since).isdisjoint(line_of(territory, on=since)):
        raise RuleViolation(
            _("%(territory)s lies outside what %(body)s covers. First give it to the body.")
            % {"territory": territory, "body": post.body},
            code="outside_body",
        )
    row = PostTerritory(post=post, territory=territory, valid_from=since)
    changes.create(row, by=by, at=at)
    note_change(COVERAGE)
    return row


@transaction.atomic
def end_territory_of_body(
    row: BodyTerritory, *, on: datetime.date, by: User, at: datetime.datetime
) -> BodyTerritory:
    """Let a body answer for a territory until `on` (excluded)."""
    ended = changes.end(row, on=on, by=by, at=at)
    note_change(COVERAGE)
    return ended


@transaction.atomic
def end_territory_of_post(
    row: PostTerritory, *, on: datetime.date, by: User, at: datetime.datetime
) -> PostTerritory:
    """Let a post cover a territory until `on` (excluded)."""
    ended = changes.end(row, on=on, by=by, at=at)
    note_change(COVERAGE)
    return ended


def line_of(territory: Territory, *, on: datetime.date) -> set[int]:
    """Keys of a territory and of all that it lies in, functional areas included."""
    line: set[int] = set()
    kin: Territory | None = territory
    while kin is not None:
        line.add(kin.pk)
        if kin.level == Level.TOWN:
            memberships = AreaMembership.objects.filter(town=kin).valid_on(on)
            line.update(memberships.values_list("area_id", flat=True))
        kin = kin.parent
    return line
