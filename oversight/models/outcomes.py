"""Outcomes of an appraisal: results with ranks and grades, what was conferred, who signed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oversight.models.appraisals import Appraisal, Appraised
from oversight.periods import Kind
from oversight.workflow import Grade, State


class Edition(models.Model):
    """An outcome with its reason. `excellent` is counted by triggers, and never above `places`."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    share = models.PositiveSmallIntegerField()
    ranked = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    excellent = models.PositiveIntegerField(default=0, editable=False)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("outcome of an appraisal")
        verbose_name_plural = _("outcomes of appraisals")
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="edition_once"),
            models.CheckConstraint(condition=Q(share__lte=25), name="edition_share_within_law"),
            models.CheckConstraint(
                condition=Q(places__lte=F("ranked") * F("share") / 100),
                name="edition_places_within_share",
            ),
            models.CheckConstraint(
                condition=Q(excellent__lte=F("places")), name="edition_excellent_within_places"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | Q(number__gt=1) & ~Q(reason=""),
                name="edition_corrected_with_reason",
            ),
        ]


class ScoreQuerySet(models.QuerySet["Score"]):
    def newest(self) -> Self:
        """Of the outcome that holds."""
        return self.filter(edition__number=F("edition__appraisal__edition"))

    def shown_as(self, choice: str) -> Self:
        """Those of a grade as it holds in the end, those "ranked", or all where nothing is said."""
        if choice == Grade.EXCELLENT:
            return self.filter(Q(grade=choice) | Q(conferral__isnull=False))
        if choice in Grade:
            return self.filter(grade=choice, conferral=None)
        return self.exclude(rank=None) if choice == "ranked" else self

    def poor_years(self) -> Self:
        """Not competent in a whole year, as published; of people, by the outcome that holds."""
        return self.newest().filter(
            grade=Grade.POOR,
            appraised__person__isnull=False,
            edition__appraisal__span=Kind.YEAR,
            edition__appraisal__state=State.PUBLISHED,
        )

    def poor_two_years(self) -> Self:
        """The second of two such years in a row, in whichever posts and towns."""
        year_before = OuterRef("edition__appraisal__first__year") - 1
        before = Score.objects.poor_years().filter(
            appraised__person=OuterRef("appraised__person"),
            edition__appraisal__first__year=year_before,
        )
        return self.poor_years().filter(Exists(before))

    def without_what_follows(self) -> Self:
        """A rule says what follows two years in a row, and nobody has proposed it."""
        named = self.exclude(edition__appraisal__scheme__poor_twice="")
        done = Appraised.objects.filter(consequences__kind=F("appraisal__scheme__poor_twice"))
        return named.exclude(appraised__in=done.values("pk"))

    def for_list(self) -> Self:
        return self.select_related(
            "appraised__body", "appraised__territory", "appraised__person", "conferral"
        )

    def in_order(self) -> Self:
        return self.order_by(F("rank").asc(nulls_last=True), "pk")


class Score(models.Model):
    """What an outcome says of one appraised: hundredths of a point, rank and grade.

    `rank` None and `grade` "": too little to judge by. `limit`: best grade beyond a broken floor.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="scores", db_index=False)
    appraised = models.ForeignKey(Appraised, models.PROTECT, related_name="scores")
    points = models.PositiveIntegerField(
        pgettext_lazy("of an appraisal", "points"), null=True, blank=True
    )
    sample = models.PositiveIntegerField()
    limit = models.CharField(max_length=10, blank=True)
    rank = models.PositiveIntegerField(
        pgettext_lazy("of an appraisal", "rank"), null=True, blank=True
    )
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of an appraisal")
        verbose_name_plural = _("results of appraisals")
        constraints = [
            models.UniqueConstraint(fields=["edition", "appraised"], name="appraisal_score_once"),
            models.CheckConstraint(
                condition=Q(rank=None, grade="")
                | Q(rank__isnull=False, rank__gte=1, points__isnull=False) & ~Q(grade=""),
                name="appraisal_score_has_a_grade",
            ),
            models.CheckConstraint(
                condition=~Q(grade=Grade.EXCELLENT) | Q(limit=""),
                name="score_excellent_broke_no_floor",
            ),
        ]

    @property
    def is_conferred(self) -> bool:
        return hasattr(self, "conferral")

    @property
    def final(self) -> str:
        """The grade, with what a committee conferred."""
        return str(Grade.EXCELLENT if self.is_conferred else self.grade)

    @property
    def final_label(self) -> str:
        return str(Grade(self.final).label) if self.final else ""


class Conferral(models.Model):
    """A free place for excellence, given by name to one of those of equal points at the border."""

    score = models.OneToOneField(Score, models.PROTECT, related_name="conferral")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("excellence conferred")
        verbose_name_plural = _("excellence conferred")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="conferral_has_a_reason")
        ]


class Signature(models.Model):
    """One person has looked at one result on one level (1 初核, 2 复核). `day`: of the city."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="signatures")
    level = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("signature under a result")
        verbose_name_plural = _("signatures under results")
        constraints = [
            models.UniqueConstraint(fields=["score", "level"], name="signature_once_a_level"),
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="signature_of_two_levels"),
        ]
