"""Volunteers: who they are, what they can, when and where, and what protects them."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import in_reach
from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Skill, User
from volunteers.models.places import Placed
from volunteers.workflow.people import GONE, State

ORGANIZERS = frozenset({Role.VOLUNTEER_ORGANIZER})
# 志愿服务条例 and 未成年人保护法: below 18 a guardian consents; below 14 a guardian comes along.
OF_AGE = 18
ALONE_FROM = 14
_ENDED = sorted(GONE | {State.ERASED})


class Language(models.TextChoices):
    MANDARIN = "zh", _("Mandarin")
    CANTONESE = "yue", _("Cantonese")
    HAKKA = "hak", _("Hakka")
    TEOCHEW = "teo", _("Teochew")
    ENGLISH = "en", _("English")
    SIGN = "sign", _("Chinese sign language")


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def with_names(self) -> Self:
        return self.select_related("person", "community", "town")

    def with_record(self) -> Self:
        """With what `volunteers.eligibility` asks for, in one query each."""
        return self.prefetch_related("skills", "trainings", "insurances", "guardianships")

    def with_offer(self) -> Self:
        """With when and where they come, for `volunteers.matching`."""
        return self.prefetch_related("availabilities", "areas")

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def of(self, user: User | AnonymousUser) -> Self:
        """Oneself, and the children whose guardian `user` is."""
        ward = Q(guardianships__guardian=user.pk, guardianships__ended_at=None)
        mine = Volunteer.objects.filter(Q(person=user.pk) | ward) if user.pk else None
        return self.filter(pk__in=mine.values("pk")) if mine is not None else self.none()

    def count_late_cancellation(self) -> int:
        return self.update(late_cancellations=F("late_cancellations") + 1)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Oneself and one's children; to organisers those of their place; to leaders of an
        organisation its members."""
        if not user.pk:
            return self.none()
        led = Q(
            memberships__organisation__members__volunteer__person=user.pk,
            memberships__organisation__members__is_leader=True,
            memberships__organisation__members__valid_from__lte=on,
            memberships__valid_from__lte=on,
            memberships__valid_to=None,
            memberships__organisation__members__valid_to=None,
        )
        found = Volunteer.objects.filter(in_reach(user, ORGANIZERS, on=on)).values("pk")
        members = Volunteer.objects.filter(led).values("pk")
        own = Volunteer.objects.of(user).values("pk")
        return self.filter(Q(pk__in=found) | Q(pk__in=members) | Q(pk__in=own))


