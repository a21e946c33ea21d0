"""Organisations, and the reports of units and party members to a community. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class OrganisationState(models.TextChoices):
    WAITING = "waiting", _("Waits for review")
    ACTIVE = "active", _("Registered")
    RETURNED = "returned", pgettext_lazy("volunteers", "Returned")
    REFUSED = "refused", pgettext_lazy("volunteers", "Refused")
    SUSPENDED = "suspended", pgettext_lazy("volunteers", "Suspended")
    ENDED = "ended", _("Ended")


class OrganisationActor(models.TextChoices):
    LEADER = "leader", _("Who acts for the organisation")
    ORGANIZER = "organizer", _("Volunteer organiser of the place")


_EDITABLE = frozenset(
    {OrganisationState.WAITING, OrganisationState.ACTIVE, OrganisationState.RETURNED}
)
_BOTH = frozenset({OrganisationActor.LEADER, OrganisationActor.ORGANIZER})

ORGANISATION_MOVES: dict[str, Move] = {
    "edit": move(_EDITABLE, None, by=_BOTH),
    "resubmit": move(
        {OrganisationState.RETURNED}, OrganisationState.WAITING, by={OrganisationActor.LEADER}
    ),
    "confirm": move(
        {OrganisationState.WAITING}, OrganisationState.ACTIVE, by={OrganisationActor.ORGANIZER}
    ),
    "return": move(
        {OrganisationState.WAITING}, OrganisationState.RETURNED, by={OrganisationActor.ORGANIZER}
    ),
    "refuse": move(
        {OrganisationState.WAITING}, OrganisationState.REFUSED, by={OrganisationActor.ORGANIZER}
    ),
    "suspend": move(
        {OrganisationState.ACTIVE}, OrganisationState.SUSPENDED, by={OrganisationActor.ORGANIZER}
    ),
    "resume": move(
        {OrganisationState.SUSPENDED}, OrganisationState.ACTIVE, by={OrganisationActor.ORGANIZER}
    ),
    "end": move(
        {OrganisationState.ACTIVE, OrganisationState.SUSPENDED}, OrganisationState.ENDED, by=_BOTH
    ),
}


class ReportState(models.TextChoices):
    WAITING = "waiting", _("Waits for the community")
    ACCEPTED = "accepted", pgettext_lazy("of a member", "Reported")
    REFUSED = "refused", pgettext_lazy("volunteers", "Refused")
    ENDED = "ended", _("Ended")


class ReportActor(models.TextChoices):
    REPORTER = "reporter", _("The party member, or who acts for the unit")
    COMMUNITY = "community", _("Volunteer organiser of the community")


REPORT_MOVES: dict[str, Move] = {
    "accept": move({ReportState.WAITING}, ReportState.ACCEPTED, by={ReportActor.COMMUNITY}),
    "refuse": move({ReportState.WAITING}, ReportState.REFUSED, by={ReportActor.COMMUNITY}),
    "end": move(
        {ReportState.WAITING, ReportState.ACCEPTED},
        ReportState.ENDED,
        by={ReportActor.REPORTER, ReportActor.COMMUNITY},
    ),
}


class TaskState(models.TextChoices):
    TAKEN = "taken", _("Taken up")
    DONE = "done", _("Done, waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Given back")


TASK_MOVES: dict[str, Move] = {
    "report": move({TaskState.TAKEN}, TaskState.DONE, by={ReportActor.REPORTER}),
    "confirm": move({TaskState.DONE}, TaskState.CONFIRMED, by={ReportActor.COMMUNITY}),
    "reopen": move({TaskState.DONE}, TaskState.TAKEN, by={ReportActor.COMMUNITY}),
    "drop": move(
        {TaskState.TAKEN},
        TaskState.DROPPED,
        by={ReportActor.REPORTER, ReportActor.COMMUNITY},
    ),
}
NEEDS_REASON = frozenset({"return", "refuse", "suspend", "end", "reopen", "drop"})
