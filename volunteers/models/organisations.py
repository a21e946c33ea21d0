"""Organisations with their members and yearly reports; units and party members who report in."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.scopes import in_reach
from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, User
from volunteers.models.people import ORGANIZERS, Volunteer
from volunteers.models.places import Placed
from volunteers.workflow.organisations import OrganisationState, ReportState, TaskState


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_names(self) -> Self:
        return self.select_related("town", "community")

    def active(self) -> Self:
        return self.filter(state=OrganisationState.ACTIVE)

    def waiting(self) -> Self:
        return self.filter(state=OrganisationState.WAITING)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Organisations for which `user` acts on that day."""
        rows = OrganisationMember.objects.leading().valid_on(on).filter(volunteer__person=user.pk)
        leads = Q(pk__in=rows.values("organisation")) | Q(registered_by=user.pk, state__in=_OPEN)
        return self.filter(leads) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Registered ones to everybody; others to who acts for them and to the organisers."""
        public = Q(state=OrganisationState.ACTIVE)
        if not user.pk:
            return self.filter(public)
        led = Organisation.objects.led_by(user, on=on).values("pk")
        near = Organisation.objects.filter(in_reach(user, ORGANIZERS, on=on)).values("pk")
        return self.filter(public | Q(pk__in=led) | Q(pk__in=near))


_OPEN = (OrganisationState.WAITING, OrganisationState.RETURNED)


class Organisation(Moving, Placed):
    """A social organisation or a volunteers' team.

    `code` is the unified social credit code (GB 32100-2015); a community team that is only put on
    record (社区社会组织备案) has none. Whose registration waits or was returned is handled by
    `registered_by`; afterwards the members who lead act for it.
    """

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Social association")
        SERVICE = "service", _("Social service agency")
        FOUNDATION = "foundation", _("Foundation")
        TEAM = "team", _("Community team on record")
        UNIT = "unit", _("Volunteers of a unit")

    code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    scope = models.CharField(_("business scope"), max_length=500)
    contact_name = models.CharField(_("contact"), max_length=60)
    contact_phone = models.CharField(_("telephone for the public"), max_length=30)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    registered_at = models.DateTimeField(_("registered at"))
    state = models.CharField(
        _("state"), max_length=12, choices=OrganisationState, default=OrganisationState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="organisation_code_once"
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(kind__in=["team", "unit"]),
                name="organisation_has_code",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "suspended"])
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="organisation_active_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "ended"], ended_at__isnull=False)
                | (~Q(state__in=["refused", "ended"]) & Q(ended_at=None)),
                name="organisation_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["state", "town"], name="organisation_state_place")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class OrganisationEvent(MoveEvent):
    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an organisation")
        verbose_name_plural = _("moves of organisations")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="organisationevent_once")
        ]


class Rating(Dated):
    """A rating of the civil affairs (社会组织评估等级): 1A to 5A, valid for five years."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="ratings")
    level = models.CharField(
        _("level"), max_length=2, choices=[(f"{n}A", f"{n}A") for n in range(1, 6)]
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            ends_after_it_begins("rating_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(level__in=["1A", "2A", "3A", "4A", "5A"]), name="rating_exists"
            ),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="rating_has_end"),
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="rating_once"),
        ]


class YearlyReport(models.Model):
    """The report of a year (年度工作报告), due by 31 May of the next; once handed in, it stays."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(_("year"))
    summary = models.TextField(_("what was done"), max_length=4000)
    members = models.PositiveIntegerField(_("members at the year's end"))
    income = models.BigIntegerField(_("income"))
    spending = models.BigIntegerField(_("spending"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("handed in"))

    class Meta:
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="yearlyreport_once"),
            models.CheckConstraint(
                condition=Q(income__gte=0, spending__gte=0), name="yearlyreport_amounts"
            ),
        ]


class OrganisationMemberQuerySet(DatedQuerySet):
    def leading(self) -> Self:
        return self.filter(is_leader=True)

    def with_names(self) -> Self:
        return self.select_related("volunteer", "volunteer__person", "organisation")


class OrganisationMember(Dated):
    """A volunteer belongs to an organisation for a time; `is_leader` acts for it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships")
    is_leader = models.BooleanField(_("acts for the organisation"), default=False)

    objects = OrganisationMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of an organisation")
        verbose_name_plural = _("members of organisations")
        constraints = [
            ends_after_it_begins("organisationmember_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["organisation", "volunteer"],
                condition=Q(valid_to=None),
                name="organisationmember_once_now",
            ),
        ]


