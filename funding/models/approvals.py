"""Who decides on an application, one person a step, and the interests that shut people out."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from funding.models.applications import Application, ApplicationQuerySet
from funding.workflow import EDITABLE, UNDECIDED, State
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.models import User

CHECK_POSITION = 0


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def next(self) -> Self:
        """The step of each application whose turn it is."""
        before = Approval.objects.filter(
            application=OuterRef("application"),
            round=OuterRef("round"),
            position__lt=OuterRef("position"),
            decision="",
        )
        running = self.filter(decision="", round=F("application__round"))
        return running.filter(~Exists(before), application__state__in=UNDECIDED)

    def turns_of(self, user: User, *, on: datetime.date) -> Self:
        """Steps that the posts of `user` on that day may decide now."""
        mine = Q(pk__in=[])
        for scope in scopes_of(user, on=on):
            reach = Q(body=None, application__line__body__in=scope.body_ids)
            mine |= Q(role=scope.role) & (reach | Q(body=scope.body_id))
        return self.next().filter(mine)

    def applications_for(self, user: User, *, on: datetime.date) -> ApplicationQuerySet:
        """Applications that wait for `user`: a step, a payment, or his own to be handed in."""
        mine = Q(state__in=EDITABLE, asked_by=user)
        mine |= Q(pk__in=self.turns_of(user, on=on).values("application")) & ~Q(asked_by=user)
        for scope in scopes_of(user, on=on):
            if scope.role == Role.FINANCE_PAYER:
                to_pay = Q(state__in=[State.APPROVED, State.PAYING])
                mine |= to_pay & Q(line__body__in=scope.body_ids)
        return Application.objects.filter(mine)


class Approval(models.Model):
    """A step of one round: position 0 is the reviewer's check, then come the rungs of the ladder.

    Made when the application is handed in, decided once. The database refuses a decision by the
    maker, by somebody with an interest in the payee, out of turn, and a second one by one person.
    """

    class Decision(models.TextChoices):
        YES = "yes", _("Agreed")
        BACK = "back", _("Returned")
        NO = "no", _("Refused")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="approvals", db_index=False
    )
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    role = models.CharField(_("role"), max_length=30, choices=Role)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(max_length=4, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "position"], name="approval_step_once"
            ),
            models.UniqueConstraint(
                fields=["application", "round", "decided_by"],
                condition=Q(decided_by__isnull=False),
                name="approval_one_step_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (
                    Q(decision__in=["yes", "back", "no"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="approval_decided_or_not",
            ),
        ]


class InterestQuerySet(models.QuerySet["Interest"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, user: User, application: Application) -> Self:
        """The interests of `user` that shut him out of `application`."""
        touches = Q(party_key=application.payee_key) | Q(application=application)
        return self.standing().filter(touches, person=user)


class Interest(models.Model):
    """A person, or a relative, has an interest in a party, or in one application (利害关系申报).

    A declaration is ended, never deleted; while it stands its person decides on nothing that pays
    the party.
    """

    class Whose(models.TextChoices):
        OWN = "own", _("My own")
        SPOUSE = "spouse", _("My wife's or husband's")
        FAMILY = "family", _("My parents' or children's")
        RELATIVE = "relative", _("Another relative's")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests")
    whose = models.CharField(_("whose interest"), max_length=10, choices=Whose)
    party = models.CharField(_("person or firm"), max_length=100, blank=True)
    party_key = models.CharField(max_length=100, blank=True)
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="interests"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    declared_at = models.DateTimeField(_("declared"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")
        constraints = [
            models.CheckConstraint(
                condition=~Q(party_key="") | Q(application__isnull=False),
                name="interest_is_in_something",
            ),
            models.UniqueConstraint(
                fields=["person", "party_key"],
                condition=Q(ended_at=None) & ~Q(party_key=""),
                name="interest_in_a_party_once",
            ),
        ]
