"""Dated rules: which meetings a body holds and how it decides, how long a term is, what covers.

Sources: 中国共产党支部工作条例（试行）, articles 5, 11 to 15 and 19; domain notes of each row.
"""

import datetime
from fractions import Fraction
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, BodyKind


def reaches(count: int, of: int, share: Fraction, *, over: bool) -> bool:
    """Whether `count` of `of` is at least the share (`over`: more than it); exactly, no rounding.

    以上 includes the number (民法典 art. 1259), 过半数 and 超过半数 do not. Nobody of nobody
    reaches a share only where none is asked.
    """
    if of == 0:
        return share == 0 and not over
    found = Fraction(count, of)
    return found > share if over else found >= share


class Attends(models.TextChoices):
    ALL = "all", _("All members")
    BOARD = "board", _("Members with an office")
    INVITED = "invited", _("Who is invited")


class CountedOf(models.TextChoices):
    PRESENT = "present", _("of those present")
    ENTITLED = "entitled", _("of all who may vote")


class MeetingKindQuerySet(DatedQuerySet):
    def held_by(self, body: Body, *, on: datetime.date) -> Self:
        return self.valid_on(on).filter(body_kinds=body.kind_id)


class MeetingKind(Dated):
    """A kind of meeting: who attends, quorum and majority as fractions, how often it is owed.

    `every_months` None: when there is need; else once in each such part of the calendar year.
    """

    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    body_kinds = models.ManyToManyField(
        BodyKind, related_name="+", verbose_name=_("held by bodies of kind")
    )
    attends = models.CharField(_("who attends"), max_length=10, choices=Attends)
    votes = models.BooleanField(_("decides by vote"), default=True)
    quorum_part = models.PositiveSmallIntegerField(_("quorum: parts"), default=1)
    quorum_whole = models.PositiveSmallIntegerField(_("quorum: of"), default=2)
    quorum_over = models.BooleanField(_("quorum: more than that"), default=False)
    majority_part = models.PositiveSmallIntegerField(_("majority: parts"), default=1)
    majority_whole = models.PositiveSmallIntegerField(_("majority: of"), default=2)
    majority_over = models.BooleanField(_("majority: more than that"), default=True)
    majority_of = models.CharField(
        _("majority is counted"), max_length=10, choices=CountedOf, default=CountedOf.ENTITLED
    )
    secret_on_people = models.BooleanField(
        _("votes on people are secret"),
        default=True,
        help_text=_("Elections, appointments, sanctions: nobody sees how anybody votes."),
    )
    every_months = models.PositiveSmallIntegerField(
        _("held every … months"), null=True, blank=True, help_text=_("Empty: when there is need.")
    )
    notice_days = models.PositiveSmallIntegerField(_("called … days before"), default=0)
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = MeetingKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of meeting")
        verbose_name_plural = _("kinds of meetings")
        constraints = [
            ends_after_it_begins("meetingkind_ends_after_begin"),
            models.UniqueConstraint(fields=["code", "valid_from"], name="meetingkind_once"),
            models.CheckConstraint(
                condition=Q(
                    quorum_whole__gte=1,
                    majority_whole__gte=1,
                    quorum_part__lte=F("quorum_whole"),
                    majority_part__lte=F("majority_whole"),
                ),
                name="meetingkind_shares_are_parts",
            ),
            models.CheckConstraint(
                condition=Q(every_months=None) | Q(every_months__in=[1, 2, 3, 4, 6, 12]),
                name="meetingkind_parts_of_a_year",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.quorum_part, self.quorum_whole)

    @property
    def majority(self) -> Fraction:
        return Fraction(self.majority_part, self.majority_whole)

    def has_quorum(self, present: int, entitled: int) -> bool:
        return reaches(present, entitled, self.quorum, over=self.quorum_over)

    def passes(self, pros: int, *, present: int, entitled: int) -> bool:
        """Whether so many for it are enough, of those whom the rule counts."""
        of = present if self.majority_of == CountedOf.PRESENT else entitled
        return reaches(pros, of, self.majority, over=self.majority_over)


class TermRule(Dated):
    """Of bodies of a kind: members needed to found one, length of a term, warning before its end.

    A branch has at least three full members (支部工作条例 art. 5); terms of party bodies in
    villages and communities are five years (关于党的基层组织任期的意见, 2018).
    """

    body_kind = models.ForeignKey(
        BodyKind, models.PROTECT, related_name="+", verbose_name=_("kind of body")
    )
    least_members = models.PositiveSmallIntegerField(_("full members at least"), default=3)
    term_years = models.PositiveSmallIntegerField(_("years of a term"), default=5)
    warn_days = models.PositiveSmallIntegerField(_("warn … days before the end"), default=180)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of terms")
        verbose_name_plural = _("rules of terms")
        constraints = [
            ends_after_it_begins("termrule_ends_after_begin"),
            models.UniqueConstraint(fields=["body_kind", "valid_from"], name="termrule_once"),
            models.CheckConstraint(condition=Q(term_years__gte=1), name="termrule_has_years"),
        ]

    def __str__(self) -> str:
        return str(self.body_kind)


class CoverageRule(Dated):
    """When party work covers a new organisation, in form and in effect.

    From `own_from` full members on it has a branch of its own, below that a joint one, without any
    an instructor; it is covered in effect where something took place within `active_days`.
    """

    own_from = models.PositiveSmallIntegerField(_("own branch from … members"), default=3)
    active_days = models.PositiveSmallIntegerField(_("active within … days"), default=90)
    instructor_limit = models.PositiveSmallIntegerField(
        _("organisations of one instructor at most"), default=5
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of coverage")
        verbose_name_plural = _("rules of coverage")
        constraints = [
            ends_after_it_begins("coveragerule_ends_after_begin"),
            models.UniqueConstraint(fields=["valid_from"], name="coveragerule_once"),
            models.CheckConstraint(
                condition=Q(own_from__gte=1, active_days__gte=1, instructor_limit__gte=1),
                name="coveragerule_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"
