"""Teams of grids: joining, leaving, and what residents may read of a member."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grids.models import Level, PostTerritory, PublicCard, TeamMember, Territory
from grids.models.teams import WALKING, TeamRole
from grids.scopes import bodies_answering
from grids.services.checking import ask_check
from grids.services.coverage import end_territory_of_post, give_territory_to_post, line_of
from lib.errors import NotYours, RuleViolation
from lib.roles import ADMINISTRATORS
from organizations.models import Post, User
from organizations.models.people import PostQuerySet
from organizations.services import changes


@transaction.atomic
def join_team(
    territory: Territory,
    *,
    role: str,
    since: datetime.date,
    by: User,
    at: datetime.datetime,
    post: Post | None = None,
    **values: Any,
) -> TeamMember:
    """Somebody takes a part in a grid's team, or in the teams of all grids of a community.

    `values`: name, house, phone, shows_name for people of other houses. Who walks the grid is given
    it as territory too, so that work for the place finds them.
    """
    changes.locked(territory)
    if territory.level not in {Level.GRID, Level.COMMUNITY}:
        raise RuleViolation(_("A team belongs to a grid or to a community."), code="no_team")
    same = TeamMember.objects.filter(territory=territory, role=role).going_on_after(since)
    _refuse_second(same, role, post, values.get("name", ""))
    member = TeamMember(territory=territory, role=role, post=post, valid_from=since, **values)
    changes.create(member, by=by, at=at)
    if post is not None and role in WALKING:
        if not _covers(post, territory, since):
            give_territory_to_post(post, territory=territory, since=since, by=by, at=at)
        ask_check(by=by, at=at)
    return member


def _refuse_second(same: Any, role: str, post: Post | None, name: str) -> None:
    if role == TeamRole.HEAD and same.exists():
        raise RuleViolation(_("This grid has a head: first end that one."), code="has_head")
    if same.filter(post=post, name=name).exists():
        raise RuleViolation(_("This person has that part already."), code="has_part")


def _covers(post: Post, territory: Territory, day: datetime.date) -> bool:
    rows = PostTerritory.objects.filter(post=post, territory=territory)
    return rows.going_on_after(day).exists()


def posts_for(territory: Territory, *, on: datetime.date) -> PostQuerySet:
    """Posts of the bodies that answer for a place: who may take a part in its team."""
    bodies = bodies_answering(line_of(territory, on=on), on=on)
    posts = Post.objects.valid_on(on).filter(body__in=bodies, person__is_active=True)
    by_name = posts.exclude(role__in=ADMINISTRATORS).order_by("person__full_name", "pk")
    return by_name.with_names()


@transaction.atomic
def leave_team(
    member: TeamMember, *, on: datetime.date, by: User, at: datetime.datetime
) -> TeamMember:
    """The part ends on that day; so does the post's territory, unless another part walks there."""
    ended = changes.end(member, on=on, by=by, at=at)
    others = TeamMember.objects.filter(
        territory=member.territory, post=member.post, role__in=WALKING
    ).going_on_after(on)
    if member.post is not None and member.role in WALKING and not others.exists():
        given = PostTerritory.objects.filter(post=member.post, territory=member.territory)
        for row in given.going_on_after(on).filter(valid_from__lt=on):
            end_territory_of_post(row, on=on, by=by, at=at)
        ask_check(by=by, at=at)
    return ended


def change_member(
    member: TeamMember,
    *,
    house: str,
    phone: str,
    shows_name: bool,
    by: User,
    at: datetime.datetime,
) -> TeamMember:
    """What stands of somebody of another house; the consent to be named is given or taken back."""
    if member.post_id is not None:
        raise RuleViolation(
            _("Who signs in here decides this on the page of their duty."), code="own"
        )
    values = {"house": house.strip(), "phone": phone.strip(), "shows_name": shows_name}
    return changes.revise(member, values, by=by, at=at)


@transaction.atomic
def set_public_card(
    post: Post, *, shows_name: bool, phone: str, by: User, at: datetime.datetime
) -> PublicCard:
    """What residents may read: only the holder of the post decides, and may take it back."""
    if post.person_id != by.pk:
        raise NotYours(_("Only the person decides what residents read of them."))
    row = changes.locked(post)
    card = PublicCard.objects.filter(post=row).first()
    before = _spelled(card)
    card, _made = PublicCard.objects.update_or_create(
        post=row, defaults={"shows_name": shows_name, "phone": phone.strip(), "changed_at": at}
    )
    changes.record_values(row, before=before, after=_spelled(card), by=by, at=at, action="consent")
    return card


def _spelled(card: PublicCard | None) -> dict[str, Any]:
    return {"shows_name": card.shows_name, "has_phone": bool(card.phone)} if card else {}
