"""What goes when a person is erased: names and words; results, places and counts stay."""

from django.db import transaction

from organizations.models import User
from talent.models import Candidate, Enrolment, Membership, Objection
from talent.models.selection import FORGOTTEN


@transaction.atomic
def forget(person: User) -> int:
    """How many rows lost their words. Chains do not cover them."""
    return (
        Enrolment.objects.filter(person=person).update(name=FORGOTTEN)
        + Candidate.objects.filter(person=person).update(
            name=FORGOTTEN, statement=FORGOTTEN, reason=""
        )
        + Objection.objects.filter(person=person).update(text=FORGOTTEN)
        + Membership.objects.filter(person=person).update(proof="")
    )
