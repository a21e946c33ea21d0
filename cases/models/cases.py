"""The case itself, the reporter's personal details beside it, and the counter of its numbers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.queries import CaseQuerySet
from cases.workflow import ENDED, OPEN, WITH_DEPARTMENT, Desk, State
from lib.chain import GENESIS
from routing.models.catalogue import Publicity

# The kind by which tables of lower apps (inbox, ledger) name a case; the key is its primary key.
SUBJECT = "case"
MOST_EXTENSIONS = 2


class Channel(models.TextChoices):
    """Where a matter came in (domain list of intake channels)."""

    GRID = "grid", _("Grid worker")
    WINDOW = "window", _("Service window")
    WEB = "web", _("Resident, online")
    HOTLINE = "hotline", _("12345 hotline")
    API = "api", _("Partner system")
    SUPERIOR = "superior", _("Superior body")
    MEDIA = "media", _("Media")
    VIDEO = "video", _("Video patrol")
    DEPARTMENT = "department", _("Department")
    VISIT = "visit", _("Visit")
    CONSULTATION = "consultation", _("Consultation")
    PROACTIVE = "proactive", _("Proactive, from a hot topic")


class Urgency(models.TextChoices):
    URGENT = "urgent", _("Urgent")
    SPEEDY = "speedy", _("Speedy")
    ORDINARY = "ordinary", _("Ordinary")


class PlaceOrigin(models.TextChoices):
    """How sure we are of the place."""

    NONE = "", _("Not known")
    POINT = "point", _("Point on the map")
    CHOSEN = "chosen", _("Chosen")
    ADDRESS = "address", _("Found in the address")


class Case(models.Model):
    """One matter, from submission to its end.

    `desk` says who must act next: an open case lies on exactly one desk, and `desk_body` whose desk
    of that kind where bodies have their own (head, finance, handler). `town`, `community`, `grid`,
    `lead_body` (kept when it returns the case) and `lead_post` repeat what the place and the lead
    task say, so that every list is one index scan. `route_at` is set while the router owes the case
    a try; `tried_version` is what it knew of the world at its last one (sum of change counters).
    `version` and `head` are number and hash of the newest event of its history.

    `supervisions` and `urges` count what stands in their own tables. A split case is
    `closed_by_parts`: nobody handled or checked it but its parts.

    `paused_seconds` counts how long the handling clock stood, in working seconds or, for standards
    whose limit runs around the clock, in seconds. `handled_late` is the raw fact, written when the
    department confirms; the database never takes it back, also where an appeal made the case
    `timeout_exempt`. `settled_lead`: the committee's decision binds, nobody returns the case.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    query_code = models.CharField(_("query code"), max_length=8)
    client_key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    origin_system = models.CharField(max_length=40, blank=True)
    origin_number = models.CharField(max_length=60, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State)
    desk = models.CharField(_("desk"), max_length=12, choices=Desk, blank=True)
    desk_body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.SlugField(_("why the router did not decide"), blank=True)
    route_at = models.DateTimeField(null=True, blank=True)
    route_attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_version = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    urgency = models.CharField(
        _("urgency"), max_length=8, choices=Urgency, default=Urgency.ORDINARY
    )
    publicity = models.CharField(
        _("publicity"), max_length=8, choices=Publicity, default=Publicity.MASKED
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"))
    public_text = models.TextField(_("description for everybody"), blank=True)
    public_text_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    public_text_at = models.DateTimeField(null=True, blank=True)
    category = models.ForeignKey(
        "routing.Category",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("category"),
    )
    standard = models.ForeignKey(
        "routing.FilingStandard",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("filing standard"),
    )

    place_origin = models.CharField(max_length=8, choices=PlaceOrigin, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )

    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases_logged"
    )
    lead_body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_post = models.ForeignKey(
        "organizations.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    supervisions = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    settled_lead = models.BooleanField(default=False)
    kept = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    closed_by_parts = models.BooleanField(default=False)

    created_at = models.DateTimeField(_("received"))
    filed_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sign_due_at = models.DateTimeField(null=True, blank=True)
    handle_due_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveBigIntegerField(default=0)
    handled_late = models.BooleanField(null=True, blank=True)
    timeout_exempt = models.BooleanField(default=False)

    # Taken over from another system's archive: it never had a task, a handler, a check of ours.
    is_history = models.BooleanField(default=False)
    # Up to which event of its history the case has been counted for the indicators.
    counted_version = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["origin_system", "origin_number"],
                condition=~Q(origin_number=""),
                name="case_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) & ~Q(desk="")
                | Q(state__in=ENDED, ended_at__isnull=False, desk="", route_at=None),
                name="case_open_lies_on_a_desk",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SUBMITTED, desk=Desk.ACCEPTANCE)
                | Q(state=State.SUBMITTED, desk=Desk.DUTY)
                | Q(state=State.VERIFYING, desk=Desk.SITE)
                | Q(state=State.ADJUDICATING, desk=Desk.COMMITTEE)
                | Q(state__in=[State.SUSPENDED, State.SPLIT], desk=Desk.CLOCK)
                | Q(state__in=[State.FILED, State.RETURNED])
                & Q(
                    desk__in=[
                        Desk.ROUTER,
                        Desk.DISPATCH,
                        Desk.HEAD,
                        Desk.FINANCE,
                        Desk.COMMITTEE,
                        Desk.DUTY,
                    ]
                )
                | Q(
                    state__in=[State.DISPATCHED, State.HANDLING, State.REWORK],
                    desk=Desk.HANDLER,
                )
                | Q(state=State.REPORTED, desk=Desk.HEAD)
                | Q(state=State.CHECKING, desk=Desk.VERIFIER)
                | Q(state__in=ENDED),
                name="case_desk_matches_state",
            ),
            models.CheckConstraint(
                condition=~Q(desk=Desk.ROUTER) | Q(route_at__isnull=False),
                name="case_router_owes_a_try",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_DEPARTMENT)
                | Q(
                    lead_body__isnull=False,
                    lead_post__isnull=False,
                    dispatched_at__isnull=False,
                    sign_due_at__isnull=False,
                    handle_due_at__isnull=False,
                ),
                name="case_with_department_has_desk_and_limits",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SUSPENDED, suspended_at__isnull=False)
                | ~Q(state=State.SUSPENDED) & Q(suspended_at=None),
                name="case_suspended_since",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, kept__isnull=False)
                | ~Q(state=State.MERGED) & Q(kept=None),
                name="case_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(timeout_exempt=False)
                | Q(handled_late=True, handled_late__isnull=False),
                name="case_exempt_from_a_timeout",
            ),
            models.CheckConstraint(
                condition=Q(extensions__lte=MOST_EXTENSIONS), name="case_extended_twice_at_most"
            ),
            models.CheckConstraint(
                condition=(Q(kept=None) | ~Q(kept=F("id"))) & (Q(parent=None) | ~Q(parent=F("id"))),
                name="case_is_not_its_own_relative",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(handled_by=None) | ~Q(checked_by=F("handled_by")),
                name="case_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED)
                | Q(checked_by__isnull=False, handled_by__isnull=False)
                | Q(is_history=True)
                | Q(closed_by_parts=True),
                name="case_closed_by_a_check",
            ),
            models.CheckConstraint(
                condition=Q(closed_by_parts=False) | Q(state=State.CLOSED),
                name="case_closed_by_parts_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="case_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(public_text="", public_text_by=None, public_text_at=None)
                | ~Q(public_text="")
                & Q(public_text_by__isnull=False, public_text_at__isnull=False),
                name="case_public_text_is_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "-id"], name="case_town"),
            models.Index(fields=["community", "-id"], name="case_community"),
            models.Index(fields=["grid", "-id"], name="case_grid"),
            models.Index(fields=["lead_body", "-id"], name="case_lead_body"),
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["logged_by", "-id"], name="case_logged_by"),
            models.Index(fields=["category", "-id"], name="case_category"),
            models.Index(
                fields=["desk", "town", "id"],
                condition=~Q(desk=""),
                name="case_open_desk",
            ),
            models.Index(
                fields=["desk", "desk_body", "id"],
                condition=~Q(desk=""),
                name="case_desk_of_body",
            ),
            models.Index(
                fields=["refusal", "tried_version", "id"],
                condition=~Q(refusal=""),
                name="case_refused",
            ),
            models.Index(
                fields=["lead_post", "handle_due_at", "id"],
                condition=~Q(desk=""),
                name="case_my_tasks",
            ),
            models.Index(
                fields=["lead_body", "handle_due_at", "id"],
                condition=~Q(desk=""),
                name="case_body_tasks",
            ),
            models.Index(
                fields=["route_at", "id"],
                condition=Q(route_at__isnull=False),
                name="case_to_route",
            ),
            models.Index(fields=["created_at"], name="case_created"),
            models.Index(fields=["category", "created_at"], name="case_category_created"),
            models.Index(
                fields=["id"],
                condition=Q(counted_version__lt=F("version")),
                name="case_to_count",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> tuple[str, str]:
        return SUBJECT, str(self.pk)


class Assistant(models.Model):
    """A body that assists the lead: it sees the case and is told of it.

    `owed`: the duty list names it, and nobody has given its task to a person yet.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="assistants")
    body = models.ForeignKey("organizations.Body", models.PROTECT, related_name="+")
    owed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("assisting body")
        verbose_name_plural = _("assisting bodies")
        constraints = [
            models.UniqueConstraint(fields=["body", "case"], name="body_assists_a_case_once")
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(owed=True), name="assistant_owed"),
        ]


class Reporter(models.Model):
    """Who reported, as far as they told us: personal data, erasable without touching history.

    `salt` seasons the digests that chained events hold of personal text; it is erased with it.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="reporter")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    address_detail = models.CharField(_("address in detail"), max_length=200, blank=True)
    salt = models.CharField(max_length=32)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")


class NumberBlock(models.Model):
    """The last case number of a day; raised by one UPDATE for one case or a whole import."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
