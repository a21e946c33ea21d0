"""Rolls: which dwellings there are, how large they are, and who is entitled in each of them.

A roll holds no more of a person than a vote needs: a masked name, and one keyed digest of the name
and the last characters of the identity number, with which a person who comes can be recognised.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from lib.roles import Role

READERS = (
    Role.CONSULTATION_HOST,
    Role.COMMUNITY_WORKER,
    Role.ACCEPTOR,
    Role.PARTY_SECRETARY,
    Role.COMMITTEE_MEMBER,
    Role.SUPERVISOR,
)
KEEPERS = (Role.CONSULTATION_HOST, Role.COMMUNITY_WORKER)
MOST_WRONG_CODES = 5


class RollKind(models.TextChoices):
    HOUSEHOLDS = "households", _("Households")
    OWNERS = "owners", _("Owners")


class RollQuerySet(models.QuerySet["Roll"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def at_moment(self, at: datetime.datetime) -> Self:
        return self.filter(since__lte=at).filter(Q(until=None) | Q(until__gt=at))

    def with_names(self) -> Self:
        return self.select_related("community", "made_by")


class Roll(models.Model):
    """One version of the roll `name` of a community; a newer version ends the one before."""

    community = models.ForeignKey(Territory, models.PROTECT, related_name="rolls")
    kind = models.CharField(_("kind"), max_length=12, choices=RollKind)
    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"))
    since = models.DateTimeField(_("holds since"))
    until = models.DateTimeField(_("held until"), null=True, blank=True)
    source = models.CharField(_("file"), max_length=120)
    digest = models.CharField(_("digest of the file"), max_length=64)
    salt = models.CharField(max_length=32, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll")
        verbose_name_plural = _("rolls")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind", "name", "version"], name="roll_version_once"
            ),
            models.UniqueConstraint(
                fields=["community", "kind", "name"],
                condition=Q(until=None),
                name="roll_is_one_now",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="roll_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.version}"


class DwellingQuerySet(models.QuerySet["Dwelling"]):
    def with_people(self) -> Self:
        return self.prefetch_related("entitled__claims")


class Dwelling(models.Model):
    """A dwelling of a roll; `area` in 0.01 m², 0 where a roll of households does not know it.

    `code_digest` is what remains of the code that was printed for it.
    """

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="dwellings")
    number = models.CharField(_("dwelling"), max_length=60)
    area = models.PositiveIntegerField(_("area (0.01 m²)"), default=0)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dwelling")
        verbose_name_plural = _("dwellings")
        constraints = [
            models.UniqueConstraint(fields=["roll", "number"], name="dwelling_stands_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def square_metres(self) -> str:
        return f"{self.area // 100:,}.{self.area % 100:02d}"

    @property
    def is_locked(self) -> bool:
        """Too many wrong codes: a clerk prints a new one."""
        return self.wrong_codes >= MOST_WRONG_CODES


class EntitledQuerySet(models.QuerySet["Entitled"]):
    def claimed_by(self, user: Any) -> Self:
        """Places that `user` holds in rolls that hold now."""
        return self.filter(claims__person=user, claims__ended_at=None, dwelling__roll__until=None)


class Entitled(models.Model):
    """A place of one entitled person in a dwelling; several places: a household, or co-owners.

    `digest` is empty where the file named nobody: then a clerk confirms who comes.
    """

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="entitled")
    place = models.PositiveSmallIntegerField(_("place"))
    masked_name = models.CharField(_("masked name"), max_length=60, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = EntitledQuerySet.as_manager()

    class Meta:
        verbose_name = _("entitled person")
        verbose_name_plural = _("entitled people")
        constraints = [
            models.UniqueConstraint(fields=["dwelling", "place"], name="entitled_place_once"),
            models.UniqueConstraint(
                fields=["dwelling", "digest"], condition=~Q(digest=""), name="entitled_person_once"
            ),
        ]
        indexes = [models.Index(fields=["digest"], name="entitled_digest")]

    def __str__(self) -> str:
        return f"{self.dwelling} · {self.shown}"

    @property
    def shown(self) -> str:
        return self.masked_name or gettext("person %(place)d") % {"place": self.place}

    @property
    def is_claimed(self) -> bool:
        """Without a query where the claims are prefetched."""
        return any(claim.ended_at is None for claim in self.claims.all())


class ClaimQuerySet(models.QuerySet["Claim"]):
    def beside(self, claim: "Claim") -> Self:
        """Standing claims of the same person to the same dwelling, in every version of its roll."""
        home = claim.entitled.dwelling
        return self.filter(
            person=claim.person_id,
            ended_at=None,
            entitled__dwelling__number=home.number,
            entitled__dwelling__roll__community=home.roll.community_id,
            entitled__dwelling__roll__kind=home.roll.kind,
            entitled__dwelling__roll__name=home.roll.name,
        )


class Claim(models.Model):
    """`person` is who stands at this place of the roll: by the printed code, or a clerk's word.

    Who stays in a newer version has a claim there too; both stand.
    """

    class How(models.TextChoices):
        CODE = "code", _("by the printed code")
        CLERK = "clerk", _("confirmed by a clerk")

    entitled = models.ForeignKey(Entitled, models.PROTECT, related_name="claims")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roll_claims")
    how = models.CharField(_("how"), max_length=5, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("claimed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a place")
        verbose_name_plural = _("claims of places")
        constraints = [
            models.UniqueConstraint(
                fields=["entitled"], condition=Q(ended_at=None), name="place_is_claimed_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(reason="")),
                name="claim_ends_with_a_reason",
            ),
            # A clerk never confirms himself.
            models.CheckConstraint(
                condition=~Q(how="clerk") | ~Q(by=F("person")), name="claim_by_another_clerk"
            ),
        ]
