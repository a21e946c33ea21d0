"""Who covers what: a body works for territories, a post for a part of them."""

import datetime
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class BodyTerritoryQuerySet(DatedQuerySet):
    def of_bodies(self, bodies: Iterable[int], *, on: datetime.date) -> Self:
        return self.filter(body__in=bodies).valid_on(on)


class PostTerritoryQuerySet(DatedQuerySet):
    def of_posts(self, posts: Iterable[int], *, on: datetime.date) -> Self:
        return self.filter(post__in=posts).valid_on(on)


class BodyTerritory(Dated):
    """A body answers for a territory and everything inside it.

    A body without a row of its own answers for what the next body above it answers for.
    """

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="territories", verbose_name=_("body")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="bodies", verbose_name=_("territory")
    )

    objects = BodyTerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory of a body")
        verbose_name_plural = _("territories of bodies")
        constraints = [
            ends_after_it_begins("body_territory_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["body", "territory", "valid_from"], name="body_covers_territory_once"
            ),
        ]


class PostTerritory(Dated):
    """A post covers a territory; a post without any row covers what its body covers."""

    post = models.ForeignKey(
        "organizations.Post", models.CASCADE, related_name="territories", verbose_name=_("post")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="posts", verbose_name=_("territory")
    )

    objects = PostTerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory of a post")
        verbose_name_plural = _("territories of posts")
        constraints = [
            ends_after_it_begins("post_territory_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["post", "territory", "valid_from"], name="post_covers_territory_once"
            ),
        ]
