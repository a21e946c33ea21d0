"""Votes: who is entitled, that he has voted, and the ballots; apart from each other where secret.

The database keeps the promises (`migrations/sql/votes.*.sql`): one vote per entitled, none after
closing, no ballot without somebody who voted, no rule changed once voting has begun.
"""

import datetime
import secrets
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.matters import Consultation, Stage
from consultation.models.sessions import REMINDED_BEFORE, Session
from consultation.session_workflow import VoteState
from lib.languages import in_language
from organizations.models import User

# The keys of members who stand back and are still counted among all: nobody votes for them.
RECUSED = "r"


def chance_key() -> int:
    """Keys of ballots say nothing about their order."""
    return secrets.randbits(62)


class VoteQuerySet(models.QuerySet["Vote"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        seen = Consultation.objects.visible_to(user, on=on)
        return self.filter(consultation__in=seen)

    def with_names(self) -> Self:
        return self.select_related("consultation__body", "consultation__community", "stage", "roll")

    def public(self) -> Self:
        """What everybody sees: begun, of a consultation that everybody sees."""
        return self.filter(consultation__started_at__isnull=False).exclude(state=VoteState.DRAFT)

    def open_at(self, at: datetime.datetime) -> Self:
        return self.filter(state=VoteState.OPEN, opened_at__lte=at, closes_at__gt=at)

    def over(self, *, at: datetime.datetime) -> Self:
        """Open past their end: the clock closes them."""
        return self.filter(state=VoteState.OPEN, closes_at__lte=at)

    def to_be_reminded_of(self, *, at: datetime.datetime) -> Self:
        """They end within a day, and whoever has not voted was not reminded yet; what is open for
        less than two days, or in a room, needs no reminder."""
        rows = self.open_at(at).filter(session=None, reminded_at=None)
        return rows.filter(
            closes_at__lte=at + REMINDED_BEFORE, opened_at__lte=F("closes_at") - 2 * REMINDED_BEFORE
        )

    def with_papers_for(self, counter: User) -> Self:
        """Closed with papers handed out, and `counter` has not counted them yet."""
        papers = Entitlement.objects.filter(vote=OuterRef("pk"), channel=Entitlement.Channel.PAPER)
        own = PaperCount.objects.filter(
            vote=OuterRef("pk"), series=OuterRef("series"), by=counter, closed_at__isnull=False
        )
        return self.filter(Exists(papers), ~Exists(own), state=VoteState.CLOSED)

    def for_voter(self, user: User) -> Self:
        """Votes in which `user` speaks for somebody."""
        mine = Entitlement.objects.of(user).filter(vote=OuterRef("pk"))
        return self.filter(Exists(mine))


class Vote(models.Model):
    """One question. `unit`: who has one vote. From opening on, `rules` is what the result is judged
    by, `salt` what receipts and printed codes are hashed with; `commitment` is the hash over all
    ballots, fixed when it closes, `result` what the count said."""

    class Unit(models.TextChoices):
        PERSON = "person", _("each person")
        HOUSEHOLD = "household", _("each household")
        OWNER = "owner", _("each owner, with the floor area")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="votes")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="votes")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="votes",
        verbose_name=_("in the session"),
    )  # fmt: skip
    roll = models.ForeignKey(
        "grids.Roll", models.PROTECT, null=True, blank=True, related_name="votes",
        verbose_name=_("of the roll"),
    )  # fmt: skip
    question = models.CharField(pgettext_lazy("a vote", "question"), max_length=200)
    is_secret = models.BooleanField(_("secret"), default=False)
    unit = models.CharField(_("one vote for"), max_length=9, choices=Unit)
    most_proxies = models.PositiveSmallIntegerField(
        _("proxies one person holds at most"), default=2
    )
    state = models.CharField(_("state"), max_length=6, choices=VoteState, default=VoteState.DRAFT)
    opened_at = models.DateTimeField(pgettext_lazy("a vote", "opened"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(pgettext_lazy("a vote", "closed"), null=True, blank=True)
    judged_at = models.DateTimeField(_("counted"), null=True, blank=True)
    rules = models.JSONField(default=list)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    commitment = models.CharField(_("hash over all ballots"), max_length=64, blank=True)
    series = models.PositiveSmallIntegerField(_("count"), default=1)
    result = models.JSONField(default=dict)
    passed = models.BooleanField(_("carried"), null=True, blank=True)
    reason = models.CharField(_("why it was annulled"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = pgettext_lazy("of a consultation", "votes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", opened_at=None, closed_at=None, passed=None, salt="")
                | (Q(state="open", opened_at__isnull=False, closed_at=None, passed=None)
                   & ~Q(salt=""))
                | (Q(state="closed", closed_at__isnull=False, passed=None) & ~Q(commitment=""))
                | (Q(state="judged", judged_at__isnull=False, passed__isnull=False)
                   & ~Q(commitment=""))
                | (Q(state="void", passed=None) & ~Q(reason="")),
                name="vote_has_what_its_state_needs",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False) | Q(roll__isnull=False),
                name="vote_has_an_electorate",
            ),
            models.CheckConstraint(
                condition=~Q(unit="owner") | Q(is_secret=False), name="vote_by_area_is_open"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "closes_at"], name="vote_closing")]

    def __str__(self) -> str:
        return self.question


