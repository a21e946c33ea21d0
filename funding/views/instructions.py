"""Receipts, adjustments, quotas, carry-over, corrections: asked for here, decided here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.applications import NoteForm, ReasonForm
from funding.forms.instructions import InstructionForm
from funding.models import Instruction
from funding.models.lines import READERS
from lib.roles import Role
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import reader, role_required

NEW = ("quota", "receive", "transfer", "carry")


@role_required(*READERS)
@require_safe
def instructions(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Instruction.objects.visible_to(user, on=today).with_names()
    roles = user.roles_on(today)
    context = {
        "page": page_of(request, rows),
        "kinds": [Instruction.Kind(kind) for kind in NEW],
        "may_ask": Role.FINANCE_MAKER in roles,
        "may_decide": Role.FINANCE_CHECKER in roles,
        "reader": user,
    }
    return render(request, "funding/instructions.html", context)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in NEW:
        raise Http404
    user, today = reader(request)
    form = InstructionForm(request.POST or None, kind=kind, user=user, on=today)
    if saved(request, form, services.instruct, kind=kind, **content_of(form)) is not None:
        return onwards(request, "funding:instructions", done=_("Asked for; a reviewer decides."))
    context = {"form": form, "title": Instruction.Kind(kind).label, "kind": kind}
    return render(request, "funding/instruction_form.html", context)


@role_required(Role.FINANCE_CHECKER)
@require_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    answer = form.cleaned_data["note"] if form.is_valid() else ""
    acted(request, services.carry_out, done=_("Carried out."),
          instruction=_instruction(request, pk), answer=answer)  # fmt: skip
    return redirect("funding:instructions")


@role_required(Role.FINANCE_CHECKER)
@require_POST
def turn_down(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    answer = form.cleaned_data["note"] if form.is_valid() else ""
    acted(request, services.turn_down, done=_("Refused."),
          instruction=_instruction(request, pk), answer=answer)  # fmt: skip
    return redirect("funding:instructions")


def _instruction(request: HttpRequest, pk: int) -> Instruction:
    user, today = reader(request)
    return get_object_or_404(Instruction.objects.visible_to(user, on=today), pk=pk)