class JointUnit(Placed):
    """A unit of the district (驻区单位) that takes part in the work of its community."""

    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    code = models.CharField(_("unified social credit code"), max_length=18)
    name = models.CharField(_("name"), max_length=100)
    branch = models.CharField(_("party organisation"), max_length=100)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("contact")
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("joint unit")
        verbose_name_plural = _("joint units")
        constraints = [models.UniqueConstraint(fields=["code"], name="jointunit_code_once")]

    def __str__(self) -> str:
        return self.name


class DoubleReportQuerySet(models.QuerySet["DoubleReport"]):
    def with_names(self) -> Self:
        return self.select_related("unit", "person", "community", "town")

    def waiting(self) -> Self:
        return self.filter(state=ReportState.WAITING)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(Q(person=user.pk) | Q(unit__contact=user.pk)) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        if not user.pk:
            return self.none()
        mine = Q(person=user.pk) | Q(unit__contact=user.pk)
        return self.filter(in_reach(user, RECEIVERS, on=on) | mine)


RECEIVERS = ORGANIZERS | {Role.PARTY_SECRETARY}


class DoubleReport(Moving, Placed):
    """双报到: a unit's party organisation, or a party member at home, reports to a community."""

    unit = models.ForeignKey(
        JointUnit, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    branch = models.CharField(_("own party organisation"), max_length=100, blank=True)
    offers = models.TextField(_("what is offered"), max_length=1000)
    reported_at = models.DateTimeField(_("reported"))
    state = models.CharField(
        _("state"), max_length=12, choices=ReportState, default=ReportState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = DoubleReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report to a community")
        verbose_name_plural = _("reports to communities")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person=None) | Q(unit=None, person__isnull=False),
                name="doublereport_unit_or_person",
            ),
            models.CheckConstraint(
                condition=Q(community__isnull=False), name="doublereport_names_community"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "ended"], ended_at__isnull=False)
                | (~Q(state__in=["refused", "ended"]) & Q(ended_at=None)),
                name="doublereport_ended_or_not",
            ),
            models.UniqueConstraint(
                fields=["unit", "community"],
                condition=Q(ended_at=None, unit__isnull=False),
                name="doublereport_unit_once",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None, person__isnull=False),
                name="doublereport_person_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.person)


class DoubleReportEvent(MoveEvent):
    subject = models.ForeignKey(DoubleReport, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a report")
        verbose_name_plural = _("moves of reports")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="doublereportevent_once")
        ]


class ReportTaskQuerySet(models.QuerySet["ReportTask"]):
    def in_year(self, year: int) -> Self:
        return self.filter(taken_at__year=year)

    def confirmed(self) -> Self:
        return self.filter(state=TaskState.CONFIRMED)


class ReportTask(Moving):
    """A task that who reported has taken up; `subject_kind` and `subject_key` name what it is of.

    A task of its own has neither; a wish, an activity, a case has both.
    """

    report = models.ForeignKey(DoubleReport, models.PROTECT, related_name="tasks")
    title = models.CharField(_("task"), max_length=120)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    people = models.PositiveIntegerField(_("people who took part"), default=0)
    result = models.CharField(_("what was done"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=TaskState, default=TaskState.TAKEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    taken_at = models.DateTimeField(_("taken up"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = ReportTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task taken up")
        verbose_name_plural = _("tasks taken up")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "confirmed"]) | Q(done_at__isnull=False),
                name="reporttask_done_has_moment",
            ),
            models.UniqueConstraint(
                fields=["report", "subject_kind", "subject_key"],
                condition=~Q(subject_kind=""),
                name="reporttask_subject_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportTaskEvent(MoveEvent):
    subject = models.ForeignKey(ReportTask, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a task")
        verbose_name_plural = _("moves of tasks")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="reporttaskevent_once")
        ]
