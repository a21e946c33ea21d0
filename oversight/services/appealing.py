"""Appeals (申诉) and forgiveness (容错): asked with the numbers meant, answered by somebody else.

What is granted changes stored numbers from a new outcome on; the old one stays as it was.
"""

import datetime
from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.scopes import scopes_of
from lib.errors import NotYours, RuleViolation
from lib.workflow import demand, moves_open_to
from organizations.calendars import working_calendar
from organizations.models import User
from oversight import appraisal_notifications as notifications
from oversight.models import Appeal, AppealChange, Appraisal, Appraised, Edition, Signature
from oversight.scoring import COUNTED
from oversight.services.appraisal_moves import finish, locked, record, roles_in
from oversight.services.outcomes import make_edition, numbers_of_edition, store_numbers
from oversight.services.reviewing import is_own
from oversight.workflow import (
    APPEAL_MOVES,
    HEADS,
    MOVES,
    OPENERS,
    OVERSEERS,
    AppealActor,
    AppealState,
    State,
)

Wanted = Mapping[str, int]


# -- Asking ----------------------------------------------------------------------------------------


def speaks_for(user: User, appraised: Appraised, *, at: datetime.datetime) -> bool:
    """Whether `user` appeals in this one's name: the person, or a head of the body."""
    if appraised.person_id is not None:
        return appraised.person_id == user.pk
    return any(
        scope.role in HEADS and scope.body_id == appraised.body_id
        for scope in scopes_of(user, on=localdate(at))
    )


@transaction.atomic
def appeal(
    appraised: Appraised, *, text: str, wanted: Wanted, by: User, at: datetime.datetime
) -> Appeal:
    """`wanted`: the numbers as they should be, by code. Within the time for appeals.

    Raises WrongState, NotYours, RuleViolation.
    """
    row = _open_for("appeal", appraised)
    if not speaks_for(by, appraised, at=at):
        raise NotYours(_("Only who is appraised appeals: the person, or the head of the body."))
    if row.appeal_until is None or at >= row.appeal_until:
        raise RuleViolation(_("The time for appeals is over."), code="too_late")
    made = _asked(row, appraised, Appeal(kind=Appeal.Kind.APPEAL, text=text), wanted, by, at)
    finish(row, "appeal", by=by, at=at, facts={"appeal": made.pk})
    notifications.tell_answerers(made, at=at)
    return made


@transaction.atomic
def ask_forgiveness(
    appraised: Appraised,
    *,
    text: str,
    legal_basis: str,
    wanted: Wanted,
    by: User,
    at: datetime.datetime,
) -> Appeal:
    """An assessor or who is appraised asks that something shall not count, and says why.

    Raises WrongState, NotYours, RuleViolation.
    """
    row = _open_for("forgive", appraised)
    is_assessor = bool(roles_in(by, row.town_id, at=at) & OPENERS)
    if not is_assessor and not speaks_for(by, appraised, at=at):
        raise NotYours(_("Forgiveness is asked by an assessor or by who is appraised."))
    if not legal_basis.strip():
        raise RuleViolation(_("Name the rule that allows it."), code="no_basis")
    asked = Appeal(kind=Appeal.Kind.FORGIVENESS, text=text, legal_basis=legal_basis.strip()[:200])
    made = _asked(row, appraised, asked, wanted, by, at)
    finish(row, "forgive", by=by, at=at, facts={"appeal": made.pk})
    notifications.tell_answerers(made, at=at)
    return made


def _open_for(name: str, appraised: Appraised) -> Appraisal:
    """The locked appraisal, if it is in a state in which this is asked."""
    row = locked(appraised.appraisal)
    _demand_state(name, row)
    return row


def _demand_state(name: str, row: Appraisal) -> None:
    """Of a move that follows from what somebody else may do."""
    demand(
        MOVES, name, state=row.state, label=lambda state: State(state).label,
        actors=lambda: MOVES[name].actors,
    )  # fmt: skip


def _asked(
    row: Appraisal,
    appraised: Appraised,
    asked: Appeal,
    wanted: Wanted,
    by: User,
    at: datetime.datetime,
) -> Appeal:
    if not asked.text.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    changes = _differences(row, appraised, wanted)
    days = row.scheme.answer_days
    asked.appraised, asked.text = appraised, asked.text.strip()[:1000]
    asked.asked_by, asked.asked_at = by, at
    asked.due_at = working_calendar().deadline(at, days, "work_day")
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as error:
        raise RuleViolation(
            _("An appeal of this one waits for an answer already."), code="one_at_a_time"
        ) from error
    for change in changes:
        change.appeal = asked
    AppealChange.objects.bulk_create(changes)
    return asked


def _differences(row: Appraisal, appraised: Appraised, wanted: Wanted) -> list[AppealChange]:
    if unknown := set(wanted) - set(COUNTED):
        raise RuleViolation(
            _("This is no number of an appraisal: %(codes)s.")
            % {"codes": ", ".join(sorted(unknown))},
            code="unknown_number",
        )
    numbers = numbers_of_edition(row, row.edition)[appraised.pk]
    changes = [
        AppealChange(code=code, before=numbers.get(code, 0), after=after)
        for code, after in sorted(wanted.items())
        if after != numbers.get(code, 0)
    ]
    if not changes:
        raise RuleViolation(_("Say which number should be another."), code="no_change")
    return changes


