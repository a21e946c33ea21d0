"""Wishes (微心愿): asked, looked at, taken up, delivered, confirmed, thanked, told.

What the asker wrote stays between asker and community; everybody reads only `public_title` and
`public_text`, which a worker has written or confirmed. A piece of a wish has one taker: `taken` is
counted by triggers (`volunteers/migrations/sql/wishes.*.sql`); a CHECK keeps it within `quantity`.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.models import Donation, Hold
from grids.scopes import in_reach
from lib.masking import mask_text
from lib.moving import MoveEvent, Moving
from lib.roles import Role
from organizations.models import Body, User
from volunteers.models.organisations import DoubleReport, Organisation
from volunteers.models.places import Placed
from volunteers.workflow.wishes import KEEPING, TakeState, WishState

SCREENERS = frozenset({Role.COMMUNITY_WORKER, Role.VOLUNTEER_ORGANIZER})
# How long the words of an ended wish are kept, and what stands for a name afterwards.
KEPT = datetime.timedelta(days=180)
FORGOTTEN = "—"
ON_THE_LIST = (WishState.OPEN, WishState.TAKEN, WishState.GRANTED)


# Whoever asked confirms what was delivered; after that time a worker who has asked them may.
ASKER_ANSWERS_WITHIN = datetime.timedelta(days=7)


class WishQuerySet(models.QuerySet["Wish"]):
    def with_names(self) -> Self:
        return self.select_related("town", "community", "asker", "screened_by")

    def waiting(self) -> Self:
        return self.filter(state=WishState.ASKED)

    def open(self) -> Self:
        return self.filter(state=WishState.OPEN)

    def listed(self) -> Self:
        """What everybody may read."""
        return self.filter(state__in=ON_THE_LIST, is_private=False)

    def near(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Of the places whose wishes `user` looks after."""
        return self.filter(in_reach(user, SCREENERS, on=on)) if user.pk else self.none()

    def for_takers(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What `user` may take up: listed ones; private ones where they have reported or work."""
        listed = Q(is_private=False)
        if not user.pk:
            return self.open().filter(listed)
        reported = DoubleReport.objects.of(user).filter(state="accepted").values("community")
        near = Wish.objects.near(user, on=on).values("pk")
        return self.open().filter(listed | Q(community__in=reported) | Q(pk__in=near))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Listed ones; one's own; private ones to workers, to takers and to who may take them."""
        public = Q(pk__in=Wish.objects.listed().values("pk"))
        if not user.pk:
            return self.filter(public)
        near = Wish.objects.near(user, on=on).values("pk")
        offered = Wish.objects.for_takers(user, on=on).values("pk")
        taken = Take.objects.filter(taker=user.pk).values("wish")
        own = Q(asker=user.pk)
        return self.filter(public | own | Q(pk__in=near) | Q(pk__in=offered) | Q(pk__in=taken))

    def to_forget(self, at: datetime.datetime) -> Self:
        """Ended so long ago that nobody needs to know any more who they were for."""
        ended = self.filter(ended_at__lte=at - KEPT)
        return ended.exclude(title="", text="", for_name__in=["", FORGOTTEN], for_phone="")

    def overdue(self, today: datetime.date) -> Self:
        return self.filter(state__in=[WishState.OPEN, WishState.TAKEN], needed_by__lt=today)


class Wish(Moving, Placed):
    """A small wish of `quantity` pieces; `amount` is fen for one (money), or a piece's worth.

    `for_name` and `for_phone`: for whom a worker asks. They, `title` and `text` are erased with
    the person, and half a year after the end; nothing else names anybody.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", _("Things")
        MONEY = "money", _("Money")
        SERVICE = "service", _("Help")

    class Tell(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        STORY = "story", _("What was granted, without a name")
        THANKS = "thanks", _("What was granted, and my thanks, without a name")

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    on_behalf = models.BooleanField(_("for somebody else"), default=False)
    for_name = models.CharField(_("for whom"), max_length=60, blank=True)
    for_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("wish"), max_length=80)
    text = models.TextField(_("why, and what exactly"), max_length=1000)
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    taken = models.PositiveSmallIntegerField(_("taken up"), default=0, editable=False)
    received = models.PositiveSmallIntegerField(
        pgettext_lazy("things", "received"), default=0, editable=False
    )
    amount = models.BigIntegerField(_("amount, or worth of one"))
    needed_by = models.DateField(_("needed by"))
    is_private = models.BooleanField(_("not on the public list"), default=False)
    tell = models.CharField(_("what may be told"), max_length=8, choices=Tell, default=Tell.STORY)
    public_title = models.CharField(_("public wording"), max_length=80, blank=True)
    public_text = models.TextField(_("public text"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=WishState, default=WishState.ASKED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    screened_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, taken__lte=F("quantity"), received__lte=F("taken")),
                name="wish_is_not_taken_twice",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="wish_has_a_worth"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "taken", "granted"])
                | (Q(screened_by__isnull=False) & ~Q(public_title="") & ~Q(screened_by=F("asker"))),
                name="wish_was_looked_at_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="taken", taken=F("quantity"))
                | Q(state="granted", received=F("quantity"))
                | Q(state="open")
                | (~Q(state__in=["open", "taken", "granted"]) & Q(taken=0)),
                name="wish_state_says_what_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "granted", "withdrawn"], ended_at__isnull=False)
                | (~Q(state__in=["refused", "granted", "withdrawn"]) & Q(ended_at=None)),
                name="wish_ended_or_not",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=True) & ~Q(for_name="")
                | Q(on_behalf=False, for_name="", for_phone=""),
                name="wish_names_for_whom",
            ),
        ]
        indexes = [models.Index(fields=["state", "community"], name="wish_state_place")]

    def __str__(self) -> str:
        return self.public_title or self.number

    @property
    def number(self) -> str:
        """W0000017."""
        return f"W{self.pk:07d}"

    @property
    def free(self) -> int:
        return self.quantity - self.taken


class WishEvent(MoveEvent):
    subject = models.ForeignKey(Wish, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a wish")
        verbose_name_plural = _("moves of wishes")
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="wishevent_once")]


class TakeQuerySet(models.QuerySet["Take"]):
    def with_names(self) -> Self:
        return self.select_related(
            "wish__community", "taker", "organisation", "report__unit", "body", "donation", "hold"
        )

    def keeping(self) -> Self:
        return self.filter(state__in=sorted(KEEPING))

    def overdue(self, at: datetime.datetime) -> Self:
        return self.filter(state=TakeState.TAKEN, due_at__lte=at)

    def unanswered(self, at: datetime.datetime) -> Self:
        """Delivered, and whoever asked has not said for a week whether it arrived."""
        return self.filter(state=TakeState.DELIVERED, delivered_at__lte=at - ASKER_ANSWERS_WITHIN)

    def to_vouch_for(self, user: User, *, on: datetime.date) -> Self:
        """Unanswered ones that `user`, who neither asked nor took them up, should ask about."""
        end = make_aware(datetime.datetime.combine(on, datetime.time.max))
        near = in_reach(user, SCREENERS, on=on, prefix="wish__")
        rows = self.unanswered(end).filter(near)
        return rows.exclude(taker=user).exclude(wish__asker=user)

    def money_of(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Money wishes taken up in the places where `user` is a finance clerk."""
        near = in_reach(user, {Role.FINANCE_MAKER}, on=on, prefix="wish__")
        return self.filter(near, wish__kind=Wish.Kind.MONEY)

    def money_waiting(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those whose next step is the clerk's."""
        waiting = Q(hold=None) | Q(hold__open__gt=0)
        return self.money_of(user, on=on).filter(waiting, state=TakeState.TAKEN)

    def told(self) -> Self:
        """What may be read by everybody, and was released, with what its words are masked by."""
        rows = self.filter(
            state=TakeState.CONFIRMED, told_at__isnull=False, wish__is_private=False
        ).exclude(wish__tell=Wish.Tell.NOTHING)
        return rows.select_related("wish__community", "wish__asker", "taker")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To taker, asker, and the workers of the place."""
        if not user.pk:
            return self.none()
        near = Wish.objects.near(user, on=on).values("pk")
        mine = Q(taker=user.pk) | Q(wish__asker=user.pk)
        return self.filter(mine | Q(wish__in=near))


class Take(Moving):
    """Somebody takes up pieces of a wish: for himself, an organisation, a unit or as a party
    member who has reported, or a community out of its own money.

    Money goes through the ledger: `donation` is the gift, `hold` what is kept of it for the wish.
    """

    wish = models.ForeignKey(Wish, models.PROTECT, related_name="takes")
    quantity = models.PositiveSmallIntegerField(_("how many"))
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken up by")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="takes"
    )
    report = models.ForeignKey(
        DoubleReport, models.PROTECT, null=True, blank=True, related_name="takes"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, blank=True, related_name="take"
    )
    hold = models.OneToOneField(Hold, models.PROTECT, null=True, blank=True, related_name="take")
    note = models.CharField(_("what was done"), max_length=300, blank=True)
    thanks = models.CharField(_("thanks"), max_length=300, blank=True)
    told = models.CharField(_("told in public"), max_length=300, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=TakeState, default=TakeState.TAKEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("taken up"))
    due_at = models.DateTimeField(_("to be done by"))
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = TakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish taken up")
        verbose_name_plural = _("wishes taken up")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="take_takes_something"),
            models.CheckConstraint(
                condition=Q(organisation=None, report=None)
                | Q(organisation=None, body=None)
                | Q(report=None, body=None),
                name="take_is_for_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "confirmed"]) | Q(delivered_at__isnull=False),
                name="take_delivered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "given_back", "lapsed"], ended_at__isnull=False)
                | (~Q(state__in=["confirmed", "given_back", "lapsed"]) & Q(ended_at=None)),
                name="take_ended_or_not",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told="")
                | (Q(told_at__isnull=False, told_by__isnull=False) & ~Q(told="")),
                name="take_told_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["wish", "taker"],
                condition=Q(state__in=["taken", "delivered"]),
                name="take_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="take_due")]

    @property
    def who(self) -> str:
        """Who is named for it: the unit, organisation or community; a person only inside."""
        if self.report is not None:
            return str(self.report)
        return str(self.organisation or self.body or self.taker)

    @property
    def public_thanks(self) -> str:
        """The asker's thanks where they may be told: names, numbers and addresses masked."""
        if self.wish.tell != Wish.Tell.THANKS:
            return ""
        asker, taker = self.wish.asker, self.taker
        names = (self.wish.for_name, asker.full_name, asker.full_name_en, taker.full_name)
        return mask_text(self.thanks, [name for name in names if len(name) > 1])

    def is_unanswered(self, at: datetime.datetime) -> bool:
        return self.delivered_at is not None and at >= self.delivered_at + ASKER_ANSWERS_WITHIN


class TakeEvent(MoveEvent):
    subject = models.ForeignKey(Take, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a wish taken up")
        verbose_name_plural = _("moves of wishes taken up")
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="takeevent_once")]


class TakeGood(models.Model):
    """A thing that was delivered, with its value in fen; listed once, never changed."""

    take = models.ForeignKey(Take, models.PROTECT, related_name="goods")
    name = models.CharField(_("thing"), max_length=80)
    quantity = models.PositiveSmallIntegerField(_("how many"))
    value = models.BigIntegerField(_("value in all"))

    class Meta:
        verbose_name = _("thing delivered")
        verbose_name_plural = _("things delivered")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, value__gte=0), name="takegood_is_something"
            )
        ]
