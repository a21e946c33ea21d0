"""What a consultation publishes: immutable versions, each chained to the one before it.

Nothing is out that a person has not read after masking: words begin as a draft; releasing it
makes a version, which no one changes. A correction is a further version with its reason.
"""

import datetime
import hashlib
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.blueprints import PublicationKind
from consultation.models.matters import Consultation, Publicity, Stage
from lib.chain import ChainedEvent


def text_digest(title: str, text: str) -> str:
    """SHA-256 over the words without blanks and line ends: a print-out typed or copied again has
    the same digest, whatever the width of its lines."""
    words = "".join(f"{title}\n{text}".split())
    return hashlib.sha256(words.encode()).hexdigest()


class PublicationQuerySet(models.QuerySet["Publication"]):
    def published(self) -> Self:
        """What everybody reads: at least one version is out, of a consultation that is public."""
        open_kinds = Q(consultation__publicity=Publicity.PUBLIC) | Q(
            kind__in=[PublicationKind.NOTICE, PublicationKind.RESULT, PublicationKind.CORRECTION]
        )
        return self.filter(open_kinds, version__gte=1, consultation__started_at__isnull=False)

    def with_names(self) -> Self:
        return self.select_related(
            "consultation", "consultation__body", "consultation__community", "stage"
        )


class Publication(models.Model):
    """A paper of a consultation. `version` and `hash` are those of its newest version (0 and "":
    nothing is out yet), `published_at` the moment of the first, `changed_at` of the newest."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="publications")
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="publications",
        verbose_name=_("stage"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=PublicationKind)
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    version = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.CheckConstraint(
                condition=Q(version=0, hash="", published_at=None, changed_at=None)
                | (
                    Q(version__gte=1, published_at__isnull=False, changed_at__isnull=False)
                    & ~Q(hash="")
                ),
                name="publication_is_out_or_not",
            )
        ]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="publication_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_out(self) -> bool:
        return self.version > 0


class PublicationDraft(models.Model):
    """Words on their way to the next version: as they were written (`text`), and as a machine has
    masked and a person corrected them (`public_text`). One per publication; inside only."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="draft"
    )
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    text = models.TextField(_("text"), max_length=20_000)
    public_text = models.TextField(_("text as everybody reads it"), max_length=20_000)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft of a publication")
        verbose_name_plural = _("drafts of publications")


class PublicationFile(models.Model):
    """A file of a publication, checked by its content. `since` is the version with which it went
    out (None: with the next one); the versions' records hold its digest."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(upload_to="consultation/%Y/%m/")
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    since = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a publication")
        verbose_name_plural = _("files of publications")
        constraints = [
            models.UniqueConstraint(fields=["publication", "sha256"], name="publicationfile_once")
        ]


class PublicationVersionQuerySet(models.QuerySet["PublicationVersion"]):
    def of_day(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        return self.filter(at__gte=start, at__lt=end)


class PublicationVersion(ChainedEvent):
    """One text that was out from `at` on. `files` lists name, size and digest of what belonged to
    it; `confirmed_by` read it after masking and answers for it."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="versions", db_index=False
    )
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    text = models.TextField(_("text"))
    text_digest = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)
    files = models.JSONField(default=list)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    at = models.DateTimeField(_("published"))

    objects = PublicationVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a publication")
        verbose_name_plural = _("versions of publications")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="publicationversion_number_once"
            ),
            models.UniqueConstraint(fields=["hash"], name="publicationversion_hash_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="publicationversion_changed_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="publicationversion_at")]

    def record(self) -> dict[str, Any]:
        return {
            "publication": self.publication_id,
            "number": self.number,
            "title": self.title,
            "text": self.text,
            "reason": self.reason,
            "files": self.files,
            "confirmed_by": self.confirmed_by_id,
            "at": self.at,
        }


class PublicationCheck(models.Model):
    """One run over everything that was published. `texts`: versions looked at; `found`: how many
    breaks; `breaks`: the first of them as [number of consultation or topic, what, where]."""

    at = models.DateTimeField(_("made at"))
    texts = models.PositiveIntegerField(_("texts looked at"))
    found = models.PositiveIntegerField(_("breaks found"))
    breaks = models.JSONField(_("breaks"), default=list)

    class Meta:
        verbose_name = _("check of publications")
        verbose_name_plural = _("checks of publications")
        indexes = [models.Index(fields=["-at"], name="publicationcheck_at")]

    @property
    def passed(self) -> bool:
        return self.found == 0