# -- Answering -------------------------------------------------------------------------------------


def actors_of(user: User, asked: Appeal, *, at: datetime.datetime) -> frozenset[AppealActor]:
    """What `user` is to an appeal: nobody answers who has a part in the result."""
    return _actors(user, asked, _parts(user, {asked.appraised_id}, at), at)


def _parts(user: User, appraised: Collection[int], at: datetime.datetime) -> set[int]:
    """Those of these appraised in whose result `user` has a part: his own, or signed by him."""
    own = Appraised.objects.filter(is_own(user, on=localdate(at)), pk__in=appraised)
    signed = Signature.objects.filter(score__appraised__in=appraised, by=user)
    return {
        *own.values_list("pk", flat=True),
        *signed.values_list("score__appraised", flat=True),
    }


def _actors(
    user: User, asked: Appeal, parts: Collection[int], at: datetime.datetime
) -> frozenset[AppealActor]:
    row = asked.appraised.appraisal
    if asked.asked_by_id == user.pk:
        return frozenset({AppealActor.ASKER})
    if row.opened_by_id == user.pk or asked.appraised_id in parts:
        return frozenset()
    answers = roles_in(user, row.town_id, at=at) & OVERSEERS
    return frozenset({AppealActor.ANSWERER}) if answers else frozenset()


def open_to_each(
    user: User, rows: Collection[Appeal], *, at: datetime.datetime
) -> dict[int, list[str]]:
    """Moves by key of each row (with names): two queries, however many rows."""
    parts = _parts(user, {row.appraised_id for row in rows}, at)
    return {
        row.pk: moves_open_to(APPEAL_MOVES, state=row.state, actors=_actors(user, row, parts, at))
        for row in rows
    }


def _begin(
    asked: Appeal, name: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> tuple[Appraisal, Appeal]:
    """Appraisal first, then the appeal: the order in which everybody locks."""
    row = locked(asked.appraised.appraisal)
    mine = Appeal.objects.select_for_update(of=("self",)).select_related("appraised__appraisal")
    fresh = mine.get(pk=asked.pk)
    demand(
        APPEAL_MOVES, name, state=fresh.state, label=lambda state: AppealState(state).label,
        actors=lambda: actors_of(by, fresh, at=at), needs_reason={"grant", "refuse"},
        reason=reason,
    )  # fmt: skip
    return row, fresh


@transaction.atomic
def grant(asked: Appeal, *, answer: str, by: User, at: datetime.datetime) -> Appeal:
    """The numbers asked for hold from a new outcome on; ranks and grades of all follow.

    Raises WrongState, NotYours, RuleViolation (no answer).
    """
    row, fresh = _begin(asked, "grant", by=by, at=at, reason=answer)
    _demand_state("correct", row)
    wanted = {change.code: change.after for change in fresh.changes.all()}
    numbers = numbers_of_edition(row, row.edition)[fresh.appraised_id]
    after = {fresh.appraised_id: {**numbers, **wanted}}
    store_numbers(after, edition=row.edition + 1)
    why = _("%(kind)s no. %(number)d") % {"kind": fresh.get_kind_display(), "number": fresh.pk}
    edition = make_edition(row, by=by, at=at, reason=why)
    done = _answered(fresh, AppealState.GRANTED, answer, by, at, edition)
    facts = {"appeal": done.pk, "edition": edition.number, "fingerprint": edition.fingerprint}
    finish(row, "correct", by=by, at=at, facts=facts, edition=edition.number)
    notifications.tell_asker(done, at=at)
    return done


@transaction.atomic
def refuse(asked: Appeal, *, answer: str, by: User, at: datetime.datetime) -> Appeal:
    """The result stays, and why. Raises WrongState, NotYours, RuleViolation (no answer)."""
    row, fresh = _begin(asked, "refuse", by=by, at=at, reason=answer)
    done = _answered(fresh, AppealState.REFUSED, answer, by, at)
    _noted(row, "refuse", done, by, at)
    notifications.tell_asker(done, at=at)
    return done


@transaction.atomic
def withdraw(asked: Appeal, *, by: User, at: datetime.datetime) -> Appeal:
    row, fresh = _begin(asked, "withdraw", by=by, at=at)
    fresh.state = AppealState.WITHDRAWN
    fresh.save(update_fields=["state"])
    _noted(row, "withdraw", fresh, by, at)
    return fresh


def _answered(
    fresh: Appeal,
    state: AppealState,
    answer: str,
    by: User,
    at: datetime.datetime,
    edition: Edition | None = None,
) -> Appeal:
    fresh.state, fresh.answer, fresh.edition = state, answer.strip()[:1000], edition
    fresh.answered_by, fresh.answered_at = by, at
    fresh.save(update_fields=["state", "answer", "edition", "answered_by", "answered_at"])
    return fresh


def _noted(row: Appraisal, name: str, asked: Appeal, by: User, at: datetime.datetime) -> None:
    record(row, f"{name}_appeal", before=row.state, by=by, at=at, facts={"appeal": asked.pk})
    row.save(update_fields=["version", "head"])
