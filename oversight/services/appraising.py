"""An appraisal is opened, its numbers are stored batch by batch, it is publicised and published."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from organizations.calendars import working_calendar
from organizations.models import User
from oversight import appraisal_notifications as notifications
from oversight.models import Appraisal, Appraised, Scheme, SchemeRule, Score
from oversight.periods import Kind, Period, period_of
from oversight.scoring import RATE, as_stored
from oversight.services.appraisal_moves import begin, finish, locked, record, roles_in
from oversight.services.collecting import numbers_for, those_of
from oversight.services.outcomes import make_edition, store_numbers
from oversight.workflow import OPENERS, State

BATCH = 50


class OpenedBefore(RuleViolation):
    def __init__(self) -> None:
        text = _("This scheme has been applied to this town and period already.")
        super().__init__(text, code="opened_before")


@transaction.atomic
def open_appraisal(
    scheme: Scheme,
    town: Territory,
    *,
    span: str,
    day: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Appraisal:
    """Freeze the scheme for the period (month, quarter, half year or year) in which `day` lies, and
    list whom it is about; a worker stores their numbers.

    Raises NotYours, OpenedBefore, RuleViolation (period not over, no rules, nobody there).
    """
    if not roles_in(by, town.pk, at=at) & OPENERS:
        raise NotYours(_("An assessor of the town opens an appraisal."))
    period = period_of(span, day)
    row = Appraisal(
        scheme=scheme, town=town, span=span, first=period.first, last=period.last,
        stored=_frozen(scheme, period, at=at), opened_by=by, opened_at=at,
    )  # fmt: skip
    rows = those_of(scheme, town, period)
    if not rows:
        raise RuleViolation(_("There was nobody to appraise in this period."), code="nobody")
    row.total = len(rows)
    _save_once(row)
    for one in rows:
        one.appraisal = row
    Appraised.objects.bulk_create(rows)
    record(row, "open", before="", by=by, at=at, facts={"total": row.total, **row.stored})
    row.save(update_fields=["version", "head"])
    transaction.on_commit(notifications.wake_assessor, robust=True)
    return row


def _frozen(scheme: Scheme, period: Period, *, at: datetime.datetime) -> dict[str, object]:
    """The rules as they stood on the last day of the period."""
    if period.kind not in {Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR}:
        raise RuleViolation(_("Choose a month, quarter, half year or year."), code="no_period")
    if period.last >= localdate(at):
        raise RuleViolation(_("The period is not over yet."), code="not_over")
    if not scheme.is_valid_on(period.last):
        raise RuleViolation(_("The scheme did not hold in this period."), code="not_valid")
    rules = [row.as_rule for row in SchemeRule.objects.of(scheme, on=period.last)]
    if not any(rule.kind == RATE for rule in rules):
        raise RuleViolation(_("The scheme has no rates to judge by yet."), code="no_rules")
    return as_stored(rules, scheme.terms)


def _save_once(row: Appraisal) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise OpenedBefore from error


@transaction.atomic
def collect(appraisal: Appraisal, *, at: datetime.datetime, limit: int = BATCH) -> int:
    """Store the numbers of the next ones; how many. With the last the outcome is computed.

    May be called by any number of workers: each batch is one transaction under the row's lock.
    """
    row = locked(appraisal)
    if row.state != State.COMPUTING:
        return 0
    waiting = row.appraised.filter(collected_at=None).order_by("pk")
    rows = list(waiting[:limit])
    if rows:
        store_numbers(numbers_for(row, rows, at=at), edition=row.edition + 1)
        row.appraised.filter(pk__in=[one.pk for one in rows]).update(collected_at=at)
        row.collected += len(rows)
        row.save(update_fields=["collected"])
    if row.collected == row.total:
        _score(row, at=at)
    return len(rows)


def _score(row: Appraisal, *, at: datetime.datetime) -> None:
    by = User.objects.system()
    edition = make_edition(row, by=by, at=at, reason=row.reason)
    facts = {"edition": edition.number, "fingerprint": edition.fingerprint}
    finish(row, "score", by=by, at=at, facts=facts, edition=edition.number, reason="")
    notifications.tell_reviewers(row, at=at)


@transaction.atomic
def send_back(appraisal: Appraisal, *, reason: str, by: User, at: datetime.datetime) -> Appraisal:
    """A reviewer wants the numbers stored anew: what was counted since comes in."""
    row = begin(appraisal, "return", by=by, at=at, reason=reason)
    row.appraised.update(collected_at=None)
    words = reason.strip()[:300]
    done = finish(row, "return", by=by, at=at, facts={"reason": words}, collected=0, reason=words)
    transaction.on_commit(notifications.wake_assessor, robust=True)
    return done


@transaction.atomic
def cancel(appraisal: Appraisal, *, reason: str, by: User, at: datetime.datetime) -> Appraisal:
    """It never counts; the same period may be opened again."""
    row = begin(appraisal, "cancel", by=by, at=at, reason=reason)
    words = reason.strip()[:300]
    facts = {"reason": words}
    return finish(row, "cancel", by=by, at=at, facts=facts, reason=words, ended_at=at)


@transaction.atomic
def publicise(appraisal: Appraisal, *, by: User, at: datetime.datetime) -> Appraisal:
    """Those concerned see their results and have the scheme's work days to appeal."""
    row = begin(appraisal, "publicise", by=by, at=at)
    until = working_calendar().deadline(at, row.scheme.appeal_days, "work_day")
    done = finish(
        row, "publicise", by=by, at=at, facts={"until": until.isoformat()},
        publicised_at=at, appeal_until=until,
    )  # fmt: skip
    notifications.tell_appraised(done, "appraisal-publicised", at=at)
    return done


@transaction.atomic
def publish(appraisal: Appraisal, *, by: User, at: datetime.datetime) -> Appraisal:
    """Results of bodies and areas for everybody; of people only for them and their heads.

    Raises RuleViolation while appeals may come or wait for an answer.
    """
    row = begin(appraisal, "publish", by=by, at=at)
    if not is_ripe(row, at=at):
        raise RuleViolation(_("The time for appeals is not over yet."), code="too_early")
    if row.appraised.filter(appeals__state="open").exists():
        raise RuleViolation(_("An appeal waits for an answer: answer it first."), code="appeal")
    done = finish(row, "publish", by=by, at=at, facts={"edition": row.edition}, ended_at=at)
    notifications.tell_appraised(done, "appraisal-published", at=at)
    if Score.objects.poor_two_years().filter(edition__appraisal=row).exists():
        notifications.tell_poor_twice(done, at=at)
    return done


def is_ripe(appraisal: Appraisal, *, at: datetime.datetime) -> bool:
    """Whether the time for appeals is over."""
    return appraisal.appeal_until is not None and at >= appraisal.appeal_until


def publish_due(*, at: datetime.datetime) -> int:
    """The clock publishes what nobody appealed against; how many."""
    by, count = User.objects.system(), 0
    for row in Appraisal.objects.to_publish(at).order_by("pk"):
        try:
            publish(row, by=by, at=at)
        except RuleViolation:
            continue  # an appeal came in, or somebody was faster
        count += 1
    return count
