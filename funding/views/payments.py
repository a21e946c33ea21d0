"""The cashier's desk, payments that went out, and the numbered vouchers."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.applications import NoteForm, ReasonForm
from funding.forms.instructions import CorrectionForm
from funding.models import Application, Instruction, Payment, Voucher
from funding.models.lines import READERS
from funding.services.bank_files import payment_file
from funding.workflow import State
from lib.roles import Role
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import reader, role_required


def _payment(request: HttpRequest, pk: int) -> Payment:
    user, today = reader(request)
    seen = Application.objects.visible_to(user, on=today)
    rows = Payment.objects.filter(application__in=seen).with_names()
    return get_object_or_404(rows, pk=pk)


@role_required(Role.FINANCE_PAYER)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What is approved and waits for an order; what was ordered and waits for the bank."""
    user, today = reader(request)
    seen = Application.objects.visible_to(user, on=today)
    ordered = Payment.objects.under_way().filter(application__in=seen).with_names()
    context = {
        "page": page_of(request, seen.filter(state=State.APPROVED).with_names()),
        "ordered": ordered.order_by("pk"),
    }
    return render(request, "funding/payments.html", context)


@role_required(Role.FINANCE_PAYER)
@require_safe
def bank_file(request: HttpRequest) -> HttpResponse:
    """Every payment under way by bank, as a file that the bank takes."""
    user, today = reader(request)
    seen = Application.objects.visible_to(user, on=today)
    payments = Payment.objects.under_way().filter(application__in=seen, method="bank")
    text = payment_file(payments.select_related("application").order_by("pk"))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{today:%Y%m%d}.csv"'
    return answer


@role_required(Role.FINANCE_PAYER)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    payment = _payment(request, pk)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    acted(request, services.confirm, done=_("Paid; the voucher is numbered."),
          payment=payment, note=note)  # fmt: skip
    return redirect("funding:application", payment.application_id)


@role_required(Role.FINANCE_PAYER)
@require_POST
def fail(request: HttpRequest, pk: int) -> HttpResponse:
    payment = _payment(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Write the reason."))
    acted(request, services.fail, done=_("Noted; order the payment again when the cause is gone."),
          payment=payment, note=form.cleaned_data["note"])  # fmt: skip
    return redirect("funding:application", payment.application_id)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for a refund of a payment, or for its reversal; another person decides."""
    payment = _payment(request, pk)
    is_reversal = kind == Instruction.Kind.REVERSE
    form = CorrectionForm(request.POST or None, amount=payment.amount, fixed=is_reversal)
    more = {"reverses": payment.posting} if is_reversal else {"payment": payment}
    asked = saved(
        request,
        form,
        services.instruct,
        kind=kind,
        line=payment.application.line,
        **more,
        **content_of(form),
    )
    if asked is not None:
        return onwards(request, "funding:instructions", done=_("Asked for; a reviewer decides."))
    context = {"form": form, "payment": payment, "title": Instruction.Kind(kind).label}
    return render(request, "funding/correction.html", context)


# -- Vouchers -----------------------------------------------------------------------------------


@role_required(*READERS)
@require_safe
def vouchers(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Voucher.objects.visible_to(user, on=today).with_names()
    return render(request, "funding/vouchers.html", {"page": page_of(request, rows)})


@role_required(*READERS)
@require_safe
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """One voucher as it is printed, with the amount in capitals."""
    user, today = reader(request)
    rows = Voucher.objects.visible_to(user, on=today).with_names()
    found = get_object_or_404(rows.select_related("payment__application", "posting__by"), pk=pk)
    entries = found.posting.entries.filter(line__body=found.book.body)
    context = {
        "voucher": found,
        "entries": entries.select_related("line", "purpose").order_by("position"),
        "at": timezone.now(),
    }
    return render(request, "funding/voucher.html", context)
