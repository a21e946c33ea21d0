"""Who reads which paper: everybody what is public, those concerned all that is out."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from consultation.models import Consultation, Entitlement, Invitation, Publication, Publicity
from consultation.models.publications import PublicationQuerySet
from organizations.models import User


def readable_by(user: User | AnonymousUser, *, on: datetime.date) -> PublicationQuerySet:
    """Papers that are out: of public consultations all, of the others notice and result, and the
    rest for those whom the matter concerns."""
    public = Publication.objects.published()
    if not isinstance(user, User):
        return public
    concerned = Q(consultation__in=concerning(user, on=on), version__gte=1)
    concerned &= Q(consultation__started_at__isnull=False)
    rows: PublicationQuerySet = Publication.objects.filter(
        Q(pk__in=public.values("pk")) | concerned
    )
    return rows


def concerning(user: User, *, on: datetime.date) -> list[int]:
    """Consultations not open to everybody in which `user` works, is invited, votes or took part."""
    closed = Consultation.objects.filter(publicity=Publicity.CONCERNED)
    known = (
        Q(pk__in=Consultation.objects.visible_to(user, on=on).values("pk"))
        | Q(pk__in=Invitation.objects.of(user).values("session__consultation"))
        | Q(pk__in=Entitlement.objects.of(user).values("vote__consultation"))
        | Q(topic__proposer=user)
        | Q(opinions__author=user)
    )
    return sorted(set(closed.filter(known).values_list("pk", flat=True)))
