"""An application on its way: applied for, reviewed together, tried, admitted, ended."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.services.counting import note_change
from lib.errors import RuleViolation
from lib.languages import listed
from lib.moving import moved
from organizations.calendars import working_calendar
from organizations.models import User
from routing import admission_notifications as notifications
from routing.models import (
    AdmissionApplication,
    AdmissionReview,
    AdmissionRule,
    PromisedPost,
)
from routing.services.admission_grants import give_back, give_back_money, grant
from routing.services.evaluations import average_of
from routing.services.rules import DUTY
from routing.services.ways import APPLICATION
from routing.workflow import OVER, ApplicationState

AT_ONCE = 200


def rule_on(day: datetime.date) -> AdmissionRule:
    """The rule in force; the usual one where the city has none."""
    return AdmissionRule.objects.valid_on(day).first() or AdmissionRule(valid_from=day)


def missing_shares(application: AdmissionApplication) -> dict[str, str]:
    """What keeps it from being applied for: by its name, in words."""
    shares = application.shares.all()
    staffed = PromisedPost.objects.filter(share__application=application).values("share")
    wanted = {
        "money": (shares.exists(), _("the communities and the money for each")),
        "people": (not shares.exclude(pk__in=staffed).exists(), _("people with names and hours")),
        "legal_basis": (application.legal_basis, _("the legal basis")),
        "equipment": (application.equipment, _("equipment")),
        "training": (application.training, _("training")),
        "checker": (application.checker_id, _("who checks")),
    }
    return {name: str(words) for name, (given, words) in wanted.items() if not given}


@transaction.atomic
def apply_for(
    application: AdmissionApplication, *, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """To the committee; where a share is missing it is refused at once, with what is missing.

    Raises NotYours, WrongState, RuleViolation (too late, a renewal that communities rate badly).
    """
    locked = APPLICATION.begin(application, "apply", by=by, at=at)
    missing = missing_shares(locked)
    if missing:
        return _turn_down(locked, missing, at=at)
    rule = rule_on(localdate(at))
    earliest = _work_days_after(at, rule.notice_days)
    if locked.begins < earliest:
        raise RuleViolation(
            _("Apply %(days)s working days ahead: it may begin on %(day)s at the earliest.")
            % {"days": rule.notice_days, "day": earliest},
            code="too_late",
        )
    _check_renewal(locked, rule)
    done = APPLICATION.finish(
        locked, "apply", by=by, at=at, reason="", applied_by=by, applied_at=at, earliest=earliest,
        review_due=_work_days_after(at, rule.review_days), round=locked.round + 1, **_sums(locked),
    )  # fmt: skip
    notifications.tell_conveners(done, at=at)
    return done


def _turn_down(
    application: AdmissionApplication, missing: Mapping[str, str], *, at: datetime.datetime
) -> AdmissionApplication:
    reason = _("Missing: %(shares)s.") % {"shares": listed(missing.values())}
    system = User.objects.system()
    done = APPLICATION.finish(
        application,
        "turn_down",
        by=system,
        at=at,
        reason=reason[:300],
        facts={"missing": list(missing)},
    )
    notifications.tell_department(done, "admission-turned-down", at=at)
    return done


def _work_days_after(at: datetime.datetime, days: int) -> datetime.date:
    return localdate(working_calendar().deadline(at, days, "work_day"))


def _check_renewal(application: AdmissionApplication, rule: AdmissionRule) -> None:
    if application.renews is None:
        return
    score = average_of(application.renews)
    if score is not None and score < rule.least_score:
        raise RuleViolation(
            _("Communities rate this %(score).1f of 5; it is renewed from %(least)s on.")
            % {"score": score, "least": rule.least_score},
            code="rated_badly",
        )


def _sums(application: AdmissionApplication) -> dict[str, Any]:
    people = PromisedPost.objects.filter(share__application=application)
    sums = people.aggregate(hours=Sum("hours"), points=Sum("points"))
    amount = application.shares.aggregate(amount=Sum("amount"))["amount"]
    return {"headcount": people.count(), "amount": amount, **sums}


@transaction.atomic
def convene(
    application: AdmissionApplication,
    reviewers: Collection[User],
    *,
    by: User,
    at: datetime.datetime,
) -> AdmissionApplication:
    """Open the joint review: each reviewer answers until the day on which it is due.

    Raises NotYours, WrongState, RuleViolation (fewer than two, or who applied).
    """
    locked = APPLICATION.begin(application, "convene", by=by, at=at)
    people = {person.pk: person for person in reviewers}
    if len(people) < 2:
        raise RuleViolation(_("Name at least two reviewers."), code="too_few")
    if people.keys() & {locked.made_by_id, locked.applied_by_id}:
        raise RuleViolation(_("Who applied does not review."), code="own_application")
    due_on = locked.review_due or localdate(at)
    AdmissionReview.objects.bulk_create(
        AdmissionReview(application=locked, round=locked.round, reviewer=person, due_on=due_on)
        for _key, person in sorted(people.items())
    )
    done = APPLICATION.finish(locked, "convene", by=by, at=at, facts={"reviewers": sorted(people)})
    notifications.tell_reviewers(done, list(people.values()), at=at)
    return done


@transaction.atomic
def agree(
    application: AdmissionApplication, *, words: str, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """One reviewer agrees; with the last one people and money arrive, and the trial begins.

    Raises NotYours, WrongState, NotEnoughMoney, RuleViolation (no room, began meanwhile).
    """
    locked = APPLICATION.begin(application, "agree", by=by, at=at)
    _answer(locked, AdmissionReview.Answer.AGREES, words, by=by, at=at)
    done = APPLICATION.finish(locked, "agree", by=by, at=at)
    if done.reviews.pending().filter(round=done.round).exists():
        return done
    return _begin_trial(done, at=at)


def _answer(
    application: AdmissionApplication, answer: str, words: str, *, by: User, at: datetime.datetime
) -> None:
    rows = application.reviews.pending().filter(round=application.round, reviewer=by)
    rows.update(answer=answer, words=words.strip()[:300], answered_at=at)


def _begin_trial(
    application: AdmissionApplication, *, at: datetime.datetime
) -> AdmissionApplication:
    system = User.objects.system()
    if application.ends <= localdate(at):
        raise RuleViolation(_("The time applied for is over."), code="over")
    grant(application, by=system, at=at)
    days = datetime.timedelta(days=rule_on(localdate(at)).trial_days)
    until = min(max(application.begins, localdate(at)) + days, application.ends)
    done = APPLICATION.finish(application, "try", by=system, at=at, trial_until=until)
    notifications.tell_all(done, "admission-on-trial", at=at)
    return done


@transaction.atomic
def object_to(
    application: AdmissionApplication, *, reason: str, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """One objection ends the review. Raises NotYours, WrongState, RuleViolation (no reason)."""
    locked = APPLICATION.begin(application, "object", by=by, at=at, reason=reason)
    _answer(locked, AdmissionReview.Answer.OBJECTS, reason, by=by, at=at)
    done = APPLICATION.finish(locked, "object", by=by, at=at, reason=reason.strip()[:300])
    notifications.tell_department(done, "admission-refused", at=at)
    return done


@transaction.atomic
def admit(
    application: AdmissionApplication, *, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """The trial went well. Raises NotYours, WrongState."""
    done = moved(APPLICATION, application, "admit", by=by, at=at)
    notifications.tell_all(done, "admission-admitted", at=at)
    return done


@transaction.atomic
def refuse_application(
    application: AdmissionApplication, *, reason: str, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """Without a review. Raises NotYours, WrongState, RuleViolation (no reason)."""
    done = moved(APPLICATION, application, "refuse", by=by, at=at, reason=reason)
    notifications.tell_department(done, "admission-refused", at=at)
    return done


def withdraw_application(
    application: AdmissionApplication, *, reason: str, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """By the department; what had arrived goes back. Raises NotYours, WrongState, RuleViolation."""
    return _leave(application, "withdraw", reason=reason, by=by, at=at)


def revoke(
    application: AdmissionApplication, *, reason: str, by: User, at: datetime.datetime
) -> AdmissionApplication:
    """By the committee; what had arrived goes back. Raises NotYours, WrongState, RuleViolation."""
    return _leave(application, "revoke", reason=reason, by=by, at=at)


@transaction.atomic
def _leave(
    application: AdmissionApplication, name: str, *, by: User, at: datetime.datetime,
    reason: str = "",
) -> AdmissionApplication:  # fmt: skip
    locked = APPLICATION.begin(application, name, by=by, at=at, reason=reason)
    if locked.state in {ApplicationState.TRIAL, ApplicationState.ADMITTED}:
        give_back(locked, by=User.objects.system(), at=at)
        note_change(DUTY)
    done = APPLICATION.finish(locked, name, by=by, at=at, reason=reason.strip()[:300])
    notifications.tell_all(done, f"admission-{done.state}", at=at)
    return done


# -- The clock ----------------------------------------------------------------------------------


def expire_admissions(*, at: datetime.datetime) -> int:
    """End what has come to its last day; how many. Safe to run twice."""
    due = AdmissionApplication.objects.ending(localdate(at)).order_by("pk")[:AT_ONCE]
    system = User.objects.system()
    for application in due:
        _leave(application, "expire", by=system, at=at)
    return len(due)


def give_back_rests(*, at: datetime.datetime) -> int:
    """Money that cases have freed since their admission ended goes back too; how much (fen)."""
    rows = AdmissionApplication.objects.filter(
        state__in=sorted(OVER), shares__own_line__available__gt=0
    ).distinct()
    returned = 0
    for application in rows.order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            returned += give_back_money(application, by=User.objects.system(), at=at)
    return returned


def remind_reviewers(*, at: datetime.datetime) -> int:
    """Once for each review whose day has passed; how many."""
    rows = AdmissionReview.objects.overdue(localdate(at)).select_related("reviewer", "application")
    for review in rows:
        notifications.tell_late(review, at=at)
    return len(rows)
