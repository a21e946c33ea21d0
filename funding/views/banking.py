"""Bank accounts, statements brought in after a look, movements matched one to one."""

import base64
import binascii

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.applications import ReasonForm
from funding.forms.instructions import StatementForm
from funding.models import BankAccount, BankRow, Match
from funding.services.bank_files import BadStatement, Statement, read_statement
from lib.roles import FINANCE, Role
from organizations.acting import acted, page_of
from organizations.http import reader, role_required

LARGEST = 5 * 1024 * 1024
MATCHERS = (Role.FINANCE_PAYER, Role.FINANCE_CHECKER)


@role_required(*FINANCE)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = BankAccount.objects.visible_to(user, on=today).with_counts()
    return render(request, "funding/accounts.html", {"accounts": rows.order_by("pk")})


def _account(request: HttpRequest, pk: int) -> BankAccount:
    user, today = reader(request)
    return get_object_or_404(BankAccount.objects.visible_to(user, on=today), pk=pk)


@role_required(*FINANCE)
@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Movements of an account, those that wait for a match first when asked so."""
    user, today = reader(request)
    found = _account(request, pk)
    rows = found.rows.all()
    unmatched = "all" not in request.GET
    if unmatched:
        rows = rows.unmatched()
    context = {
        "account": found,
        "page": page_of(request, rows.with_match(), order=("-day", "-pk")),
        "unmatched": unmatched,
        "form": StatementForm(),
        "may_match": not user.roles_on(today).isdisjoint(MATCHERS),
        "may_undo": Role.FINANCE_CHECKER in user.roles_on(today),
    }
    return render(request, "funding/account.html", context)


@role_required(*FINANCE)
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A dry run with what was read; sent again from that page, it is brought in."""
    found = _account(request, pk)
    if request.method == "POST" and "content" in request.POST:
        content, name = _kept(request), request.POST.get("name", "")
        statement = _read(content, name)
        if isinstance(statement, Statement) and acted(
            request, services.bring_in, done=_("The statement was brought in."),
            statement=statement, account=found,
        ):  # fmt: skip
            return redirect("funding:account", pk)
    form = StatementForm(request.POST or None, request.FILES or None)
    context = {"account": found, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(LARGEST)
        context |= {"statement": _read(content, file.name),
                    "content": base64.b64encode(content).decode()}  # fmt: skip
    return render(request, "funding/statement.html", context)


def _kept(request: HttpRequest) -> bytes:
    try:
        return base64.b64decode(request.POST["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(_("Choose the file again.")) from error


def _read(content: bytes, name: str) -> Statement | str:
    """The statement, or why the file cannot be read."""
    try:
        return read_statement(content, name=name)
    except BadStatement as refusal:
        return str(refusal)


@role_required(*MATCHERS)
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """A movement with the payments and receipts that it may be; one is chosen."""
    user, today = reader(request)
    row = get_object_or_404(BankRow.objects.visible_to(user, on=today), pk=pk)
    payments = services.suggestions(row)
    receipts = services.receipts_like(row)
    if request.method == "POST":
        chosen = request.POST.get("choice", "")
        for kind, rows, service in (
            ("payment", payments, services.match_payment),
            ("instruction", receipts, services.match_receipt),
        ):
            for candidate in rows:
                if chosen == f"{kind}-{candidate.pk}":
                    acted(request, service, done=_("Matched."), row=row, **{kind: candidate})
                    return redirect("funding:account", row.account_id)
    context = {"row": row, "payments": payments, "receipts": receipts}
    return render(request, "funding/match.html", context)


@role_required(Role.FINANCE_CHECKER)
@require_POST
def undo_match(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    rows = BankRow.objects.visible_to(user, on=today)
    found = get_object_or_404(Match.objects.filter(row__in=rows).select_related("row"), pk=pk)
    form = ReasonForm(request.POST)
    because = form.cleaned_data["note"] if form.is_valid() else ""
    acted(
        request, services.undo_match, done=_("The match is undone."), match=found, because=because
    )
    return redirect("funding:account", found.row.account_id)
