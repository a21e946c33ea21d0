"""Applications for money: the list, one with its way, its form, its moves, its documents."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.actions import ACTIONS, open_to
from funding.forms.applications import ApplicationForm, DocumentForm, OrderForm
from funding.models import Application, ApplicationFile, Approval, Hold
from funding.models.applications import ApplicationQuerySet
from funding.models.lines import READERS
from funding.views import shown
from funding.workflow import EDITABLE, MOVES, State
from lib.actions import Action
from lib.roles import Role
from organizations.acting import (
    acted,
    action_asked_for,
    content_of,
    onwards,
    page_of,
    saved,
)
from organizations.http import reader, role_required, signed_in

WORDS_MOST = 60


def _visible(request: HttpRequest) -> ApplicationQuerySet:
    user, today = reader(request)
    return Application.objects.visible_to(user, on=today)


def _find(request: HttpRequest, pk: int) -> Application:
    return get_object_or_404(_visible(request).with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, by state; what waits for him comes first."""
    user, today = reader(request)
    words = request.GET.get("q", "").strip()[:WORDS_MOST]
    rows = _visible(request).sought(words)
    chosen = request.GET.get("state", "")
    if chosen == "mine":
        waiting = Approval.objects.applications_for(user, on=today)
        rows = rows.filter(pk__in=waiting.values("pk"))
    elif chosen in State.values:
        rows = rows.filter(state=chosen)
    context = {
        "page": page_of(request, rows.with_names()),
        "states": shown.states(),
        "chosen": chosen,
        "words": words,
        "may_make": Role.FINANCE_MAKER in user.roles_on(today),
        "owed": shown.owed(user, on=today) if Role.FINANCE_MAKER in user.roles_on(today) else [],
    }
    return render(request, "funding/applications.html", context)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft; `?hold=` pays what a case owes."""
    user, today = reader(request)
    hold = _owed(request)
    initial = {"amount": hold.payable} if hold else {}
    form = ApplicationForm(request.POST or None, initial=initial, user=user, on=today, hold=hold)
    more = {"hold": hold} if hold else {}
    made = saved(request, form, services.draft, **more, **content_of(form))
    if made is not None:
        return onwards(request, "funding:application", made.pk, done=_("The draft is kept."))
    context = {"form": form, "hold": hold, "about": shown.subject_of(hold, user) if hold else None}
    return render(request, "funding/application_form.html", context)


def _owed(request: HttpRequest) -> Hold | None:
    key = request.GET.get("hold", "")
    if not key.isdigit():
        return None
    user, today = reader(request)
    holds = Hold.objects.visible_to(user, on=today).filter(payable__gt=0)
    return get_object_or_404(holds.with_names(), pk=key)


@role_required(Role.FINANCE_MAKER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    application = _find(request, pk)
    if application.asked_by_id != user.pk or application.state not in EDITABLE:
        raise PermissionDenied
    hold = application.hold if application.hold and not application.owns_its_hold else None
    form = ApplicationForm(
        request.POST or None, initial=ApplicationForm.content_of(application), user=user,
        on=today, hold=hold,
    )  # fmt: skip
    form.fields.pop("key")
    if saved(request, form, _change, application=application, **content_of(form)) is not None:
        return onwards(request, "funding:application", pk, done=_("The change is kept."))
    context = {"form": form, "application": application, "hold": hold}
    return render(request, "funding/application_form.html", context)


def _change(*, application: Application, **content: Any) -> Application:
    return services.edit(application, **content)


@role_required(*READERS)
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


def _show(
    request: HttpRequest,
    application: Application,
    action: Action | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    context = shown.page(application, signed_in(request), at=timezone.now())
    context |= {"action": action, "form": form, "document_form": DocumentForm()}
    return render(request, "funding/application.html", context)


@role_required(*READERS)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The small form of a move (GET), or the move itself (POST)."""
    application = _find(request, pk)
    mine = open_to(signed_in(request), application, at=timezone.now())
    action = action_asked_for(
        request, name, ACTIONS, open_now=mine, moves=MOVES, state=application.state
    )
    form = _form(request, action, application)
    if saved(request, form, action.serve, application, **content_of(form)) is not None:
        return onwards(request, "funding:application", pk, done=str(action.done))
    return _show(request, application, action, form)


def _form(request: HttpRequest, action: Action, application: Application) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    if issubclass(action.form, OrderForm):
        return action.form(sent, application=application)
    return action.form(sent)


@role_required(*READERS)
@require_safe
def application_print(request: HttpRequest, pk: int) -> HttpResponse:
    context = shown.page(_find(request, pk), signed_in(request), at=timezone.now())
    return render(request, "funding/application_print.html", context)


# -- Documents --------------------------------------------------------------------------------


@role_required(Role.FINANCE_MAKER)
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    application = _find(request, pk)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        facts = {"file": file, "name": file.name, "kind": form.cleaned_data["kind"]}
        acted(request, services.attach, done=_("The document is kept."),
              application=application, **facts)  # fmt: skip
    return redirect("funding:application", pk)


@role_required(Role.FINANCE_MAKER)
@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    row = _document(request, pk)
    acted(request, services.detach, done=_("The document is gone."), row=row)
    return redirect("funding:application", row.application_id)


@role_required(*READERS)
@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    row = _document(request, pk)
    try:
        file = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type=row.mime, as_attachment=True, filename=row.name)


def _document(request: HttpRequest, pk: int) -> ApplicationFile:
    rows = ApplicationFile.objects.filter(application__in=_visible(request))
    return get_object_or_404(rows.select_related("application"), pk=pk)
