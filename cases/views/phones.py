"""A reporter at the window has lost the receipt: the cases of a telephone, on the record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.forms.lists import PhoneForm
from cases.services.phones import find_by_phone
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, signed_in

SHOWN = 20


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.ACCEPTOR)
def lost_receipt(request: HttpRequest) -> HttpResponse:
    form = PhoneForm(request.POST or None)
    rows = None
    if form.is_valid():
        try:
            found = find_by_phone(by=signed_in(request), at=timezone.now(), **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            rows = found.for_list()[:SHOWN]
    context = {"form": form, "rows": rows, "at": timezone.now()}
    return render(request, "cases/lost_receipt.html", context, status=422 if form.errors else 200)
