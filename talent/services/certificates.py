"""Certificates of training: issued with the passed examination, revoked with a reason."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.chain import fingerprint
from lib.errors import NotYours, RuleViolation, WrongState
from lib.numbering import new_code, next_number
from organizations.models import User
from talent import notifications
from talent.models import Certificate, CertificateBook, Enrolment, Revocation
from talent.services import actors


def issue(row: Enrolment, *, score: int, by: User, at: datetime.datetime) -> Certificate:
    """For an enrolment that was just passed, in the same transaction."""
    made = Certificate.objects.create(
        number=next_number(CertificateBook, "PX", at=at),
        code=new_code(16),
        enrolment=row,
        body_id=row.course.body_id,
        score=score,
        content_hash=content_hash(row, localdate(at)),
        by=by,
        at=at,
    )
    notifications.tell_learner(row, "course-certificate", at=at)
    return made


def content_hash(row: Enrolment, day: datetime.date) -> str:
    """What a certificate says, without the name."""
    return fingerprint(
        {"enrolment": row.pk, "course": row.course_id, "score": row.score, "day": day.isoformat()}
    )


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, by: User, at: datetime.datetime) -> Revocation:
    """It no longer holds, as whoever verifies it reads.

    Raises NotYours, WrongState, RuleViolation.
    """
    row = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course")
        .get(pk=certificate.enrolment_id)
    )
    if row.person_id == by.pk or not actors.organises(by, row.course, at=at):
        raise NotYours(_("Who organises the course revokes its certificates."))
    if Revocation.objects.filter(certificate=certificate).exists():
        raise WrongState(_("This certificate was revoked already."))
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    made = Revocation.objects.create(
        certificate=certificate, reason=reason.strip()[:300], by=by, at=at
    )
    notifications.tell_learner(row, "course-revoked", at=at, reason=made.reason)
    return made
