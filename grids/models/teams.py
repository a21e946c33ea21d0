"""Many people for one grid (一格多员): who is what in its team, and what residents may read."""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from lib.masking import mask_mobile, mask_name
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class TeamRole(models.TextChoices):
    HEAD = "head", _("Grid head")
    FULL_TIME = "full_time", _("Full-time grid worker")
    PART_TIME = "part_time", _("Part-time grid worker")
    PARTY_SECRETARY = "party", _("Secretary of the grid's Party group")
    POLICE = "police", _("Grid police officer")
    LEGAL = "legal", _("Legal adviser")
    INSTRUCTOR = "instructor", _("Grid instructor of the town")
    MEDICAL = "medical", _("Family doctor")
    FIRE = "fire", _("Fire safety")
    PROPERTY = "property", _("Property management")
    SOCIAL = "social", _("Social worker")
    VOLUNTEER = "volunteer", _("Volunteer")


# Those who walk the grid: who has such a role is given the grid, so work finds its way.
WALKING = frozenset({TeamRole.HEAD, TeamRole.FULL_TIME, TeamRole.PART_TIME})
ORDER = {role: place for place, role in enumerate(TeamRole)}


class TeamMemberQuerySet(DatedQuerySet):
    def of(self, territories: Collection[int], *, on: datetime.date) -> Self:
        """The team of these territories on a day, with names, in one query."""
        return (
            self.filter(territory__in=territories)
            .valid_on(on)
            .select_related("post__person", "post__body", "post__public_card", "territory")
        )


class TeamMember(Dated):
    """Somebody's part in the team of a grid, or of all grids of a community.

    Either a post, or somebody of another house by `name` and official telephone.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="team", verbose_name=_("grid")
    )
    role = models.CharField(_("part in the team"), max_length=12, choices=TeamRole)
    post = models.ForeignKey(
        "organizations.Post", models.PROTECT, null=True, blank=True, related_name="teams",
        verbose_name=_("post"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=60, blank=True)
    house = models.CharField(_("works for"), max_length=80, blank=True)
    phone = models.CharField(_("official telephone"), max_length=30, blank=True)
    shows_name = models.BooleanField(_("agrees that residents read the name"), default=False)

    recorded_as: ClassVar[Mapping[str, Callable[[str], str]]] = {
        "name": mask_name, "phone": mask_mobile,
    }  # fmt: skip

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a grid's team")
        verbose_name_plural = _("members of grids' teams")
        constraints = [
            ends_after_it_begins("team_member_ends_after_beginning"),
            models.CheckConstraint(
                condition=(Q(post__isnull=False) & Q(name="")) | (Q(post=None) & ~Q(name="")),
                name="team_member_is_post_or_name",
                violation_error_message=_("Choose a post, or name somebody of another house."),
            ),
            models.UniqueConstraint(
                fields=["territory"],
                condition=Q(role=TeamRole.HEAD, valid_to=None),
                name="one_head_of_a_grid_now",
                violation_error_message=_("This grid has a head: first end that one."),
            ),
            models.UniqueConstraint(
                fields=["territory", "role", "post", "valid_from"],
                condition=Q(post__isnull=False),
                name="in_a_team_once",
            ),
        ]

    @property
    def shown_name(self) -> str:
        """The name inside the house."""
        return self.name or str(self.post.person if self.post else "")

    @property
    def public_name(self) -> str:
        """The name as residents may read it: whole only with the person's consent."""
        if self.post is not None:
            return public_name_of(self.post)
        return self.name if self.shows_name else mask_name(self.name)

    @property
    def public_phone(self) -> str:
        card = getattr(self.post, "public_card", None) if self.post else None
        return self.phone or (card.phone if card else "")


class PublicCard(models.Model):
    """What the holder of a post lets residents read; without a card the family name alone."""

    post = models.OneToOneField(
        "organizations.Post", models.CASCADE, primary_key=True, related_name="public_card"
    )
    shows_name = models.BooleanField(_("residents may read my name"), default=False)
    phone = models.CharField(_("official telephone for residents"), max_length=30, blank=True)
    changed_at = models.DateTimeField()


def public_name_of(post: models.Model) -> str:
    """As `TeamMember.public_name`; read the post with `person` and `public_card`."""
    card = getattr(post, "public_card", None)
    name = str(post.person)  # type: ignore[attr-defined] # a post has a person
    return name if card is not None and card.shows_name else mask_name(post.person.full_name)  # type: ignore[attr-defined] # the same
