"""What must be true before the open stage may be left, by kind of stage.

A gate looks at one stage at one moment and answers None, or why not. `advance` asks all gates of
the stage's kind and shows every refusal at once, so that a host sees all that is still to do.
"""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.models import PublicationKind, Stage, StagePublication
from consultation.services.limits import days_after
from consultation.services.refusing import Gate, Refusal
from consultation.services.session_gates import OF_SESSIONS, OF_VOTES
from consultation.workflow import StageKind
from lib.languages import listed


def publications_are_out(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Everything that the stage has to publish has been published."""
    missing = [row.get_kind_display() for row in stage.required.filter(published_at=None)]
    if not missing:
        return None
    sentence = _("Not published yet: %(what)s. Publish it first.") % {"what": listed(missing)}
    return Refusal("not_published", sentence)


def publications_have_stood(stage: Stage, at: datetime.datetime) -> Refusal | None:
    """What was published has stood its minimum time."""
    rows = stage.required.filter(stood_at__gt=at).order_by("-stood_at")
    longest: StagePublication | None = rows.first()
    if longest is None or longest.stood_at is None:
        return None
    sentence = _(
        "“%(what)s” stands %(days)s %(unit)s at least: the next step is open from %(until)s."
    ) % {
        "what": longest.get_kind_display(),
        "days": longest.stands,
        "unit": longest.get_unit_display(),
        "until": shown(longest.stood_at),
    }
    return Refusal("must_stand", sentence, until=longest.stood_at)


def party_has_passed(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Where the form asks for it, the party organisation has passed the stage."""
    if not stage.needs_party:
        return None
    newest = stage.reviews.order_by("-pk").first()
    if newest is not None and newest.passed:
        return None
    if newest is None:
        text = _("The community's party organisation has not passed this stage yet.")
        return Refusal("party_waits", text)
    text = _("The community's party organisation did not pass this stage: %(reason)s")
    return Refusal("party_refused", text % {"reason": newest.reason})


def objections_are_answered(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """No objection waits for its answer."""
    waiting = stage.consultation.objections.waiting().count()
    if not waiting:
        return None
    sentence = ngettext(
        "%(number)s objection waits for its answer.",
        "%(number)s objections wait for their answer.",
        waiting,
    ) % {"number": waiting}
    return Refusal("objections_wait", sentence)


def objections_may_still_come(stage: Stage, at: datetime.datetime) -> Refusal | None:
    """The time for objections, which runs from the result's newest version, is over."""
    closes = window_closes(stage)
    if closes is None or closes <= at:
        return None
    sentence = _("Objections may come until %(until)s.") % {"until": shown(closes)}
    return Refusal("objections_may_come", sentence, until=closes)


def window_closes(stage: Stage) -> datetime.datetime | None:
    """The end of the time for objections; None before the result is out, or without such time."""
    if not stage.objection_days:
        return None
    result = stage.required.filter(kind=PublicationKind.RESULT).select_related("publication")
    row = result.first()
    if row is None or row.publication is None or row.publication.changed_at is None:
        return None
    return days_after(row.publication.changed_at, stage.objection_days, "natural_day")


def shown(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


# Asked of every stage.
ALWAYS: tuple[Gate, ...] = (
    publications_are_out,
    publications_have_stood,
    party_has_passed,
    objections_are_answered,
)
# Asked of stages of a kind, after those.
GATES: dict[str, tuple[Gate, ...]] = {
    StageKind.PREPARE: (),
    StageKind.PARTY: (),
    StageKind.NOTICE: (),
    StageKind.IDEAS: (),
    StageKind.SCREENING: (),
    StageKind.OPINIONS: (),
    StageKind.SESSION: OF_SESSIONS,
    StageKind.VOTE: OF_VOTES,
    StageKind.RESULT: (objections_may_still_come,),
    StageKind.EXECUTION: (),
    StageKind.RATING: (),
}


def refusals(stage: Stage, *, at: datetime.datetime) -> list[Refusal]:
    """Everything that keeps `stage` from being left at `at`."""
    asked = (gate(stage, at) for gate in (*ALWAYS, *GATES[stage.kind]))
    return [refusal for refusal in asked if refusal is not None]
