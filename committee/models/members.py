"""Members of party bodies and committees, and the terms for which these are elected."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import scopes_of
from lib.roles import COMMITTEE
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, User
from organizations.models.bodies import Nature

# What a committee is here: bodies of these natures meet, decide and give directives.
MEETS = (Nature.PARTY, Nature.COMMITTEE)
# No term lasts longer than this, whatever a rule says.
LONGEST_TERM = datetime.timedelta(days=5 * 366)


class Office(models.TextChoices):
    SECRETARY = "secretary", _("Secretary")
    DEPUTY = "deputy", _("Deputy secretary")
    ORGANISATION = "organisation", _("In charge of organisation")
    PUBLICITY = "publicity", _("In charge of publicity")
    DISCIPLINE = "discipline", _("In charge of discipline")
    BOARD = "board", _("Member of the committee")
    NONE = "none", _("Member")


class MemberQuerySet(DatedQuerySet):
    def of_body(self, body: Body | int, *, on: datetime.date) -> Self:
        return self.filter(body=body).valid_on(on)

    def full(self) -> Self:
        return self.filter(standing=Member.Standing.FULL)

    def with_office(self) -> Self:
        return self.exclude(office=Office.NONE)

    def leading(self) -> Self:
        return self.filter(office__in=[Office.SECRETARY, Office.DEPUTY])

    def with_names(self) -> Self:
        return self.select_related("person", "body")


class Member(Dated):
    """A person in a party body or committee. Full members vote, probationary ones attend."""

    class Standing(models.TextChoices):
        FULL = "full", _("Full member")
        PROBATIONARY = "probationary", _("Probationary member")

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="members", verbose_name=_("body")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    standing = models.CharField(
        pgettext_lazy("member", "standing"), max_length=12, choices=Standing, default=Standing.FULL
    )
    office = models.CharField(_("office"), max_length=12, choices=Office, default=Office.NONE)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a body")
        verbose_name_plural = _("members of bodies")
        constraints = [
            ends_after_it_begins("member_ends_after_it_begins"),
            models.UniqueConstraint(fields=["body", "person", "valid_from"], name="member_once"),
            models.UniqueConstraint(
                fields=["body", "person"], condition=Q(valid_to=None), name="member_once_open"
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(valid_to=None, office="secretary"),
                name="member_one_secretary",
                violation_error_message=_("This body has a secretary already: end that one first."),
            ),
            models.CheckConstraint(
                condition=Q(standing="full") | Q(office="none"), name="member_office_wants_full"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.body}"


class TermQuerySet(DatedQuerySet):
    def of_body(self, body: Body | int) -> Self:
        return self.filter(body=body).order_by("-number")

    def last_ones(self) -> Self:
        """The last term of each body."""
        later = Term.objects.filter(
            body=models.OuterRef("body"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later))

    def ending_by(self, day: datetime.date) -> Self:
        return self.last_ones().filter(valid_to__lte=day)


class Term(Dated):
    """The time for which a body was elected; `valid_to` is always known, at most five years on."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="terms", verbose_name=_("body")
    )
    number = models.PositiveSmallIntegerField(_("term"))
    told_on = models.DateField(null=True, blank=True, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of a body")
        verbose_name_plural = _("terms of bodies")
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="term_once"),
            models.CheckConstraint(
                condition=Q(
                    valid_to__isnull=False,
                    valid_to__gt=F("valid_from"),
                    valid_to__lte=F("valid_from") + LONGEST_TERM,
                ),
                name="term_is_five_years_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} · {self.number}"

    def is_over(self, on: datetime.date) -> bool:
        return self.valid_to is not None and self.valid_to <= on


def bodies_led_by(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """Keys of the bodies whose meetings and directives `user` looks after.

    By a post in a committee (that body and all below), or as secretary of the body itself.
    """
    if not isinstance(user, User) or not user.is_active:
        return set()
    found: set[int] = set()
    for scope in scopes_of(user, on=on):
        if scope.role in COMMITTEE:
            found |= scope.body_ids
    leading = Member.objects.filter(person=user).leading().valid_on(on)
    return found | set(leading.values_list("body", flat=True))


def bodies_known_to(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    """The same, and those of which `user` is a member."""
    if not isinstance(user, User):
        return set()
    own = Member.objects.filter(person=user).valid_on(on).values_list("body", flat=True)
    return bodies_led_by(user, on=on) | set(own)
