"""Members' and owners' decisions of a line, and the distribution that stands on one."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.public_money import DecisionForm, PlanForm
from funding.models import Decision, DistributionPlan, Line
from funding.models.lines import READERS
from funding.views.reach import demand, may
from lib.roles import Role
from organizations.acting import answer_act, answer_form
from organizations.http import role_required, signed_in

MAKER, CHECKER, PAYER = Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER


@role_required(MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Line.objects.visible_to(signed_in(request), on=timezone.localdate())
    line = get_object_or_404(visible.select_related("body"), pk=pk)
    user = demand(request, line.body, MAKER)
    form = DecisionForm(request.POST or None, request.FILES or None)

    def write(given: dict[str, Any]) -> str:
        at, counts = timezone.now(), dict(given)
        file = counts.pop("minutes")
        paper = services.keep_document(file, name=file.name, by=user, at=at)
        made = services.record_decision(line, document=paper, by=user, at=at, **counts)
        return reverse("funding:decision", args=[made.pk])

    title = _("Record a decision of members or owners")
    return answer_form(
        request, form, write, title=title, back="funding:lines", template="funding/form.html"
    )


def _visible(request: HttpRequest, pk: int) -> Decision:
    visible = Decision.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    plan = DistributionPlan.objects.filter(decision=found).first()
    body = found.line.body
    context = {
        "decision": found,
        "plan": plan,
        "shares": plan.shares.order_by("pk") if plan else [],
        "may_plan": plan is None and may(request, body, MAKER),
        "may_approve": plan and plan.hold is None and may(request, body, CHECKER),
        "may_pay": plan and plan.hold and may(request, body, PAYER),
        "at": timezone.now(),
    }
    return render(request, "funding/decision.html", context)


@role_required(*READERS)
@require_safe
def minutes(request: HttpRequest, pk: int) -> FileResponse:
    document = _visible(request, pk).document
    return FileResponse(document.file.open("rb"), as_attachment=True, filename=document.name)


@role_required(MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    user = demand(request, found.line.body, MAKER)
    form = PlanForm(request.POST or None, initial={"year": timezone.localdate().year})

    def write(given: dict[str, Any]) -> str:
        services.draft_plan(found, services.Distribution(**given), by=user, at=timezone.now())
        return reverse("funding:decision", args=[pk])

    return answer_form(
        request,
        form,
        write,
        title=_("Distribution plan"),
        back="funding:lines",
        template="funding/form.html",
    )


@role_required(CHECKER, PAYER)
@require_POST
def carry_out(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: approve or pay."""
    found = _visible(request, pk)
    plan = get_object_or_404(DistributionPlan, decision=found)
    user = demand(request, found.line.body, CHECKER if name == "approve" else PAYER)
    service = services.approve_plan if name == "approve" else services.pay_shares
    back = reverse("funding:decision", args=[pk])
    return answer_act(
        request, lambda: service(plan, by=user, at=timezone.now()), done=_("Done."), back=back
    )
