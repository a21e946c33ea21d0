"""New economic and new social organisations (两新组织) and the party's work in them."""

import datetime
from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.models.rules import CoverageRule
from grids.scopes import in_reach
from lib.roles import COMMITTEE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User

PERSON = settings.AUTH_USER_MODEL
KEEPERS = COMMITTEE | {Role.COMMUNITY_WORKER}


class Gap(models.TextChoices):
    """What is missing, and so what is to be done."""

    OWN = "own", _("Needs a branch of its own")
    JOINT = "joint", _("Needs a joint branch")
    INSTRUCTOR = "instructor", _("Needs an instructor")
    IDLE = "idle", _("Covered in form only: nothing took place lately")


WHAT_TO_DO = {
    Gap.OWN: _("Found a branch: it has enough full members for one of its own."),
    Gap.JOINT: _("Join its members to the branch of a neighbour."),
    Gap.INSTRUCTOR: _("Send an instructor: it has no party member yet."),
    Gap.IDLE: _("Hold an activity and enter it, or change the instructor."),
}


class NewOrganisationQuerySet(models.QuerySet["NewOrganisation"]):
    def with_names(self) -> Self:
        return self.select_related("town", "community")

    def near(
        self, user: User | AnonymousUser, roles: Collection[str], *, on: datetime.date
    ) -> Self:
        return self.filter(in_reach(user, roles, on=on))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those where one keeps the register, and those that one instructs."""
        if not isinstance(user, User):
            return self.none()
        own = Instructor.objects.filter(person=user).valid_on(on).values("organisation")
        return self.filter(in_reach(user, KEEPERS, on=on) | Q(pk__in=own))

    def existing(self, on: datetime.date) -> Self:
        return self.filter(registered_on__lte=on).filter(Q(closed_on=None) | Q(closed_on__gt=on))

    def judged(self, rule: CoverageRule, *, on: datetime.date) -> Self:
        """With `has_own`, `has_joint`, `has_instructor`, `is_active`, `in_form` and `gap`."""
        setups = PartySetup.objects.valid_on(on).filter(organisation=OuterRef("pk"))
        since = on - datetime.timedelta(days=rule.active_days)
        acts = Activity.objects.filter(organisation=OuterRef("pk"), held_on__range=(since, on))
        sent = Instructor.objects.valid_on(on).filter(organisation=OuterRef("pk"))
        known = self.annotate(
            has_own=Exists(setups.filter(form=PartySetup.Form.OWN)),
            has_joint=Exists(setups.filter(form=PartySetup.Form.JOINT)),
            has_instructor=Exists(sent),
            is_active=Exists(acts),
        )
        in_form = Q(has_own=True) | Q(has_joint=True) | Q(has_instructor=True)
        return known.annotate(
            in_form=models.Case(models.When(in_form, then=True), default=False),
            gap=models.Case(
                models.When(party_members__gte=rule.own_from, has_own=False, then=_value(Gap.OWN)),
                models.When(
                    party_members__gt=0,
                    party_members__lt=rule.own_from,
                    has_own=False,
                    has_joint=False,
                    then=_value(Gap.JOINT),
                ),
                models.When(in_form=False, then=_value(Gap.INSTRUCTOR)),
                models.When(is_active=False, then=_value(Gap.IDLE)),
                default=_value(""),
            ),
        )


def _value(text: str) -> models.Value:
    return models.Value(str(text), output_field=models.CharField())


class NewOrganisation(models.Model):
    """A non-public enterprise, or a social organisation, registered in a community."""

    class Kind(models.TextChoices):
        ECONOMIC = "economic", _("New economic organisation")
        SOCIAL = "social", _("New social organisation")

    town = models.ForeignKey("grids.Territory", models.PROTECT, related_name="+")
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, related_name="+", verbose_name=_("community")
    )
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    staff = models.PositiveIntegerField(_("people working there"))
    party_members = models.PositiveIntegerField(_("full party members among them"), default=0)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    registered_on = models.DateField(_("on the register since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = NewOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("new organisation")
        verbose_name_plural = _("new organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(party_members__lte=F("staff")), name="neworg_members_work_there"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("registered_on")),
                name="neworg_closed_after_begin",
            ),
        ]
        indexes = [models.Index(fields=["community", "kind"], name="neworg_place")]

    def __str__(self) -> str:
        return self.name


class PartySetup(Dated):
    """A branch of its own (单独组建), or one joined to that of a neighbour (联合组建)."""

    class Form(models.TextChoices):
        OWN = "own", _("Branch of its own")
        JOINT = "joint", _("Joint branch")

    organisation = models.ForeignKey(NewOrganisation, models.PROTECT, related_name="setups")
    form = models.CharField(pgettext_lazy("party", "form"), max_length=6, choices=Form)
    branch = models.CharField(_("name of the branch"), max_length=120)
    secretary = models.CharField(_("secretary"), max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("party body in a new organisation")
        verbose_name_plural = _("party bodies in new organisations")
        constraints = [
            ends_after_it_begins("partysetup_ends_after_begin"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(valid_to=None), name="partysetup_one_open"
            ),
            models.CheckConstraint(condition=~Q(branch=""), name="partysetup_has_a_name"),
        ]


class Instructor(Dated):
    """A person sent to an organisation to build the party there (党建指导员), for a term."""

    organisation = models.ForeignKey(NewOrganisation, models.PROTECT, related_name="instructors")
    person = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("instructor")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False, valid_to__gt=F("valid_from")),
                name="instructor_has_a_term",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "valid_from"], name="instructor_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Activity(models.Model):
    """Something that took place there: a course, a themed day, help for staff. Never changed."""

    organisation = models.ForeignKey(NewOrganisation, models.PROTECT, related_name="activities")
    held_on = models.DateField(_("held on"))
    title = models.CharField(_("what took place"), max_length=120)
    attended = models.PositiveIntegerField(_("how many came"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    client_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("activity of party work")
        verbose_name_plural = _("activities of party work")
        constraints = [
            models.CheckConstraint(
                condition=Q(attended__gte=1) & ~Q(title=""), name="partyactivity_took_place"
            )
        ]
        indexes = [models.Index(fields=["organisation", "held_on"], name="partyactivity_day")]
