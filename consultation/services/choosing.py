"""Residents choose: one sheet a person by the database, within the cap, until the vote closes."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.models import Choice, Idea, ProjectCall, VoterSheet
from consultation.project_workflow import CallState, IdeaState
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.identity import level_of
from organizations.models import Level, User


def why_not_vote(call: ProjectCall, person: User | None) -> str:
    """What keeps `person` from voting, as a sentence; "" where nothing does."""
    if person is None or not person.is_resident:
        return _("Sign in as a resident, with your telephone, to vote.")
    if level_of(person) < call.least_level:
        level = Level(call.least_level).label
        return _("To vote here you must be known as: %(level)s.") % {"level": level}
    if call.state != CallState.VOTING:
        return _("No vote runs here at present.")
    return ""


@transaction.atomic
def choose(
    call: ProjectCall, ideas: Sequence[Idea], *, by: User, at: datetime.datetime
) -> VoterSheet:
    """The whole sheet at once; the same person again replaces it, until the vote closes.

    The call's row is locked meanwhile: a sheet is counted, or comes too late, never neither.
    Raises WrongState (no vote runs), NotYours, RuleViolation (too many, or not of this call).
    """
    locked = ProjectCall.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    if locked.state != CallState.VOTING or locked.votes_until is None or at >= locked.votes_until:
        raise WrongState(_("No vote runs here at present."))
    if hindrance := why_not_vote(locked, by):
        raise NotYours(hindrance)
    chosen = sorted({idea.pk for idea in ideas})
    if len(chosen) > locked.most_choices:
        text = _("Choose at most %(most)s.") % {"most": locked.most_choices}
        raise RuleViolation(text, code="too_many")
    found = locked.ideas.filter(pk__in=chosen, state=IdeaState.FEASIBLE).count()
    if not chosen or found != len(chosen):
        raise RuleViolation(_("Choose among the ideas of this vote."), code="not_in_vote")
    sheet, _made = VoterSheet.objects.update_or_create(call=locked, person=by, defaults={"at": at})
    sheet.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(sheet=sheet, slot=slot, idea_id=key) for slot, key in enumerate(chosen, start=1)
    )
    return sheet
