"""A person's inbox."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet):
    def of(self, user: "models.Model") -> Self:
        return self.filter(to=user).order_by("-id")

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """One message to one person. `key` makes sending twice harmless.

    `kind` and `params` choose and fill the sentence when it is shown, in the reader's language;
    `subject_kind` and `subject_key` name what it is about, resolved through the registry.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    key = models.CharField(max_length=120, unique=True)
    kind = models.SlugField()
    params = models.JSONField(default=dict)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["to", "-id"], name="message_inbox")]
