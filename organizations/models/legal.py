"""The library of legal bases: laws, their articles, and which rows of other tables cite them.

Only what is cited here, with what an article says in few words; the text stands where `read_at`
names it. A law that is replaced ends, and names the one that follows it.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class LawKind(models.TextChoices):
    LAW = "law", _("Law (法律)")
    STATE_COUNCIL = "state_council", _("Administrative regulation (行政法规)")
    LOCAL = "local", _("Local regulation (地方性法规)")
    RULE = "rule", _("Rule of a department or government (规章)")
    PARTY = "party", _("Party rule (党内法规)")
    DOCUMENT = "document", _("Normative document (规范性文件)")
    STANDARD = "standard", _("Standard (标准)")


class LawQuerySet(DatedQuerySet):
    def with_successor(self) -> Self:
        return self.select_related("followed_by")


class Law(Dated):
    """Valid from the day on which it is in force; `short_title` is how other texts cite it."""

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=LawKind)
    title = models.CharField(pgettext_lazy("of a law", "title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=240)
    short_title = models.CharField(_("as it is cited"), max_length=60)
    issued_by = models.CharField(_("issued by"), max_length=120)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    read_at = models.CharField(_("where the text was read"), max_length=300)
    day_verified = models.BooleanField(_("day of force read in a source"), default=False)
    followed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("followed by"),
    )  # fmt: skip

    objects = LawQuerySet.as_manager()

    class Meta:
        verbose_name = _("law or standard")
        verbose_name_plural = _("laws and standards")
        constraints = [
            ends_after_it_begins("law_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(followed_by=None) | Q(valid_to__isnull=False),
                name="law_followed_has_ended",
            ),
            models.CheckConstraint(condition=~Q(short_title=""), name="law_is_cited_somehow"),
        ]

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" else self.title

    @property
    def since(self) -> str:
        """The day of force, and whether it was read anywhere."""
        day = self.valid_from.isoformat()
        return day if self.day_verified else str(_("%(day)s (not verified)") % {"day": day})


class LawArticle(Dated):
    """What an article says, in few words; an amendment ends the row and begins another."""

    law = models.ForeignKey(
        Law, models.PROTECT, related_name="articles", verbose_name=_("law or standard")
    )
    number = models.PositiveSmallIntegerField(_("article"))
    gist = models.CharField(_("what it says"), max_length=300)
    gist_en = models.CharField(_("what it says (English)"), max_length=400)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("article of a law")
        verbose_name_plural = _("articles of laws")
        constraints = [
            ends_after_it_begins("lawarticle_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["law", "number", "valid_from"], name="lawarticle_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(law)s, article %(number)s") % {"law": self.law, "number": self.number})

    @property
    def gist_shown(self) -> str:
        return self.gist_en if get_language() == "en" else self.gist


class CitationQuerySet(models.QuerySet["Citation"]):
    def with_names(self) -> Self:
        return self.select_related("law__followed_by", "looked_by")

    def of(self, rows: Any) -> Self:
        """What these rows of one table cite."""
        keys = [str(row.pk) for row in rows]
        return self.filter(kind=rows[0]._meta.label_lower, key__in=keys) if keys else self.none()

    def on(self, law: Law, number: int | None = None) -> Self:
        """Of a law, or of one of its articles."""
        rows = self.filter(law=law)
        return rows if number is None else rows.filter(number=number)

    def to_look_at(self) -> Self:
        return self.filter(changed_on__isnull=False)


class Citation(models.Model):
    """A row of another table (`kind` is its label, `key` its primary key) cites an article.

    `number` 0: the law as a whole. `changed_on`: the day from which the article or law is another,
    until somebody has looked at whether the row still stands; then `looked_by` says who.
    """

    law = models.ForeignKey(Law, models.PROTECT, related_name="citations", db_index=False)
    number = models.PositiveSmallIntegerField(_("article"))
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=20)
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    finding = models.CharField(_("what was found"), max_length=300, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation of a law")
        verbose_name_plural = _("citations of laws")
        constraints = [
            models.UniqueConstraint(fields=["law", "number", "kind", "key"], name="citation_once"),
            models.CheckConstraint(
                condition=Q(looked_by=None, looked_at=None, finding="")
                | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="citation_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(changed_on=None) | Q(looked_by=None),
                name="citation_waits_or_was_looked_at",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "key"], name="citation_row"),
            models.Index(
                fields=["changed_on"], condition=Q(changed_on__isnull=False), name="citation_waits"
            ),
        ]

    def __str__(self) -> str:
        if not self.number:
            return str(self.law)
        return str(_("%(law)s, article %(number)s") % {"law": self.law, "number": self.number})
