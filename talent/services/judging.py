"""Scores: every judge for every candidate and criterion, except of himself and his relatives."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User
from talent.models import Candidate, Criterion, Judge, Kin, Score, Selection
from talent.workflow.selection import CandidateState, SelectionState


@transaction.atomic
def declare_kin(judge: Judge, candidate: Candidate, *, by: User, at: datetime.datetime) -> Kin:
    """Judge and candidate are near relatives: what was scored falls away.

    Raises NotYours (declared by either of the two, or by who organises), WrongState.
    """
    selection = _lock(judge.selection)
    if judge.selection_id != candidate.selection_id:
        raise RuleViolation(_("They belong to different selections."), code="other_selection")
    if by.pk not in {judge.person_id, candidate.person_id}:
        raise NotYours(_("The judge or the candidate declares it."))
    if selection.state not in {SelectionState.OPEN, SelectionState.JUDGING}:
        raise WrongState(_("The short list is made already: object to it instead."))
    Score.objects.filter(judge=judge, candidate=candidate).delete()
    made, _is_new = Kin.objects.get_or_create(
        judge=judge, candidate=candidate, defaults={"by": by, "at": at}
    )
    return made


def _lock(selection: Selection) -> Selection:
    return Selection.objects.select_for_update().get(pk=selection.pk)


@transaction.atomic
def give_scores(
    candidate: Candidate,
    points: Mapping[int, int],
    *,
    by: User,
    at: datetime.datetime,
) -> int:
    """`points` by key of the criterion, all of them; again replaces them. The sum.

    Raises NotYours, WrongState, RuleViolation.
    """
    selection = _lock(candidate.selection)
    judge = _judge(selection, candidate, by)
    row = Candidate.objects.get(pk=candidate.pk)
    if selection.state != SelectionState.JUDGING or row.state != CandidateState.APPLIED:
        raise WrongState(_("This candidate is not being judged now."))
    criteria = list(selection.criteria.order_by("pk"))
    if {one.pk for one in criteria} != points.keys():
        raise RuleViolation(_("Give points for every criterion."), code="incomplete")
    for criterion in criteria:
        _score(judge, row, criterion, points[criterion.pk], at)
    return sum(points.values())


def _judge(selection: Selection, candidate: Candidate, by: User) -> Judge:
    judge = selection.judges.filter(person=by).first()
    if judge is None:
        raise NotYours(_("Only the judges of this selection give points."))
    if candidate.person_id == by.pk or judge.kin.filter(candidate=candidate).exists():
        raise NotYours(_("Nobody judges himself or a relative."))
    return judge


def _score(
    judge: Judge, row: Candidate, criterion: Criterion, points: int, at: datetime.datetime
) -> None:
    if not 0 <= points <= criterion.points:
        raise RuleViolation(
            _("“%(name)s” has at most %(points)s points.")
            % {"name": criterion.name, "points": criterion.points},
            code="points",
        )
    Score.objects.update_or_create(
        judge=judge, candidate=row, criterion=criterion, defaults={"points": points, "at": at}
    )
