"""What communities say of admitted matters, once a year; it decides whether they are renewed."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Avg
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User
from routing import rights
from routing.models import AdmissionApplication, AdmissionEvaluation, AdmissionShare


def average_of(application: AdmissionApplication) -> float | None:
    """Of all years and communities; None where nobody has said anything yet."""
    rows = AdmissionEvaluation.objects.filter(share__application=application)
    average: float | None = rows.aggregate(average=Avg("score"))["average"]
    return average


@transaction.atomic
def evaluate(
    share: AdmissionShare, *, score: int, words: str, by: User, at: datetime.datetime
) -> AdmissionEvaluation:
    """One to five, once for the year of `at`.

    Raises NotYours, WrongState (has not begun, was never admitted), RuleViolation.
    """
    day = localdate(at)
    if not rights.speaks_for(by, share.community, day):
        raise NotYours(_("Only the community says how it goes."))
    if share.admission is None or day < share.application.begins:
        raise WrongState(_("This has not begun yet."))
    if not 1 <= score <= 5:
        raise RuleViolation(_("Choose a score from 1 to 5."), code="no_score")
    try:
        with transaction.atomic():
            return AdmissionEvaluation.objects.create(
                share=share, year=day.year, score=score, words=words.strip()[:300], by=by, at=at
            )
    except IntegrityError as error:
        text = _("Your community has said how it goes this year.")
        raise RuleViolation(text, code="said_already") from error
