"""Who applies for a post or is recommended for it."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lib.errors import RuleViolation, WrongState
from lib.moving import moved
from organizations.models import User
from talent import notifications
from talent.models import Candidate, Selection
from talent.services.ways import CANDIDATE
from talent.workflow.selection import CandidateState, SelectionState


@transaction.atomic
def apply(
    selection: Selection, *, name: str, statement: str, by: User, at: datetime.datetime
) -> Candidate:
    """For oneself. Raises WrongState, RuleViolation."""
    return _enter(selection, by, name=name, statement=statement, by=by, at=at)


@transaction.atomic
def recommend(
    selection: Selection,
    person: User,
    *,
    statement: str,
    by: User,
    at: datetime.datetime,
) -> Candidate:
    """Somebody else, who is asked whether he agrees. Raises WrongState, RuleViolation."""
    if person.pk == by.pk:
        raise RuleViolation(_("Apply yourself instead of recommending yourself."), code="himself")
    name = person.full_name
    return _enter(selection, person, name=name, statement=statement, by=by, at=at)


def _enter(
    selection: Selection,
    person: User,
    *,
    name: str,
    statement: str,
    by: User,
    at: datetime.datetime,
) -> Candidate:
    locked = _open_one(selection, at=at)
    if not name.strip() or not statement.strip():
        raise RuleViolation(_("Give the name, and say what speaks for it."), code="no_words")
    is_own = person.pk == by.pk
    row = Candidate(
        selection=locked, person=person, name=name.strip()[:60], statement=statement.strip(),
        recommended_by=None if is_own else by, at=at,
        state=CandidateState.APPLIED if is_own else CandidateState.RECOMMENDED,
    )  # fmt: skip
    try:
        with transaction.atomic():
            done = CANDIDATE.start(row, "apply" if is_own else "recommend", by=by, at=at)
    except IntegrityError as error:
        raise RuleViolation(_("There is an application already."), code="applied") from error
    _tell(done, at=at)
    return done


def _open_one(selection: Selection, *, at: datetime.datetime) -> Selection:
    locked = Selection.objects.select_for_update().get(pk=selection.pk)
    if locked.state != SelectionState.OPEN or at >= locked.apply_until:
        raise WrongState(_("Applications for this post are closed."))
    return locked


def _tell(row: Candidate, *, at: datetime.datetime) -> None:
    if row.state == CandidateState.RECOMMENDED:
        notifications.tell_candidate(row, "selection-recommended", at=at)
        return
    notifications.tell_organisers(
        row.selection, "selection-applied", at=at, about=row.pk, but=[row.person_id]
    )


@transaction.atomic
def agree(row: Candidate, *, by: User, at: datetime.datetime) -> Candidate:
    """Who was recommended becomes a candidate. Raises NotYours, WrongState."""
    _open_one(row.selection, at=at)
    done = moved(CANDIDATE, row, "agree", by=by, at=at)
    _tell(done, at=at)
    return done


@transaction.atomic
def withdraw(row: Candidate, *, by: User, at: datetime.datetime) -> Candidate:
    return moved(CANDIDATE, row, "withdraw", by=by, at=at)


@transaction.atomic
def exclude(row: Candidate, *, reason: str, by: User, at: datetime.datetime) -> Candidate:
    """Does not meet what was demanded. Raises NotYours, WrongState, RuleViolation."""
    done = moved(CANDIDATE, row, "exclude", by=by, at=at, reason=reason)
    notifications.tell_candidate(done, "selection-excluded", at=at)
    return done
