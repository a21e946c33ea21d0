"""Plan and done per community and grid, and the editor of a kind's form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grids import services, standing
from grids.forms.visits import QuestionFormSet, questions_in
from grids.models import VisitKind
from grids.visit_catalogues import RULERS
from lib.errors import RuleViolation
from organizations.http import role_required, signed_in


@role_required(*standing.SEES)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """One community's grids, worst first; the reader chooses among theirs."""
    user, at = signed_in(request), timezone.now()
    on = timezone.localdate(at)
    communities = standing.communities(user, on=on)
    chosen = next((c for c in communities if c.code == request.GET.get("community")), None)
    chosen = chosen or (communities[0] if communities else None)
    rows = standing.standing_of(chosen, user, on=on, at=at) if chosen else []
    context = {
        "communities": communities,
        "chosen": chosen,
        "rows": rows,
        "total": _total(rows),
        "days": standing.WINDOW,
    }
    return render(request, "grids/visits_standing.html", context)


def _total(rows: list[standing.GridStanding]) -> dict[str, Any]:
    planned = round(sum(row.planned for row in rows))
    return {
        "planned": planned,
        **{name: sum(getattr(row, name) for row in rows)
           for name in ("done", "late", "found", "settled", "cases")},
    }  # fmt: skip


@role_required(*RULERS)
@require_http_methods(["GET", "POST"])
def form_editor(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of a kind of visit; saving makes the next version."""
    kind = get_object_or_404(VisitKind, code=code)
    newest = kind.form
    begun = [
        {**question, "ORDER": number}
        for number, question in enumerate(newest.questions if newest else [], start=1)
    ]
    formset = QuestionFormSet(request.POST or None, initial=begun, prefix="q")
    refusal = ""
    if formset.is_bound and formset.is_valid():
        try:
            services.publish_form(
                kind, questions_in(formset), by=signed_in(request), at=timezone.now()
            )
        except RuleViolation as error:
            refusal = str(error)
        else:
            return redirect("grids:visit_kind_form", code)
    status = 422 if formset.is_bound else 200
    context = {
        "kind": kind,
        "formset": formset,
        "refusal": refusal,
        "versions": kind.forms.select_related("made_by").order_by("-number"),
        "title": _("Form of “%(kind)s”") % {"kind": kind},
    }
    return render(request, "grids/visit_kind_form.html", context, status=status)
