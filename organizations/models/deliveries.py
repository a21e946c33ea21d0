"""What leaves the house: rules, people's wishes, deliveries and their attempts."""

import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.masking import mask_email, mask_mobile
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins

EVERY_KIND, EVERYBODY, RESIDENT = "*", "", "resident"


class MessageChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    WECHAT = "wechat", _("WeChat")


class Timing(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("in the daily digest")
    OFF = "off", _("not at all")


class NotificationRule(Dated):
    """Beyond the inbox: which kind of message goes by which channel to whom, and when.

    `kind` is a message's code or `*`; `role` a role, `resident` (people without an account, by
    telephone) or empty for all who have an account. The most exact rule of a channel wins: kind
    before role. `urgent` messages break quiet hours and switches of a person.
    """

    ROLES = [(EVERYBODY, _("everybody with an account")), (RESIDENT, _("residents")), *Role.choices]

    kind = models.CharField(_("kind of message"), max_length=50, default=EVERY_KIND)
    role = models.CharField(_("whom"), max_length=30, choices=ROLES, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=MessageChannel)
    timing = models.CharField(_("when"), max_length=8, choices=Timing)
    urgent = models.BooleanField(_("urgent: at any hour, on switched-off channels too"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for messages")
        verbose_name_plural = _("rules for messages")
        constraints = [
            ends_after_it_begins("notification_rule_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["kind", "role", "channel", "valid_from"], name="notification_rule_once"
            ),
            models.CheckConstraint(
                condition=~Q(timing=Timing.DIGEST) | Q(channel=MessageChannel.EMAIL, urgent=False),
                name="digest_is_mail_and_not_urgent",
                violation_error_message=_("Only e-mail that is not urgent waits for the digest."),
            ),
        ]


class Preference(models.Model):
    """What a person wishes; without a row: all channels, no quiet hours, the digest at eight."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="preference"
    )
    email = models.BooleanField(_("e-mail"), default=True)
    sms = models.BooleanField(_("text messages"), default=True)
    wechat = models.BooleanField(_("WeChat"), default=True)
    wechat_id = models.CharField(_("WeChat identifier"), max_length=64, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"), default=8, validators=[MaxValueValidator(23)]
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True
    )

    class Meta:
        verbose_name = _("wishes for messages")
        verbose_name_plural = _("wishes for messages")
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_exists"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_are_whole",
                violation_error_message=_("Give both ends of the quiet hours, or none."),
            ),
        ]

    def wants(self, channel: str) -> bool:
        wanted: bool = getattr(self, channel)
        return wanted


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime.datetime) -> Self:
        """Pending, their time has come, and no worker holds them."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=at),
            state=Delivery.State.PENDING,
            due_at__lte=at,
        )

    def for_page(self) -> Self:
        return self.select_related("to").prefetch_related("tries")


class Delivery(models.Model):
    """One message on its way to one person by one channel.

    The truth of an outgoing message: a worker claims due rows (`claim`, `claimed_until`), counts
    the attempt, then sends. `key` makes planning twice harmless and goes with the message, so that
    a gateway may recognise a repetition. `address` is kept only for people without an account, and
    only until it is delivered; `shown_address` is masked.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    key = models.CharField(max_length=140, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=MessageChannel)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    address = models.CharField(max_length=254, blank=True)
    shown_address = models.CharField(_("address"), max_length=254)
    kind = models.CharField(_("kind of message"), max_length=50)
    params = models.JSONField(default=dict)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    urgent = models.BooleanField(default=False)
    is_digest = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    again_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    again_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False, address="")
                | ~Q(state="sent") & Q(sent_at=None),
                name="sent_delivery_keeps_no_address",
            ),
            models.CheckConstraint(
                condition=Q(to__isnull=False, address="") | Q(to=None, is_digest=False),
                name="delivery_to_an_account_keeps_no_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="pending"), name="delivery_due"
            ),
            models.Index(fields=["state", "-id"], name="delivery_state"),
        ]

    @staticmethod
    def masked(channel: str, address: str) -> str:
        if channel == MessageChannel.EMAIL:
            return mask_email(address)
        return mask_mobile(address) if channel == MessageChannel.SMS else f"{address[:2]}***"


class DeliveryAttempt(models.Model):
    """One try. `ended_at` empty: the worker was killed in between, nobody knows whether it went."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["begun_at", "id"]


class FeedAddress(models.Model):
    """The secret address of a person's calendar of deadlines; only its SHA-256 is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="feed_address"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
