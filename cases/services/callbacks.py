"""Call-backs (回访): the resident is asked, answers by link or to a clerk, and is heard."""

import datetime
import secrets
from typing import TypedDict

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import (
    CallAttempt,
    CallBack,
    CallBackAnswer,
    CallBackRule,
    Case,
    CaseEvent,
    Channel,
)
from cases.models.callbacks import PLEASED
from cases.services.moves import record
from cases.services.reopening import reopen, reopens_until
from cases.workflow import CLOCK_RUNS, State
from lib.errors import NotYours, RuleViolation
from organizations.models import User

# Matters that somebody told us about and waits to hear of.
ASKED = (Channel.WEB, Channel.WINDOW, Channel.HOTLINE)
AT_ONCE = 200


class Said(TypedDict):
    """The resident's answer: were they contacted, is it solved, are they content; their words."""

    contacted: bool
    solved: bool
    satisfaction: str
    words: str


def ask(case: Case, occasion: str, *, at: datetime.datetime) -> CallBack | None:
    """Ask about a locked case, once for each occasion of a round; None where nobody is to be asked.

    To be called inside the transaction that holds the lock.
    """
    if case.channel not in ASKED or case.is_history:
        return None
    rule = CallBackRule.objects.in_force(timezone.localdate(at))
    callback, is_new = CallBack.objects.get_or_create(
        case=case,
        occasion=occasion,
        round=case.reopens,
        defaults={
            "code": secrets.token_urlsafe(16),
            "asked_at": at,
            "answer_until": at + datetime.timedelta(days=rule.answer_days),
            "call_at": at + datetime.timedelta(hours=rule.call_after_hours),
        },
    )
    if is_new:
        facts = {"callback": callback.pk, "occasion": occasion}
        _note(case, "ask_callback", by=User.objects.system(), at=at, facts=facts)
        notifications.tell_of_callback(callback, at=at)
    return callback


def _note(
    case: Case,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    facts: dict[str, object],
    words: str = "",
) -> CaseEvent:
    event = record(case, name, before=case.state, by=by, at=at, note=words, facts=facts)
    case.save(update_fields=["version", "head"])
    return event


def ask_at_limits(*, at: datetime.datetime) -> int:
    """Ask about cases whose limit has ended while the work was not done; how many were asked."""
    asked = CallBack.objects.filter(
        case=OuterRef("pk"), occasion=CallBack.Occasion.LIMIT, round=OuterRef("reopens")
    )
    due = Case.objects.filter(
        ~Exists(asked), state__in=CLOCK_RUNS, handle_due_at__lte=at, channel__in=ASKED
    )
    keys = list(due.order_by("handle_due_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_ask_at_limit(key, at=at) for key in keys)


@transaction.atomic
def _ask_at_limit(key: int, *, at: datetime.datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=key)
    if case.state not in CLOCK_RUNS or case.handle_due_at is None or case.handle_due_at > at:
        return False
    return ask(case, CallBack.Occasion.LIMIT, at=at) is not None


def answer(
    callback: CallBack, *, way: str, by: User, at: datetime.datetime, said: Said
) -> CallBackAnswer:
    """Keep the answer for good. “Not solved” takes a closed case up again, as long as that is open.

    Raises RuleViolation (answered before, too late).
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=callback.case_id)
        asked = _open_question(callback, at=at)
        event = _tell_history(case, asked, way=way, by=by, at=at, said=said)
        given = CallBackAnswer.objects.create(
            callback=asked,
            event=event,
            way=way,
            contacted=said["contacted"],
            solved=said["solved"],
            satisfaction=said["satisfaction"],
            by=by,
            at=at,
        )
        _end(asked, CallBack.State.ANSWERED)
        if not given.solved:
            _take_up_again(case, said["words"], at=at)
    return given


def _open_question(callback: CallBack, *, at: datetime.datetime) -> CallBack:
    asked = CallBack.objects.select_for_update().get(pk=callback.pk)
    if asked.state == CallBack.State.ANSWERED:
        raise RuleViolation(_("This question has been answered already."), code="answered")
    if at > asked.answer_until:
        raise RuleViolation(_("The time to answer has passed."), code="too_late")
    return asked


def _tell_history(
    case: Case, asked: CallBack, *, way: str, by: User, at: datetime.datetime, said: Said
) -> CaseEvent:
    facts = {
        "callback": asked.pk,
        "way": way,
        "contacted": said["contacted"],
        "solved": said["solved"],
        "satisfaction": said["satisfaction"],
        "satisfied": said["satisfaction"] in PLEASED,
    }
    words = said["words"]
    return _note(case, "answer_callback", by=by, at=at, facts=facts, words=words)


def _take_up_again(case: Case, words: str, *, at: datetime.datetime) -> None:
    """By the installation itself, with the resident's words as the reason."""
    until = reopens_until(case)
    if case.state != State.CLOSED or until is None or at > until:
        return
    reason = words.strip() or _("The resident says that it is not solved.")
    reopen(case, by=User.objects.system(), at=at, note=reason)


def _end(callback: CallBack, state: str) -> None:
    callback.state, callback.call_at = state, None
    callback.save(update_fields=["state", "call_at"])


def call(callback: CallBack, *, outcome: str, by: User, at: datetime.datetime) -> CallBack:
    """Note a call that brought no answer: again later, or given up after the last try."""
    with transaction.atomic():
        asked = _open_question(callback, at=at)
        if asked.state != CallBack.State.OPEN:
            raise RuleViolation(_("Nobody is called about this any more."), code="given_up")
        _note_call(asked, outcome, by=by, at=at)
        rule = CallBackRule.objects.in_force(timezone.localdate(at))
        is_over = outcome != CallAttempt.Outcome.NOT_REACHED or asked.attempts >= rule.attempts
        if is_over:
            _end(asked, CallBack.State.GIVEN_UP)
        else:
            asked.call_at = at + datetime.timedelta(hours=rule.retry_hours)
            asked.save(update_fields=["call_at"])
    return asked


def _note_call(asked: CallBack, outcome: str, *, by: User, at: datetime.datetime) -> None:
    asked.attempts += 1
    CallAttempt.objects.create(callback=asked, number=asked.attempts, outcome=outcome, by=by, at=at)
    asked.save(update_fields=["attempts"])


def answer_by_phone(
    callback: CallBack, *, by: User, at: datetime.datetime, said: Said
) -> CallBackAnswer:
    """A clerk writes down what the resident said on the telephone. Raises NotYours."""
    if not CallBack.objects.visible_to(by, on=timezone.localdate(at)).filter(pk=callback.pk):
        raise NotYours(_("This call belongs to somebody else."))
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=callback.case_id)
        asked = _open_question(callback, at=at)
        _note_call(asked, CallAttempt.Outcome.REACHED, by=by, at=at)
        return answer(asked, way=CallBackAnswer.Way.PHONE, by=by, at=at, said=said)


def end_unanswered(*, at: datetime.datetime) -> int:
    """Questions whose time is over; how many."""
    late = CallBack.objects.filter(state=CallBack.State.OPEN, answer_until__lt=at)
    return late.update(state=CallBack.State.EXPIRED, call_at=None)
