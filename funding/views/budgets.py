"""Annual budgets: versions, their items, and the committee's decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.applications import NoteForm, ReasonForm
from funding.forms.instructions import AmountsForm, BudgetForm
from funding.models import Budget
from funding.models.lines import READERS
from lib.errors import NotYours, RuleViolation
from lib.roles import COMMITTEE, Role
from organizations.acting import acted, onwards, page_of
from organizations.http import reader, role_required


@role_required(*READERS)
@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Budget.objects.visible_to(user, on=today).with_names().with_total()
    context = {
        "page": page_of(request, rows),
        "may_make": Role.FINANCE_MAKER in user.roles_on(today),
    }
    return render(request, "funding/budgets.html", context)


@role_required(*READERS)
@require_safe
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    found = _find(request, pk)
    roles = user.roles_on(today)
    waits = found.state == Budget.State.SUBMITTED and found.made_by_id != user.pk
    context = {
        "budget": found,
        "items": found.items.select_related("purpose", "line__quota").order_by("pk"),
        "total": sum(found.items.values_list("amount", flat=True)),
        "may_make": Role.FINANCE_MAKER in roles,
        "may_decide": bool(COMMITTEE & roles) and waits,
        "is_draft": found.state == Budget.State.DRAFT,
    }
    return render(request, "funding/budget.html", context)


def _find(request: HttpRequest, pk: int) -> Budget:
    user, today = reader(request)
    return get_object_or_404(Budget.objects.visible_to(user, on=today).with_names(), pk=pk)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First whose, of what and for when (`?body=…&source=…&year=…`), then the amounts."""
    user, _today = reader(request)
    of = BudgetForm(request.GET or None, user=user, at=timezone.now())
    if not of.is_valid():
        return render(request, "funding/budget_of.html", {"form": of})
    source = of.cleaned_data["source"]
    form = AmountsForm(request.POST or None, source=source)
    made = _kept(request, form, services.draft_budget, **of.cleaned_data)
    if made is not None:
        return onwards(request, "funding:budget", made.pk, done=_("The draft is kept."))
    context = {"form": form, "of": of.cleaned_data}
    return render(request, "funding/budget_form.html", context)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    planned = dict(found.items.values_list("purpose", "amount"))
    form = AmountsForm(
        request.POST or None, source=found.source, planned=planned, initial={"note": found.note}
    )
    if _kept(request, form, services.change_budget, budget=found) is not None:
        return onwards(request, "funding:budget", pk, done=_("The change is kept."))
    of = {"body": found.body, "source": found.source, "year": found.year}
    return render(request, "funding/budget_form.html", {"form": form, "of": of})


def _kept(request: HttpRequest, form: AmountsForm, service, **arguments):  # type: ignore[no-untyped-def]  # any service that takes amounts
    if request.method != "POST" or not form.is_valid():
        return None
    user, _today = reader(request)
    note = form.cleaned_data["note"]
    try:
        return service(amounts=form.amounts(), note=note, by=user, at=timezone.now(), **arguments)
    except NotYours:
        raise
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


@role_required(Role.FINANCE_MAKER)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    acted(request, services.submit_budget, done=_("Handed in."), budget=_find(request, pk))
    return redirect("funding:budget", pk)


@role_required(*COMMITTEE)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    answer = form.cleaned_data["note"] if form.is_valid() else ""
    acted(request, services.approve_budget, done=_("In force; each item has its line."),
          budget=_find(request, pk), answer=answer)  # fmt: skip
    return redirect("funding:budget", pk)


@role_required(*COMMITTEE)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    answer = form.cleaned_data["note"] if form.is_valid() else ""
    acted(request, services.refuse_budget, done=_("Refused."),
          budget=_find(request, pk), answer=answer)  # fmt: skip
    return redirect("funding:budget", pk)
