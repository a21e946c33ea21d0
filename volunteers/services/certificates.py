"""Certificates of service: issued at any time and free, verified by anyone, revoked with reason."""

import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lib.chain import fingerprint
from lib.errors import NotYours, RuleViolation
from lib.numbering import new_code, next_number
from organizations.models import Body, User
from volunteers.models import (
    Certificate,
    CertificateBook,
    CertificateRow,
    Presence,
    Revocation,
    Volunteer,
)
from volunteers.services import actors


class NothingToCertify(RuleViolation):
    def __init__(self) -> None:
        text = _("There are no confirmed hours of this body in this time. Choose other days.")
        super().__init__(text, code="nothing_to_certify")


@transaction.atomic
def issue(
    volunteer: Volunteer,
    body: Body,
    *,
    since: datetime.date,
    until: datetime.date,
    by: User,
    at: datetime.datetime,
) -> Certificate:
    """Proof of the confirmed hours that `body` recorded from `since` to `until` (included).

    For the same hours again the one that stands already. Raises NotYours, NothingToCertify.
    """
    if not actors.to_volunteer(by, volunteer, at=at):
        raise NotYours(_("Only the volunteer, the guardian or the organiser asks for it."))
    Volunteer.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
    rows = list(_rows(volunteer, body, since, until))
    if not rows:
        raise NothingToCertify
    content = content_hash(volunteer, body, since, until, [(r.pk, r.minutes) for r in rows])
    same = Certificate.objects.standing().filter(volunteer=volunteer, content_hash=content).first()
    if same is not None:
        return same
    made = Certificate.objects.create(
        number=next_number(CertificateBook, "ZM", at=at),
        code=new_code(16),
        volunteer=volunteer,
        body=body,
        since=since,
        until=until,
        minutes=sum(row.minutes for row in rows),
        rows=len(rows),
        responsible=_responsible(rows),
        handler=_handler(volunteer, by),
        content_hash=content,
        by=by,
        at=at,
    )
    CertificateRow.objects.bulk_create(
        [CertificateRow(certificate=made, presence=row, minutes=row.minutes) for row in rows]
    )
    return made


def _rows(
    volunteer: Volunteer, body: Body, since: datetime.date, until: datetime.date
) -> list[Presence]:
    found = Presence.objects.confirmed().filter(
        volunteer=volunteer,
        signup__shift__activity__body=body,
        signup__shift__starts_at__date__range=(since, until),
        minutes__gt=0,
    )
    return list(found.select_related("confirmed_by").order_by("arrived_at", "pk"))


def content_hash(
    volunteer: Volunteer,
    body: Body,
    since: datetime.date,
    until: datetime.date,
    rows: list[tuple[int, int]],
) -> str:
    """What a certificate says, without the name."""
    return fingerprint(
        {
            "volunteer": volunteer.pk,
            "body": body.pk,
            "days": [since.isoformat(), until.isoformat()],
            "rows": [list(row) for row in rows],
        }
    )


def _responsible(rows: list[Presence]) -> str:
    """谁记录谁证明: who confirmed the latest of these hours answers for them."""
    by = rows[-1].confirmed_by
    return (by.full_name or by.username)[:60] if by else ""


def _handler(volunteer: Volunteer, by: User) -> str:
    is_own = actors.speaks_for(by, volunteer)
    return "本人自助出具" if is_own else (by.full_name or by.username)[:60]


def revoke_certificates_of(
    presence: Presence, *, reason: str, by: User, at: datetime.datetime
) -> int:
    """Every standing certificate that counts this stay; how many."""
    standing = Certificate.objects.standing().filter(counted__presence=presence)
    rows = [Revocation(certificate=row, reason=reason[:300], by=by, at=at) for row in standing]
    Revocation.objects.bulk_create(rows)
    return len(rows)


def bodies_of(volunteer: Volunteer) -> list[tuple[Body, int]]:
    """Bodies that have recorded confirmed hours of the volunteer, with their minutes."""
    rows = Presence.objects.confirmed().filter(volunteer=volunteer, minutes__gt=0)
    sums = dict(
        rows.values_list("signup__shift__activity__body").annotate(sum=Sum("minutes")).order_by()
    )
    bodies = Body.objects.filter(pk__in=sums).order_by("code")
    return [(body, sums[body.pk]) for body in bodies]
