"""On the page of a case: its parts, its whole, what was merged, who supervises it."""

from typing import Any

from django.http import HttpRequest

from cases.models import Case
from cases.views.detail import visible


def panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Only what this person may see; None where the case stands alone."""
    seen = visible(request).select_related("lead_body").order_by("pk")
    parts = list(seen.filter(parent=case))
    found = {
        "parts": parts,
        "done": sum(part.ended_at is not None for part in parts),
        "parent": seen.filter(pk=case.parent_id).first() if case.parent_id else None,
        "kept": seen.filter(pk=case.kept_id).first() if case.kept_id else None,
        "merged": list(seen.filter(kept=case)),
        "supervised": list(case.supervised.select_related("by", "replied_by").order_by("-pk"))
        if case.supervisions
        else [],
    }
    return found if any(found.values()) else None
