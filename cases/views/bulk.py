"""One step for many cases: chosen in the list, told in a form, reported row by row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.forms.actions import ACTIONS
from cases.forms.lists import BulkForm
from cases.models import BulkMove
from cases.services.bulk import MOST_CASES, begin_bulk
from cases.views.detail import is_part
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, signed_in

SHOWN = 1000
has_post = role_required(*Role.values)


@require_POST
@has_post
def bulk(request: HttpRequest) -> HttpResponse:
    """From the list: what the step needs; sent again with `go`: done, or begun."""
    user, at = signed_in(request), timezone.now()
    given = request.POST.copy()
    if ticked := request.POST.getlist("number"):
        given["numbers"] = ",".join(ticked)
    form = BulkForm(given, user=user, at=at)
    valid = form.is_valid()
    if not valid or "go" not in request.POST:
        return _ask(request, form, valid=valid)
    try:
        made = begin_bulk(
            list(form.cases()),
            form.cleaned_data["move"],
            arguments=form.arguments(),
            by=user,
            at=at,
        )
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, form, valid=False)
    return redirect("cases:bulk_report", pk=made.pk)


def _ask(request: HttpRequest, form: BulkForm, *, valid: bool) -> HttpResponse:
    """What the step still needs; errors are told only to who has sent this form."""
    wrong = "go" in request.POST and not valid
    cases = list(form.cases()) if "move" in form.cleaned_data else []
    if not wrong:
        form = BulkForm(initial=dict(form.data.items()), user=form.user, at=form.at)
    action = ACTIONS.get(str(form["move"].value()))
    context = {
        "form": form,
        "cases": cases[:20],
        "count": len(cases),
        "too_many": len(cases) > MOST_CASES,
        "most": MOST_CASES,
        "action": action,
    }
    return render(request, "cases/bulk.html", context, status=422 if wrong else 200)


@require_GET
@has_post
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each row; asked again by the page while rows still wait."""
    found = get_object_or_404(BulkMove, pk=pk, by=signed_in(request))
    rows = found.rows.select_related("case").order_by("-result", "pk")[:SHOWN]
    context = {
        "bulk": found,
        "counts": found.counts(),
        "rows": rows,
        "action": ACTIONS[found.move],
        "at": timezone.now(),
    }
    template = "cases/_bulk_rows.html" if is_part(request) else "cases/bulk_report.html"
    return render(request, template, context)
