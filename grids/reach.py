"""What of visits somebody may see, by place: made of scopes, as every `visible_to`.

What is private is need-to-know: the workers of its grid or community, no further up.
"""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from grids.models import Finding, Visit, VisitPhoto, VisitPlan, VisitTarget
from grids.models.visit_plans import OVERSEERS, VISITORS, VisitPlanQuerySet, VisitTargetQuerySet
from grids.models.visits import FindingQuerySet, VisitQuerySet
from grids.scopes import Scope, scopes_of, within
from organizations.models import User

Person = User | AnonymousUser


def _seen(user: Person, on: datetime.date, private: str) -> Q:
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in VISITORS:
            found |= within(scope) & _not_from_afar(scope, private)
        elif scope.role in OVERSEERS:
            found |= within(scope) & Q(**{private: False})
    return found


def _not_from_afar(scope: Scope, private: str) -> Q:
    """A post for a whole town or city needs nobody's private matters."""
    return Q(**{private: False}) if scope.everywhere or scope.towns else Q()


def _worked_in(user: Person, on: datetime.date) -> Q:
    mine = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in VISITORS:
            mine |= within(scope)
    return mine


def targets_seen_by(user: Person, *, on: datetime.date) -> VisitTargetQuerySet:
    return VisitTarget.objects.filter(_seen(user, on, "is_private"))


def plans_seen_by(user: Person, *, on: datetime.date) -> VisitPlanQuerySet:
    return VisitPlan.objects.filter(_seen(user, on, "target__is_private"))


def plans_of_visitor(user: Person, *, on: datetime.date) -> VisitPlanQuerySet:
    """Planned visits of the grids and communities that `user` works in."""
    return plans_seen_by(user, on=on).filter(_worked_in(user, on))


def targets_of_visitor(user: Person, *, on: datetime.date) -> VisitTargetQuerySet:
    """What `user` visits: in the grids and communities that they work in."""
    return targets_seen_by(user, on=on).filter(_worked_in(user, on))


def visits_seen_by(user: Person, *, on: datetime.date) -> VisitQuerySet:
    return Visit.objects.filter(_seen(user, on, "is_private"))


def findings_seen_by(user: Person, *, on: datetime.date) -> FindingQuerySet:
    return Finding.objects.filter(visit__in=visits_seen_by(user, on=on).values("pk"))


def photos_seen_by(user: Person, *, on: datetime.date) -> QuerySet[VisitPhoto]:
    return VisitPhoto.objects.filter(visit__in=visits_seen_by(user, on=on).values("pk"))