class VoteOption(models.Model):
    """An answer that can be given. Exactly the one that `is_favour` counts for the proposal."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="options")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("answer"), max_length=80)
    text_en = models.CharField(_("answer (English)"), max_length=120, blank=True)
    is_favour = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer of a vote")
        verbose_name_plural = _("answers of votes")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "order"], name="voteoption_order_once"),
            models.UniqueConstraint(
                fields=["vote"], condition=Q(is_favour=True), name="voteoption_one_is_in_favour"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)


def _held_now_by(user: User) -> dict[str, Any]:
    """Links of rights to places of a roll that `user` holds."""
    return {"entitled__claims__person": user.pk, "entitled__claims__ended_at": None}


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def of(self, user: User) -> Self:
        """Those for which `user` may vote himself: by name, or by a place of the roll."""
        by_place = Entitlement.voters.through.objects.filter(entitlement=OuterRef("pk"))
        return self.filter(Q(person=user.pk) | Exists(by_place.filter(**_held_now_by(user))))

    def held_by(self, user: User) -> Self:
        """Those for which a written proxy lets `user` vote."""
        holders = Entitlement.objects.of(user)
        return self.filter(proxies__holder__in=holders, proxies__revoked_at=None)

    def with_proxies(self) -> Self:
        """With `is_given`: whether a written proxy stands for it."""
        standing = Proxy.objects.filter(giver=OuterRef("pk"), revoked_at=None)
        return self.annotate(is_given=Exists(standing))

    def without_paper(self) -> Self:
        """Whose paper an open vote prints: they have not voted, and none was printed for them."""
        return self.filter(voted_at=None, paper=None).exclude(key__startswith=RECUSED)

    def voted(self) -> Self:
        return self.filter(voted_at__isnull=False)


class Entitlement(models.Model):
    """One vote that somebody has. `key` names who within this vote, `household` groups those who
    live together; `area` in 0.01 m². `voted_at` is set once; in a secret vote it is only a day."""

    is_given: bool  # to a proxy, where `with_proxies` asked

    class Channel(models.TextChoices):
        ONLINE = "online", _("online")
        CLERK = "clerk", _("with a clerk")
        PAPER = "paper", _("on paper")

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="entitlements", db_index=False)
    key = models.CharField(max_length=70)
    label = models.CharField(_("who"), max_length=120)
    household = models.CharField(max_length=70)
    area = models.PositiveBigIntegerField(_("area (0.01 m²)"), default=0)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    voters: Any = models.ManyToManyField("grids.Entitled", related_name="+")
    voted_at = models.DateTimeField(_("voted"), null=True, blank=True)
    channel = models.CharField(_("how"), max_length=6, choices=Channel, blank=True)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to vote")
        verbose_name_plural = _("rights to vote")
        constraints = [
            models.UniqueConstraint(fields=["vote", "key"], name="entitlement_once"),
            models.CheckConstraint(
                condition=Q(voted_at=None, channel="", cast_by=None)
                | (Q(voted_at__isnull=False, cast_by__isnull=False) & ~Q(channel="")),
                name="entitlement_is_used_or_not",
            ),
        ]
        indexes = [models.Index(fields=["vote", "household"], name="entitlement_household")]

    def __str__(self) -> str:
        return self.label

    def is_of(self, user: User) -> bool:
        """As `EntitlementQuerySet.of` for one row: whether `user` may vote himself."""
        if self.person_id == user.pk:
            return True
        by_place = Entitlement.voters.through.objects.filter(entitlement=self.pk)
        found: bool = by_place.filter(**_held_now_by(user)).exists()
        return found

    @property
    def stands_back(self) -> bool:
        return self.key.startswith(RECUSED)

    @property
    def square_metres(self) -> str:
        return f"{self.area // 100:,}.{self.area % 100:02d}"


class BallotRight(models.Model):
    """Somebody has just voted and his ballot is not in the box yet: made and used up by triggers
    within one transaction, so that ballots are never more than people who voted."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="+")


