"""Call-backs by telephone: whom to call, what to say, what was answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import services
from cases.forms.callbacks import AnswerForm, CallForm
from cases.models import CallBack, CallBackRule, Case
from cases.models.callbacks import CALLERS, CallBackQuerySet
from cases.services import callbacks
from cases.views.shown import masked, whole
from lib.errors import RuleViolation
from organizations.acting import page_of
from organizations.http import role_required, signed_in

ORDER = ("call_at", "id")


def mine(request: HttpRequest) -> CallBackQuerySet:
    rows = CallBack.objects.visible_to(signed_in(request), on=timezone.localdate())
    return rows.for_list()


@require_GET
@role_required(*CALLERS)
def callback_list(request: HttpRequest) -> HttpResponse:
    """Whom to call now, who has waited longest first."""
    at = timezone.now()
    rows = mine(request).to_call(at)
    page = page_of(request, rows, order=ORDER)
    return render(request, "cases/callbacks.html", {"page": page, "at": at})


@require_http_methods(["GET", "POST"])
@login_required
def callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Script and questions; the answer that the clerk writes down."""
    asked = get_object_or_404(mine(request), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, at = signed_in(request), timezone.now()
        try:
            callbacks.answer_by_phone(asked, by=by, at=at, said=form.said())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down. Thank you for calling."))
            return redirect("cases:callbacks")
    status = 422 if form.is_bound else 200
    return render(request, "cases/callback.html", _page(request, asked, form), status=status)


def _page(request: HttpRequest, asked: CallBack, form: AnswerForm) -> dict[str, Any]:
    at = timezone.now()
    return {
        "asked": asked,
        "at": at,
        "form": form,
        "call_form": CallForm(),
        "script": CallBackRule.objects.in_force(timezone.localdate(at)).words(),
        "reporter": masked(asked.case, signed_in(request), at=at),
        "calls": asked.calls.select_related("by").order_by("number"),
    }


@require_POST
@login_required
def callback_call(request: HttpRequest, pk: int) -> HttpResponse:
    """A call that brought no answer."""
    asked = get_object_or_404(mine(request), pk=pk)
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how the call ended."))
        return redirect("cases:callback", pk=pk)
    by, outcome = signed_in(request), form.cleaned_data["outcome"]
    try:
        callbacks.call(asked, outcome=outcome, by=by, at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("cases:callbacks")


@require_POST
@login_required
def callback_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The number to dial; the history says who looked."""
    asked = get_object_or_404(mine(request), pk=pk)
    reporter = services.reveal_reporter(asked.case, by=signed_in(request), at=timezone.now())
    shown = _page(request, asked, AnswerForm()) | {"reporter": whole(reporter)}
    return render(request, "cases/callback.html", shown)


def panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What the resident was asked and said, on the page of the case; the way to call them."""
    asked = case.callbacks.select_related("answer").order_by("id")
    if not asked:
        return None
    may_call = mine(request).filter(case=case).exists()
    return {"callbacks": asked, "may_call": may_call}
