"""What becomes of a result (成果运用): adopted or not, what was promised, how it goes, how people
rate it."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.commitment_workflow import OPEN, State
from consultation.models.projects import OVERSEES, seen_by_posts
from grids.scopes import scopes_of
from lib.chain import ChainedEvent
from lib.roles import Role
from organizations.models import User

# `subject_kind` of holds and messages about a commitment.
SUBJECT = "consultation.commitment"
# They do the work of their body.
CARRIES_OUT = frozenset(
    {Role.DEPARTMENT_HEAD, Role.HANDLER, Role.COMMUNITY_WORKER, Role.PARTY_SECRETARY}
)


# They look at commitments in the workbench.
READERS = OVERSEES | CARRIES_OUT | {Role.FINANCE_MAKER}


class Adoption(models.Model):
    """What the body that had to decide made of a result, and what it answers those who disagreed.

    Never changed: a new decision is a new row, the newest counts.
    """

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Adopted in part")
        NOT = "not", _("Not adopted")

    consultation = models.ForeignKey(
        "consultation.Consultation", models.PROTECT, related_name="adoptions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    verdict = models.CharField(_("what became of the result"), max_length=8, choices=Verdict)
    reasons = models.TextField(_("reasons"), max_length=4000)
    to_dissent = models.TextField(_("answer to those who disagreed"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("adoption of a result")
        verbose_name_plural = _("adoptions of results")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="adoption_number_once"),
            models.CheckConstraint(
                condition=~Q(reasons="") & ~Q(to_dissent=""), name="adoption_says_why"
            ),
        ]


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def with_names(self) -> Self:
        return self.select_related(
            "owner", "town", "community", "line", "hold", "consultation", "idea__call"
        )

    def in_work(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, *, on: datetime.date) -> Self:
        return self.in_work().filter(due_on__lt=on)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """For the workbench: of a territory overseen, of one's body, or paid by it."""
        scopes = scopes_of(user, on=on)
        works = {body for one in scopes if one.role in CARRIES_OUT for body in one.body_ids}
        pays = {body for one in scopes if one.role == Role.FINANCE_MAKER for body in one.body_ids}
        mine = Q(owner__in=works) | Q(line__body__in=pays)
        return self.filter(seen_by_posts(user, on=on) | mine)

    def followed(self) -> Self:
        """In work, and tied to a case or an application whose state moves them."""
        return self.filter(state__in=[State.PROMISED, State.RUNNING]).exclude(
            case=None, application=None
        )


