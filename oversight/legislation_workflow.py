"""The way of a local regulation (立法) from a suggestion to its assessment in force. Data only.

立法法 (2023) arts. 81, 89, 90: what a city may regulate, approval by the province, publication.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class Stage(models.TextChoices):
    SUGGESTED = "suggested", pgettext_lazy("legislation", "Suggestions are collected")
    JUSTIFIED = "justified", pgettext_lazy("legislation", "Need is examined")
    PLANNED = "planned", pgettext_lazy("legislation", "In the legislative plan")
    SCHEDULED = "scheduled", pgettext_lazy("legislation", "In the plan of the year")
    DRAFTING = "drafting", pgettext_lazy("legislation", "Being drafted")
    COMMENTING = "commenting", pgettext_lazy("legislation", "Open for comments")
    EXECUTIVE = "executive", pgettext_lazy("legislation", "Before the government")
    SUBMITTED = "submitted", pgettext_lazy("legislation", "Submitted to the congress")
    FIRST = "first", pgettext_lazy("legislation", "First reading")
    SECOND = "second", pgettext_lazy("legislation", "Second reading")
    THIRD = "third", pgettext_lazy("legislation", "Third reading")
    PASSED = "passed_law", pgettext_lazy("legislation", "Passed, waits for approval")
    APPROVED = "approved", pgettext_lazy("legislation", "Approved by the province")
    ANNOUNCED = "announced", pgettext_lazy("legislation", "Announced")
    IN_FORCE = "effective", pgettext_lazy("legislation", "In force")
    RECORDED = "recorded", pgettext_lazy("legislation", "Put on record")
    ASSESSED = "assessed", pgettext_lazy("legislation", "Assessed in force")
    AMENDED = "amended", pgettext_lazy("legislation", "Amended by another")
    REPEALED = "repealed", pgettext_lazy("legislation", "Repealed")
    STOPPED = "stopped", pgettext_lazy("legislation", "Stopped")


class Actor(models.TextChoices):
    OFFICER = "officer", _("Committee of the body that drafts it")


S = Stage
BY = {Actor.OFFICER}
ENDS = frozenset({S.AMENDED, S.REPEALED, S.STOPPED})
BEFORE_PASSING = frozenset(
    {
        S.SUGGESTED, S.JUSTIFIED, S.PLANNED, S.SCHEDULED, S.DRAFTING, S.COMMENTING, S.EXECUTIVE,
        S.SUBMITTED, S.FIRST, S.SECOND, S.THIRD,
    }
)  # fmt: skip
STANDING = frozenset({S.IN_FORCE, S.RECORDED, S.ASSESSED})
MOVES: dict[str, Move] = {
    "edit": move(frozenset(S) - ENDS, None, by=BY),
    "justify": move({S.SUGGESTED}, S.JUSTIFIED, by=BY),
    "plan": move({S.JUSTIFIED}, S.PLANNED, by=BY),
    "schedule": move({S.JUSTIFIED, S.PLANNED}, S.SCHEDULED, by=BY),
    "draft": move({S.SCHEDULED}, S.DRAFTING, by=BY),
    "consult": move({S.DRAFTING}, S.COMMENTING, by=BY),
    "bring": move({S.COMMENTING}, S.EXECUTIVE, by=BY),
    "redraft": move({S.COMMENTING, S.EXECUTIVE, S.FIRST, S.SECOND}, S.DRAFTING, by=BY),
    "submit": move({S.EXECUTIVE}, S.SUBMITTED, by=BY),
    "read_first": move({S.SUBMITTED}, S.FIRST, by=BY),
    "read_second": move({S.FIRST}, S.SECOND, by=BY),
    "read_third": move({S.SECOND}, S.THIRD, by=BY),
    "pass": move({S.SECOND, S.THIRD}, S.PASSED, by=BY),
    "approve": move({S.PASSED}, S.APPROVED, by=BY),
    "announce": move({S.APPROVED}, S.ANNOUNCED, by=BY),
    "enter": move({S.ANNOUNCED}, S.IN_FORCE, by=BY),
    "record": move({S.IN_FORCE}, S.RECORDED, by=BY),
    "assess": move({S.IN_FORCE, S.RECORDED}, S.ASSESSED, by=BY),
    "amend": move(STANDING, S.AMENDED, by=BY),
    "repeal": move(STANDING, S.REPEALED, by=BY),
    "stop": move(BEFORE_PASSING, S.STOPPED, by=BY),
}
NEEDS_REASON = frozenset({"redraft", "stop", "repeal"})
