"""People and their dated posts."""

import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.roles import ADMINISTRATORS, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models.bodies import Body

SYSTEM_USERNAME = "system"


class PeopleManager(UserManager["User"]):
    def system(self) -> "User":
        """The installation's own user: the clock and the router act in its name."""
        user, _created = self.get_or_create(
            username=SYSTEM_USERNAME,
            defaults={
                "full_name": "系统",
                "full_name_en": "System",
                "is_active": False,
            },
        )
        return user


class User(AbstractUser):
    """A person who may sign in. What they may do follows from their posts, not from flags here.

    A resident's account (`is_resident`) holds no post and opens no page of those who work here. It
    is shown by its nickname everywhere; the name stays with the clerk who confirms it.
    """

    first_name = None  # type: ignore[assignment]  # Django's way to drop a column
    last_name = None  # type: ignore[assignment]  # the same
    full_name = models.CharField(_("name"), max_length=60)
    full_name_en = models.CharField(_("name in Latin letters"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)

    is_resident = models.BooleanField(_("resident"), default=False, editable=False)
    nickname = models.CharField(_("name that others see"), max_length=20, blank=True)
    session_ticket = models.CharField(max_length=32, blank=True, editable=False)

    objects = PeopleManager()  # type: ignore[misc]  # narrower than Django's own

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_resident=False) | Q(is_staff=False, is_superuser=False),
                name="resident_is_no_staff",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        if self.is_resident:
            return self.nickname or str(_("Resident"))
        if get_language() == "en" and self.full_name_en:
            return self.full_name_en
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def is_system(self) -> bool:
        """The installation's own user, in whose name the clock, the router and operators act."""
        return self.username == SYSTEM_USERNAME

    def roles_on(self, day: datetime.date) -> frozenset[str]:
        """Roles of the posts held on that day: one query per day and instance."""
        held: dict[datetime.date, frozenset[str]] = self.__dict__.setdefault("_roles", {})
        if day not in held:
            roles = Post.objects.held_by(self, on=day).values_list("role", flat=True)
            held[day] = frozenset(roles)
        return held[day]


class Skill(models.Model):
    """Something that a person can do and a piece of work may need."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class PostQuerySet(DatedQuerySet):
    def held_by(self, user: User, *, on: datetime.date) -> Self:
        return self.filter(person=user).valid_on(on)

    def with_names(self) -> Self:
        return self.select_related("person", "body")

    def visible_to(self, user: User, *, on: datetime.date) -> Self:
        """Administrators see every post, other people those in their bodies and below."""
        if user.roles_on(on) & ADMINISTRATORS:
            return self
        mine = Body.objects.filter(pk__in=Post.objects.held_by(user, on=on).values("body"))
        below = (Body.objects.below(body).values_list("pk", flat=True) for body in mine)
        return self.filter(body__in={pk for bodies in below for pk in bodies})


class Post(Dated):
    """A person in a body with a role, for a time. `capacity` is in points of work at once."""

    person = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="posts", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    title = models.CharField(pgettext_lazy("of a post", "title"), max_length=60, blank=True)
    title_en = models.CharField(
        pgettext_lazy("of a post", "English title"), max_length=120, blank=True
    )
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"))
    capacity = models.PositiveIntegerField(_("capacity (points)"), default=0)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            ends_after_it_begins("post_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["person", "body", "role", "valid_from"],
                name="post_is_given_once",
            ),
        ]
        indexes = [models.Index(fields=["body", "role"], name="post_body_role")]

    def __str__(self) -> str:
        return f"{self.person} · {self.body}"

    @property
    def title_shown(self) -> str:
        """The title in the reader's language, "" where it has none."""
        return in_language(self.title, self.title_en)


class DutyHours(models.Model):
    """When a post is on duty: a weekday (0 = Monday) and hours of the city's clock.

    A post without duty hours keeps the working periods of the calendar. Hours that pass midnight
    are two rows.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="duty_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), validators=[MaxValueValidator(6)])
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("duty hours")
        verbose_name_plural = _("duty hours")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="duty_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="duty_weekday_exists"),
        ]