class Volunteer(Moving, Placed):
    """A person's registration as a volunteer.

    `identity_digest` is a keyed digest of the identity number, which is kept nowhere, and
    `identity_tail` its last four characters: enough to know a person twice, not to know the number.
    Erasing empties everything that names the person, here and on the account behind it.
    `near_lon`, `near_lat`: about where they set out from, to 100 metres and only since they agreed
    to that (`near_at`); organisers read how far a shift is, nobody the place.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="volunteer",
        verbose_name=_("person"),
    )
    identity_digest = models.CharField(max_length=64, blank=True, editable=False)
    identity_tail = models.CharField(_("identity number"), max_length=4, blank=True)
    born = models.DateField(_("born"), null=True, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    is_party_member = models.BooleanField(_("party member"), default=False)
    may_be_named = models.BooleanField(_("may be named in public"), default=False)
    near_lon = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    near_lat = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    near_at = models.DateTimeField(_("agreed to distances"), null=True, blank=True)
    consent_at = models.DateTimeField(_("agreed to the use of the data"))
    consent_version = models.CharField(max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    registered_at = models.DateTimeField(_("registered at"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    barred_until = models.DateField(_("barred until"), null=True, blank=True)
    late_cancellations = models.PositiveIntegerField(_("late cancellations"), default=0)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_digest"],
                condition=~Q(identity_digest=""),
                name="volunteer_identity_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at=None)),
                name="volunteer_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ERASED)
                | Q(identity_digest="", identity_tail="", born=None, near_at=None),
                name="volunteer_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(near_lon=None, near_lat=None, near_at=None)
                | Q(near_lon__isnull=False, near_lat__isnull=False, near_at__isnull=False),
                name="volunteer_place_is_agreed_to",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACTIVE, State.SUSPENDED])
                | Q(born__isnull=False, reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="volunteer_active_was_reviewed",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "community"], name="volunteer_state_place"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def name(self) -> str:
        """The own name, for organisers and leaders; residents are shown by nickname elsewhere."""
        return self.person.full_name or str(self.person)

    @property
    def number(self) -> str:
        """What stands on certificates: GZ00000017, without meaning."""
        return f"GZ{self.pk:08d}"

    @property
    def near(self) -> tuple[float, float] | None:
        """About where they set out from, as (lon, lat)."""
        if self.near_lon is None or self.near_lat is None:
            return None
        return float(self.near_lon), float(self.near_lat)

    def age_on(self, day: datetime.date) -> int | None:
        """Full years on that day; None after erasure."""
        if self.born is None:
            return None
        birthday_passed = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (0 if birthday_passed else 1)

    def is_minor_on(self, day: datetime.date) -> bool:
        age = self.age_on(day)
        return age is not None and age < OF_AGE


class VolunteerEvent(MoveEvent):
    subject = models.ForeignKey(Volunteer, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a volunteer")
        verbose_name_plural = _("moves of volunteers")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="volunteerevent_once")
        ]


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def consenting(self) -> Self:
        return self.standing().exclude(consented_at=None)


class Guardianship(models.Model):
    """Who answers for a minor, and whether they have consented.

    `code_digest` is that of the code in the link by which a guardian without an account consents.
    """

    class Relation(models.TextChoices):
        PARENT = "parent", _("Father or mother")
        GRANDPARENT = "grandparent", _("Grandparent")
        OTHER = "other", _("Other guardian")

    class Way(models.TextChoices):
        ACCOUNT = "account", _("by their own account")
        LINK = "link", _("by a link in a text message")
        PAPER = "paper", _("on paper, seen by the organiser")

    ward = models.ForeignKey(Volunteer, models.CASCADE, related_name="guardianships")
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guardianships",
        verbose_name=_("guardian's account"),
    )
    name = models.CharField(_("guardian's name"), max_length=60, blank=True)
    phone = models.CharField(_("guardian's telephone"), max_length=30, blank=True)
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True)
    consented_by = models.CharField(_("how"), max_length=8, choices=Way, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["ward"], condition=Q(ended_at=None), name="guardianship_one_now"
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="guardianship_code_once"
            ),
            models.CheckConstraint(
                condition=Q(consented_at=None, consented_by="")
                | (Q(consented_at__isnull=False) & ~Q(consented_by="")),
                name="guardianship_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(consented_by="paper") | Q(seen_by__isnull=False),
                name="guardianship_paper_was_seen",
            ),
            models.CheckConstraint(
                condition=~Q(consented_by="account") | Q(guardian__isnull=False),
                name="guardianship_account_is_named",
            ),
        ]


class Insurance(Dated):
    """Personal accident insurance (人身意外伤害保险), asked before dangerous work (article 17)."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="insurances")
    insurer = models.CharField(_("insurer"), max_length=100)
    policy = models.CharField(_("policy number"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("insurance")
        verbose_name_plural = _("insurances")
        constraints = [
            ends_after_it_begins("insurance_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="insurance_has_end"),
            models.UniqueConstraint(
                fields=["volunteer", "policy", "valid_from"], name="insurance_once"
            ),
        ]


class VolunteerSkill(models.Model):
    """A skill that a volunteer names; `certified_at` once proof of it was seen."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    proof = models.CharField(_("proof seen"), max_length=120, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    certified_at = models.DateTimeField(_("proof seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("skill of a volunteer")
        verbose_name_plural = _("skills of volunteers")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "skill"], name="volunteerskill_once"),
            models.CheckConstraint(
                condition=Q(certified_at=None, certified_by=None)
                | (Q(certified_at__isnull=False, certified_by__isnull=False) & ~Q(proof="")),
                name="volunteerskill_proof_was_seen",
            ),
        ]


class Availability(models.Model):
    """When a volunteer has time: a weekday (0 = Monday) and hours of the city's clock."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField(_("weekday"), validators=[MaxValueValidator(6)])
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("time that a volunteer has")
        verbose_name_plural = _("times that volunteers have")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="availability_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_weekday"),
            models.UniqueConstraint(
                fields=["volunteer", "weekday", "starts"], name="availability_once"
            ),
        ]


class ServiceArea(models.Model):
    """A territory in which a volunteer is ready to serve, besides the home community."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="areas")
    territory = models.ForeignKey(
        "grids.Territory", models.PROTECT, related_name="+", verbose_name=_("territory")
    )

    class Meta:
        verbose_name = _("area of a volunteer")
        verbose_name_plural = _("areas of volunteers")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "territory"], name="servicearea_once")
        ]


class Course(models.Model):
    """A course that some activities ask for (first aid, work with children …)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    months = models.PositiveSmallIntegerField(
        _("valid for (months)"), null=True, blank=True, help_text=_("Empty: without end.")
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Training(Dated):
    """A course that a volunteer has taken (培训情况, article 19)."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="trainings")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("course"))
    hours = models.DecimalField(
        pgettext_lazy("of service", "hours"), max_digits=5, decimal_places=1, default=0
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            ends_after_it_begins("training_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["volunteer", "course", "valid_from"], name="training_once"
            ),
        ]
