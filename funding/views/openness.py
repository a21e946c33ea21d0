"""What stands behind the public pages: checks and freezes, corrections, pay and services."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.public_money import PayForm, ReasonForm, ServiceForm
from funding.models import CheckRun, LedgerFreeze, PayActual, ServiceActual, Statement
from funding.models.lines import READERS
from funding.models.standards import READERS as STANDARDS_READERS
from funding.views.reach import bodies_of, demand
from lib.roles import Role
from organizations.acting import answer_act, answer_form
from organizations.http import role_required, signed_in
from organizations.models import Body

MAKER, CHECKER = Role.FINANCE_MAKER, Role.FINANCE_CHECKER
SHOWN = 20


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """The last runs; the audit administrator lifts a freeze, and says why."""
    user = signed_in(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if Role.AUDIT_ADMIN not in user.roles_on(timezone.localdate()):
            return render(request, "403.html", status=403)
        if form.is_valid():
            because = form.cleaned_data["reason"]
            services.lift(because=because, by=user, at=timezone.now())
            form = ReasonForm()
    context = {
        "form": form,
        "freeze": LedgerFreeze.objects.in_force().first(),
        "past": LedgerFreeze.objects.select_related("by", "lifted_by").order_by("-pk")[:SHOWN],
        "runs": CheckRun.objects.order_by("-pk")[:SHOWN],
        "may_lift": Role.AUDIT_ADMIN in user.roles_on(timezone.localdate()),
        "at": timezone.now(),
    }
    return render(request, "funding/checks.html", context, status=422 if form.errors else 200)


@role_required(CHECKER)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The month as the ledger tells it now, as a new version that says why."""
    found = get_object_or_404(Statement.objects.select_related("body"), pk=pk)
    user = demand(request, found.body, CHECKER)
    form = ReasonForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        services.correct_statement(found, by=user, at=timezone.now(), **given)
        return reverse("funding:checks")

    return answer_form(
        request,
        form,
        write,
        title=_("Correct a statement"),
        back="funding:checks",
        template="funding/form.html",
    )


@role_required(*STANDARDS_READERS)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    pay = PayActual.objects.visible_to(user, on=today).select_related("body", "grade")
    had = ServiceActual.objects.visible_to(user, on=today).select_related("body", "standard")
    context = {
        "pay": pay.order_by("-month", "-pk")[:60],
        "services": had.order_by("-year", "-pk")[:60],
        "may_enter": bool(bodies_of(user, {MAKER}, on=today)),
        "may_check": bool(bodies_of(user, {CHECKER}, on=today)),
        "at": timezone.now(),
    }
    return render(request, "funding/standards.html", context)


def _bodies(request: HttpRequest) -> QuerySet[Body]:
    mine = bodies_of(signed_in(request), {MAKER}, on=timezone.localdate())
    return Body.objects.filter(pk__in=mine).order_by("code")


@role_required(MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    """`kind`: pay or service."""
    user, at = signed_in(request), timezone.now()
    form_class = PayForm if kind == "pay" else ServiceForm
    form = form_class(request.POST or None, bodies=_bodies(request))

    def write(given: dict[str, Any]) -> str:
        values = dict(given)
        body = values.pop("body")
        if kind == "pay":
            grade, month = values.pop("grade"), values.pop("month")
            paid = services.Paid(**values)
            services.enter_pay(body, grade, month=month, paid=paid, by=user, at=at)
        else:
            services.enter_service(body, values.pop("standard"), **values, by=user, at=at)
        return reverse("funding:standards")

    title = _("Enter pay of a month") if kind == "pay" else _("Enter a service of a year")
    return answer_form(
        request, form, write, title=title, back="funding:standards", template="funding/form.html"
    )


@role_required(CHECKER)
@require_POST
def check(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    row: Any = get_object_or_404(PayActual if kind == "pay" else ServiceActual, pk=pk)
    user = demand(request, row.body, CHECKER)
    back = reverse("funding:standards")
    return answer_act(
        request,
        lambda: services.check_actual(row, by=user, at=timezone.now()),
        done=_("Checked: it counts in public from now on."),
        back=back,
    )