class Commitment(models.Model):
    """Something that a body promised to do by a day, with or without money.

    It comes from a consultation or from a chosen idea. `share` is what is done in per cent: of the
    milestones by weight where there are some, of the case or application that it follows, else as
    its owner says. `due_on` may be put off with a reason; `promised_on` is the first deadline and
    stays. `version` and `head` are those of its history.
    """

    consultation = models.ForeignKey(
        "consultation.Consultation", models.PROTECT, null=True, blank=True,
        related_name="commitments",
    )  # fmt: skip
    idea = models.OneToOneField(
        "consultation.Idea", models.PROTECT, null=True, blank=True, related_name="commitment"
    )
    title = models.CharField(_("what is promised"), max_length=120)
    text = models.TextField(_("in more words"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("who does it")
    )
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    promised_on = models.DateField(_("promised for"))
    due_on = models.DateField(_("to be done by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROMISED)
    share = models.PositiveSmallIntegerField(_("done (per cent)"), default=0)
    line = models.ForeignKey(
        "funding.Line", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("budget line"),
    )  # fmt: skip
    hold = models.OneToOneField(
        "funding.Hold", models.PROTECT, null=True, blank=True, related_name="commitment"
    )
    actual = models.BigIntegerField(_("cost in the end"), null=True, blank=True)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    application = models.ForeignKey(
        "funding.Application", models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    proof = models.TextField(_("what shows that it is done"), max_length=2000, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("promised"))
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    supervised_at = models.DateTimeField(_("supervised"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(
                condition=Q(consultation__isnull=False, idea=None)
                | Q(consultation=None, idea__isnull=False),
                name="commitment_comes_from_one",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100), name="commitment_share_is_per_cent"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("promised_on")), name="commitment_only_put_off"
            ),
            models.CheckConstraint(
                condition=Q(state="promised", begun_at=None)
                | Q(state="dropped")
                | (~Q(state__in=["promised", "dropped"]) & Q(begun_at__isnull=False)),
                name="commitment_begun_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "done"])
                | (Q(reported_by__isnull=False) & ~Q(proof="")),
                name="commitment_reported_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dropped"], ended_at__isnull=False)
                | (~Q(state__in=["done", "dropped"]) & Q(ended_at=None)),
                name="commitment_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(share=100), name="commitment_done_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(hold=None) | Q(line__isnull=False), name="commitment_money_has_a_line"
            ),
            models.CheckConstraint(
                condition=Q(actual=None) | Q(actual__gte=0), name="commitment_cost_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="commitment_due"),
            models.Index(fields=["owner", "state"], name="commitment_owner"),
            models.Index(fields=["community", "-id"], name="commitment_community"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """What people call it: LS2026000017."""
        return f"LS{localdate(self.made_at).year}{self.pk:06d}"

    @property
    def subject(self) -> tuple[str, str]:
        return SUBJECT, str(self.pk)

    @property
    def kept(self) -> int:
        """Fen that were set aside for it."""
        return self.hold.amount if self.hold else 0

    def is_overdue(self, *, on: datetime.date) -> bool:
        return self.state in OPEN and self.due_on < on

    @property
    def is_put_off(self) -> bool:
        return self.due_on > self.promised_on


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def share_done(self) -> int:
        """Per cent of all weight that is done, rounded down; 0 where there is none."""
        done = Sum("weight", filter=Q(done_at__isnull=False), default=0)
        sums = self.aggregate(all=Sum("weight", default=0), done=done)
        return int(sums["done"] * 100 // sums["all"]) if sums["all"] else 0


class Milestone(models.Model):
    """A step of a commitment and its weight among the others."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="milestones", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(pgettext_lazy("a milestone", "step"), max_length=100)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    done_at = models.DateTimeField(pgettext_lazy("a stage", "done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "position"], name="milestone_position_once"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="milestone_weighs_something"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="milestone_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CommitmentEvent(ChainedEvent):
    """One step of a commitment. Notes are read by everybody: no names of residents, no telephones.

    `facts` holds shares, amounts, days and digests of photos.
    """

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="events", db_index=False
    )
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, choices=State, blank=True)
    to_state = models.CharField(max_length=10, choices=State)
    note = models.CharField(_("note"), max_length=2000, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a commitment")
        verbose_name_plural = _("steps of commitments")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "number"], name="commitmentevent_number_once"
            )
        ]

    def record(self) -> dict[str, Any]:
        return {
            "commitment": self.commitment_id, "number": self.number, "move": self.move,
            "from": str(self.from_state), "to": str(self.to_state), "note": self.note,
            "facts": self.facts, "by": self.by_id, "at": self.at,
        }  # fmt: skip


class CommitmentPhoto(models.Model):
    """A photo of the work; whoever adds it says that everybody may see it."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="photos")
    image = models.FileField(upload_to="commitments/%Y/%m/")
    thumbnail = models.FileField(upload_to="commitments/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    words = models.CharField(_("what it shows"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo of a commitment")
        verbose_name_plural = _("photos of commitments")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "sha256"], name="commitmentphoto_once")
        ]


class ResultRating(models.Model):
    """What a resident thinks of what was done: one row for a person, changed until they are sure.

    Words are shown to those who carry it out; everybody sees the counts.
    """

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="ratings", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField(_("stars"))
    words = models.CharField(_("in words"), max_length=500, blank=True)
    at = models.DateTimeField(_("rated"))

    class Meta:
        verbose_name = _("rating of a result")
        verbose_name_plural = _("ratings of results")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "person"], name="rating_once_a_person"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="rating_one_to_five"
            ),
        ]


class Reopening(models.Model):
    """Somebody brings new facts to a matter that was concluded; without them it stays concluded."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a decision")
        GRANTED = "granted", _("There are new facts")
        REFUSED = "refused", _("Nothing new")

    consultation = models.ForeignKey(
        "consultation.Consultation", models.PROTECT, related_name="reopenings"
    )
    facts = models.TextField(_("what is new"), max_length=2000)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    reason = models.CharField(_("reason of the decision"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    topic = models.OneToOneField(
        "consultation.Topic", models.PROTECT, null=True, blank=True, related_name="wish",
        verbose_name=_("topic that it became"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("wish to reopen")
        verbose_name_plural = _("wishes to reopen")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state="asked"), name="reopening_one_asked"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | (
                    ~Q(state="asked")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
                name="reopening_decided_or_not",
            ),
        ]
