"""The six talent teams (六支人才队伍) with their levels, and who belongs to them.

国家中长期人才发展规划纲要(2010–2020). Levels are dated data: a title that is renamed ends.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User
from talent.models.chain import in_chain_of


class Named(models.Model):
    """Abstract: a Chinese and an English name; the reader's language is shown."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Team(Named, Dated):
    """One of the talent teams."""

    code = models.SlugField(_("code"), unique=True)
    place = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent team")
        verbose_name_plural = _("talent teams")
        constraints = [ends_after_it_begins("team_ends_after_it_begins")]


class TeamLevel(Named, Dated):
    """A level or kind within a team; `rank` orders them, the lowest first."""

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="levels", verbose_name=_("talent team")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("level of a talent team")
        verbose_name_plural = _("levels of talent teams")
        constraints = [
            ends_after_it_begins("teamlevel_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["team", "rank", "valid_from"], name="teamlevel_begins_once"
            ),
        ]


class MembershipQuerySet(DatedQuerySet):
    def with_names(self) -> Self:
        return self.select_related("person", "team", "level")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To oneself, and to who leads a body in which the person holds a post."""
        if not user.pk:
            return self.none()
        return self.filter(Q(person=user.pk) | in_chain_of(user, on=on, prefix="person__"))


class Membership(Dated):
    """A person in a team, at a level, for a time; a new level ends the row and begins another."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="talent", verbose_name=_("person")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="members", verbose_name=_("talent team")
    )
    level = models.ForeignKey(
        TeamLevel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a talent", "level"),
    )
    proof = models.CharField(_("certificate or decision"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a talent team")
        verbose_name_plural = _("members of talent teams")
        constraints = [
            ends_after_it_begins("teammember_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person", "team"],
                condition=Q(valid_to=None),
                name="teammember_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.level}" if self.level else str(self.team)
