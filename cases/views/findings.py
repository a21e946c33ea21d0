"""Findings of visits on the pages of cases: the form filled in, and the way back to the visit."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from cases.forms.intake import LOGGERS
from cases.models import Case
from cases.services.findings import matter_of
from grids.models import Finding
from grids.reach import findings_seen_by
from grids.visit_workflow import UNDECIDED
from organizations.http import roles_of, signed_in


def finding_asked(request: HttpRequest) -> Finding | None:
    """The finding that a logging form is about; 404 where the person may not see it."""
    key = request.POST.get("finding") or request.GET.get("finding") or ""
    if not key:
        return None
    seen = findings_seen_by(signed_in(request), on=timezone.localdate())
    row = seen.select_related("visit__target").filter(pk=key if key.isdigit() else 0).first()
    if row is None:
        raise Http404
    return row


def known_of(finding: Finding) -> dict[str, Any]:
    """How the form begins."""
    matter = matter_of(finding)
    names = ("text", "lon", "lat", "address", "category")
    known = {name: matter.get(name) for name in names}
    category = matter.get("category")
    return {**known, "category": category.pk if category else "", "finding": finding.pk}


def of_finding(request: HttpRequest, finding: Finding) -> dict[str, Any] | None:
    """The panel of a finding: its form, as long as it is not decided."""
    if finding.state not in UNDECIDED or LOGGERS.isdisjoint(roles_of(request)):
        return None
    return {"url": f"{reverse('cases:log')}?finding={finding.pk}"}


def of_case(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The panel of a case: the visit on which it was found, for those who may see that."""
    seen = findings_seen_by(signed_in(request), on=timezone.localdate())
    row = seen.filter(found_case__case=case).select_related("visit__kind", "visit__by").first()
    return {"finding": row} if row is not None else None