class Ballot(models.Model):
    """An answer in the box. In a secret vote nothing leads to who gave it: no key in order, no
    moment, no entitlement. `receipt`: hash of the code with which the voter finds it."""

    id = models.BigIntegerField(primary_key=True, default=chance_key)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    option = models.ForeignKey(VoteOption, models.PROTECT, related_name="ballots", db_index=False)
    entitlement = models.OneToOneField(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="ballot"
    )
    receipt = models.CharField(max_length=64, unique=True)
    sealed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")


class Proxy(models.Model):
    """`holder` votes for `giver`: in writing, within the household, one step far."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Entitlement, models.PROTECT, related_name="proxies")
    holder = models.ForeignKey(Entitlement, models.PROTECT, related_name="held_proxies")
    paper = models.CharField(
        _("the written proxy"), max_length=120, help_text=_("Its date and where it is kept.")
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proxy")
        verbose_name_plural = _("proxies")
        constraints = [
            models.UniqueConstraint(
                fields=["giver"], condition=Q(revoked_at=None), name="proxy_given_once"
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="proxy_to_another"),
            models.CheckConstraint(condition=~Q(paper=""), name="proxy_is_written"),
        ]


class PaperBallotQuerySet(models.QuerySet["PaperBallot"]):
    def in_use(self) -> Self:
        """Without those that were cancelled as spoilt and have no new code in their place."""
        gone = Q(spoilt__confirmed_at__isnull=False, spoilt__code_digest="")
        return self.exclude(pk__in=self.filter(gone).values("pk"))

    def with_code(self, digest: str) -> "PaperBallot | None":
        """The paper on which this code is or once was printed."""
        once = Q(code_digest=digest) | Q(spoilt__code_digest=digest)
        return self.filter(once).distinct().first()


class PaperBallot(models.Model):
    """A printed ballot: its number, a hash of the code on it; in an open vote also whose it is.

    Where it was spoilt (`SpoiltPaper`), another code stands in place of `code_digest`, or none."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="papers")
    serial = models.PositiveIntegerField(_("number"))
    code_digest = models.CharField(max_length=64)
    entitlement = models.OneToOneField(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="paper"
    )

    objects = PaperBallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper ballot")
        verbose_name_plural = _("paper ballots")
        constraints = [
            models.UniqueConstraint(fields=["vote", "serial"], name="paperballot_serial_once"),
            models.UniqueConstraint(fields=["vote", "code_digest"], name="paperballot_code_once"),
        ]

    @property
    def code_in_force(self) -> str:
        """The digest of the one code by which it is counted; "": it was cancelled for good."""
        newest = self.spoilt.confirmed().order_by("-confirmed_at", "-pk").first()
        return self.code_digest if newest is None else newest.code_digest


class PaperCount(models.Model):
    """One person counts all papers: two of them, in the case of differences a third. `series` 2 and
    more are recounts."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="counts")
    series = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("count of paper ballots")
        verbose_name_plural = _("counts of paper ballots")
        ordering = ["series", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "series", "turn"], name="papercount_turn_once"),
            models.UniqueConstraint(fields=["vote", "series", "by"], name="papercount_by_another"),
            models.CheckConstraint(
                condition=Q(turn__gte=1, turn__lte=3), name="papercount_at_most_three"
            ),
        ]


class PaperEntry(models.Model):
    """What one counter read on one paper; no option: the paper is not valid."""

    count = models.ForeignKey(PaperCount, models.PROTECT, related_name="entries")
    paper = models.ForeignKey(PaperBallot, models.PROTECT, related_name="entries")
    option = models.ForeignKey(VoteOption, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("reading of a paper ballot")
        verbose_name_plural = _("readings of paper ballots")
        constraints = [models.UniqueConstraint(fields=["count", "paper"], name="paperentry_once")]
