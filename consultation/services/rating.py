"""Who took part rates what was done: one rating a person, by the database."""

import datetime

from django.db import transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from consultation.commitment_workflow import State
from consultation.models import Commitment, ResultRating
from consultation.taking_part import took_part
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User


@transaction.atomic
def rate(
    commitment: Commitment, *, stars: int, by: User, at: datetime.datetime, words: str = ""
) -> ResultRating:
    """One to five stars; the same person again changes their rating.

    Raises WrongState (it is not done yet), NotYours (took no part).
    """
    found = Commitment.objects.get(pk=commitment.pk)
    if found.state != State.DONE:
        raise WrongState(_("It can be rated when it is done."))
    if not 1 <= stars <= 5:
        raise RuleViolation(_("Give one to five stars."), code="stars")
    if not took_part(found, by):
        raise NotYours(_("Those rate who took part in the consultation or the vote."))
    rating, _made = ResultRating.objects.update_or_create(
        commitment=found,
        person=by,
        defaults={"stars": stars, "words": words.strip()[:500], "at": at},
    )
    return rating


def summary(commitment: Commitment) -> dict[str, float | int | None]:
    """How many rated, and their mean to one decimal (None where nobody did)."""
    found = commitment.ratings.aggregate(count=Count("pk"), mean=Avg("stars"))
    mean = found["mean"]
    return {"count": found["count"], "mean": round(float(mean), 1) if mean is not None else None}
