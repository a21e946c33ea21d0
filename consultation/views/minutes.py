"""Minutes at the desk, and the amendments of those who attended."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.forms.sessions import AmendmentForm, LayOutForm, MinutesForm, ReasonForm
from consultation.models import Amendment, Minutes
from consultation.services import minutes as services
from consultation.services import sessions
from consultation.session_workflow import MINUTES_MOVES, SessionActor
from consultation.views.sessions import ALL, FORM, found
from lib.errors import RuleViolation
from organizations.acting import acted, answer_form
from organizations.http import account_required, role_required, signed_in


def _minutes(request: HttpRequest, pk: int) -> Minutes:
    return found(request, pk).minutes


@role_required(*ALL)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    row, at = found(request, pk), timezone.now()
    actors = sessions.session_actors(signed_in(request), row, at=at)
    context = {
        "session": row,
        "consultation": row.consultation,
        "here": "sessions",
        "minutes": row.minutes,
        "versions": row.minutes.versions.select_related("by").order_by("-number"),
        "amendments": row.minutes.amendments.select_related("invitation", "decided_by"),
        "moves": {name for name, move in MINUTES_MOVES.items()
                  if move.starts_from(row.minutes.state) and move.is_for(actors)},
        "at": at,
    }  # fmt: skip
    return render(request, "consultation/minutes.html", context)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: write, lay-out."""
    row, user, at = _minutes(request, pk), signed_in(request), timezone.now()
    data = request.POST or None
    form: Any = (
        MinutesForm(data, initial={"text": row.text}) if name == "write" else LayOutForm(data)
    )

    def write(given: dict[str, Any]) -> str:
        if name == "write":
            services.write(row, given["text"], by=user, at=at)
        else:
            services.lay_out(row, until=given["until"], by=user, at=at)
        return reverse("consultation:minutes", args=[pk])

    title = _("Write the minutes") if name == "write" else _("Lay the minutes out")
    back = reverse("consultation:minutes", args=[pk])
    return answer_form(request, form, write, template=FORM, title=title, back=back)


@role_required(*ALL)
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    acted(
        request,
        services.finish,
        done=str(_("The minutes are final.")),
        minutes=_minutes(request, pk),
    )
    return redirect("consultation:minutes", pk)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: accept or refuse an amendment."""
    row = get_object_or_404(Amendment.objects.select_related("minutes__session"), pk=pk)
    session = found(request, row.minutes.session_id)
    form = ReasonForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
        services.decide(row, name, reason=given["reason"], **who)
        return reverse("consultation:minutes", args=[session.pk])

    title = _("Accept the amendment") if name == "accept" else _("Refuse the amendment")
    back = reverse("consultation:minutes", args=[session.pk])
    said = f"{row.passage} → {row.wording}"
    return answer_form(request, form, write, template=FORM, title=title, back=back, said=said)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who attended reads the minutes and says what should be different."""
    user, at = signed_in(request), timezone.now()
    row = get_object_or_404(Minutes.objects.select_related("session__consultation"), session=pk)
    if SessionActor.ATTENDED not in sessions.session_actors(user, row.session, at=at):
        raise Http404
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(row, **form.cleaned_data, by=user, at=at)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The host answers; you find the answer here."))
            return redirect("consultation:amend", pk)
    context = {
        "form": form,
        "minutes": row,
        "session": row.session,
        "may_amend": services.may_amend(row.session, user, at=at),
        "mine": row.amendments.filter(invitation__person=user),
        "at": at,
    }
    status = 422 if form.errors else 200
    return render(request, "consultation/amend.html", context, status=status)
